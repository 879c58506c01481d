"""Patrols: Targeted Guardian Patrols as the radios saw them: kept or not, why not, where, when, and what beside."""

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from metrics import ids_of
from pages.parts import cards, charts, headline, maps
from pages.sections import patrol_choice, patrol_effect, patrol_reported, patrol_sections, patrol_time
from pages.sections.patrol_choice import PatrolChoice
from pages.sections.patrol_sections import KEPT, PAGE, patrol_ids
from pages.selections import choices, spots
from pages.selections.context import Context, headed
from pages.wording import plain

TITLE = "Patrols"


def render(context: Context) -> None:
    """Draw the page: the finding, the cards, by month, why not; the hotspots, worst first, and the rest in tabs."""
    month = context.selection.month
    if context.ask(KEPT, level="force", within=(), since=month, until=month)["value"].count() == 0:
        st.markdown("# No patrols in this month")
        st.info("No tasking is loaded for this month. Choose another month, or load the feeds `taskings` and `fixes`.")
        return
    offered = spots.offered(context, patrol_choice.SPOT)
    if not offered:
        st.markdown(f"# No hotspots in {plain.markdown(context.place)}")
        st.info("No hotspot is loaded for this LPA, or none is yours to see: hotspots belong to an LPA, not a sector.")
        patrol_time.draw(context)
        return
    top = headline.room()
    choice = patrol_choice.choose(context, offered)
    if not patrol_choice.covered(context):
        return
    _kept(context, choice, top)
    choices.tabs(
        "patrols_tab",
        {
            "hotspots": ("Hotspots", lambda: patrol_sections.hotspots(context, choice)),
            "calendar": ("Calendar", lambda: patrol_sections.calendar(context, choice)),
            "where": ("Where and how long", lambda: _where(context, choice)),
            "violence": ("Crime there", lambda: _crime(context, choice)),
            "done": ("Check-ins and outcomes", lambda: _done(context, choice)),
            "worked": ("Did it work?", lambda: patrol_effect.worked(context, choice)),
            "right": ("Right places?", lambda: patrol_effect.right_places(context, choice)),
            "time": ("Patrol time", lambda: patrol_time.draw(context)),
        },
    )


def _kept(context: Context, choice: PatrolChoice, top: DeltaGenerator) -> None:
    """Draw whether the patrols chosen were kept: the finding in `top`, the cards, by month, and why not."""
    own = _own(context, choice)
    below = "lpa" if choice.level == "force" else "hotspot"
    parts = context.ask(*patrol_ids(), level=below, **choice.asked)
    with top:
        headline.title(context, "Patrol compliance", headed(own, KEPT), headed(parts, KEPT), place=choice.name)
    compared = context.ask_compared(*patrol_ids(), months=charts.MONTHS, where=choice.asked["where"])
    cards.row(context, own, ids_of(page=PAGE, role="card"), key="tgp", compared=compared)
    left, right = st.columns(2, gap="medium")
    with left:
        title = f"Compliant patrols by month, {choice.name}"
        beside = None if compared is None else headed(compared, KEPT)
        asked = {"where": choice.asked["where"]}
        charts.trend(context, headed(own, KEPT), key="tgp_trend", title=title, compared=beside, asked=asked)
    with right:
        patrol_sections.why_not(context, choice, below)


def _where(context: Context, choice: PatrolChoice) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        kept = context.ask(KEPT, level="hotspot", **choice.asked)
        maps.areas(context, kept, key="tgp_map", title="Compliant patrols by hotspot")
    with right:
        patrol_sections.hours(context, choice)
    patrol_sections.kinds(context, choice)


def _done(context: Context, choice: PatrolChoice) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        patrol_sections.check_ins(context, choice)
    with right:
        patrol_sections.outcomes(context, choice)


def _crime(context: Context, choice: PatrolChoice) -> None:
    patrol_reported.draw(context)
    patrol_sections.crime(context, choice)


def _own(context: Context, choice: PatrolChoice) -> pl.DataFrame:
    rows = context.ask(*patrol_ids(), level=choice.level, months=charts.MONTHS, **choice.asked)
    if choice.question.hotspot:
        rows = rows.filter(pl.col("area_code") == choice.question.hotspot)
    return rows.with_columns(area_name=pl.lit(choice.name))
