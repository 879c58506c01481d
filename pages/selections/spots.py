"""The hotspots and Impact Areas to choose from: those of the selected LPA, or of everything the viewer sees."""

from collections.abc import Mapping

import streamlit as st

from pages.selections import choices
from pages.selections.context import Context
from pages.selections.places import Place, in_lpas, spots
from pages.wording import words


def offered(context: Context, *levels: str) -> dict[Place, str]:
    """Name the places of `levels` ('hotspot', 'impact_area'), each with its LPA where none is selected."""
    places, lpa = context.places, context.selection.lpa
    return {
        place: places.names[place] + ("" if lpa else f" ({places.names.get(places.parents.get(place, place), '')})")
        for place in spots(places, levels, context.selection.codes("lpa"))
    }


def choose(context: Context, level: str, found: Mapping[Place, str], nothing: str) -> str | None:
    """Offer the places found of one level, kept in the address; a place of another LPA there is said so."""
    here, label = {code: said for (_, code), said in found.items()}, words.capital(words.level(level))
    return choices.choose(level, label, here, nothing=nothing, left_out=_elsewhere(context, level))


def _elsewhere(context: Context, level: str) -> str:
    """Say that the address names a place in another LPA than the one selected; '' where it does not."""
    places, lpa = context.places, context.selection.lpa
    place = (level, st.query_params.get(level, ""))
    above = places.parents.get(place)
    if place not in places.names or above is None or in_lpas(places, place, context.selection.codes("lpa")):
        return ""
    return (
        f"{places.names[place]} lies in {places.names[above]}, not in {context.name('lpa', lpa)}: "
        f"all {words.level(level, many=True)} of {context.name('lpa', lpa)} are shown."
    )
