"""The house style of every chart: its layout, its heading and alt text, its table and CSV one click away."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import update_wrapper
from typing import Any, Concatenate, Literal, ParamSpec

import plotly.graph_objects as go
import polars as pl
import streamlit as st
from plotly.io import to_json

from pages.parts import tables
from pages.parts.once import made_once
from pages.parts.palette import CLEAR, GRID, INK, LINE
from pages.selections import filters, narrowing
from pages.selections.context import Context
from pages.wording import plain

FONT = 13
_CONFIG = {"displayModeBar": False, "scrollZoom": False, "responsive": True}
_LABELS = ("name", "x", "y", "text", "hovertext")
_KEPT = 512  # figures, some 85 kB each
Row = dict[str, Any]
P = ParamSpec("P")


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A chart: its figure, and what stands around it; `figure` None: there is nothing to draw.

    `alt` says it in words; `note` is what must be known beside it: who is left out, and why. `drill` makes a click
    select the point's area; `pick` makes it narrow the page to the first value of the point's customdata, in this
    dimension, by which the chart's own figures are not narrowed.
    """

    title: str
    figure: go.Figure | None = None
    alt: str = ""
    note: str = ""
    drill: bool = False
    pick: narrowing.Dimension | None = None


class _Prepared(go.Figure):
    """A figure kept as JSON, and nothing else of one: as Plotly's own objects it takes three times the memory."""

    def __init__(self, figure: go.Figure) -> None:
        # No super().__init__(): an empty figure of Plotly's is made in 5 ms, and nobody asks it for anything.
        self._written = to_json(_as_text(figure.to_dict()), validate=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the dict that Streamlit asks for at every drawing; one of Plotly's takes seven times as long."""
        return json.loads(self._written)


def chart(made: Callable[Concatenate[Context, pl.DataFrame, P], Drawn]) -> Callable[..., None]:
    """Return the function that draws what `made` makes of a context and a frame, under a `key` unique on the page.

    What is made of the same rows, selection and scope is kept: to make a figure takes longer than all else about it.
    """

    @made_once(_KEPT)
    def finished(*given: Any, **named: Any) -> Drawn:
        drawn = made(*given, **named)
        return drawn if drawn.figure is None else replace(drawn, figure=_Prepared(drawn.figure))

    def draw(context: Context, frame: pl.DataFrame, *given: Any, key: str, **named: Any) -> None:
        drawn = finished(context, frame, *given, **named)
        if drawn.figure is None:
            nothing(drawn.title, drawn.note)
        else:
            _show(context, drawn, frame, key=key)

    return update_wrapper(draw, made)


def _show(context: Context, drawn: Drawn, frame: pl.DataFrame, *, key: str) -> None:
    """Draw a figure under its title, which names what it is narrowed to, with its table and CSV."""
    title, alt = context.titled(drawn.title), f"{drawn.alt} Only {context.only}." if context.narrowed else drawn.alt
    st.markdown(f"### {plain.markdown(title)}", anchors=False)
    st.plotly_chart(
        drawn.figure,
        theme=None,
        key=key,
        on_select=_clicked(context, key, drawn.drill, drawn.pick),
        selection_mode="points",
        config=_CONFIG,
        alt=alt,
    )
    if drawn.note:
        st.caption(plain.markdown(drawn.note))
    tables.twin(context, frame, key=key, title=title, figure=drawn.figure)


def _clicked(
    context: Context, key: str, drill: bool, pick: narrowing.Dimension | None
) -> Callable[[], None] | Literal["ignore"]:
    if pick:
        return lambda: narrowing.pick(pick, key)
    return (lambda: filters.drill_from_chart(context.places, key)) if drill else "ignore"


def _as_text(figure: dict[str, Any]) -> dict[str, Any]:
    """Let every label, value and name of the data be shown as it is; words of a template or a note are its maker's."""
    for trace in figure["data"]:
        trace |= {name: plain.labels(trace[name]) for name in _LABELS if trace.get(name) is not None}
    down = figure["layout"].get("yaxis", {})
    if down.get("categoryarray") is not None:
        down["categoryarray"] = plain.labels(down["categoryarray"])
    return figure


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
