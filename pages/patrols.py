"""Patrols: Targeted Guardian Patrols as the radios saw them: kept or not, why not, where, when, and what beside."""

import polars as pl
import streamlit as st

from metrics import ids_of
from pages.parts import cards, charts, headline, maps
from pages.sections import patrol_effect, patrol_sections, patrol_time, patrol_view
from pages.sections.patrol_sections import KEPT, PAGE, patrol_ids
from pages.sections.patrol_view import View
from pages.selections.context import Context, headed
from pages.wording import plain, words

TITLE = "Patrols"
YEAR = 12


def render(context: Context) -> None:
    """Draw the page: the finding, the cards, why not, one day in three, calendar, map, hours, check-ins, crime."""
    if context.ask(KEPT, level="force", within=())["value"].count() == 0:
        st.markdown("# No patrols in this month")
        st.info("No tasking is loaded for this month. Choose another month, or load the feeds `taskings` and `fixes`.")
        return
    offered = patrol_view.offered(context)
    if not offered:
        st.markdown(f"# No hotspots in {plain.markdown(context.place)}")
        st.info("No hotspot is loaded for this LPA, or none is yours to see: hotspots belong to an LPA, not a sector.")
        patrol_time.draw(context)
        return
    top = st.container()
    view = patrol_view.choose(context, offered)
    if not patrol_view.covered(context):
        return
    own = _own(context, view)
    below = "lpa" if view.level == "force" else "hotspot"
    parts = context.ask(*patrol_ids(), level=below, **view.asked)
    with top:
        headline.title(context, "Patrol compliance", headed(own, KEPT), headed(parts, KEPT), place=view.name)
    compared = context.ask_compared(*patrol_ids(), months=charts.MONTHS, where=view.asked["where"])
    cards.row(context, own, ids_of(page=PAGE, role="card"), key="tgp", compared=compared)
    left, right = st.columns(2, gap="medium")
    with left:
        title = f"Compliant patrols by month, {view.name}"
        beside = None if compared is None else headed(compared, KEPT)
        charts.trend(context, headed(own, KEPT), key="tgp_trend", title=title, compared=beside)
    with right:
        patrol_sections.why_not(context, view, below)
    _reported(context)
    patrol_sections.kinds(context, view)
    left, right = st.columns(2, gap="medium")
    with left:
        spots = context.ask(KEPT, level="hotspot", **view.asked)
        maps.areas(context, spots, key="tgp_map", title="Compliant patrols by hotspot")
    with right:
        patrol_sections.hours(context, view)
    patrol_sections.hotspots(context, view)
    patrol_sections.calendar(context, view)
    left, right = st.columns(2, gap="medium")
    with left:
        patrol_sections.check_ins(context, view)
    with right:
        patrol_sections.outcomes(context, view)
    patrol_sections.crime(context, view)
    patrol_effect.worked(context, view)
    patrol_effect.right_places(context, view)
    patrol_time.draw(context)


def _reported(context: Context) -> None:
    """Show what the force reports of its hotspots: their violence, their share of it, and of the area."""
    level = "lpa" if context.selection.lpa else "force"
    within = (("lpa", context.selection.lpa),) if context.selection.lpa else ()
    reported = ids_of(page=PAGE, subject="Hotspots")
    rows = context.ask(*reported, level=level, within=within, months=charts.MONTHS)
    st.markdown("## Hotspots' part in violence", anchors=False)
    cards.row(context, rows, reported, key="tgp_reported")
    headline.caption(f"{_years(headed(rows, reported[0]))}All hotspots of the area, whichever is chosen above.")


def _years(rows: pl.DataFrame) -> str:
    """Write the twelve months beside the twelve before, where both are known."""
    sums = rows.sort("month")["rolling_12_months"].to_list()
    if len(sums) <= YEAR or None in (sums[-1], sums[-1 - YEAR]):
        return ""
    now, before = (words.number(sums[step], "count") for step in (-1, -1 - YEAR))
    return (
        f"Violence with injury and robbery in their hotspots: {now} in twelve months, {before} in the twelve before. "
    )


def _own(context: Context, view: View) -> pl.DataFrame:
    rows = context.ask(*patrol_ids(), level=view.level, months=charts.MONTHS, **view.asked)
    if view.question.hotspot:
        rows = rows.filter(pl.col("area_code") == view.question.hotspot)
    return rows.with_columns(area_name=pl.lit(view.name))
