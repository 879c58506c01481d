"""Abstractions: neighbourhood officers' duty time that goes to other work: how much, where, what, when, whose."""

from typing import Any

import polars as pl
import streamlit as st

from data_access.answers.cost import monthly_cost
from metrics import ids_of, indicator
from metrics.abstraction import counts_shifts, shifts_lost
from pages.parts import cards, charts, headline, maps, tables
from pages.sections import abstraction_causes, costs
from pages.sections.abstraction_causes import HOURS, MIX, PAGE, RATE
from pages.selections import choices
from pages.selections.context import Context, headed
from pages.wording import figures, findings, plain, words

TITLE = "Abstractions"


def render(context: Context) -> None:
    """Draw the page: the finding, how much and since when, where, who must act, what and whose, when, the table."""
    ids, lead, name, rate = _shown(context)
    team, of_team = context.chosen("team"), context
    own = context.ask(*ids, HOURS, months=charts.MONTHS, **_whose(team))
    context = context.without("team")
    below = context.selection.below or context.selection.level
    parts = context.ask(*ids, level=below)
    headline.title(context, "Abstraction", headed(own, lead), None if team else headed(parts, lead), place=team)
    names = {lead: f"share of abstraction: {context.chosen('cause')}"} if context.chosen("cause") else {}
    compared = context.ask_compared(*ids)
    with st.columns([1, 3])[0] if len(ids) == 1 and compared is None else st.container():
        cards.row(of_team, own, ids, key="abs", compared=compared, names=names)
    _left_out(context)
    if not of_team.narrowed:
        _shifts(context, headed(own, HOURS))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        charts.trend(of_team, headed(own, lead), key="abs_trend", title=f"{name} by month")
    if team:
        headline.caption(
            f"Cards and trend are of {plain.markdown(team)}. Areas, causes, hours of the week, whose the hours are and "
            "the table are of all teams. Frequency counts whole shifts of an area's officers, so a team has none."
        )
    with right:
        charts.ranked(context, headed(parts, lead), key="abs_where", title=f"{rate} by {words.level(below)}")
    if not context.narrowed:
        _act_first(context)
    left, right = st.columns(2, gap="medium")
    with left:
        title = f"{name} by {words.level(below)}"
        maps.areas(context, headed(parts, lead), key="abs_map", title=title, beside=True)
    with right:
        abstraction_causes.what(context)

    def whose() -> None:
        given = context.without().ask(HOURS, level=below)
        abstraction_causes.whose(context, given, below)
        abstraction_causes.teams(of_team)

    def every() -> None:
        title = f"{name}, every {words.level(below)}"
        tables.figures(context, headed(parts, lead), key="abs_table", title=title)

    choices.tabs(
        "abstractions_tab",
        {
            "when": ("When", lambda: abstraction_causes.when(context)),
            "whose": ("Whose", whose),
            "every": (f"Every {words.level(below)}", every),
        },
    )


def _shown(context: Context) -> tuple[tuple[str, ...], str, str, str]:
    """Return the figures on cards, the one that leads, and what titles call it in full and in short.

    Of a cause it is its share of all abstraction: a rate of its hours alone would be 100 %.
    """
    cause = context.chosen("cause")
    if cause:
        return (f"{MIX}:{cause}",), f"{MIX}:{cause}", "Share of abstraction", "Share"
    cards_ = ids_of(page=PAGE, role="card")
    whole_shifts = {one for one in cards_ if counts_shifts(indicator(one))} if context.narrowed else set()
    return tuple(one for one in cards_ if one not in whole_shifts), RATE, "Abstraction rate", "Rate"


def _whose(team: str | None) -> dict[str, Any]:
    """Return what is asked of a team beyond the usual; nothing for the selected area."""
    return {"level": "team", "within": (("team", team),)} if team else {}


def _left_out(context: Context) -> None:
    """Say which figures of the page cannot be narrowed."""
    if context.chosen("cause"):
        headline.caption("Rates, frequency and shifts lost are of all causes, so they are left out; so is Act first.")
    elif context.narrowed:
        headline.caption("Frequency counts whole shifts, not hours of the week, so it is left out; so is Act first.")


def _shifts(context: Context, hours: pl.DataFrame) -> None:
    """Say the hours as shifts, which is how a commander plans them, and what they cost where prices are given."""
    newest = [figures.of_period(row) for row in hours.filter(pl.col("month") == context.selection.month).to_dicts()]
    if newest and newest[0]["value"] is not None:
        lost_hours = newest[0]["value"]
        length = context.reader.settings.parameters.standard_shift_hours
        lost = words.number(shifts_lost(lost_hours, length), "count")
        cost = monthly_cost(context.reader, context.question(HOURS))
        said = f" {costs.of_month(cost, context.selection.month)}" if cost else ""
        headline.caption(f"{words.figure(lost_hours, 'h')} are {lost} shifts of {length:g} hours.{said}")


def _act_first(context: Context) -> None:
    """List the sectors and neighbourhoods whose rate is worse than chance explains, the furthest above first.

    The selected area is one of them: else nothing would be listed below a title that calls it high.
    """
    levels = ("neighbourhood",) if context.selection.level == "neighbourhood" else ("sector", "neighbourhood")
    month = context.selection.month  # a verdict is of a month, and so are the figures beside it
    rates = pl.concat([context.ask(RATE, level=level, since=month, until=month) for level in levels])
    flagged = rates.filter(pl.col("verdict") == "concern")
    headline.of_month(context)
    nothing = findings.nothing_first(rates.to_dicts())
    if nothing is not None:
        st.info(nothing)
        return
    title = "Act first: above what month-to-month chance explains"
    tables.figures(context, flagged.sort("value", descending=True), key="abs_act", title=title, ranked=False)
