"""Cards, marks and charts as HTML and SVG that load nothing and run nothing."""

import base64
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from data_access.wording import words
from data_access.wording.sentences import REAL, SPARK_MONTHS, changes, sentence, spark_words
from metrics.indicator import Indicator

INK, QUIET, LINE, BLUE, EXPECTED = "#0b0c0c", "#505a5f", "#b1b4b6", "#12436D", "#e3e8ee"
_WIDTH, _HEIGHT, _MARGIN = 240, 52, 5
Row = dict[str, Any]


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
    if newest.get("verdict") not in REAL:
        return ""
    return "▲ " if newest["value"] > newest["centre"] else "▼ "


def sparkline(series: Sequence[Row]) -> str:
    """Draw the last 25 months as an SVG with the expected range shaded and the newest month marked."""
    rows = list(series[-SPARK_MONTHS:])
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
        f'<polygon points="{band}" fill="{EXPECTED}"/>'
        f'<polyline points="{values}" fill="none" stroke="{BLUE}" stroke-width="1.8"/>'
        f"{_end_mark(rows, point)}</svg>"
    )


def _end_mark(rows: Sequence[Row], point: Callable[[int, float], tuple[float, float]]) -> str:
    if rows[-1]["value"] is None:
        return ""
    across, down = point(len(rows) - 1, rows[-1]["value"])
    return f'<circle cx="{across}" cy="{down}" r="4" fill="{words.mark(rows[-1]["verdict"]).colour}"/>'


def _unit_note(indicator: Indicator) -> str:
    return "" if indicator.unit in ("%", "h", "count") else words.unit_words(indicator.unit)
