"""The table of Explore: which figure stands where, its downloads, and whose it is."""

from typing import Any

import polars as pl
import streamlit as st

from metrics.difference import of_other_areas
from metrics.indicator import Indicator
from pages.parts import crosstab, tables
from pages.sections.explore_choice import Asked
from pages.selections import links
from pages.selections.context import Context
from pages.wording import breakdowns, plain, sentences, words

Row = dict[str, Any]


def draw(context: Context, asked: Asked, own: pl.DataFrame, beside: pl.DataFrame | None, title: str) -> None:
    """Draw the table with its sides as they were asked for, and offer its rows as CSV and Excel.

    The area compared with stands behind those chosen, unless it is one of them.
    """
    st.markdown(f"### {plain.markdown(title)}", anchors=False)
    known = {one.id: one for one in asked.indicators}
    sides = [own, *([] if beside is None else [of_other_areas(beside, own)])]
    rows, shown = pl.concat(sides, how="diagonal_relaxed"), [in_order(asked, one) for one in sides]
    told = [(known[row["indicator_id"]], row) for frame in shown for row in frame.to_dicts()]
    several = {
        "figures": len({(one.id, _category(asked, row)) for one, row in told}) > 1,
        "areas": len({(row["area_level"], row["area_code"]) for _, row in told}) > 1,
    }
    placed = {_place(context, asked, one, row, **several): (one, row) for one, row in told}
    crosstab.draw(context, placed, caption=title, turned=asked.turned)
    with st.container(horizontal=True, gap="small", key="explore_downloads", vertical_alignment="center"):
        tables.download(context, rows, key="explore", title=title)
    st.caption(
        "A figure of an area leads to its own page: its trend, its definition and the rows behind it. "
        "Downloads hold every row and column, unrounded."
    )


def in_order(asked: Asked, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows as they are read: months newest first, parts in their own order, areas by name.

    Indicators are in the order in which they were chosen.
    """
    ids = [one.id for one in asked.indicators]
    place = pl.col("indicator_id").replace_strict(ids, list(range(len(ids))), return_dtype=pl.Int64)
    order = rows.with_columns(_indicator=place)
    keys = ["month"] if asked.months else list(asked.by)
    newest_first = [name == "month" for name in keys]
    last = ["area_name", "_indicator", *(["category"] if "category" not in keys else [])]
    ordered = order.sort([*keys, *last], descending=newest_first + [False] * len(last), nulls_last=True)
    return ordered.drop("_indicator")


def _place(
    context: Context, asked: Asked, indicator: Indicator, row: Row, *, figures: bool, areas: bool
) -> tuple[crosstab.Head, crosstab.Head]:
    """Return where a figure stands: months, parts or areas down, and across what else there are several of."""
    figure = words.capital(sentences.name(indicator, _category(asked, row)))
    area = (row["area_name"], _leads_to(context, row))
    parts = [breakdowns.value(name, row[name]) for name in asked.by]
    if not asked.months and not parts:
        return area, (figure, None)
    down = words.month(row["month"]) if asked.months else parts[0]
    across = [*parts[1:], *([row["area_name"]] * areas), *([figure] * figures)]
    return (down, None), (" · ".join(across) or figure, None)


def _category(asked: Asked, row: Row) -> str | None:
    """Return the category of a mix; of a breakdown by category it is one of the parts."""
    return None if "category" in asked.by else row["category"]


def _leads_to(context: Context, row: Row) -> str | None:
    place = (row["area_level"], row["area_code"])
    own = place == (context.selection.level, context.selection.code)
    return links.here(context, *place) if place in context.places.names and not own else None
