"""Problem solving, on the Engagement page: the live plans, their stages and their age."""

import polars as pl
import streamlit as st

from data_access.answers.people import Where, plans, stage_days
from metrics import id_of
from pages.parts import beside, charts, headline, tables
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
    """Draw the stages and ages of live plans, the days in each stage, and the plans themselves."""
    headline.of_month(context)
    left, right = st.columns(2, gap="medium")
    with left:
        _stages(context)
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


def _stages(context: Context) -> None:
    """Draw the live plans by stage; two areas compared, each stage's share of the area's own."""
    month = context.selection.month  # a plan that is live for months is one plan
    asked = {"by": ("stage",), "since": month, "until": month}
    stages, compared = context.ask(STAGES, **asked), context.ask_compared(STAGES, **asked)
    drawn = {"key": "ps_stages", "title": "Live plans by stage (SARA)", "label": "stage"}
    if compared is None:
        charts.bars(context, stages, **drawn, unit="count", axis="live plans")
    else:
        beside.shares(context, stages, compared, **drawn, value="value", axis="% of the area's live plans")
