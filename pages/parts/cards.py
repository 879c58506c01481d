"""Cards: a value, whether its change is real, and the plain sentence that says so."""

from collections.abc import Sequence
from html import escape
from typing import Any

import polars as pl
import streamlit as st

from metrics.indicator import Indicator
from pages.parts import beside as beside_
from pages.parts import method
from pages.parts.drawing import card_html, thin_html
from pages.selections.context import Context, headed
from pages.selections.selection import LAST_MONTH, LAST_YEAR
from pages.wording import differences, figures, sentences

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
    apart = {} if compared is None else beside_.rows(context, frame, compared, ids)
    for indicator_id in ids:
        series = _series(frame, indicator_id, context)
        beside = _series(compared, indicator_id, context) if compared is not None else []
        with grid.cell():
            name, told = (names or {}).get(indicator_id), apart.get(indicator_id)
            card(context, indicator_id, series, key=key, beside=beside, apart=told, name=name)
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
        for indicator_id in ids:
            series = _series(frame, indicator_id, context)
            beside = _series(compared, indicator_id, context) if compared is not None else []
            with grid.cell():
                _thin(context, indicator_id, series, beside, key)


def _thin(context: Context, indicator_id: str, series: Sequence[Row], beside: Sequence[Row], key: str) -> None:
    indicator = context.indicator(indicator_id)
    newest = series[-1] if series and series[-1]["month"] == context.selection.month else {}
    more = _beside(context, indicator, beside) + _target(context, indicator, newest)
    st.html(thin_html(indicator, series, newest, more=more.removeprefix("<br>"), before=_before(context)))
    method.button(context, indicator_id, newest, key=f"{key}_{indicator_id}")


def _before(context: Context) -> str:
    """Name the months that a period is compared with; '' where one month is shown."""
    return context.year_before if context.selection.spans else ""


def card(
    context: Context,
    indicator_id: str,
    series: Sequence[Row],
    *,
    key: str,
    beside: Sequence[Row] = (),
    apart: Row | None = None,
    name: str | None = None,
) -> None:
    """Draw one card from the months of one indicator in one area, oldest first; the last is the selected month."""
    indicator = context.indicator(indicator_id)
    newest = series[-1] if series and series[-1]["month"] == context.selection.month else {}
    compare = context.selection.compare
    html = card_html(
        indicator,
        series,
        name=name or indicator.name,
        beside=_beside(context, indicator, beside, apart) + _target(context, indicator, newest),
        compare=compare if compare in (LAST_MONTH, LAST_YEAR) else None,
        before=_before(context),
    )
    st.html(html)
    method.button(context, indicator_id, newest, key=f"{key}_{indicator_id}")


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
