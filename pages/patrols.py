"""Patrols: Targeted Guardian Patrols as the radios saw them: kept or not, why not, where, when, and what beside."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from data_access import answers_harm, answers_patrol
from data_access.answers_harm import HarmQuestion
from data_access.answers_patrol import PatrolQuestion
from pages import cards, charts, choices, headline, maps, patrol_time, plots, tables, words
from pages.context import Context, headed
from pages.palette import BLUE, GROUND, ORANGE, PLUM, TEAL

TITLE = "Patrols"
KEPT, HOURS, REACHED, THIRD, AGREES, OUTCOMES = (f"TGP-0{step}" for step in range(1, 7))
IDS = (KEPT, HOURS, REACHED, THIRD, AGREES, OUTCOMES)
KINDS = {"syv_robbery": "serious youth violence and robbery", "asb": "antisocial behaviour (ASB)"}
RESULTS = {
    "compliant": "Compliant",
    "short": "Short",
    "outside_window": "Outside the window",
    "missed": "Missed",
    "not tasked": "· not tasked",
}
COLOURS = {"compliant": BLUE, "short": TEAL, "outside_window": ORANGE, "missed": PLUM, "not tasked": GROUND}
NAMED = {RESULTS[result]: colour for result, colour in COLOURS.items()}
WHAT = (
    "A Targeted Guardian Patrol (TGP) is a two-hour window in a hotspot. It is compliant with at least 60 minutes of "
    "presence in the window, by the officers' radio fixes, not by what was written down."
)
REGRESSION = (
    "Hotspots were chosen because they were high: part of any fall is their return to the usual (regression to the "
    "mean) and would have come without a patrol. So the rest of the LPA stands beside them. This is no proof of effect."
)
MOST_LINES = 20  # of a calendar: one screen


@dataclass(frozen=True, kw_only=True)
class View:
    """Which patrols are looked at: a hotspot, or a kind of hotspot in an area; `name` says it."""

    level: str
    name: str
    question: PatrolQuestion
    asked: Mapping[str, Any]


def render(context: Context) -> None:
    """Draw the page: the finding, the cards, why not, one day in three, calendar, map, hours, check-ins, crime."""
    if context.ask(KEPT, level="force", within=()).is_empty():
        st.markdown("# No patrols in this month")
        st.info("No tasking is loaded for this month. Choose another month, or load the feeds `taskings` and `fixes`.")
        return
    offered = _offered(context)
    if not offered:
        st.markdown(f"# No hotspots in {context.place}")
        st.info("No hotspot is loaded for this LPA, or none is yours to see: hotspots belong to an LPA, not a sector.")
        patrol_time.draw(context)
        return
    top = st.container()
    view = _view(context, offered)
    if not _radio(context):
        return
    own = _own(context, view)
    below = "lpa" if view.level == "force" else "hotspot"
    parts = context.ask(*IDS, level=below, **view.asked)
    with top:
        headline.title(context, "Patrol compliance", headed(own, KEPT), headed(parts, KEPT), place=view.name)
    cards.row(context, own, (KEPT, THIRD, HOURS, AGREES, OUTCOMES), key="tgp")
    left, right = st.columns(2, gap="medium")
    with left:
        charts.trend(context, headed(own, KEPT), key="tgp_trend", title=f"Compliant patrols by month, {view.name}")
    with right:
        _why_not(context, view, below)
    _kinds(context, view)
    left, right = st.columns(2, gap="medium")
    with left:
        spots = context.ask(KEPT, level="hotspot", **view.asked)
        maps.areas(context, spots, key="tgp_map", title="Compliant patrols by hotspot")
    with right:
        _hours(context, view)
    _hotspots(context, view)
    _calendar(context, view)
    left, right = st.columns(2, gap="medium")
    with left:
        _check_ins(context, view)
    with right:
        _outcomes(context, view)
    _crime(context, view)
    patrol_time.draw(context)


def _offered(context: Context) -> dict[str, str]:
    """Name the hotspots of the selected LPA, or of everything the viewer sees."""
    lpa, names, parents = context.selection.lpa, context.places.names, context.places.parents
    return {
        code: name
        for (level, code), name in sorted(names.items(), key=lambda item: item[1])
        if level == "hotspot" and lpa in (None, parents.get((level, code), ("", ""))[1])
    }


def _view(context: Context, offered: Mapping[str, str]) -> View:
    """Read the page's own choices: which kind of hotspot, which hotspot."""
    selection = context.selection
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        kind = choices.choose("kind", "Kind of hotspot", KINDS, nothing="all kinds")
    with right:
        spot = choices.choose("hotspot", "Hotspot", offered, nothing="all hotspots")
    narrower = " Hotspots belong to an LPA: the sector selected does not narrow this page." if selection.sector else ""
    headline.caption(WHAT + narrower)
    place = context.name("lpa", selection.lpa) if selection.lpa else context.settings.force.name
    level = "hotspot" if spot else "lpa" if selection.lpa else "force"
    asked = {
        "within": (("lpa", selection.lpa),) if selection.lpa else (),
        "where": (("kind", kind),) if kind else (),
    }
    return View(
        level=level,
        name=offered[spot] if spot else f"{place}, {KINDS[kind]}" if kind else place,
        question=PatrolQuestion(month=selection.month, kind=kind, lpa=selection.lpa, hotspot=spot),
        asked=asked,
    )


def _radio(context: Context) -> bool:
    """Say how much of the month the radios cover; without any fixes nothing can be judged."""
    known, days = answers_patrol.radio_days(context.store, context.scope, context.selection.month, context.version)
    if known == 0:
        st.info(
            "Taskings are loaded but no radio fixes for this month: whether anybody was there is not known, so nothing "
            "is judged. Load the feed `fixes`, or choose another month."
        )
    elif known < days:
        st.warning(
            f"Radio fixes are loaded for {known} of the {days} days: on the others every patrol reads as missed."
        )
    return known > 0


def _own(context: Context, view: View) -> pl.DataFrame:
    rows = context.ask(*IDS, level=view.level, months=charts.MONTHS, **view.asked)
    if view.question.hotspot:
        rows = rows.filter(pl.col("area_code") == view.question.hotspot)
    return rows.with_columns(area_name=pl.lit(view.name))


def _why_not(context: Context, view: View, below: str) -> None:
    """Split the taskings by what became of them: missed, short or outside the window."""
    rows = context.ask(KEPT, level=below, by=("result",), **view.asked)
    order = pl.col("result").replace_strict(list(RESULTS), list(range(len(RESULTS))), return_dtype=pl.Int64)
    named = rows.sort("area_name", order).with_columns(result=pl.col("result").replace(RESULTS))
    chosen = named if not view.question.hotspot else named.filter(pl.col("area_code") == view.question.hotspot)
    charts.stacked(
        context,
        chosen,
        key="tgp_why",
        title=f"What became of the taskings, by {words.level(below)}",
        label="area_name",
        part="result",
        value="denominator",
        unit="count",
        colours=NAMED,
    )


def _kinds(context: Context, view: View) -> None:
    """Set the kinds of hotspot beside each other in every measure."""
    asked = {**view.asked, "where": ()}
    level = "lpa" if context.selection.lpa else "force"
    sides = {kind: context.ask(*IDS, level=level, **{**asked, "where": (("kind", kind),)}) for kind in KINDS}
    lines = [
        {"Measure": context.indicator(one).name}
        | {
            column: said
            for kind, words_of in KINDS.items()
            for row in headed(sides[kind], one).to_dicts()
            for column, said in _said(context, one, words_of, row)
        }
        for one in IDS
    ]
    tables.rows(context, pl.DataFrame(lines), key="tgp_kinds", title="By kind of hotspot")


def _said(context: Context, indicator: str, kind: str, row: Mapping[str, Any]) -> list[tuple[str, str]]:
    value = words.figure(row["value"], context.indicator(indicator).unit)
    return [(words.capital(kind), value), (f"Is it real? {kind}", words.mark(row["verdict"]).word)]


def _hours(context: Context, view: View) -> None:
    by = "hotspot_id" if view.question.lpa or view.question.hotspot else "lpa_code"
    hours = answers_patrol.hours_tasked(context.store, context.scope, view.question, by, context.version)
    shown = {
        "tasked_hours": "tasked",
        "patrol_hours": "patrolled (officer-hours)",
        "presence_hours": "somebody there",
    }
    plots.paired(
        context, hours, key="tgp_hours", title="Hours against hours tasked", label="area_name", values=shown, unit="h"
    )


def _hotspots(context: Context, view: View) -> None:
    rows = answers_patrol.hotspots(context.store, context.scope, view.question, context.version)
    number = st.column_config.NumberColumn
    order = ["area_name", "lpa_name", "kind", "required", "achieved", "longest_gap_days", "taskings"]
    order += ["compliant_percent", "compliant", "short", "outside_window", "missed"]
    order += ["tasked_hours", "patrol_hours", "presence_hours", "area_level", "area_code"]
    tables.rows(
        context,
        rows.select(order).with_columns(pl.col("kind").replace(KINDS)),
        key="tgp_spots",
        title="One day in three, hotspot by hotspot, the furthest behind first",
        columns={
            **dict.fromkeys(("area_level", "area_code")),
            "area_name": st.column_config.TextColumn("Hotspot", pinned=True),
            "lpa_name": "LPA",
            "required": number("Days wanted", help="One day in three, rounded up"),
            "achieved": number("Days kept", help="Days with a compliant patrol, at most the days wanted"),
            "longest_gap_days": number("Longest gap, days", help="Days in a row without a compliant patrol"),
            "compliant_percent": number("Compliant", format="%.1f %%"),
            "compliant": number("Compliant patrols"),
            "outside_window": number("Outside the window"),
        },
        height=420,
        drill=True,
    )


def _calendar(context: Context, view: View) -> None:
    behind = answers_patrol.hotspots(context.store, context.scope, view.question, context.version)
    shown = behind["area_name"].head(MOST_LINES).to_list()
    days = answers_patrol.calendar(context.store, context.scope, view.question, context.version)
    of_all = f", the {MOST_LINES} furthest behind" if behind.height > MOST_LINES else ""
    charts.calendar(
        context,
        days.filter(pl.col("area_name").is_in(shown)),
        key="tgp_calendar",
        title=f"Calendar of patrols{of_all}",
        label="area_name",
        value="result",
        words_of=RESULTS,
        colours=COLOURS,
    )


def _check_ins(context: Context, view: View) -> None:
    rows = answers_patrol.check_ins(context.store, context.scope, view.question, context.version)
    title = "Check-in against GPS: minutes claimed beyond those seen"
    if rows.is_empty():
        st.markdown(f"### {title}")
        st.info("No check-in with a check-out is loaded for this month (feed `patrols`).")
        return
    named = rows.with_columns(difference=pl.format("{} min", pl.col("minutes")))
    shown = {"patrols": "check-ins", "agree": "of which agree"}
    plots.paired(context, named, key="tgp_claims", title=title, label="difference", values=shown, unit="count")
    headline.caption(
        "Within 10 minutes either way agrees. A radio without fixes disagrees too: look at coverage first."
    )


def _outcomes(context: Context, view: View) -> None:
    rows = answers_patrol.outcomes(context.store, context.scope, view.question, context.version)
    charts.bars(
        context,
        rows.with_columns(pl.col("outcome").str.replace("_", " ")),
        key="tgp_outcomes",
        title="Outcomes per 100 patrol hours",
        label="outcome",
        value="per_100_hours",
        unit="per 100 h",
    )
    headline.caption("More is neither better nor worse: a quiet patrol may be a good one.")


def _crime(context: Context, view: View) -> None:
    """Set crime and harm in hotspots beside the rest of the LPA, with the note that they were chosen for it."""
    question = HarmQuestion(month=context.selection.month, lpa=context.selection.lpa, side="in_hotspots")
    rows = answers_harm.side_by_side(context.store, context.scope, question, context.version)
    order = ["area_name"] + [
        f"{what}_{period}"
        for what in ("crimes", "harm")
        for period in ("year_to_date_last_year", "year_to_date", "change_percent", "verdict")
    ]
    number, percent = st.column_config.NumberColumn, "%+.1f %%"
    tables.rows(
        context,
        rows.select(order),
        key="tgp_crime",
        title="Crime and harm in hotspots beside the rest, year to date",
        columns={
            "area_name": st.column_config.TextColumn("Place", pinned=True),
            "crimes_change_percent": number("Change in crimes", format=percent),
            "harm_change_percent": number("Change in harm", format=percent),
            **{f"crimes_year_to_date{last}": number(f"Crimes{said}", format="%,d") for last, said in _YEARS.items()},
            **{f"harm_year_to_date{last}": number(f"Harm{said}", format="%,.0f") for last, said in _YEARS.items()},
        },
    )
    headline.caption(REGRESSION)


_YEARS = {"": ", year to date", "_last_year": ", last year to date"}
