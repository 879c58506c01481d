"""Hotspot: one patrol hotspot for the shift: kept or not, window by window, who was there, what comes, crime there."""

import polars as pl
import streamlit as st

from data_access.answers import patrol as answers_patrol
from data_access.answers.patrol import PatrolQuestion
from pages.parts import headline
from pages.sections import hotspot_sheet, patrol_choice
from pages.selections import choices, spots
from pages.selections.context import Context
from pages.wording import patrols, plain, words

TITLE = "Hotspot"


def render(context: Context) -> None:
    """Draw the page: the finding, the windows, who was there, the next taskings, and crime; the worst opens first."""
    offered = {code: name for (_, code), name in spots.offered(context, "hotspot").items()}
    question = PatrolQuestion(month=context.selection.month, lpa=context.selection.lpa)
    behind = answers_patrol.hotspots(context.reader, question)
    worst_first = {code: offered[code] for code in behind["hotspot_id"].to_list() if code in offered}
    if not worst_first:
        st.markdown(f"# No hotspot with a tasking in {plain.markdown(context.place)}", anchors=False)
        st.info("Choose another month or area, or load the feeds `hotspots` and `taskings`.")
        return
    top = headline.room("_hotspot")
    first = next(iter(worst_first))
    note = "The furthest behind first."
    chosen = choices.choose("hotspot", "Hotspot", worst_first, default=first, note=note) or first
    row = behind.row(by_predicate=pl.col("hotspot_id") == chosen, named=True)
    name = context.name("hotspot", chosen)
    with top:
        st.markdown(f"# {plain.markdown(name)}: {patrols.kept(row)}", anchors=False)
        headline.caption(
            f"{words.capital(patrol_choice.KINDS[row['kind']])} · {plain.markdown(row['lpa_name'] or '')} · "
            f"{words.month(question.month)} · {row['achieved']} of {row['required']} days wanted were kept, the "
            f"longest gap is {row['longest_gap_days']} days. {patrol_choice.WHAT}"
        )
    headline.of_month(context)
    if patrol_choice.covered(context):
        hotspot_sheet.draw(context, PatrolQuestion(month=question.month, hotspot=chosen), name)
