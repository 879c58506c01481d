"""Abstractions: neighbourhood officers' duty time that goes to other work: how much, where, what, when, whose."""

import streamlit as st

from pages import cards, charts, headline, maps, tables, words
from pages.context import Context, at_month, headed

TITLE = "Abstractions"
RATE, ALL, OFTEN, HOURS, MIX = "ABS-01", "ABS-02", "ABS-03", "ABS-04", "ABS-05"


def render(context: Context) -> None:
    """Draw the page."""
    ids = (RATE, ALL, OFTEN, HOURS)
    own = context.ask(*ids, months=charts.MONTHS)
    below = context.selection.below or context.selection.level
    parts = context.ask(RATE, level=below)
    headline.title(context, "Abstraction", headed(own, RATE), parts)
    cards.row(context, own, ids, key="abs", compared=context.ask_compared(*ids))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        compared = context.ask_compared(RATE, months=charts.MONTHS)
        charts.trend(context, headed(own, RATE), key="abs_trend", title="Abstraction rate by month", compared=compared)
    with right:
        charts.ranked(context, parts, key="abs_where", title=f"Rate by {words.level(below)}")
    maps.areas(context, parts, key="abs_map", title=f"Abstraction rate by {words.level(below)}")
    charts.heat(
        context, context.ask(HOURS, by=("weekday", "hour")), key="abs_when", title="When hours are lost", unit="h"
    )
    tables.figures(context, at_month(parts, context.selection.month), key="abs_table", title="Every area")
