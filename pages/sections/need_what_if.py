"""What moving hours a week from one neighbourhood to another would do, on the Need page."""

import polars as pl
import streamlit as st

from data_access.answers.what_if import hours_moved
from pages.parts import headline, tables
from pages.selections import choices
from pages.selections.context import Context
from pages.wording import plain, what_if, words

MOST, STEP, USUAL = 200, 5, 20  # hours a week: a patrol of two officers is 16
_COLUMNS = {
    "area_name": "Neighbourhood",
    "now": "Expected a week, if nothing changes",
    "after": "Expected a week, after the move",
    "moved": st.column_config.NumberColumn("Moved, h a week", format="%+.1f"),
}


def draw(context: Context, needs: pl.DataFrame) -> None:
    """Offer two of the neighbourhoods of `needs` and hours to move; say and list both ranges, before and after."""
    st.markdown("### What if hours moved between two neighbourhoods?", anchors=False)
    names = dict(needs.sort("area_name").select("area_code", "area_name").iter_rows())
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    with left:
        giver = choices.choose("move_from", "From", names, nothing="a neighbourhood")
    with middle:
        others = {code: name for code, name in names.items() if code != giver}
        receiver = choices.choose("move_to", "To", others, nothing="another neighbourhood")
    with right:
        hours = choices.amount("move_hours", "Visible hours a week", most=MOST, step=STEP, default=USUAL)
    if giver is None or receiver is None:
        headline.caption("Choose two neighbourhoods: both ranges are shown, before and after the move.")
        return
    rows = hours_moved(context.reader, context.selection.month, giver, receiver, float(hours))
    told = rows.to_dicts()
    st.markdown(plain.markdown(what_if.hours_moved(told, hours)))
    headline.caption(what_if.OF_HOURS)
    shown = rows.select(
        "area_name",
        now=pl.Series([what_if.span(row["low"], row["high"], "h") for row in told], dtype=pl.String),
        after=pl.Series([what_if.span(row["low_after"], row["high_after"], "h") for row in told], dtype=pl.String),
        moved="moved",
    )
    title = f"Visible hours a week, expected in {words.month(told[0]['month'])}" if told else "Visible hours a week"
    tables.rows(context, shown, key="need_what_if", title=title, columns=_COLUMNS)
