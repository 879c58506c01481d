"""Abstractions: neighbourhood officers' duty time that goes to other work: how much, where, what, when, whose."""

import polars as pl
import streamlit as st

from data_access.answers.cost import monthly_cost
from metrics import ids_of
from metrics.abstraction import shifts_lost
from pages.parts import cards, charts, headline, maps, tables
from pages.sections import abstraction_causes, costs
from pages.sections.abstraction_causes import HOURS, PAGE, RATE
from pages.selections import choices
from pages.selections.context import Context, headed
from pages.wording import findings, words

TITLE = "Abstractions"


def render(context: Context) -> None:
    """Draw the page: the finding, how much and since when, where, who must act, what and whose, when, the table."""
    ids = ids_of(page=PAGE, role="card")
    own = context.ask(*ids, months=charts.MONTHS)
    below = context.selection.below or context.selection.level
    parts = context.ask(*ids, level=below)
    headline.title(context, "Abstraction", headed(own, RATE), headed(parts, RATE))
    cards.row(context, own, ids, key="abs", compared=context.ask_compared(*ids))
    _shifts(context, headed(own, HOURS))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        compared = context.ask_compared(RATE, months=charts.MONTHS)
        charts.trend(context, headed(own, RATE), key="abs_trend", title="Abstraction rate by month", compared=compared)
    with right:
        charts.ranked(context, headed(parts, RATE), key="abs_where", title=f"Rate by {words.level(below)}")
    _act_first(context)
    left, right = st.columns(2, gap="medium")
    with left:
        maps.areas(context, headed(parts, RATE), key="abs_map", title=f"Abstraction rate by {words.level(below)}")
    with right:
        abstraction_causes.what(context)

    def whose() -> None:
        abstraction_causes.whose(context, headed(parts, HOURS), below)
        abstraction_causes.teams(context)

    def every() -> None:
        title = f"Abstraction rate, every {words.level(below)}"
        tables.figures(context, headed(parts, RATE), key="abs_table", title=title)

    choices.tabs(
        "abstractions_tab",
        {
            "when": ("When", lambda: abstraction_causes.when(context)),
            "whose": ("Whose", whose),
            "every": (f"Every {words.level(below)}", every),
        },
    )


def _shifts(context: Context, hours: pl.DataFrame) -> None:
    """Say the hours as shifts, which is how a commander plans them, and what they cost where prices are given."""
    newest = hours.filter(pl.col("month") == context.selection.month)["value"]
    if len(newest) and newest[0] is not None:
        length = context.reader.settings.parameters.standard_shift_hours
        lost = words.number(shifts_lost(newest[0], length), "count")
        cost = monthly_cost(context.reader, context.question(HOURS))
        said = f" {costs.of_month(cost, context.selection.month)}" if cost else ""
        headline.caption(f"{words.figure(newest[0], 'h')} are {lost} shifts of {length:g} hours.{said}")


def _act_first(context: Context) -> None:
    """List the sectors and neighbourhoods whose rate is worse than chance explains, the furthest above first.

    The selected area is one of them: else nothing would be listed below a title that calls it high.
    """
    levels = ("neighbourhood",) if context.selection.level == "neighbourhood" else ("sector", "neighbourhood")
    rates = pl.concat([context.ask(RATE, level=level) for level in levels])
    flagged = rates.filter(pl.col("verdict") == "concern")
    nothing = findings.nothing_first(rates.to_dicts())
    if nothing is not None:
        st.info(nothing)
        return
    title = "Act first: above what month-to-month chance explains"
    tables.figures(context, flagged.sort("value", descending=True), key="abs_act", title=title, ranked=False)
