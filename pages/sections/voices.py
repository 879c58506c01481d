"""What people say, how they are treated and what was done for them: sections of the Engagement page."""

import polars as pl
import streamlit as st

from data_access.answers.people import Where
from data_access.answers.service import ratios, said_and_done
from metrics import indicators_of
from pages.parts import cards, charts, headline, tables
from pages.selections.context import Context, headed
from pages.wording import words

PAGE = "engagement"
CONFIDENCE = tuple(one.id for one in indicators_of(page=PAGE) if one.numerator.source == "surveys")
(LINKED,) = (one.id for one in indicators_of(page=PAGE) if one.numerator.source == "stop_searches")
(DONE,) = (one.id for one in indicators_of(page=PAGE) if one.numerator.source == "plan_actions")
_number = st.column_config.NumberColumn
_SHARES = {
    "question": "Question",
    "area_name": "Area",
    "month": st.column_config.DateColumn("Asked until", format="MMM YYYY"),
    "denominator": _number("People asked (n)", format="%,d"),
    "value": _number("Yes, %", format="%.1f"),
    "interval_lower": _number("95 % from", format="%.1f"),
    "interval_upper": _number("to", format="%.1f"),
}
_RATIOS = {
    "area_name": "Area",
    "group": "Group",
    "value": _number("Rate ratio", format="%.2f"),
    "interval_lower": _number("95 % from", format="%.2f"),
    "interval_upper": _number("to", format="%.2f"),
    "note": "Note",
}
_ACTIONS = {
    "neighbourhood_code": "Neighbourhood",
    "action": "What was agreed",
    "owner_role": "Who does it",
    "day": st.column_config.DateColumn("Due", format="D MMM YYYY"),
    "done_on": st.column_config.DateColumn("Done", format="D MMM YYYY"),
    "told_public": "People were told",
    "source": "From",
}
_SOURCES = {"pmp": "plan (PMP)", "tasking": "tasking meeting"}


def confidence(context: Context) -> None:
    """Draw the survey shares of the newest survey up to the month, each with n and interval."""
    st.markdown("## What people say", anchors=False)
    below = context.selection.below or context.selection.level
    rows = pl.concat([context.ask(*CONFIDENCE, months=12), context.ask(*CONFIDENCE, level=below, months=12)])
    known = rows.drop_nulls("value").unique(["indicator_id", "area_level", "area_code", "month"])
    if known.is_empty():
        st.info("No survey is handed over: the feed `surveys` holds confidence, safety and satisfaction.")
        return
    newest = known.filter(pl.col("month") == known["month"].max()).sort("indicator_id", "area_name")
    named = newest.with_columns(question=pl.col("indicator_id").replace(_names(context)))
    tables.rows(
        context, named.select(list(_SHARES)), key="con_table", title="Survey shares, the newest survey", columns=_SHARES
    )
    headline.caption(
        "A survey: 95 % interval (Wilson, the number asked divided by the design effect). A share whose interval holds "
        "what was expected gets no verdict. Small areas are often not asked at all: then there is no row."
    )


def _names(context: Context) -> dict[str, str]:
    return {one: words.capital(context.indicator(one).name) for one in CONFIDENCE}


def stop_and_search(context: Context) -> None:
    """Draw whether outcomes are linked to what was looked for, and the rate ratios by ethnic group."""
    st.markdown("## Stop and search", anchors=False)
    own = context.ask(LINKED, months=charts.MONTHS)
    where = Where(month=context.selection.month, level=context.selection.level, within=context.within)
    shown = ratios(context.reader, where)
    if own.drop_nulls("value").is_empty() and shown.is_empty():
        st.info(
            "Nothing to show: `stop_searches` needs `linked_outcome` and ethnicity, and `population` the census "
            "(ONS's TS021 loads as published)."
        )
        return
    left, right = st.columns(2, gap="medium")
    with left:
        charts.trend(context, headed(own, LINKED), key="sas_trend", title="Outcome linked to what was looked for")
    with right:
        title = "Searches per resident, against White residents"
        tables.rows(context, shown, key="sas_ratios", title=title, columns=_RATIOS)
        headline.caption(
            "Rates of the twelve months to the month, per resident of the census; a group counts from five searches. "
            "Who is searched in a place need not live there. A ratio whose interval holds 1 may be chance."
        )


def actions(context: Context) -> None:
    """Draw what was agreed and whether it was done: you said, we did."""
    st.markdown("## You said, we did", anchors=False)
    own = context.ask(DONE, months=charts.MONTHS)
    where = Where(month=context.selection.month, level=context.selection.level, within=context.within)
    rows = said_and_done(context.reader, where)
    if rows.is_empty():
        st.info("No action is handed over: the feed `plan_actions` holds those of plans and of tasking meetings.")
        return
    cards.row(context, own, (DONE,), key="actions", compared=context.ask_compared(DONE))
    listed = context.with_names(rows, "neighbourhood_code").with_columns(pl.col("source").replace(_SOURCES))
    title = "Actions due in the last twelve months"
    tables.rows(context, listed, key="ps_actions", title=title, columns=_ACTIONS, height=320)
