"""The sections of the Patrols page, each drawn for the patrols chosen."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any

import polars as pl
import streamlit as st

from data_access.answers import harm as answers_harm
from data_access.answers import patrol as answers_patrol
from data_access.answers.harm import HarmQuestion
from data_access.answers.patrol import PatrolQuestion
from metrics import id_of, ids_of
from pages.parts import beside, charts, days, headline, plots, tables
from pages.parts.palette import BLUE, GROUND, INK, ORANGE, PAPER, PLUM, TEAL
from pages.sections.patrol_choice import KINDS, PatrolChoice
from pages.selections import links
from pages.selections.context import Context, headed
from pages.wording import figures, patrols, plain, words

PAGE = "patrols"
KEPT = id_of(PAGE, "lead")
RESULTS = {
    "compliant": "Compliant",
    "short": "Short",
    "outside_window": "Outside the window",
    "missed": "Missed",
    "not tasked": "· not tasked",
}
COLOURS = {"compliant": BLUE, "short": TEAL, "outside_window": ORANGE, "missed": PLUM, "not tasked": GROUND}
SQUARES = {
    result: days.Square(RESULTS[result], colour, PAPER if colour in (BLUE, PLUM) else INK)
    for result, colour in COLOURS.items()
}
NAMED = {RESULTS[result]: colour for result, colour in COLOURS.items()}
REGRESSION = (
    "Hotspots were chosen because they were high: part of any fall is their return to the usual (regression to the "
    "mean) and would have come without a patrol. So the rest of the LPA stands beside them. This is no proof of effect."
)
MOST_LINES = 20  # of a calendar: one screen
MOST_WORST = 5  # hotspots told in words
_YEARS = {"": ", year to date", "_last_year": ", last year to date"}


def patrol_ids() -> tuple[str, ...]:
    """Return the indicators that tell of patrols, not of the hotspots that they go to."""
    return ids_of(page=PAGE, subject="Targeted patrols")


def why_not(context: Context, choice: PatrolChoice, below: str) -> None:
    """Split the taskings by what became of them: missed, short or outside the window."""
    rows = context.ask(KEPT, level=below, by=("result",), **choice.asked)
    order = pl.col("result").replace_strict(list(RESULTS), list(range(len(RESULTS))), return_dtype=pl.Int64)
    named = rows.sort("area_name", order).with_columns(result=pl.col("result").replace(RESULTS))
    chosen = named if not choice.question.hotspot else named.filter(pl.col("area_code") == choice.question.hotspot)
    compared = context.ask_compared(KEPT, by=("result",), where=choice.asked["where"])
    if compared is not None and not compared.is_empty():  # a sector is tasked with none
        theirs = compared.with_columns(result=pl.col("result").replace(RESULTS))
        title, axis = context.dated("What became of the taskings"), "% of the area's taskings"
        asked = {"label": "result", "value": "denominator", "axis": axis}
        return beside.shares(context, chosen, theirs, key="tgp_why", title=title, **asked)
    charts.stacked(
        context,
        chosen,
        key="tgp_why",
        title=context.dated(f"What became of the taskings, by {words.level(below)}"),
        label="area_name",
        part="result",
        value="denominator",
        unit="count",
        axis=f"taskings {context.in_all}",
        colours=NAMED,
    )


def kinds(context: Context, choice: PatrolChoice) -> None:
    """Set the kinds of hotspot beside each other in every measure."""
    asked = {**choice.asked, "where": ()}
    level = "lpa" if context.selection.lpa else "force"
    ids = patrol_ids()
    sides = {kind: context.ask(*ids, level=level, **{**asked, "where": (("kind", kind),)}) for kind in KINDS}
    lines = [
        {"Measure": context.indicator(one).name}
        | {
            column: said
            for kind, words_of in KINDS.items()
            for row in headed(sides[kind], one).to_dicts()
            for column, said in _said(context, one, words_of, row)
        }
        for one in ids
    ]
    tables.rows(context, pl.DataFrame(lines), key="tgp_kinds", title=context.dated("By kind of hotspot"))


def _said(context: Context, indicator: str, kind: str, row: Mapping[str, Any]) -> list[tuple[str, str]]:
    one = context.indicator(indicator)
    return [(words.capital(kind), figures.whole(one, row)), (f"Is it real? {kind}", figures.mark(one, row).word)]


def hours(context: Context, choice: PatrolChoice) -> None:
    """Set the hours patrolled beside the hours tasked."""
    by = "hotspot_id" if choice.question.lpa or choice.question.hotspot else "lpa_code"
    headline.of_month(context)
    hours = answers_patrol.hours_tasked(context.reader, choice.question, by)
    shown = {
        "tasked_hours": "tasked",
        "patrol_hours": "patrolled (officer-hours)",
        "presence_hours": "somebody there",
    }
    plots.paired(
        context,
        hours,
        key="tgp_hours",
        title="Hours against hours tasked",
        label="area_name",
        values=shown,
        unit="h",
        axis="hours in the month",
    )


def hotspots(context: Context, choice: PatrolChoice) -> None:
    """List the hotspots by how far they are behind one day in three: the worst in words, then all."""
    headline.of_month(context)
    rows = answers_patrol.hotspots(context.reader, choice.question)
    st.html(f'<ul class="npd-news">{"".join(_worst(row) for row in rows.head(MOST_WORST).to_dicts())}</ul>')
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
            # The hours are in "Where and how long".
            **dict.fromkeys(("area_level", "area_code", "tasked_hours", "presence_hours")),
            "area_name": st.column_config.TextColumn("Hotspot", pinned=True),
            "lpa_name": None if context.selection.lpa else "LPA",
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


def _worst(row: Mapping[str, Any]) -> str:
    """Write a hotspot as an item of a list, as a link to its own page."""
    name = escape(row["area_name"] or row["hotspot_id"])
    to = links.address("hotspot", hotspot=row["hotspot_id"])
    return f"<li><span><strong>{links.link(to, name)}</strong>: {escape(patrols.kept(row))}</span></li>"


def calendar(context: Context, choice: PatrolChoice) -> None:
    """Show each hotspot's days: what became of the taskings; and so in an LPA beside."""
    headline.of_month(context)
    _calendar(context, choice.question, choice.name, "tgp_calendar")
    if context.whole_compared:
        level, code = context.whole_compared
        theirs = replace(choice.question, lpa=code if level == "lpa" else None, hotspot=None)
        _calendar(context, theirs, context.compared_name, "tgp_calendar_beside")


def _calendar(context: Context, question: PatrolQuestion, name: str, key: str) -> None:
    behind = answers_patrol.hotspots(context.reader, question)
    shown = behind["area_name"].head(MOST_LINES).to_list()
    of_all = f", the {MOST_LINES} furthest behind" if behind.height > MOST_LINES else ""
    days.calendar(
        context,
        answers_patrol.calendar(context.reader, question).filter(pl.col("area_name").is_in(shown)),
        key=key,
        title=f"Calendar of patrols, {name}{of_all}",
        head="Hotspot",
        labels=dict.fromkeys(shown),
        squares=SQUARES,
    )


def check_ins(context: Context, choice: PatrolChoice) -> None:
    """Set what was written down beside what the radios saw."""
    headline.of_month(context)
    rows = answers_patrol.check_ins(context.reader, choice.question)
    title = "Check-in against GPS: minutes claimed beyond those seen"
    if rows.is_empty():
        st.markdown(f"### {plain.markdown(title)}")
        st.info("No check-in with a check-out is loaded for this month (feed `patrols`).")
        return
    named = rows.with_columns(difference=pl.format("{} min", pl.col("minutes")))
    shown = {"patrols": "check-ins", "agree": "of which agree"}
    plots.paired(
        context,
        named,
        key="tgp_claims",
        title=title,
        label="difference",
        values=shown,
        unit="count",
        axis="check-ins in the month",
    )
    headline.caption(
        "Within 10 minutes either way agrees. A radio without fixes disagrees too: look at coverage first."
    )


def outcomes(context: Context, choice: PatrolChoice) -> None:
    """Show what patrols led to, per 100 hours."""
    headline.of_month(context)
    rows = answers_patrol.outcomes(context.reader, choice.question)
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


def crime(context: Context, choice: PatrolChoice) -> None:
    """Set crime and harm in hotspots beside the rest of the LPA, with the note that they were chosen for it."""
    question = HarmQuestion(month=context.selection.month, lpa=context.selection.lpa, side="in_hotspots")
    headline.of_month(context)
    rows = answers_harm.side_by_side(context.reader, question)
    order = ["area_name"] + [
        f"{what}_{period}"
        for what in ("crimes", "harm")
        for period in ("year_to_date_last_year", "year_to_date", "change_percent", "verdict")
    ]
    order.append("share_of_force_harm_year_to_date")
    number, percent = st.column_config.NumberColumn, "%+.1f %%"
    tables.rows(
        context,
        rows.select(order),
        key="tgp_crime",
        title="Crime and harm in hotspots beside the rest, year to date",
        columns={
            "area_name": st.column_config.TextColumn("Place", pinned=True),
            "crimes_change_percent": number("Change in crimes", format=percent),
            "share_of_force_harm_year_to_date": number("Share of the force's harm", format="%.1f %%"),
            "harm_change_percent": number("Change in harm", format=percent),
            **{f"crimes_year_to_date{last}": number(f"Crimes{said}", format="%,d") for last, said in _YEARS.items()},
            **{f"harm_year_to_date{last}": number(f"Harm{said}", format="%,.0f") for last, said in _YEARS.items()},
        },
    )
    headline.caption(REGRESSION)
