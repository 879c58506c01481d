"""Charts of a breakdown in the house style: a bar for each part in its own order, or a shaded cell for two columns.

Every chart takes a frame and draws its rows as they are; a percentage of a few is written as what it is made of, and
has neither bar nor shade. `key` is unique on the page.
"""

from collections.abc import Sequence

import plotly.graph_objects as go
import polars as pl

from metrics.indicator import Indicator
from pages.parts import house
from pages.parts.palette import BLUE, INK, PAPER, SEQUENTIAL
from pages.selections.context import Context
from pages.wording import figures, plain, words

MOST_BARS = 25
_MOST_CELLS = 40  # a side: beyond it a name finds no room
_MOST_WORDS = 13  # columns: beyond it a figure finds no room in its cell
_ROOM = 1.35  # of the longest bar, for the words at its end


@house.chart
def bars(
    context: Context, frame: pl.DataFrame, indicator: Indicator, labels: Sequence[str], *, title: str
) -> house.Drawn:
    """Draw a bar for each row of one indicator, the first on top; `labels` name the rows in their order."""
    told = list(zip(labels, frame.to_dicts(), strict=True))[:MOST_BARS]
    drawn = [(label, row) for label, row in told if row["value"] is not None]
    if not drawn:
        return house.Drawn(title=title)
    lengths = [_shade(indicator, row) or 0.0 for _, row in drawn]
    figure = go.Figure(layout=house.layout(80 + 27 * len(drawn), None))
    figure.add_bar(
        orientation="h",
        y=[label for label, _ in drawn],
        x=lengths,
        text=[figures.value(indicator, row) for _, row in drawn],
        hovertext=[figures.whole(indicator, row) for _, row in drawn],
        textposition="outside",
        cliponaxis=False,
        textfont={"size": house.FONT},
        marker_color=BLUE,
        hovertemplate="%{y}: %{hovertext}<extra></extra>",
    )
    figure.update_xaxes(title_text=words.axis(indicator), range=[0, (max(lengths) or 1) * _ROOM])
    figure.update_yaxes(autorange="reversed", automargin=True, type="category")
    label, row = max(drawn, key=lambda one: one[1]["value"])
    missing = len(told) - len(drawn)
    note = f"{missing} without a figure: the table says why." if missing else ""
    note += f" The first {MOST_BARS} of {frame.height}: the table has more." if frame.height > MOST_BARS else ""
    alt = f"{title}. Highest {label} with {figures.whole(indicator, row)}."
    return house.Drawn(figure=figure, title=title, alt=alt, note=note.strip())


@house.chart
def cells(
    context: Context,
    frame: pl.DataFrame,
    indicator: Indicator,
    places: Sequence[tuple[str, str]],
    *,
    title: str,
) -> house.Drawn:
    """Draw a shaded cell for each row of one indicator; `places` say for each row its line and its column."""
    rows = dict(zip(places, frame.to_dicts(), strict=True))
    downs, acrosses = (list(dict.fromkeys(place[side] for place in places))[:_MOST_CELLS] for side in (0, 1))
    known = {place: row for place, row in rows.items() if row["value"] is not None}
    if not known:
        return house.Drawn(title=title)
    shades = [[_shade(indicator, rows.get((down, across))) for across in acrosses] for down in downs]
    said = [[_said(indicator, rows.get((down, across))) for across in acrosses] for down in downs]
    figure = go.Figure(layout=house.layout(90 + 27 * len(downs), None))
    figure.add_heatmap(
        z=shades,
        x=acrosses,
        y=downs,
        colorscale=[[step / 4, colour] for step, colour in enumerate(SEQUENTIAL)],
        zmin=0,
        zmax=max((shade for line in shades for shade in line if shade is not None), default=0) or 1,
        xgap=1,
        ygap=1,
        hovertext=said,
        hovertemplate="%{y}, %{x}: %{hovertext}<extra></extra>",
        colorbar={"title": {"text": plain.chart(words.unit_of(indicator)), "side": "right"}, "thickness": 12},
    )
    if len(acrosses) <= _MOST_WORDS:
        top = max((shade for line in shades for shade in line if shade is not None), default=0)
        for down, line in zip(downs, shades, strict=True):
            for across, shade in zip(acrosses, line, strict=True):
                row = rows.get((down, across))
                if row is not None and row["value"] is not None:
                    dark = shade is not None and shade > top / 2
                    font = {"size": house.FONT, "color": PAPER if dark else INK}
                    text = plain.chart(figures.value(indicator, row))
                    figure.add_annotation(x=across, y=down, text=text, showarrow=False, font=font)
    figure.update_xaxes(type="category", tickangle=0, showgrid=False)
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False, automargin=True)
    (down, across), row = max(known.items(), key=lambda cell: cell[1]["value"])
    alt = f"{title}. Highest {down}, {across} with {figures.whole(indicator, row)}."
    return house.Drawn(figure=figure, title=title, alt=alt)


def _shade(indicator: Indicator, row: house.Row | None) -> float | None:
    """Return the amount that a row is drawn by: none for a percentage of a few."""
    return None if row is None or row["value"] is None or figures.is_few(indicator, row) else row["value"]


def _said(indicator: Indicator, row: house.Row | None) -> str:
    if row is None:
        return "none"
    return row.get("note") or words.NOTHING if row["value"] is None else plain.chart(figures.whole(indicator, row))
