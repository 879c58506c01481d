"""Impact areas: crime and harm in the places chosen for their harm, beside the rest of their LPA and the force."""

from collections.abc import Callable

import polars as pl
import streamlit as st

from metrics import ids_of
from pages.parts import cards, charts, headline
from pages.sections import (
    impact_choice,
    impact_crimes,
    impact_figures,
    impact_flags,
    impact_outcomes,
    impact_scoreboard,
    impact_tables,
    impact_year,
)
from pages.sections.impact_choice import PAGE, SPOT, ImpactChoice
from pages.sections.impact_figures import EACH, HARM, INSIDE, SHARE
from pages.selections import choices, narrowing, spots
from pages.selections.context import Context, headed
from pages.wording import plain

TITLE = "Impact areas"


def render(context: Context) -> None:
    """Draw the page: the finding, the year to date, what moved it, where, which crimes, side by side, left out."""
    offered = spots.offered(context, SPOT)
    if not offered:
        st.markdown(f"# No Impact Areas in {plain.markdown(context.place)}")
        st.info("No Impact Area is loaded for this LPA, or none is yours to see. Clear the selections above.")
        impact_flags.draw(context)
        return
    top = headline.room("_year")
    choice = impact_choice.choose(context, offered)
    own, parts = impact_figures.figures(context, choice)
    with top:
        within = None if choice.spot else headed(parts, HARM)
        headline.title(context, "Harm", headed(own, HARM), within, place=choice.name)
        impact_year.year_to_date(context, choice)
    ids = ids_of(page=PAGE, role="card")
    compared = context.ask_compared(*ids, months=charts.MONTHS, where=INSIDE, **choice.asked)
    shared = SHARE in own["indicator_id"]  # known of the force alone, where it stands in the place of harm per crime
    shown = [SHARE if one == EACH and shared else one for one in ids]
    cards.row(context, own, shown, key="hrm", compared=compared)
    left, right = st.columns(2, gap="medium")
    with left:
        impact_year.moved(context, choice)
    with right:
        # Areas of different size are compared by what each crime weighs.
        measure, what = (HARM, "Crime harm") if compared is None else (EACH, "Harm per crime")
        beside = None if compared is None else headed(compared, EACH)
        title = f"{what} by month, {choice.name}"
        asked = {"where": INSIDE, **choice.asked}
        charts.trend(context, headed(own, measure), key="hrm_trend", title=title, compared=beside, asked=asked)
    choices.tabs(
        "impact_areas_tab",
        {
            "where": ("Where", lambda: impact_figures.where(context, choice, parts)),
            "crimes": ("Which crimes", lambda: _crimes(context, choice, parts)),
            "types": ("Areas by crime type", lambda: _whole(context, "Types of crime", impact_scoreboard.draw)),
            "outcomes": ("Outcomes", lambda: _whole(context, "Outcomes", impact_outcomes.draw)),
            "flagged": ("Hate, domestic, knife", lambda: _whole(context, "Flagged crime", impact_flags.draw)),
            "beside": ("Side by side", lambda: _beside(context, choice)),
        },
    )


def _whole(context: Context, name: str, draw: Callable[[Context], None]) -> None:
    narrowing.not_narrowed(context, name)
    draw(context.without())


def _crimes(context: Context, choice: ImpactChoice, parts: pl.DataFrame) -> None:
    impact_crimes.offences(context, choice)
    impact_crimes.kinds(context, choice, parts)


def _beside(context: Context, choice: ImpactChoice) -> None:
    impact_tables.side_by_side(context, choice.question)
    impact_tables.left_out(context, choice.question)
