"""Lists and other widgets, set from the address on every run; a list is drawn by the browser only when it changes."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import streamlit as st

Words = Callable[[str], str]  # of an offered code


def single(label: str, offered: Sequence[str], chosen: str | None, *, key: str, words: Words, **more: Any) -> None:
    """Draw a list of which one may be chosen, with `chosen` in it; `more` is what st.selectbox knows."""
    with _showing(key, chosen, tuple(map(words, offered))):
        st.selectbox(label, offered, key=key, format_func=words, **heard(key, **more))


def multiple(label: str, offered: Sequence[str], chosen: list[str], *, key: str, words: Words, **more: Any) -> None:
    """Draw a list of which several may be chosen, with `chosen` in it; `more` is what st.multiselect knows."""
    with _showing(key, chosen, tuple(map(words, offered))):
        kind = {"format_func": words, "filter_mode": "contains", "select_all": False}
        st.multiselect(label, offered, key=key, **kind, **heard(key, **more))


@contextmanager
def _showing(key: str, chosen: str | list[str] | None, words: tuple[str, ...]) -> Iterator[None]:
    """Set the widget `key` to what is chosen, unless the browser has just that already.

    A list that is set is a new one to the browser, which then makes all of it again: nine of them at every click. The
    browser knows a choice by its words, so a list is also set where these are others.
    """
    drawn = f"words_of_{key}"
    has = st.session_state.get(drawn) == words and key in st.session_state and st.session_state[key] == chosen
    if has:
        st.session_state.pop(f"before_{key}", None)
    else:
        put(key, chosen)
    yield
    st.session_state[drawn] = words  # not before: a run may end where the widget is drawn


def put(key: str, value: Any) -> None:
    """Set the widget `key` for this run, and keep until the next what it was in the browser, and at which address."""
    if key in st.session_state and st.session_state[key] != value:
        st.session_state[f"before_{key}"] = (st.session_state[key], st.query_params.to_dict())
    else:
        st.session_state.pop(f"before_{key}", None)
    st.session_state[key] = value


def heard(
    key: str, on_change: Callable[..., None] | None = None, args: tuple[Any, ...] = (), **more: Any
) -> dict[str, Any]:
    """Return what a widget knows, with `on_change` for what a viewer chooses alone.

    A viewer who goes back twice is faster than the browser: the second time it sends what the widget was before the
    first, which Streamlit takes for a choice. It would be put into the address, and Back undone.
    """
    if on_change is None:
        return more

    def changed() -> None:
        was, address = st.session_state.get(f"before_{key}", (None, None))
        moved = address is not None and address != st.query_params.to_dict()
        if not (moved and st.session_state[key] == was):
            on_change(*args)

    return {**more, "on_change": changed}
