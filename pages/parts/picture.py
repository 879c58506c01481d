"""A chart as a picture that stands alone: its title, what it is of and its marking are in it; the browser draws it."""

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from data_access.export import MARKING
from pages.parts import downloads
from pages.parts.palette import PAPER
from pages.selections.context import Context
from pages.wording import plain, words

_HEAD = 60  # pixels above the chart
_SCALE = 2  # pixels of the file for one of the screen


def offer(context: Context, figure: go.Figure, frame: pl.DataFrame, *, key: str, title: str, name: str) -> None:
    """Offer the picture to those who may export the rows of `frame`; opening it is entered in the audit trail."""
    right = downloads.right_of(frame)
    if not (context.reader.scope.may("export") and context.reader.scope.may(right)):
        return
    if st.button("Picture", type="tertiary", key=f"picture_{key}"):
        version = context.reader.version.number
        try:
            downloads.give(context.reader, bytes, name=f"{name}.png", entry=f"data version {version}", right=right)
        except PermissionError as refusal:
            st.error(plain.markdown(str(refusal)))
            return
        under = f"{MARKING} · {context.place} · {words.month(context.selection.month)} · data version {version}"
        st.dialog(plain.markdown(title), width="large")(_draw)(alone(figure, title, under), key, name)


def alone(figure: go.Figure, title: str, under: str) -> go.Figure:
    """Return a figure on white, with its title and `under` above it; the one given stays as it is."""
    whole = go.Figure(figure.to_dict())
    room = whole.layout.margin.to_plotly_json()
    return whole.update_layout(
        title={
            "text": plain.chart(title),
            "subtitle": {"text": plain.chart(under)},
            "font": {"size": 16},
            "x": 0.01,
            "xanchor": "left",
            "y": 0.98,
            "yanchor": "top",
        },
        margin={**room, "t": (room.get("t") or 0) + _HEAD},
        height=whole.layout.height + _HEAD,
        paper_bgcolor=PAPER,
    )


def _draw(figure: go.Figure, key: str, name: str) -> None:
    st.caption("The camera above the chart saves it as a PNG file.")
    saving = {"format": "png", "filename": name, "scale": _SCALE}
    bar = {
        "displayModeBar": True,
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": saving,
    }
    st.plotly_chart(figure, theme=None, key=f"alone_{key}", config=bar, alt=figure.layout.title.text)
