"""Indicators down, areas across: each cell a value and, where the change is real, its mark and word."""

import base64
from collections.abc import Sequence
from html import escape
from typing import Any
from urllib.parse import urlencode

import polars as pl
import streamlit as st

from metrics.indicator import Indicator
from pages.parts import drawing
from pages.selections.context import Context
from pages.wording import sentences, words

Row = dict[str, Any]
Series = dict[str, dict[str | None, list[Row]]]  # months by indicator, then by category
Cells = dict[tuple[str, str | None, str], Row]  # by indicator, category and area


def draw(
    context: Context,
    own: pl.DataFrame,
    parts: pl.DataFrame,
    indicators: Sequence[Indicator],
    *,
    caption: str,
    sources: bool = False,
) -> None:
    """Draw the selected area with its sparkline, then one column for each area of `parts`.

    `own` has several months of one area, `parts` the selected month of several; `sources` adds where each indicator's
    rows come from. An indicator without rows says that no data is loaded. Each name leads to the indicator's page.
    """
    columns = list(dict.fromkeys(parts.select("area_code", "area_name").sort("area_name").iter_rows()))
    series = _by_category(own.sort("month"))
    cells = {(row["indicator_id"], row["category"], row["area_code"]): row for row in parts.to_dicts()}
    heads = ["Indicator", context.place, "24 months", *(name for _, name in columns), *(["Source"] if sources else [])]
    lines = [
        line
        for indicator in indicators
        for line in _lines(context, indicator, series, cells, [code for code, _ in columns], sources)
    ]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    st.html(
        f'<div class="npd-scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table class="npd-matrix">'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def legend() -> None:
    """Explain the marks, once a page."""
    said = (words.mark(verdict) for verdict in sentences.REAL)
    keys = "".join(f"<span>{drawing.mark_html(mark)} {mark.word}: {mark.meaning}</span>" for mark in said)
    st.html(f'<div class="npd-legend">{keys}<span>no mark: within month-to-month chance</span></div>')


def address(context: Context, page: str) -> str:
    """Give the address of a page with the same selection."""
    chosen = {name: value for name, value in st.query_params.to_dict().items() if value}
    return f"{page}?{urlencode(chosen)}" if chosen else page


def _by_category(own: pl.DataFrame) -> Series:
    found: Series = {}
    for row in own.to_dicts():
        found.setdefault(row["indicator_id"], {}).setdefault(row["category"], []).append(row)
    return found


def _lines(
    context: Context,
    indicator: Indicator,
    series: Series,
    cells: Cells,
    codes: Sequence[str],
    sources: bool,
) -> list[str]:
    """Write a line for the indicator; for a mix one for each of its categories."""
    own = series.get(indicator.id, {None: []})
    return [_line(context, indicator, one, months, cells, codes, sources) for one, months in own.items()]


def _line(
    context: Context,
    indicator: Indicator,
    category: str | None,
    months: Sequence[Row],
    cells: Cells,
    codes: Sequence[str],
    sources: bool,
) -> str:
    name = escape(f"{indicator.name}: {category}" if category else indicator.name)
    better = {"higher": "more is better", "lower": "less is better", "neither": "no good direction"}[indicator.better]
    link = f'<a href="{escape(address(context, indicator.page))}" target="_self">{name}</a>'
    newest = months[-1] if months else {}
    own = _cell(newest, indicator.unit) if months else "no data loaded"
    beside = [cells.get((indicator.id, category, code), {}) for code in codes]
    others = "".join(f"<td>{_cell(row, indicator.unit)}</td>" for row in beside)
    source = f'<td class="npd-source">{_source(indicator, months)}</td>' if sources else ""
    return (
        f'<tr><th scope="row">{link}<small>{indicator.id} · {better}</small></th>'
        f"<td><strong>{own}</strong></td><td>{_spark(indicator, months)}</td>{others}{source}</tr>"
    )


def _cell(row: Row, unit: str) -> str:
    if row.get("value") is None:
        return escape(row.get("note") or words.NOTHING)
    said = words.figure(row["value"], unit)
    verdict = row.get("verdict")
    if verdict not in sentences.REAL:
        return said
    mark = words.mark(verdict)
    return f"{said}<br>{drawing.mark_html(mark)} <small>{mark.word}</small>"


def _source(indicator: Indicator, months: Sequence[Row]) -> str:
    known = [row["month"] for row in months if row["value"] is not None]
    newest = f"<br><small>to {words.month(known[-1])}</small>" if known else ""
    return escape(words.SOURCES.get(indicator.numerator.source, indicator.numerator.source)) + newest


def _spark(indicator: Indicator, months: Sequence[Row]) -> str:
    if not any(row["value"] is not None for row in months):
        return ""
    picture = base64.b64encode(drawing.sparkline(months).encode()).decode()
    return f'<img src="data:image/svg+xml;base64,{picture}" alt="{escape(sentences.spark_words(indicator, months))}">'
