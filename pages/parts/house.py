"""The house style of every chart: its layout, its heading and alt text, its table and CSV one click away."""

from collections.abc import Callable
from typing import Any, Literal

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from pages.parts import tables
from pages.parts.palette import CLEAR, GRID, INK, LINE
from pages.selections import filters, narrowing
from pages.selections.context import Context
from pages.wording import plain

FONT = 13
_CONFIG = {"displayModeBar": False, "scrollZoom": False, "responsive": True}
_LABELS = ("name", "x", "y", "text", "hovertext")
Row = dict[str, Any]


def show(
    context: Context,
    figure: go.Figure,
    frame: pl.DataFrame,
    *,
    key: str,
    title: str,
    alt: str,
    drill: bool = False,
    pick: narrowing.Dimension | None = None,
    note: str = "",
) -> None:
    """Draw a figure under its title, with its table and CSV; `drill` makes a click select the point's area.

    The title names what the figures are narrowed to. `pick` makes a click narrow the page to the first value of the
    point's customdata, in this dimension; its figures are not narrowed by it.
    `note` is what must be known beside the picture: who is left out, and why.
    """
    title, alt = context.titled(title), f"{alt} Only {context.only}." if context.narrowed else alt
    st.markdown(f"### {plain.markdown(title)}", anchors=False)
    _as_text(figure)
    clicked = _clicked(context, key, drill, pick)
    st.plotly_chart(figure, theme=None, key=key, on_select=clicked, selection_mode="points", config=_CONFIG, alt=alt)
    if note:
        st.caption(plain.markdown(note))
    tables.twin(context, frame, key=key, title=title, figure=figure)


def _clicked(
    context: Context, key: str, drill: bool, pick: narrowing.Dimension | None
) -> Callable[[], None] | Literal["ignore"]:
    if pick:
        return lambda: narrowing.pick(pick, key)
    return (lambda: filters.drill_from_chart(context.places, key)) if drill else "ignore"


def _as_text(figure: go.Figure) -> None:
    """Let every label, value and name of the data be shown as it is; words of a template or a note are its maker's."""
    for trace in figure.data:
        own = {name: plain.labels(trace[name]) for name in _LABELS if name in trace and trace[name] is not None}
        trace.update(own, overwrite=True)
    if figure.layout.yaxis.categoryarray is not None:
        figure.layout.yaxis.categoryarray = plain.labels(figure.layout.yaxis.categoryarray)


def nothing(title: str, why: str = "") -> None:
    """Say that there is nothing to draw, and why where it is known, instead of drawing an empty chart."""
    st.markdown(f"### {plain.markdown(title)}", anchors=False)
    st.info(
        plain.markdown(why)
        or "No data for this selection. Choose another month or area, or clear the selections above."
    )


def layout(height: int, up_title: str | None, legend: bool = False) -> go.Layout:
    """Return the layout that every figure starts from: readable type, quiet grid, no decoration."""
    axis = {"gridcolor": GRID, "zerolinecolor": LINE, "linecolor": LINE, "tickfont": {"size": FONT}, "tickformat": ","}
    return go.Layout(
        height=height,
        margin={"l": 8, "r": 24, "t": 34 if legend else 12, "b": 8},
        font={"color": INK, "size": FONT, "family": "Source Sans, sans-serif"},
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        showlegend=legend,
        legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "traceorder": "normal"},
        separators=".,",
        xaxis={**axis, "automargin": True, "title": {"font": {"size": FONT}}},
        yaxis={**axis, "automargin": True, "title": {"text": up_title, "font": {"size": FONT}}},
        hoverlabel={"font": {"size": FONT}},
        dragmode=False,
        clickmode="event+select",
        bargap=0.25,
    )
