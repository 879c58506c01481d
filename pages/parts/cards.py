"""Cards: a value, whether its change is real, and the plain sentence that says so."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import polars as pl
import streamlit as st

from metrics.indicator import Indicator
from pages.parts import beside as beside_
from pages.parts import method
from pages.parts.drawing import card_html, thin_html
from pages.parts.once import made_once
from pages.selections.context import Context, headed
from pages.selections.selection import LAST_MONTH, LAST_YEAR
from pages.wording import differences, figures, sentences

_KEPT = 1024  # rows of cards, some 5 kB each
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
    taller = "" if compared is None else "_beside"  # style.css keeps their room
    grid = st.grid(min(len(ids), 5), min_column_width=215, border=True, key=f"cards_{key}{taller}")
    for indicator_id, (html, newest) in zip(ids, _cards(context, frame, compared, tuple(ids), names), strict=True):
        with grid.cell():
            st.html(html)
            method.button(context, indicator_id, newest, key=f"{key}_{indicator_id}")
    if compared is not None:
        beside_.table(context, frame, compared, ids, key=key, names=names)


def strip(
    context: Context,
    frame: pl.DataFrame,
    ids: Sequence[str],
    *,
    key: str,
    compared: pl.DataFrame | None = None,
) -> None:
    """Draw the same figures as `row` in one thin strip: value, n, verdict, trend, and the gap to a target there is."""
    with st.container(key=f"strip_{key}"):
        grid = st.grid(min(len(ids), 5), min_column_width=215, border=True, key=f"cards_{key}")
        for indicator_id, (html, newest) in zip(ids, _thin(context, frame, compared, tuple(ids)), strict=True):
            with grid.cell():
                st.html(html)
                method.button(context, indicator_id, newest, key=f"{key}_{indicator_id}")


@made_once(_KEPT)
def _thin(
    context: Context, frame: pl.DataFrame, compared: pl.DataFrame | None, ids: Sequence[str]
) -> tuple[tuple[str, Row], ...]:
    """Write the strip's cards, each with the row of its figure."""
    made = []
    for indicator_id in ids:
        indicator, series = context.indicator(indicator_id), _series(frame, indicator_id, context)
        beside = _series(compared, indicator_id, context) if compared is not None else []
        newest = _newest(series, context)
        more = _beside(context, indicator, beside) + _target(context, indicator, newest)
        html = thin_html(indicator, series, newest, more=more.removeprefix("<br>"), before=_before(context))
        made.append((html, newest))
    return tuple(made)


def _before(context: Context) -> str:
    """Name the months that a period is compared with; '' where one month is shown."""
    return context.year_before if context.selection.spans else ""


@made_once(_KEPT)
def _cards(
    context: Context,
    frame: pl.DataFrame,
    compared: pl.DataFrame | None,
    ids: Sequence[str],
    names: Mapping[str, str] | None,
) -> tuple[tuple[str, Row], ...]:
    """Write the row's cards, each with the row of its figure."""
    apart = {} if compared is None else beside_.rows(context, frame, compared, ids)
    made = []
    for indicator_id in ids:
        series = _series(frame, indicator_id, context)
        beside = _series(compared, indicator_id, context) if compared is not None else []
        name, newest = (names or {}).get(indicator_id), _newest(series, context)
        html = _card(context, indicator_id, series, beside=beside, apart=apart.get(indicator_id), name=name)
        made.append((html, newest))
    return tuple(made)


def _newest(series: Sequence[Row], context: Context) -> Row:
    """Return the row of the selected month; nothing where the series ends before it."""
    return series[-1] if series and series[-1]["month"] == context.selection.month else {}


def _card(
    context: Context,
    indicator_id: str,
    series: Sequence[Row],
    *,
    beside: Sequence[Row],
    apart: Row | None,
    name: str | None,
) -> str:
    """Write one card from the months of one indicator in one area, oldest first; the last is the selected month."""
    indicator, newest = context.indicator(indicator_id), _newest(series, context)
    compare = context.selection.compare
    return card_html(
        indicator,
        series,
        name=name or indicator.name,
        beside=_beside(context, indicator, beside, apart) + _target(context, indicator, newest),
        compare=compare if compare in (LAST_MONTH, LAST_YEAR) else None,
        before=_before(context),
    )


def _target(context: Context, indicator: Indicator, newest: Row) -> str:
    """Write the target that somebody owns for this figure, and whether the expected range meets it.

    It is owned of the whole figure and of a month: nothing is written where they are narrowed, or of a period.
    """
    if context.narrowed or context.selection.spans:
        return ""
    held = context.targets.get((indicator.id, newest.get("area_level", ""), newest.get("area_code", "")))
    return f"<br>{escape(sentences.target(indicator, held))}" if held else ""


def _series(frame: pl.DataFrame, indicator_id: str, context: Context) -> list[Row]:
    chosen = headed(frame, indicator_id).filter(pl.col("month") <= context.selection.month)
    return chosen.sort("month").to_dicts()


def _beside(context: Context, indicator: Indicator, series: Sequence[Row], apart: Row | None = None) -> str:
    """Write the figure of the area compared with, and how far `apart` the two are (metrics.difference)."""
    if not series:
        return ""
    value = figures.whole(indicator, figures.of_period(series[-1]))
    said = f"<br><strong>{escape(context.compared_name)}: {value}</strong>"
    if apart is None or apart["result"] is None:
        return said
    return f"{said}<br>{escape(differences.difference(indicator, apart))}: {escape(differences.is_real(apart))}"
