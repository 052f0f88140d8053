"""How are the model's functions compiled, and what are e**x and the logarithm to them?

Numba dispatchers: cached, free of the interpreter's lock, and the same arithmetic everywhere.

No fast-math: sums keep their order, so results are the same bits for any number of threads and any
width of vector. Division follows IEEE 754, because a branch that raises would stop vectorization. So
would a call into a maths library: `exp` and `log` are plain arithmetic, within 2 units in the last place
and the same on every machine. Argument reduction after Cody & Waite 1980; series: Taylor, and area tangent.
"""

from collections.abc import Callable
from hashlib import blake2b
from importlib.resources import files
from typing import Any

import numpy as np
from numba import njit

NAMES: set[str] = set()
"""The name of every field that any compiled function reads or writes: what is not among them can move no number."""


def _sources() -> str:
    """A hash of every module with compiled functions, and of the table of fields; a change makes all compile anew.

    numba looks only at a function's own file, and would go on using callers compiled with what has changed.
    """
    digest, package = blake2b(digest_size=16), files("contingent.mission")
    for item in sorted([*package.iterdir(), package / "data/state.csv"], key=lambda item: item.name):
        if item.is_file() and ((text := item.read_bytes()).count(b"@jit") or item.name.startswith("state.")):
            digest.update(item.name.encode() + b"\0" + text)
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

ROUNDER = 6755399441055744.0  # 1.5 * 2**52: adding it leaves the nearest whole number in the low bits
ROUNDER_BITS = int(np.float64(ROUNDER).view(np.int64))
LOG2_E = 1.4426950408889634
LN2_HIGH, LN2_LOW = 0.693145751953125, 1.42860682030941723212e-6
LN2 = 0.6931471805599453
SQRT_HALF_BITS = int(np.float64(0.7071067811865476).view(np.int64))
FARTHEST = 700.0  # exp beyond this leaves the range of a double


@jit
def exp(x):
    """e**x for -700 <= x <= 700; beyond, the value at the nearer end."""
    x = min(max(x, -FARTHEST), FARTHEST)
    t = x * LOG2_E + ROUNDER
    n = t - ROUNDER
    r = (x - n * LN2_HIGH) - n * LN2_LOW
    r2 = r * r
    r4 = r2 * r2
    a = (1.0 + r) + r2 * (1 / 2 + r * (1 / 6))
    b = (1 / 24 + r * (1 / 120)) + r2 * (1 / 720 + r * (1 / 5040))
    c = (1 / 40320 + r * (1 / 362880)) + r2 * (1 / 3628800 + r * (1 / 39916800))
    d = 1 / 479001600 + r * (1 / 6227020800)
    p = (a + r4 * b) + r4 * r4 * (c + r4 * d)
    # the whole number stands in the low bits of t; shifted into the exponent it is 2**n
    bits = np.float64(t).view(np.int64)
    return p * np.int64((bits - ROUNDER_BITS + 1023) << 52).view(np.float64)


@jit
def log(x):
    """The natural logarithm of a positive normal number."""
    bits = np.float64(x).view(np.int64)
    e = (bits - SQRT_HALF_BITS) >> 52
    m = np.int64(bits - (e << 52)).view(np.float64)
    n = np.int64(e + ROUNDER_BITS).view(np.float64) - ROUNDER
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    z2 = z * z
    low = (1 / 3 + z * (1 / 5)) + z2 * (1 / 7 + z * (1 / 9))
    high = (1 / 11 + z * (1 / 13)) + z2 * (1 / 15 + z * (1 / 17)) + z2 * z2 * (1 / 19 + z * (1 / 21))
    return n * LN2 + 2.0 * (s + s * z * (low + z2 * z2 * high))
