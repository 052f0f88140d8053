"""How are the model's functions compiled?

Numba dispatchers: cached, free of the interpreter's lock, and the same arithmetic everywhere.

No fast-math: sums keep their order, so results are the same bits for any number of threads and any
width of vector. Division follows IEEE 754, because a branch that raises would stop vectorization.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from importlib.resources import files
from typing import Any

from numba import njit

NAMES: set[str] = set()
"""The name of every field that any compiled function reads or writes: what is not among them can move no number."""


def _sources() -> str:
    """A hash of every module of the mission, and of its table of fields; a change in any makes all compile anew.

    numba looks only at a function's own file, and would go on using callers compiled with what has changed.
    """
    digest = blake2b(digest_size=16)
    package = files("contingent.mission")
    modules = [item for item in package.iterdir() if item.name.endswith(".py")]
    for item in sorted([*modules, package.joinpath("data/state.csv")], key=lambda item: item.name):
        digest.update(item.name.encode() + b"\0" + item.read_bytes())
    return digest.hexdigest()


SOURCES = _sources()


def _compiler(**options: bool) -> Callable[[Callable[..., Any]], Any]:
    def compiled(function: Callable[..., Any]) -> Any:
        NAMES.update(function.__code__.co_names)
        dispatcher: Any = njit(nogil=True, no_rewrites=True, error_model="numpy", **options)(function)  # pyright: ignore
        cache = getattr(getattr(dispatcher, "_cache", None), "_cache_file", None)
        if cache is not None:
            cache._source_stamp = SOURCES
        return dispatcher

    return compiled


jit = _compiler(cache=True, no_cfunc_wrapper=True)
"""A function of plain numbers, to be called from Python too."""
jit_internal = _compiler(cache=False, no_cfunc_wrapper=True, no_cpython_wrapper=True)
"""A function of records, only called from compiled code; without the wrappers it compiles in half the time."""
