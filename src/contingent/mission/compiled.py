"""How the model's functions are compiled: cached, free of the interpreter's lock, and the same arithmetic everywhere.

No fast-math: sums keep their order, so results are the same bits for any number of threads and any
width of vector. Division follows IEEE 754, because a branch that raises would stop vectorization.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from importlib.resources import files
from typing import Any

from numba import njit


def _sources() -> str:
    """A hash of every module of the mission, so that a change in any of them makes all compile anew.

    numba looks only at a function's own file, and would go on using callers compiled with what has changed.
    """
    digest = blake2b(digest_size=16)
    for module in sorted(files("contingent.mission").iterdir(), key=lambda item: item.name):
        if module.name.endswith(".py"):
            digest.update(module.name.encode() + b"\0" + module.read_bytes())
    return digest.hexdigest()


SOURCES = _sources()


def _compiler(**options: bool) -> Callable[[Callable[..., Any]], Any]:
    def compiled(function: Callable[..., Any]) -> Any:
        dispatcher: Any = njit(nogil=True, no_rewrites=True, error_model="numpy", **options)(function)  # pyright: ignore
        cache = getattr(getattr(dispatcher, "_cache", None), "_cache_file", None)
        if cache is not None:
            cache._source_stamp = SOURCES
        return dispatcher

    return compiled


equation = _compiler(cache=True, no_cfunc_wrapper=True)
"""A function of plain numbers, to be called from Python too."""
inner = _compiler(cache=False, no_cfunc_wrapper=True, no_cpython_wrapper=True)
"""A function of records, only called from compiled code; without the wrappers it compiles in half the time."""
