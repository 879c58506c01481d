"""The rows behind a figure, on the page of any one: what is counted, and what is not and why."""

import polars as pl
import polars.selectors as cs
import streamlit as st

from data_access.answers.rows_behind import MOST, Figure, RowsBehind, rows_of
from metrics.indicator import Indicator
from metrics.levels import AREA_LEVELS, LONDON
from pages.parts import headline, tables
from pages.selections import choices
from pages.selections.context import Context
from pages.wording import plain, words

ROWS = "rows"  # the key in the address
_AREAS = {f"{level}_code": words.capital(words.level(level)) for level in AREA_LEVELS[1:]}
_COLUMNS = {
    "day": st.column_config.DateColumn("Day", format="DD MMM YYYY"),
    "amount": st.column_config.NumberColumn("Adds", format="%.4g", help="to the figure: hours, incidents, crimes ..."),
    "left_out": st.column_config.TextColumn("Left out because", help="empty: the row is counted"),
    **_AREAS,
}


def draw(context: Context, indicator: Indicator, chosen: str) -> None:
    """Offer the rows of a side of the figure that the page shows; they are read when they are asked for."""
    sides = {"numerator": f"What is counted: {indicator.numerator.words}"}
    if indicator.denominator is not None:
        sides["denominator"] = f"What it is divided by: {indicator.denominator.words}"
    note = "The records that the figure is made of. Every look is entered in the audit trail."
    side = choices.choose(ROWS, "The rows behind it", sides, nothing="not shown", note=note)
    if side is None:
        return
    headline.of_month(context)
    selected = context.selection
    if selected.several:
        st.info("Rows are shown of one area at a time: choose one of the areas above.")
        return
    figure = Figure(
        indicator_id=chosen,
        level=selected.level,
        code=selected.code,
        month=selected.month,
        side=side,
        where=context.where,
    )
    try:
        found = rows_of(context.reader, figure)
    except (PermissionError, ValueError) as refusal:
        st.info(plain.markdown(f"No rows: {refusal}."))
        return
    headline.caption(_said(found))
    if found.rows is not None:
        title = context.titled(f"Rows, {context.place}, {words.month(selected.month)}")
        tables.rows(context, _named(context, found.rows), key="figure_rows", title=title, columns=_COLUMNS)


def _named(context: Context, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with names of areas for codes and local time for instants; reasons only where a row has one."""
    for column in _AREAS:
        rows = context.with_names(rows, column) if column in rows.columns else rows
    local = rows.with_columns(cs.datetime(time_zone="*").dt.convert_time_zone(LONDON).dt.replace_time_zone(None))
    return local if local["left_out"].null_count() < local.height else local.drop("left_out")


def _said(found: RowsBehind) -> str:
    """Say how many rows are counted and what they come to, how many are not and why, and how many are listed."""
    together = "" if found.total == found.counted else f"; together they add {words.number(found.total, 'score')}"
    said = [f"{words.number(found.counted, 'count')} rows are counted{together}."]
    said += [f"{words.number(rows, 'count')} are left out: {reason}." for reason, rows in found.left_out.items()]
    if found.rows is None:
        said.append("Single rows are for viewers who may see teams.")
    elif found.rows.height < found.counted + sum(found.left_out.values()):
        said.append(f"The first {words.number(MOST, 'count')} are listed, those counted first.")
    return " ".join(said)
