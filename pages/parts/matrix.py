"""Indicators down, areas across: each cell a value with its mark, n and trend, and the way to exactly that figure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any
from urllib.parse import quote

import polars as pl
import streamlit as st

from metrics.indicator import Indicator
from pages.parts import drawing
from pages.parts.once import made_once
from pages.selections import links
from pages.selections.context import Context
from pages.wording import figures, sentences, words

MONTHS = 13  # of a cell's trend: the month, and a year before it
_KEPT = 256  # tables, the largest 200 kB
_SAFE = " ,:/=-."  # what may stand in an address within url('') as it is, beside letters and digits
_ONE_LINE = 17  # letters of an n, in a cell of nine columns 1440 pixels wide
Row = dict[str, Any]
_DRAWN = (
    "indicator_id", "category", "area_level", "area_code", "month", "value", "numerator", "denominator", "verdict",
    "note",
)  # fmt: skip
Area = tuple[str, str]  # code, name
Key = tuple[str, str | None, str]  # indicator, category of a mix, area
Series = Mapping[Key, Sequence[Row]]  # the months of a figure, oldest first
_BETTER = {"higher": "more is better", "lower": "less is better", "neither": "no good direction"}


def draw(
    context: Context,
    own: pl.DataFrame,
    parts: pl.DataFrame,
    sections: Mapping[str, Sequence[Indicator]],
    *,
    caption: str,
) -> None:
    """Draw the selected area, then one column for each area of `parts`; a line for each indicator of each section.

    `own` has the months of one area, `parts` those of several, up to the selected one. A section without a name has no
    heading. An indicator without rows is named below as not loaded. A name leads to the indicator's page.
    """
    listed = tuple((name, tuple(these)) for name, these in sections.items())
    for html in _made(context, own, parts, listed, caption):
        st.html(html)


@made_once(_KEPT)
def _made(
    context: Context,
    own: pl.DataFrame,
    parts: pl.DataFrame,
    sections: Sequence[tuple[str, Sequence[Indicator]]],
    caption: str,
) -> list[str]:
    """Write the table, and what is missing of it."""
    above = (context.selection.code, context.place)
    below = [area for area in parts.select("area_code", "area_name").unique().sort("area_name").iter_rows()]
    columns = [above, *(area for area in below if area[0] != above[0])]
    series = _series(pl.concat([own, parts], how="diagonal_relaxed"))
    loaded = {key[0] for key, months in series.items() if _now(months, context.selection.month) is not None}
    heads = [_head(context, parts, area) for area in columns]
    tables = []
    for name, these in sections:
        if lines := _lines(context, these, series, columns, loaded):
            tables.append(_table(name, lines, heads, caption))
            heads = [escape(area) for _, area in columns]  # the first table's lead on; a screen shows no others
    region = f'<div class="npd-scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
    made = [f"{region}{''.join(tables)}</div>"]
    missing = [one for _, these in sections for one in these if one.id not in loaded]
    if missing:
        named = "; ".join(f"{_named(one, None)}<small>{one.id}</small>" for one in missing)
        made.append(f'<p class="npd-missing">No figure of {context.when()}: {named}.</p>')
    return made


def legend() -> None:
    """Explain the marks, once a page."""
    said = (words.mark(verdict) for verdict in sentences.REAL)
    keys = "".join(f"<span>{drawing.mark_html(mark)} {mark.word}: {mark.meaning}</span>" for mark in said)
    st.html(f'<div class="npd-legend">{keys}<span>no mark: within month-to-month chance</span></div>')


def _series(rows: pl.DataFrame) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = {}
    drawn = [*_DRAWN, *(name for name in rows.columns if name.startswith("period_"))]
    for row in rows.sort("month").select(drawn).to_dicts():
        found.setdefault((row["indicator_id"], row["category"], row["area_code"]), []).append(row)
    return found


def _head(context: Context, parts: pl.DataFrame, area: Area) -> str:
    """Name a column; an area below leads to itself."""
    code, name = area
    if code == context.selection.code or not len(parts):
        return escape(name)
    return links.link(links.here(context, parts["area_level"][0], code), escape(name))


def _table(name: str, lines: Sequence[str], heads: Sequence[str], caption: str) -> str:
    """Write the table of a section: a table of its own, which a browser need not lay out until it is scrolled to."""
    heading = f'<tr><th scope="rowgroup" colspan="{len(heads) + 1}">{escape(name)}</th></tr>' if name else ""
    columns = "".join(f'<th scope="col">{head}</th>' for head in ("Indicator", *heads))
    of = f"{caption}: {name}" if name else caption
    return (
        f'<div class="npd-section" style="--npd-lines:{len(lines)}"><table class="npd-matrix">'
        f"<caption>{escape(of)}</caption><thead><tr>{columns}</tr></thead>"
        f"<tbody>{heading}{''.join(lines)}</tbody></table></div>"
    )


def _lines(
    context: Context, indicators: Sequence[Indicator], series: Series, columns: Sequence[Area], loaded: set[str]
) -> list[str]:
    return [
        _line(context, one, category, series, columns)
        for one in indicators
        if one.id in loaded
        for category in dict.fromkeys(category for indicator_id, category, _ in series if indicator_id == one.id)
    ]


def _line(context: Context, indicator: Indicator, category: str | None, series: Series, columns: Sequence[Area]) -> str:
    held = [series.get((indicator.id, category, code), ()) for code, _ in columns]
    cells = "".join(
        f"<td>{_cell(context, indicator, months, name)}</td>" for (_, name), months in zip(columns, held, strict=True)
    )
    drawn = quote(drawing.trends([trend(months, context.selection.month) for months in held]), safe=_SAFE)
    picture = f"<i style=\"background-image:url('data:image/svg+xml,{drawn}')\"></i>" if drawn else ""
    said = f"{_named(indicator, category)}<small>{indicator.id} · {_BETTER[indicator.better]}</small>"
    return f'<tr><th scope="row">{picture}{said}</th>{cells}</tr>'


def _named(indicator: Indicator, category: str | None) -> str:
    """Name an indicator, as a link to its page."""
    return links.link(links.address(indicator.page), escape(sentences.name(indicator, category)))


def _now(months: Sequence[Row], month: date) -> Row | None:
    """Return the figure of a month, or of the period that ends there; None where neither has one."""
    newest = (row for row in months if row["month"] == month)
    shown = ((row, figures.of_period(row)) for row in newest)
    return next((told for row, told in shown if told["value"] is not None or row["value"] is not None), None)


def trend(months: Sequence[Row], month: date) -> list[float | None]:
    """Return the values of a cell's trend; none where the cell has no figure for the trend to stand beside."""
    row = _now(months, month)
    return [] if row is None or row["value"] is None else [one["value"] for one in months[-MONTHS:]]


def _cell(context: Context, indicator: Indicator, months: Sequence[Row], area: str) -> str:
    """Write value, mark and n beside the trend, as a link to exactly that; why, where the area has no such figure."""
    row = _now(months, context.selection.month)
    if row is None:
        return _missing(months[-1]["note"] if months else None)
    if row["value"] is None:
        return _missing(row["note"])
    mark = figures.mark(indicator, row)
    shape = drawing.mark_html(mark) if row.get("verdict") in sentences.REAL and mark is not words.TOO_FEW else ""
    said, made_of = figures.value(indicator, row), figures.n(indicator, row)
    shown = f"{shape}{said}"
    if made_of and made_of != said:
        shown += f"\n{_in_its_cell(made_of)}"
    label = f"{indicator.name}, {area}: {figures.whole(indicator, row)}{f', {mark.word}' if shape else ''}"
    to = links.figure(context, row)
    return links.link(to, shown, label)


def _in_its_cell(made_of: str) -> str:
    """Put an n that is longer than a cell on two lines: '417,003', 'for 345,300'."""
    return made_of if len(made_of) <= _ONE_LINE else re.sub(" (of|for) ", r"\n\1 ", made_of)


def _missing(note: str | None) -> str:
    return f'<small class="npd-missing">{escape(note or "no data")}</small>'
