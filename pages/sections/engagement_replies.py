"""What was answered and who came, on the Engagement page: reply times, WMNow and meetings."""

import polars as pl
import streamlit as st

from data_access.answers.people import Where, meetings, reply_times, wmnow
from metrics import id_of
from pages.parts import charts, headline, tables
from pages.selections.context import Context, headed
from pages.wording import words

PAGE = "engagement"
ANSWERED = id_of(PAGE, "lead")
_DAYS = {
    "area_name": "Area",
    "count": st.column_config.NumberColumn("Queries answered", format="%,d"),
    "median": st.column_config.NumberColumn("Median, hours", format="%.1f"),
    "p90": st.column_config.NumberColumn("90th percentile, hours", format="%.1f"),
}


def replies(context: Context, where: Where, own: pl.DataFrame, parts: pl.DataFrame) -> None:
    """Draw how many queries were answered in time, by month and by area, and how long the others took."""
    left, right = st.columns(2, gap="medium")
    with left:
        compared = context.ask_compared(ANSWERED, months=charts.MONTHS)
        title = "Queries answered within 72 hours"
        charts.trend(context, headed(own, ANSWERED), key="eng_trend", title=title, compared=compared)
    with right:
        charts.ranked(
            context, headed(parts, ANSWERED), key="eng_where", title=f"Answered in time by {words.level(where.level)}"
        )
    times = reply_times(context.reader, where).with_columns(area_level=pl.lit(where.level))
    title = f"Hours to the reply, the twelve months to {words.month(where.month)}"
    tables.rows(context, times, key="eng_times", title=title, columns=_DAYS, drill=True)


def meetings_held(context: Context) -> None:
    """Say how many joined and left WMNow, and how many came to the meetings of twelve months that say so."""
    where = Where(month=context.selection.month, level="force", within=context.within)
    moved = wmnow(context.reader, where)
    if None not in moved.values():
        joined, left = (words.number(moved[name], "count") for name in ("joined", "left"))
        headline.caption(f"WMNow in {words.month(where.month)}: {joined} people joined, {left} left.")
    told = meetings(context.reader, where)
    if told["counted"]:
        held, counted, came = (words.number(told[name], "count") for name in ("meetings", "counted", "attendees"))
        headline.caption(
            f"Meetings of the last twelve months: {held}. {counted} say how many came: {came} people, half of the "
            f"meetings at most {words.number(told['median'], 'count')}."
        )
