"""The sheet of one hotspot, to be printed for a shift: the windows, who was there, what comes, what happened there."""

import polars as pl
import streamlit as st

from data_access.answers import patrol as answers_patrol
from data_access.answers import patrol_time as answers_patrol_time
from data_access.answers.patrol import PatrolQuestion
from data_access.answers.patrol_time import PatrolTimeQuestion
from pages.parts import charts, headline, tables
from pages.parts.columns import whole
from pages.sections import patrol_time
from pages.sections.patrol_sections import RESULTS
from pages.selections.context import Context
from pages.wording import words

WEEKS_OF = 6  # months: what a shift remembers
_WINDOWS = {
    "day": st.column_config.DateColumn("Day", format="D MMM YYYY"),
    "window": "Window",
    "result": "What became of it",
    "minutes": whole("Minutes there"),
    "officer_minutes": whole("Officer-minutes"),
    "officers": whole("Officers tasked"),
}


def draw(context: Context, question: PatrolQuestion, name: str) -> None:
    """Draw the sections; the page prints as it stands (Ctrl+P): the tables whole, the marking on every sheet."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _windows(context, question)
    with right:
        _next(context, question)
        _who(context, question)
    asked = PatrolTimeQuestion(level="hotspot", code=question.hotspot or "", month=question.month, months=WEEKS_OF)
    weeks = answers_patrol_time.patrol_weeks(context.reader, asked)
    if not weeks.is_empty():
        patrol_time.chart(context, weeks, name, "crimes", "0", key="time_weeks")
        headline.caption(patrol_time.ASSOCIATION)


def _windows(context: Context, question: PatrolQuestion) -> None:
    """List every window of the month with the minutes that somebody was there in it."""
    rows = _worded(answers_patrol.visits(context.reader, question))
    title = f"Day by window, {words.month(question.month)}"
    tables.rows(context, rows, key="spot_windows", title=title, columns=_WINDOWS, height=420)
    headline.caption(
        "Minutes there, shown to viewers who may see teams, are those inside the window by radio, at least one "
        "officer; kept from 60. A visit outside it was on the same day: no minute of it is in these columns."
    )


def _next(context: Context, question: PatrolQuestion) -> None:
    rows = _worded(answers_patrol.next_taskings(context.reader, question)).drop(
        "result", "minutes", "officer_minutes", strict=False
    )
    title = "Next taskings: the month after"
    if rows.is_empty():
        st.markdown(f"### {title}", anchors=False)
        st.info("None is loaded yet.")
        return
    tables.rows(context, rows, key="spot_next", title=title, columns=_WINDOWS)


def _who(context: Context, question: PatrolQuestion) -> None:
    """Show who was there, by role; nobody is named, and only viewers who may see teams see roles."""
    if not answers_patrol.may_see_who(context.reader):
        headline.caption("Who was there is shown to viewers who may see teams.")
        return
    roles = answers_patrol.hours_by_role(context.reader, question).with_columns(pl.col("role").replace(words.ROLES))
    title = "Who was there, tasked or not"
    charts.bars(context, roles, key="spot_roles", title=title, label="role", value="hours", unit="h", height=200)


def _worded(rows: pl.DataFrame) -> pl.DataFrame:
    """Return visits with the window in local hours and the result in words."""
    start, end = (
        pl.col(f"window_{one}").dt.convert_time_zone(str(words.LONDON)).dt.strftime("%H:%M") for one in ("start", "end")
    )
    named = rows.with_columns(window=pl.format("{} to {}", start, end), result=pl.col("result").replace(RESULTS))
    shown = named.select("day", "window", "result", "minutes", "officer_minutes", "officers")
    return shown.select(name for name in shown.columns if shown[name].null_count() < shown.height)
