"""What is drawn of the same rows for the same selection is made once, whoever of the same scope looks, and kept."""

import pickle
import weakref
from collections.abc import Callable, Hashable
from functools import lru_cache, update_wrapper
from hashlib import blake2b
from typing import Any, ParamSpec, TypeVar

import polars as pl
import streamlit as st

from pages.selections.context import Context

_DIGEST = 16  # bytes
_DIGESTS: dict[int, tuple[weakref.ReferenceType[pl.DataFrame], bytes]] = {}  # of the frames that are there, by id
P = ParamSpec("P")
T = TypeVar("T")


class _Asked:
    """A call, known by what its arguments hold; it lets go of them when it is answered."""

    __slots__ = ("given", "key", "named")

    def __init__(self, given: tuple[Any, ...], named: dict[str, Any]) -> None:
        self.given, self.named = given, named
        self.key = (*map(_known_by, given), *((name, _known_by(value)) for name, value in named.items()))

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self.key == other.key


def made_once(maxsize: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Return a cache for functions that make a text or a figure, which nobody changes, and draw nothing themselves.

    Arguments are known by what they hold, frames and lists too; a context by its reader (store, data version, scope),
    what viewers had recorded by then, the selection and the whole address, which links carry on. Python hashes a
    function by itself: one made anew for each call is never found again.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        kept = lru_cache(maxsize)(lambda one: function(*one.given, **one.named))

        def asked(*given: P.args, **named: P.kwargs) -> T:
            one = _Asked(given, named)
            try:
                return kept(one)
            finally:
                one.given, one.named = (), {}

        asked.cache_info, asked.cache_clear = kept.cache_info, kept.cache_clear
        return update_wrapper(asked, function)

    return decorate


def _known_by(value: Any) -> Hashable:
    if isinstance(value, Context):
        return value.seen, tuple(st.query_params.to_dict().items())
    if isinstance(value, pl.DataFrame):
        return _digest_once(value)
    return _digest(value) if isinstance(value, list | dict) else value


def _digest_once(frame: pl.DataFrame) -> bytes:
    """Return a frame's digest, worked out once as long as the frame is there: answers are the same frame every time."""
    name = id(frame)
    known = _DIGESTS.get(name)
    if known is None or known[0]() is not frame:
        # The entry goes with its frame, before another one may have its number.
        known = _DIGESTS[name] = weakref.ref(frame, lambda _: _DIGESTS.pop(name, None)), _digest(frame)
    return known[1]


def _digest(value: Any) -> bytes:
    return blake2b(pickle.dumps(value), digest_size=_DIGEST).digest()
