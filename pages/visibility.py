"""Visibility: radio location fixes turned into the time officers could be seen, where, when, and how sure that is."""

import streamlit as st

from metrics import ids_of
from pages.parts import beside, cards, charts, grids, headline, tables
from pages.sections import individuals, visibility_caveat, visibility_groups, visibility_map, visibility_patch
from pages.sections.visibility_groups import SHARE
from pages.sections.visibility_map import HOURS, PAGE, PER_HEAD
from pages.selections import choices, narrowing
from pages.selections.context import Context, headed
from pages.wording import words

TITLE = "Visibility"
_PER_HEAD_BY_MONTH = "Visible hours per 1,000 residents by month"
_PURPOSE = """For planning where officers spend time, from radio location fixes; not for judging individuals, and
not for conduct matters. Visible means inside the force area and outside police buildings, hospitals, courts and council
offices. Hours are by place; share and coverage are of the people posted here, wherever they were."""


def render(context: Context) -> None:
    """Draw the page: the finding, how much and how sure, by month and area; where, when and whose in tabs."""
    ids = ids_of(page=PAGE, role="card")
    own = context.ask(*ids, months=charts.MONTHS)
    below = context.selection.below or context.selection.level
    parts = context.ask(*ids, PER_HEAD, level=below)
    headline.title(context, "Visible time", headed(own, HOURS), headed(parts, HOURS))
    st.info(_PURPOSE)
    cards.row(context, own, ids, key="vis", compared=context.ask_compared(*ids))
    visibility_caveat.draw(context)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        # Areas of different size are compared by their rate.
        measure, title = (PER_HEAD, _PER_HEAD_BY_MONTH) if context.compared else (HOURS, "Visible hours by month")
        months = context.ask(measure, months=charts.MONTHS)
        charts.trend(context, headed(months, measure), key="vis_trend", title=title)
    with right:
        charts.ranked(
            context,
            headed(parts, PER_HEAD),
            key="vis_where",
            title=f"Hours per 1,000 residents by {words.level(below)}",
        )
    every = f"every {words.level(below)}"
    sections = {
        "where": ("Where", lambda: _where(context)),
        "when": ("When", lambda: _when(context)),
        "patch": ("Off the patch", lambda: _off_patch(context)),
        "share": (
            words.capital(every),
            lambda: tables.figures(
                context, headed(parts, SHARE), key="vis_table", title=f"Share of time visible, {every}"
            ),
        ),
        "groups": ("Departments and teams", lambda: _groups(context)),
        "people": ("Individuals", lambda: individuals.draw(context.without())),
    }
    hidden = {"groups": not visibility_groups.offered(context), "people": not individuals.offered(context)}
    choices.tabs("visibility_tab", {name: one for name, one in sections.items() if not hidden.get(name)})


def _where(context: Context) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        visibility_map.draw(context)
    with right:
        narrowing.not_narrowed(context, "Time for their need")
        visibility_map.gaps_in_need(context)


def _when(context: Context) -> None:
    whole = context.without("when")
    hours, compared = whole.ask(HOURS, by=("weekday", "hour")), whole.ask_compared(HOURS, by=("hour",))
    title, axis = context.dated("When officers are visible"), f"officer-hours {context.in_all}"
    grids.heat(context, hours, key="vis_when", title=title, unit="h", axis=axis, pick=True)
    if compared is not None:
        own, axis = whole.ask(HOURS, by=("hour",)), "% of the area's visible hours"
        beside.hours(whole, own, compared, key="vis_hours", title=context.dated("Visible by hour"), axis=axis)


def _groups(context: Context) -> None:
    narrowing.not_narrowed(context, "Departments and teams")
    visibility_groups.draw(context.without())


def _off_patch(context: Context) -> None:
    visibility_patch.coded_or_seen(context)
    visibility_patch.by_month(context)
