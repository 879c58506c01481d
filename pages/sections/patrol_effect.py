"""Did the patrols work, and are the hotspots still the right places: two sections of the Patrols page."""

from typing import Any

import streamlit as st

from data_access.answers import places
from data_access.answers.places import Counted, Evaluation, PlacesQuestion, RightPlaces, Start
from pages.parts import headline, maps, plots, tables
from pages.sections import costs
from pages.sections.patrol_choice import PatrolChoice
from pages.selections import choices
from pages.selections.context import Context
from pages.wording import words

COUNTED: dict[Counted, str] = {
    "violence": "violence with injury and robbery",
    "crime": "all recorded crime",
    "asb": "ASB incidents",
}
_METHOD = (
    "Weighted displacement difference (Wheeler and Ratcliffe 2018): the change in the hotspots less the change in "
    "comparable places, plus the same of the 100 m around each, less any other hotspot, so that crime that only moved "
    "round the corner is no success. Comparable places: as many places of the hotspots' mean area as there are "
    "hotspots, made of touching 100 m squares with the highest harm in the 12 months before, at least 200 m from any "
    "hotspot."
)
_REGRESSION = (
    "Hotspots and comparable places were both chosen because they were high: part of any fall is their return to the "
    "usual (regression to the mean). The interval tells of chance alone, not of all else that differed."
)


def worked(context: Context, choice: PatrolChoice) -> None:
    """Set what changed where patrols began beside comparable places, with its interval and its dosage."""
    st.markdown("## Did it work?", anchors=False)
    question = _question(context, choice)
    starts = places.starts(context.reader, question)
    if not starts:
        st.info(
            "No hotspot of this selection began to be patrolled with at least three months of crime loaded before it "
            "and after: without a before there is nothing to compare."
        )
        return
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        begun = {f"{one.month:%Y-%m}": f"{words.month(one.month)}: {len(one.hotspots)} hotspots" for one in starts}
        chosen = choices.choose("began", "Patrolled since", begun, default=f"{starts[0].month:%Y-%m}")
    with right:
        counted = choices.choose("counted", "What is counted", COUNTED, default="violence")
    start = next(one for one in starts if f"{one.month:%Y-%m}" == chosen)
    found = places.evaluation(context.reader, question, start, counted)
    st.markdown(f"**{_finding(found, start, COUNTED[counted])}**")
    if said := costs.of_patrols(found, COUNTED[counted]):
        st.markdown(said)
    left, right = st.columns(2, gap="medium")
    with left:
        _counts(context, found, start)
    with right:
        title = "The hotspots and the places that they compare with"
        maps.places(context, found.comparable, start.hotspots, key="tgp_comparable", title=title)
    headline.caption(f"{_METHOD} {_REGRESSION}")


def _question(context: Context, choice: PatrolChoice) -> PlacesQuestion:
    return PlacesQuestion(month=context.selection.month, kind=choice.question.kind, lpa=context.selection.lpa)


def _finding(found: Evaluation, start: Start, counted: str) -> str:
    """Write the difference, its interval and its dosage as a sentence."""
    one = found.difference
    low, high = (words.change(round(value), "count") for value in (one.low, one.high))
    verdict = "the difference could be chance" if one.could_be_chance else "more than chance explains"
    dosage = "patrol hours that are withheld (fewer than five officers)"
    if found.patrol_hours is not None:
        dosage = f"{words.figure(found.patrol_hours, 'h')} of patrol"
    return (
        f"In the {start.months} months since {words.month(start.month)}, {len(start.hotspots)} hotspots had "
        f"{dosage}. Beside comparable places, {counted} there changed by "
        f"{words.change(one.estimate, 'count')} (95 % interval {low} to {high}): {verdict}."
    )


def _counts(context: Context, found: Evaluation, start: Start) -> None:
    number = st.column_config.NumberColumn
    months = f"{start.months} months"
    tables.rows(
        context,
        found.counts,
        key="tgp_wdd",
        title=f"{words.capital(months)} before and after",
        columns={
            "place": st.column_config.TextColumn("Place", pinned=True),
            "before": number(f"{months} before", format="%,d"),
            "after": number(f"{months} after", format="%,d"),
            "change": number("Change", format="%+,d"),
            "change_percent": number("Change, %", format="%+.1f %%"),
        },
    )


def right_places(context: Context, choice: PatrolChoice) -> None:
    """Say how concentrated crime is, and whether the hotspots are where it is."""
    st.markdown("## Are these still the right places?", anchors=False)
    found = places.right_places(context.reader, _question(context, choice))
    if found is None:
        st.info("No hotspot, or no crime with a position, is loaded for this selection.")
        return
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("\n".join(f"- {one}" for one in _said(found)))
    with right:
        plots.curves(
            context,
            found.curves,
            key="tgp_concentration",
            title="Concentration: what the fullest squares hold",
            across=("squares", "% of the 100 m squares, the fullest first"),
            up=("held", "% held"),
            line="what",
        )
    headline.caption(
        "Squares are 100 m by 100 m, on the national grid, of those that the area comes into; crimes of the twelve "
        "months to the month selected that have a position. Published open data are snapped to shared map points, "
        "which makes them look more concentrated than they are."
    )


def _said(found: RightPlaces) -> list[str]:
    lines = [_half("recorded crimes", found.crime), _half("crime harm", found.harm)]
    lines.append(
        f"**{found.touched} of {found.hotspots} hotspots** touch one of the {found.hotspots} places with the most harm "
        f"in twelve months; {words.figure(found.overlap, '%')} of their area lies in those. By chance: "
        f"{words.figure(found.chance, '%')}."
    )
    one = found.accuracy
    if one.pai is None or one.pei is None or one.best_pai is None:
        return lines
    caught, ground = 100 * one.inside / one.events, 100 * one.km2_inside / one.km2
    lines.append(
        f"The hotspots chosen by three months ago caught {words.figure(caught, '%')} of this quarter's "
        f"{words.number(one.events, 'count')} crimes in {words.figure(ground, '%')} of the area: **{one.pai:.1f} times "
        f"what chance would catch** (PAI, predictive accuracy index)."
    )
    lines.append(
        f"The best squares of the same area would have caught {one.best_pai:.1f} times what chance would: the choice "
        f"reached **{words.figure(100 * one.pei, '%')} of the best possible** (PEI, predictive efficiency index)."
    )
    return lines


def _half(what: str, one: Any) -> str:
    if one.share is None:
        return f"No {what} in twelve months."
    return (
        f"Half of {what} lies in **{words.figure(one.share, '%')} of the squares**: "
        f"{words.number(one.holding_half, 'count')} of {words.number(one.cells, 'count')}."
    )
