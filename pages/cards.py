"""Cards: a value, whether its change is real, and the plain sentence that says so."""

import base64
from collections.abc import Sequence
from html import escape
from typing import Any

import polars as pl
import streamlit as st

from metrics.indicator import Indicator
from pages import method, palette, words
from pages.context import Context

_WIDTH, _HEIGHT, _MARGIN = 240, 52, 5
_SPARK_MONTHS = 25
Row = dict[str, Any]


def row(
    context: Context,
    frame: pl.DataFrame,
    ids: Sequence[str],
    *,
    key: str,
    compared: pl.DataFrame | None = None,
    names: dict[str, str] | None = None,
) -> None:
    """Draw one row of three to five cards, one per indicator id, of equal height.

    `frame` is an answer for one area over several months (the sparkline) up to the selected month (the value).
    `compared` is the answer of the area compared with; its value of the month is written on the card.
    `names` replaces an indicator's name where the page has a shorter one. `key` is unique on the page.
    """
    grid = st.grid(min(len(ids), 5), min_column_width=215, border=True, key=f"cards_{key}")
    for indicator_id in ids:
        series = _series(frame, indicator_id, context)
        beside = _series(compared, indicator_id, context) if compared is not None else []
        with grid.cell():
            card(context, indicator_id, series, key=key, beside=beside, name=(names or {}).get(indicator_id))


def card(
    context: Context,
    indicator_id: str,
    series: Sequence[Row],
    *,
    key: str,
    beside: Sequence[Row] = (),
    name: str | None = None,
) -> None:
    """Draw one card from the months of one indicator in one area, oldest first; the last is the selected month."""
    indicator = context.indicator(indicator_id)
    newest = series[-1] if series else {}
    st.html(card_html(indicator, series, name=name or indicator.name, beside=_beside(context, indicator, beside)))
    method.button(context, indicator_id, newest, key=f"{key}_{indicator_id}")


def card_html(indicator: Indicator, series: Sequence[Row], *, name: str, beside: str = "") -> str:
    """Write a card as HTML that loads nothing."""
    newest = series[-1] if series else {}
    mark = words.mark(newest.get("verdict"))
    value = words.figure(newest.get("value"), indicator.unit) if newest.get("value") is not None else "no figure"
    picture = base64.b64encode(sparkline(series).encode()).decode()
    return (
        f'<div class="npd-card"><h3>{escape(name)}</h3>'
        f'<p class="npd-value">{value}<span class="npd-unit"> {_unit_note(indicator)}</span></p>'
        f'<p class="npd-verdict">{mark_html(mark)} {arrow(newest)}{mark.word}</p>'
        f'<img src="data:image/svg+xml;base64,{picture}" alt="{escape(spark_words(indicator, series))}">'
        f'<p class="npd-why">{escape(sentence(indicator, newest))}</p>'
        f'<p class="npd-small">{"<br>".join(map(escape, changes(indicator, newest)))}{beside}</p></div>'
    )


def mark_html(mark: words.Mark) -> str:
    """Write a verdict's shape as HTML; its word always stands beside it."""
    return (
        f'<span class="npd-mark npd-{mark.shape}" style="background:{mark.colour};color:{mark.ink}">{mark.sign}</span>'
    )


def arrow(newest: Row) -> str:
    """Give an arrow, up for above the usual, only where the change is real."""
    if newest.get("verdict") not in ("improvement", "concern", "change"):
        return ""
    return "▲ " if newest["value"] > newest["centre"] else "▼ "


def sentence(indicator: Indicator, newest: Row) -> str:
    """Say in one plain sentence whether the value is out of the ordinary, or why there is none."""
    if newest.get("value") is None:
        return missing(newest.get("note"))
    if newest.get("lower_limit") is None or newest.get("verdict") is None:
        return "Fewer than 12 months to judge against: no verdict yet."
    low, high = (words.number(newest[limit], indicator.unit) for limit in ("lower_limit", "upper_limit"))
    value = words.figure(newest["value"], indicator.unit)
    meaning = words.mark(newest["verdict"]).meaning
    if newest["verdict"] == "no real change":
        return f"{value} is in its expected range of {low} to {high}: {meaning}."
    if newest["lower_limit"] <= newest["value"] <= newest["upper_limit"]:
        centre = words.number(newest["centre"], indicator.unit)
        return f"Inside {low} to {high}, but too many months on one side of {centre}: {meaning}."
    return f"{value} against an expected range of {low} to {high}: {meaning}."


def missing(note: str | None) -> str:
    """Say why there is no value."""
    return f"{note[0].upper()}{note[1:]}." if note else "No data loaded for this area and month."


def changes(indicator: Indicator, newest: Row) -> tuple[str, str]:
    """Write the change on the month and on the year, with the relative one where the answer gives it."""
    relative = words.percent(newest.get("change_percent"))
    month = words.change(newest.get("change"), indicator.unit) + (f" ({relative})" if relative else "")
    year = words.change(newest.get("change_on_year"), indicator.unit)
    return f"On last month {month}", f"On same month last year {year}"


def spark_words(indicator: Indicator, series: Sequence[Row]) -> str:
    """Describe a sparkline for those who do not see it."""
    known = [row for row in series[-_SPARK_MONTHS:] if row["value"] is not None]
    if not known:
        return f"{indicator.name}: no months with a value"
    first, last = known[0], known[-1]
    return (
        f"{indicator.name} by month: {words.figure(first['value'], indicator.unit)} in {words.month(first['month'])}, "
        f"{words.figure(last['value'], indicator.unit)} in {words.month(last['month'])}"
    )


def sparkline(series: Sequence[Row]) -> str:
    """Draw the last 25 months as an SVG with the expected range shaded and the newest month marked."""
    rows = list(series[-_SPARK_MONTHS:])
    numbers = [row[name] for row in rows for name in ("value", "lower_limit", "upper_limit") if row[name] is not None]
    if not numbers:
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}"/>'
    low, span = min(numbers), (max(numbers) - min(numbers)) or 1

    def point(step: int, value: float) -> tuple[float, float]:
        across = _MARGIN + step * (_WIDTH - 2 * _MARGIN) / max(len(rows) - 1, 1)
        return round(across, 1), round(_HEIGHT - _MARGIN - (value - low) / span * (_HEIGHT - 2 * _MARGIN), 1)

    judged = [(step, row) for step, row in enumerate(rows) if row["lower_limit"] is not None]
    upper = [point(step, row["upper_limit"]) for step, row in judged]
    lower = [point(step, row["lower_limit"]) for step, row in reversed(judged)]
    band = " ".join(f"{x},{y}" for x, y in upper + lower)
    values = " ".join(
        "{},{}".format(*point(step, row["value"])) for step, row in enumerate(rows) if row["value"] is not None
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}">'
        f'<polygon points="{band}" fill="{palette.EXPECTED}"/>'
        f'<polyline points="{values}" fill="none" stroke="{palette.BLUE}" stroke-width="1.8"/>'
        f"{_end_mark(rows, point)}</svg>"
    )


def _end_mark(rows: Sequence[Row], point: Any) -> str:
    if rows[-1]["value"] is None:
        return ""
    across, down = point(len(rows) - 1, rows[-1]["value"])
    return f'<circle cx="{across}" cy="{down}" r="4" fill="{words.mark(rows[-1]["verdict"]).colour}"/>'


def _series(frame: pl.DataFrame, indicator_id: str, context: Context) -> list[Row]:
    chosen = frame.filter(pl.col("indicator_id") == indicator_id, pl.col("month") <= context.selection.month)
    return chosen.sort("month").to_dicts()


def _beside(context: Context, indicator: Indicator, series: Sequence[Row]) -> str:
    if not series:
        return ""
    value = words.figure(series[-1]["value"], indicator.unit)
    return f"<br>{escape(context.compared_name)}: {value}"


def _unit_note(indicator: Indicator) -> str:
    return "" if indicator.unit in ("%", "h", "count") else words.unit_words(indicator.unit)
