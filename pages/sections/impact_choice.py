"""Which Impact Areas are looked at and how their harm is weighed: the page's own choices beside the selection."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from data_access.answers import harm as answers_harm
from data_access.answers.harm import HarmQuestion
from pages.parts import headline
from pages.selections import choices, spots
from pages.selections.context import Context
from pages.selections.places import Place
from pages.wording import plain, words

PAGE = "impact_areas"
SPOT = "impact_area"
WHAT = (
    "Impact Areas are the places chosen for their harm. Harm weighs each crime by how serious its offence is, "
    "so that a robbery counts for more than a shop theft. LPA: local policing area."
)


@dataclass(frozen=True, kw_only=True)
class ImpactChoice:
    """What is looked at: one Impact Area (`spot`) or all of an LPA or of the force, weighed how."""

    level: str
    name: str
    question: HarmQuestion
    asked: Mapping[str, Any]

    @property
    def spot(self) -> str | None:
        """The Impact Area chosen."""
        return self.question.spot

    @property
    def within(self) -> tuple[tuple[str, str], ...]:
        """The LPA selected as a question's `within`; nothing for the force."""
        return (("lpa", self.question.lpa),) if self.question.lpa else ()


def choose(context: Context, offered: Mapping[Place, str]) -> ImpactChoice:
    """Read the page's own choices: which area, weighed by which set, with or without homicide."""
    sets = {row["weight_set"]: row["source"] for row in answers_harm.weight_sets(context.reader).to_dicts()}
    usual = context.reader.settings.harm.weight_set
    area, weights, homicide = st.columns([3, 2, 2], vertical_alignment="bottom")
    with area:
        spot = spots.choose(context, SPOT, offered, "all Impact Areas")
    with weights:
        named = {name: name for name in sorted(sets, key=lambda name: name != usual)}
        chosen = choices.choose("weights", "Harm weighed by", named, default=usual, note="The weight set.")
    with homicide:
        without = choices.switch("without_homicide", "Without homicide", note="One homicide can be most of a month.")
    source = sets.get(chosen, "not loaded, so no crime has a weight")
    selection = context.selection
    narrower = " Impact Areas belong to an LPA: the sector selected does not narrow this page." * bool(selection.sector)
    _young_areas(context, offered)
    headline.caption(f"{WHAT} Weight set “{plain.markdown(chosen)}”: {plain.markdown(source)}.{narrower}")
    question = HarmQuestion(
        month=selection.month,
        lpa=selection.lpa,
        spot=spot,
        part="whole" if spot else "inside",
        weight_set=chosen,
        without_homicide=without,
        offence=context.chosen("offence"),
    )
    asked = {"weight_set": chosen, "without_homicide": without}
    above = "lpa" if selection.lpa else "force"
    place = context.name("lpa", selection.lpa) if selection.lpa else context.reader.settings.force.name
    name = context.name(SPOT, spot) if spot else f"Impact Areas, {place}"
    return ImpactChoice(level=SPOT if spot else above, name=name, question=question, asked=asked)


def _young_areas(context: Context, offered: Mapping[Place, str]) -> None:
    """Say which areas are too young to compare with a year ago: their crime was counted somewhere else then."""
    young = answers_harm.young_areas(context.reader, context.selection.month)
    here = ((offered.get((SPOT, code)), since) for code, since in young.items())
    said = ", ".join(f"{name} since {words.day(since)}" for name, since in here if name)
    if said:
        st.warning(
            f"New or redrawn within the last year, so not comparable with the year before: {plain.markdown(said)}."
        )
