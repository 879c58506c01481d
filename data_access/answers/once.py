"""A cache that works a missing answer out once, however many viewers ask for it at the same time."""

from collections.abc import Callable
from functools import lru_cache, update_wrapper
from threading import Lock
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def worked_out_once(maxsize: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Return functools.lru_cache, but that of several threads that miss one key the first works and the others wait.

    After a load every viewer misses everything: without this each of them would work it all out. A function may ask
    itself for other keys, never for its own.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        kept = lru_cache(maxsize)(function)
        locks = lru_cache(maxsize)(lambda *_, **__: Lock())

        def asked(*key: P.args, **named: P.kwargs) -> T:
            with locks(*key, **named):
                return kept(*key, **named)

        asked.cache_info, asked.cache_clear = kept.cache_info, kept.cache_clear
        return update_wrapper(asked, function)

    return decorate
