"""Cards, marks and charts as HTML and SVG that load nothing and run nothing."""

import base64
import math
from collections.abc import Callable, Sequence
from html import escape
from itertools import groupby
from typing import Any, Literal

from metrics.indicator import Indicator
from pages.parts.palette import BLUE, EXPECTED, QUIET, VERDICTS
from pages.wording import figures, words
from pages.wording.sentences import (
    REAL,
    SPARK_MONTHS,
    changes,
    judged_by,
    missing,
    period_changes,
    sentence,
    spark_words,
)

_WIDTH, _HEIGHT, _MARGIN = 240, 52, 5
_TREND_WIDTH, _TREND_HEIGHT = 44, 18  # pixels; the style sheet has them, too
TRENDS_WIDTH = 1044  # pixels that a table's columns share on a screen 1440 pixels wide
_WIDE, _TALL, _LEFT, _TOP, _FOOT = 680, 150, 58, 8, 24
_DRAWN = ("value", "lower_limit", "upper_limit")
_TEXT = f'font-size="12" fill="{QUIET}" font-family="Arial, sans-serif"'
Row = dict[str, Any]
Point = Callable[[int, float], tuple[float, float]]


def card_html(
    indicator: Indicator,
    series: Sequence[Row],
    *,
    name: str,
    beside: str = "",
    compare: Literal["month", "year"] | None = None,
    before: str = "",
) -> str:
    """Write a card as HTML that loads nothing; the change on the `compare` month or year is set in bold.

    `before` names the months that a period is compared with: then its figure is shown, and the verdict is its month's.
    """
    newest = series[-1] if series else {}
    shown = figures.of_period(newest) if before else newest
    unit = f'<span class="npd-unit"> {_beside(indicator, shown)}</span>'
    return (
        f'<div class="npd-card"><h3>{escape(name)}</h3>'
        f'<p class="npd-value">{_value(indicator, shown)}{unit}</p>'
        f"{_verdict(indicator, newest)}{_picture(indicator, series)}"
        f'<p class="npd-why">{escape(_why(indicator, series, newest, shown, before))}</p>'
        f'<p class="npd-small">{_past(indicator, newest, shown, compare, before)}{beside}</p></div>'
    )


def thin_html(indicator: Indicator, series: Sequence[Row], newest: Row, *, more: str = "", before: str = "") -> str:
    """Write a card of two lines and a sparkline; `more` is HTML below them, `before` as in `card_html`."""
    shown = figures.of_period(newest) if before else newest
    told = [_beside(indicator, shown), more]
    if before and newest:
        told[1:1] = [escape(missing(shown["note"]))] if shown["value"] is None else []
        told.append(escape(period_changes(indicator, shown, before)))
    return (
        f'<div class="npd-thin"><h3>{escape(indicator.name)}</h3><div>'
        f'<p class="npd-value">{_value(indicator, shown)}</p>{_picture(indicator, series)}</div>'
        f"{_verdict(indicator, newest)}"
        f'<p class="npd-small">{" · ".join(filter(None, told))}</p></div>'
    )


def _why(indicator: Indicator, series: Sequence[Row], newest: Row, shown: Row, before: str) -> str:
    """Say what is usual, or why there is no figure; of a period, that its last month is judged."""
    if not before or not newest:
        return sentence(indicator, newest) + _newest_known(indicator, series)
    why = f"{missing(shown['note'])} " if shown["value"] is None else ""
    return why + judged_by(indicator, newest)


def _past(indicator: Indicator, newest: Row, shown: Row, compare: str | None, before: str) -> str:
    if before and newest:
        return escape(period_changes(indicator, shown, before))
    return _changes(indicator, newest, compare)


def _value(indicator: Indicator, newest: Row) -> str:
    return figures.value(indicator, newest) if newest.get("value") is not None else "no figure"


def _verdict(indicator: Indicator, newest: Row) -> str:
    mark = figures.mark(indicator, newest)
    return f'<p class="npd-verdict">{mark_html(mark)} {arrow(figures.judged(indicator, newest))}{mark.word}</p>'


def _picture(indicator: Indicator, series: Sequence[Row]) -> str:
    drawn = base64.b64encode(sparkline([figures.judged(indicator, row) for row in series]).encode()).decode()
    return f'<img src="data:image/svg+xml;base64,{drawn}" alt="{escape(spark_words(indicator, series))}">'


def _beside(indicator: Indicator, row: Row) -> str:
    """Write what stands small beside a value: its unit where that is more than a sign, and its n."""
    said = figures.n(indicator, row)
    parts = (_unit_note(indicator), "" if said == figures.value(indicator, row) else said)
    return escape(", ".join(part for part in parts if part))


def _changes(indicator: Indicator, newest: Row, compare: str | None) -> str:
    month, year = map(escape, changes(indicator, newest))
    bold = {"month": f"<strong>{month}</strong><br>{year}", "year": f"{month}<br><strong>{year}</strong>"}
    return bold.get(compare or "", f"{month}<br>{year}")


def _newest_known(indicator: Indicator, series: Sequence[Row]) -> str:
    """Return the last figure there is where the month asked for has none: a survey comes once a quarter."""
    known = next((row for row in reversed(series) if row["value"] is not None), None)
    if known is None or series[-1]["value"] is not None:
        return ""
    return f" Newest: {words.figure(known['value'], indicator.unit)} in {words.month(known['month'])}."


def mark_html(mark: words.Mark) -> str:
    """Write a verdict's shape as HTML; its word always stands beside it."""
    colour, ink = VERDICTS[mark.word]
    return f'<span class="npd-mark npd-{mark.shape}" style="background:{colour};color:{ink}">{mark.sign}</span>'


def arrow(newest: Row) -> str:
    """Return an arrow, up for above the usual, only where the change is real."""
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


def has_trend(values: Sequence[float | None]) -> bool:
    """Tell whether months in a row can be drawn as a line: at least two are known."""
    return len(values) - values.count(None) > 1


def trends(drawn: Sequence[Sequence[float | None]]) -> str:
    """Draw several runs of months as one SVG, each at the left of its column; '' where none can be drawn.

    Each is a line of the size of a word, its newest known month a dot. The picture is stretched over the columns of a
    table, as wide as they are, its strokes are not. The runs are one picture because a browser makes a document of its
    own for every SVG: for the 500 of a table that took longer than all else of the page.
    """
    column = TRENDS_WIDTH / max(len(drawn), 1)
    placed = [_tiny(values, step * column) for step, values in enumerate(drawn) if has_trend(values)]
    if not placed:
        return ""
    lines, dots = (" ".join(paths) for paths in zip(*placed, strict=True))
    size = f'width="{TRENDS_WIDTH}" height="{_TREND_HEIGHT}" viewBox="0 0 {TRENDS_WIDTH} {_TREND_HEIGHT}"'
    stroke = 'vector-effect="non-scaling-stroke" stroke-width'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} preserveAspectRatio="none" fill="none" stroke="{BLUE}">'
        f'<path d="{lines}" {stroke}="1.5"/><path d="{dots}" {stroke}="4.4" stroke-linecap="round"/></svg>'
    )


def _tiny(values: Sequence[float | None], left: float) -> tuple[str, str]:
    """Return the paths of a line that begins at `left`, and of the dot at its end."""
    known = [(step, value) for step, value in enumerate(values) if value is not None]
    low, span = min(value for _, value in known), max(value for _, value in known) - min(value for _, value in known)
    across = (_TREND_WIDTH - 6) / (len(values) - 1)

    def point(step: int, value: float) -> tuple[float, float]:
        up = (value - low) / (span or 1) * (_TREND_HEIGHT - 6)
        return round(left + 2 + step * across, 1), round(_TREND_HEIGHT - 3 - up, 1)

    return f"M{_points(known, point)}", "M{},{}h0".format(*point(*known[-1]))


def trend(indicator: Indicator, series: Sequence[Row]) -> str:
    """Draw months in a row with axes, the expected range and its mean, and a shape at every real change."""
    series = [figures.judged(indicator, row) for row in series]
    numbers = [row[name] for row in series for name in _DRAWN if row.get(name) is not None]
    if not numbers:
        return "<p>No months with a value.</p>"
    steps = ticks(min(numbers), max(numbers))
    low, high = min(*numbers, steps[0]), max(*numbers, steps[-1])

    def point(step: int, value: float) -> tuple[float, float]:
        across = _LEFT + (step + 0.5) * (_WIDE - _LEFT) / len(series)
        return round(across, 1), round(_TOP + (high - value) / ((high - low) or 1) * (_TALL - _TOP - _FOOT), 1)

    drawn = (
        _grid(indicator, steps, point),
        _months(series, point),
        _band(series, point),
        *(_line(run, point, name) for name in ("centre", "value") for run in _runs(series, name)),
        *(_sign(step, row, point) for step, row in enumerate(series) if row["value"] is not None),
    )
    described = escape(spark_words(indicator, series))
    return f'<svg viewBox="0 0 {_WIDE} {_TALL}" role="img" aria-label="{described}">{"".join(drawn)}</svg>'


def ticks(low: float, high: float) -> list[float]:
    """Return two to six round numbers that span [low, high]."""
    span = (high - low) or abs(high) or 1
    power = 10.0 ** math.floor(math.log10(span / 4))
    size = next(power * round_ for round_ in (1, 2, 2.5, 5, 10) if span / (power * round_) <= 4)
    first = math.floor(low / size)
    return [step * size for step in range(first, max(math.ceil(high / size), first + 1) + 1)]


def _grid(indicator: Indicator, steps: Sequence[float], point: Point) -> str:
    lines = []
    for value in steps:
        down = point(0, value)[1]
        lines.append(f'<line x1="{_LEFT}" x2="{_WIDE}" y1="{down}" y2="{down}" stroke="{EXPECTED}"/>')
        said = words.number(value, indicator.unit)
        lines.append(f'<text x="{_LEFT - 6}" y="{down + 4}" text-anchor="end" {_TEXT}>{said}</text>')
    return "".join(lines)


def _months(series: Sequence[Row], point: Point) -> str:
    """Name every third month, the last one among them."""
    shown = range((len(series) - 1) % 3, len(series), 3)
    return "".join(
        f'<text x="{min(point(step, 0)[0], _WIDE - 28)}" y="{_TALL - 6}" text-anchor="middle" {_TEXT}>'
        f"{words.month(series[step]['month'])}</text>"
        for step in shown
    )


def _band(series: Sequence[Row], point: Point) -> str:
    return "".join(
        f'<polygon points="{_points([(step, row["upper_limit"]) for step, row in run], point)} '
        f'{_points([(step, row["lower_limit"]) for step, row in reversed(run)], point)}" fill="{EXPECTED}"/>'
        for run in _runs(series, "lower_limit")
    )


def _line(run: Sequence[tuple[int, Row]], point: Point, name: str) -> str:
    style = f'stroke="{BLUE}" stroke-width="2"' if name == "value" else f'stroke="{QUIET}" stroke-dasharray="4 4"'
    return f'<polyline points="{_points([(step, row[name]) for step, row in run], point)}" fill="none" {style}/>'


def _runs(series: Sequence[Row], name: str) -> list[list[tuple[int, Row]]]:
    """Part the months into runs that have `name`: a line is not drawn over a month without a figure."""
    known = groupby(enumerate(series), key=lambda at: at[1].get(name) is not None)
    return [list(run) for present, run in known if present]


def _points(values: Sequence[tuple[int, float]], point: Point) -> str:
    return " ".join("{},{}".format(*point(step, value)) for step, value in values)


def _sign(step: int, row: Row, point: Point) -> str:
    across, down = point(step, row["value"])
    mark = words.mark(row.get("verdict"))
    if row.get("verdict") not in REAL:
        return f'<circle cx="{across}" cy="{down}" r="2.4" fill="{BLUE}"/>'
    colour, _ = VERDICTS[mark.word]
    if mark.shape == "circle":
        return f'<circle cx="{across}" cy="{down}" r="5.5" fill="{colour}"/>'
    turned = f' transform="rotate(45 {across} {down})"' if mark.shape == "diamond" else ""
    return f'<rect x="{across - 5}" y="{down - 5}" width="10" height="10" fill="{colour}"{turned}/>'


def _end_mark(rows: Sequence[Row], point: Point) -> str:
    if rows[-1]["value"] is None:
        return ""
    across, down = point(len(rows) - 1, rows[-1]["value"])
    return f'<circle cx="{across}" cy="{down}" r="4" fill="{VERDICTS[words.mark(rows[-1]["verdict"]).word][0]}"/>'


def _unit_note(indicator: Indicator) -> str:
    return "" if words.written_with(indicator.unit) or indicator.unit == "count" else words.unit_words(indicator.unit)
