"""Which loops judge fixes: those of metrics/kernels.py as they are, or compiled by Numba where that is worth its start.

A few thousand fixes take a fraction of a second either way. Numba takes more than that to start, and some seconds to
compile, once a machine: it keeps the machine code where it can write (NUMBA_CACHE_DIR, the folder of the source, the
user's own cache) and compiles anew in each process where it cannot.
"""

import hashlib
from collections.abc import Callable
from functools import lru_cache
from types import FunctionType, SimpleNamespace

from metrics import kernels

MANY = 50_000  # fixes or positions: so many take the interpreter about as long as Numba takes to start
KERNELS = (  # in order of use: each finds those before it compiled
    "tally",
    "dealt",
    "lay",
    "on_duty",
    "too_fast",
    "day_at",
    "spikes",
    "kth",
    "day_counts",
    "judged",
    "held",
    "spells",
    "hour_sums",
    "united",
    "slots",
    "labels",
    "holds",
    "lowest_held",
)


def loops(rows: int) -> SimpleNamespace:
    """Return the kernels for so many rows, by name."""
    return _compiled() if rows >= MANY else SimpleNamespace(**vars(kernels))


@lru_cache(maxsize=1)
def _compiled() -> SimpleNamespace:
    own = dict(vars(kernels))
    constants = fingerprint(own)
    for name in KERNELS:
        plain = FunctionType(own[name].__code__, own, name)
        plain.__qualname__ = f"{name}-{constants}"
        own[name] = machine_code(plain)
    return SimpleNamespace(**own)


def fingerprint(names: dict[str, object]) -> str:
    """Return a digest of the numbers among `names`. Machine code has them in it, and is kept by it.

    Numba sees where the file of the loops was changed, but not where a constant that they import was.
    """
    numbers = {name: value for name, value in names.items() if isinstance(value, int | float)}
    return hashlib.sha256(repr(sorted(numbers.items())).encode()).hexdigest()[:12]


def machine_code(plain: FunctionType) -> Callable:
    """Compile a function at its first call for types of arguments, or read what an earlier process kept of it."""
    import numba  # here: the import takes half a second, and most commands judge few fixes or none

    try:
        return numba.njit(cache=True, nogil=True)(plain)
    except RuntimeError:  # no folder can be written
        return numba.njit(nogil=True)(plain)
