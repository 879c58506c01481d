"""Problem solving, on the Engagement page: the live plans, their stages and their age."""

import polars as pl
import streamlit as st

from data_access.answers.people import Where, plans, stage_days
from metrics import id_of
from pages.parts import charts, headline, tables
from pages.sections.engagement_replies import PAGE
from pages.selections.context import Context
from pages.wording import words

STAGES, AGE = id_of(PAGE, "breakdown"), id_of(PAGE, "duration")
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


def draw(context: Context, where: Where) -> None:
    headline.of_month(context)
    month = context.selection.month  # a plan that is live for months is one plan
    left, right = st.columns(2, gap="medium")
    with left:
        stages = context.ask(STAGES, by=("stage",), since=month, until=month)
        title = "Live plans by stage (SARA)"
        charts.bars(context, stages, key="ps_stages", title=title, label="stage", unit="count", axis="live plans")
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
