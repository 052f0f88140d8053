"""How the model's functions are compiled: cached, free of the interpreter's lock, and the same arithmetic everywhere.

No fast-math: sums keep their order, so results are the same bits for any number of threads and any
width of vector. Division follows IEEE 754, because a branch that raises would stop vectorization.
"""

from __future__ import annotations

from numba import njit

equation = njit(cache=True, nogil=True, error_model="numpy", no_cfunc_wrapper=True)  # pyright: ignore
"""A function of plain numbers, to be called from Python too."""
inner = njit(cache=True, nogil=True, error_model="numpy", no_cfunc_wrapper=True, no_cpython_wrapper=True)  # pyright: ignore
"""A function of records, only called from compiled code; without the wrappers it compiles in half the time."""
