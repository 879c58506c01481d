"""What the months after a trend bring if nothing changes: drawn apart, and said with what is assumed."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from metrics.indicator import Indicator
from pages.parts import house, series
from pages.parts.palette import CLEAR, HATCH, QUIET
from pages.selections import places
from pages.selections.context import Context
from pages.wording import words

_LINE = 16  # pixels


def of_series(context: Context, rows: Sequence[house.Row], asked: Mapping[str, Any]) -> list[house.Row]:
    """Return the months that come after a series of one area; none where it has no range to go by.

    `asked` is what the series was asked with beyond area and month. The answer has the newest month too: where that
    figure is another, it is of another question, and nothing is said of what comes.
    """
    newest, month = rows[-1], context.selection.month
    if newest["area_level"] not in places.AREAS or newest["value"] is None or newest["month"] != month:
        return []
    found = context.ask_ahead(newest["indicator_id"], newest["area_level"], newest["area_code"], **asked)
    mine = [
        row
        for row in found.sort("month").to_dicts()
        if (row["area_code"], row["category"]) == (newest["area_code"], newest["category"])
    ]
    known = [row for row in mine[1:] if row["lower_limit"] is not None]
    return known if mine and mine[0]["value"] == newest["value"] and len(known) == len(mine) - 1 else []


def draw(figure: go.Figure, coming: Sequence[house.Row], unit: str) -> None:
    """Hatch the range of the months that come, with a dashed edge and what is usual as a dotted line."""
    if not coming:
        return
    months = [row["month"] for row in coming]
    edge = {"mode": "lines", "line": {"color": HATCH, "dash": "dash", "width": 1}}
    said = {"hovertemplate": "%{x|%b %Y}, expected if nothing changes: %{text}<extra></extra>"}
    told = [_range(row, unit) for row in coming]
    figure.add_scatter(x=months, y=[row["upper_limit"] for row in coming], text=told, **edge, **said)
    pattern = {"shape": "/", "fgcolor": HATCH, "bgcolor": CLEAR, "size": 6, "solidity": 0.2}
    lower = [row["lower_limit"] for row in coming]
    figure.add_scatter(
        x=months, y=lower, text=told, fill="tonexty", fillcolor=CLEAR, fillpattern=pattern, **edge, **said
    )
    usual = {"color": QUIET, "dash": "dot", "width": 1}
    centre = [row["centre"] for row in coming]
    figure.add_scatter(x=months, y=centre, mode="lines", line=usual, hoverinfo="skip")
    below = (figure.layout.margin.t or 0) >= series.TWO_LINES  # what says the shade stands there already
    figure.add_annotation(
        x=0,
        xref="paper",
        y=1,
        yref="paper",
        yshift=series.TWO_LINES - 4 if below else 0,
        text="hatched: expected if nothing changes",
        showarrow=False,
        xanchor="left",
        yanchor="bottom",
        font={"color": QUIET, "size": house.FONT},
    )
    figure.update_layout(margin_t=_LINE + series.TWO_LINES if below else series.TWO_LINES)


def words_of(indicator: Indicator, coming: Sequence[house.Row]) -> str:
    """Say the range of each month that comes, and what is assumed; '' where there is none."""
    if not coming:
        return ""
    ranges = ", ".join(f"{words.month(row['month'])} {_range(row, indicator.unit)}" for row in coming)
    return f"Expected if nothing changes: {ranges}. {_assumed(indicator)}"


def _range(row: house.Row, unit: str) -> str:
    return f"{words.number(row['lower_limit'], unit)} to {words.figure(row['upper_limit'], unit)}"


def _assumed(indicator: Indicator) -> str:
    part, against = indicator.numerator, indicator.denominator
    if part.stock and part.unit != "duration" and indicator.relative_to is None:
        return "Assumed: it goes on changing as in the months before; each month further is known less well."
    if part.unit == "duration" or indicator.relative_to is not None:
        return "Assumed: it varies about the level of the months before, as it did."
    measured = f", and {words.first_words(against.words)} as in the last 12 months" if against is not None else ""
    return f"Assumed: level, season and spread of the months before{measured}. No forecast of what is decided or done."
