"""Which patrols are looked at: the page's own choices beside the selection, and how much the radios cover."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from data_access.answers import patrol as answers_patrol
from data_access.answers.patrol import PatrolQuestion
from pages.parts import headline
from pages.selections import choices, spots
from pages.selections.context import Context
from pages.selections.places import Place

SPOT = "hotspot"
KINDS = {"syv_robbery": "serious youth violence and robbery", "asb": "antisocial behaviour (ASB)"}
WHAT = (
    "A Targeted Guardian Patrol (TGP) is a two-hour window in a hotspot. It is compliant with at least 60 minutes of "
    "presence in the window, by the officers' radio fixes, not by what was written down."
)


@dataclass(frozen=True, kw_only=True)
class PatrolChoice:
    """Which patrols are looked at: a hotspot, or a kind of hotspot in an area; `name` says it."""

    level: str
    name: str
    question: PatrolQuestion
    asked: Mapping[str, Any]


def choose(context: Context, offered: Mapping[Place, str]) -> PatrolChoice:
    """Read the page's own choices: which kind of hotspot, which hotspot."""
    selection = context.selection
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        kind = choices.choose("kind", "Kind of hotspot", KINDS, nothing="all kinds")
    with right:
        spot = spots.choose(context, SPOT, offered, "all hotspots")
    narrower = " Hotspots belong to an LPA: the sector selected does not narrow this page." if selection.sector else ""
    headline.caption(WHAT + narrower)
    place = context.name("lpa", selection.lpa) if selection.lpa else context.reader.settings.force.name
    level = SPOT if spot else "lpa" if selection.lpa else "force"
    asked = {
        "within": (("lpa", selection.lpa),) if selection.lpa else (),
        "where": (("kind", kind),) if kind else (),
    }
    return PatrolChoice(
        level=level,
        name=context.name(SPOT, spot) if spot else f"{place}, {KINDS[kind]}" if kind else place,
        question=PatrolQuestion(month=selection.month, kind=kind, lpa=selection.lpa, hotspot=spot),
        asked=asked,
    )


def covered(context: Context) -> bool:
    """Say how much of the month the radios cover; without any fixes nothing can be judged."""
    known, days = answers_patrol.radio_days(context.reader, context.selection.month)
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
