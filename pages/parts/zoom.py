"""A map on the page: its view, the buttons that zoom it, and the click on it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from pages.parts import deck
from pages.selections.context import Context

_STEP = 0.75  # zoom levels a click
_MOST = 6  # clicks
_BUTTONS = (("+", "Zoom in", 1), ("\u2212", "Zoom out", -1), ("Reset", "Show the whole map again", 0))


def buttons(context: Context, key: str) -> int:
    """Draw the buttons that zoom the map `key`; return how many steps it is zoomed in."""
    steps = _steps(context, key)
    with st.container(horizontal=True, gap="xxsmall", key=f"npd_zoom_{key}", width="content"):
        for label, told, by in _BUTTONS:
            st.button(label, key=f"zoom_{key}_{by}", help=told, on_click=_zoomed, args=(context, key, by))
    return steps


def chart(
    context: Context,
    picture: deck.Picture,
    around: Sequence[deck.Shape],
    *,
    key: str,
    height: int,
    alt: str,
    on_click: Callable[[Mapping[str, Any]], None] | None = None,
) -> None:
    """Draw a picture so that `around` fills it, zoomed as its buttons say; `on_click` is told what was clicked.

    Streamlit fades whatever is not selected, and keeps the selection: after a click the map is drawn anew as another.
    """
    seen = deck.view_of(around, height, _width())
    view = {**seen, "zoom": round(seen["zoom"] + _STEP * _steps(context, key), 2)}
    drawn = f"drawn_{st.session_state.get(_times(key), 0)}_{key}"  # the first waits below the screen: style.css

    def clicked() -> None:
        objects = st.session_state[drawn]["selection"]["objects"]
        _draw_anew(key)
        if on_click is not None:
            on_click(objects)

    st.pydeck_chart(
        deck.deck(picture, view, context.reader.settings.map.style_url),
        height=height,
        on_select=clicked if on_click is not None else "ignore",
        key=drawn,
        alt=alt,
    )


def _steps(context: Context, key: str) -> int:
    """Return the steps that the map of the selected area is zoomed in; another area starts at none."""
    code, steps = st.session_state.get(f"steps_{key}", ("", 0))
    return steps if code == context.selection.code else 0


def _zoomed(context: Context, key: str, by: int) -> None:
    if by == 0:
        _draw_anew(key)  # the same view would else leave a map that was moved where it is
    steps = _steps(context, key) + by if by else 0
    st.session_state[f"steps_{key}"] = (context.selection.code, max(-_MOST, min(_MOST, steps)))


def _times(key: str) -> str:
    return f"times_{key}"


def _draw_anew(key: str) -> None:
    st.session_state[_times(key)] = st.session_state.get(_times(key), 0) + 1


def _width() -> int:
    return deck.PHONE_WIDTH if "Mobi" in (st.context.headers.get("user-agent") or "") else deck.WIDTH
