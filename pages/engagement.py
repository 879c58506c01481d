"""Engagement and problem solving: who is named, asked and answered, and whether plans (PMP) solve problems (SARA)."""

import polars as pl
import streamlit as st

from data_access.answers.people import Where, meetings, plans, reply_times, stage_days, wmnow
from metrics import id_of, indicators_of
from pages.parts import cards, charts, headline, tables
from pages.sections import voices
from pages.selections.context import Context, headed
from pages.wording import words

TITLE = "Engagement"
PAGE = "engagement"
ANSWERED, STAGES, AGE = (id_of(PAGE, role) for role in ("lead", "breakdown", "duration"))
_DAYS = {
    "area_name": "Area",
    "count": st.column_config.NumberColumn("Queries answered", format="%,d"),
    "median": st.column_config.NumberColumn("Median, hours", format="%.1f"),
    "p90": st.column_config.NumberColumn("90th percentile, hours", format="%.1f"),
}
_PLANS = {
    "problem_id": "Plan (PMP)",
    "title": "Title",
    "neighbourhood_code": "Neighbourhood",
    "stage": "Stage (SARA)",
    "live": "Live",
    "age_days": st.column_config.NumberColumn("Age, days", format="%d"),
    "assessed": "Assessed",
    "effective": "Effective",
}
_TERMS = """PMP: the force's papers write Pro-active Management Plan, and Problem Management Profile. SARA: scanning,
analysis, response, assessment. WMNow: the force's community messaging. CSEW: Crime Survey for England and Wales."""


def render(context: Context) -> None:
    """Draw the page: the finding, engagement, reply times, plans and their age, what people say."""
    every = indicators_of(page=PAGE, role="card")
    ids = [one.id for one in every if one.subject == "Engagement"]
    plans_of = [one.id for one in every if one.subject == "Problem solving"]
    others = [one.id for one in every if one.subject not in ("Engagement", "Problem solving")]
    own = context.ask(*ids, *plans_of, *others, months=charts.MONTHS)
    below = context.selection.below or context.selection.level
    parts = context.ask(ANSWERED, level=below)
    headline.title(context, "Timely replies", headed(own, ANSWERED), headed(parts, ANSWERED))
    headline.caption(_TERMS)
    where = Where(month=context.selection.month, level=below, within=context.within)
    asked, solving, said, searched, done = st.tabs(
        ["Named, asked and answered", "Problem solving", "What people say", "Stop and search", "Actions"]
    )
    with asked:
        cards.row(context, own, ids, key="engagement", compared=context.ask_compared(*ids))
        _replies(context, where, own, parts)
        _meetings(context)
    with solving:
        cards.row(context, own, plans_of, key="plans")
        _problems(context, where)
    with said:
        cards.row(context, own, others, key="surveys")
        voices.confidence(context)
    with searched:
        voices.stop_and_search(context)
    with done:
        voices.actions(context)


def _replies(context: Context, where: Where, own: pl.DataFrame, parts: pl.DataFrame) -> None:
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
    times = reply_times(context.reader, where).drop("area_code")
    tables.rows(context, times, key="eng_times", title="Hours to the reply, the last twelve months", columns=_DAYS)


def _meetings(context: Context) -> None:
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


def _problems(context: Context, where: Where) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        stages = context.ask(STAGES, by=("stage",))
        charts.bars(context, stages, key="ps_stages", title="Live plans by stage (SARA)", label="stage", unit="count")
    with right:
        oldest = context.ask(AGE, level=where.level).filter(pl.col("category") == "median")
        charts.ranked(context, oldest, key="ps_ages", title=f"Median age of live plans by {words.level(where.level)}")
    tables.rows(
        context,
        stage_days(context.reader, where),
        key="ps_stage_days",
        title="Days in the present stage, live plans",
        columns={
            "stage": "Stage (SARA)",
            "count": st.column_config.NumberColumn("Live plans", format="%,d"),
            "median": st.column_config.NumberColumn("Median, days", format="%.0f"),
            "p90": st.column_config.NumberColumn("90th percentile, days", format="%.0f"),
        },
    )
    listed = context.with_names(plans(context.reader, where), "neighbourhood_code")
    tables.rows(context, listed, key="ps_plans", title="Plans live or closed this month", columns=_PLANS, height=320)
