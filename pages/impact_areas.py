"""Impact areas: crime and harm in the places chosen for their harm, beside the rest of their LPA and the force."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from data_access.answers import harm as answers_harm
from data_access.answers.harm import HarmQuestion
from metrics import id_of, ids_of
from metrics.impact import years_to_date
from pages.parts import cards, charts, headline, maps, plots, tables
from pages.sections import impact_outcomes, impact_scoreboard, impact_tables
from pages.selections import choices
from pages.selections.context import Context, headed
from pages.wording import plain, words

TITLE = "Impact areas"
PAGE = "impact_areas"
HARM, EACH, SHARE, LOCAL, YOUNG = (id_of(PAGE, role) for role in ("lead", "average", "share", "breakdown", "victims"))
SPOT = "impact_area"
INSIDE = (("in_impact_areas", True),)
TYPES = {
    "residential_burglary": "burglary of homes",
    "robbery": "robbery",
    "vehicle": "vehicle crime",
    "theft_person": "theft from the person",
}
WHAT = (
    "Impact Areas are the places chosen for their harm. Harm weighs each crime by how serious its offence is, "
    "so that a robbery counts for more than a shop theft. LPA: local policing area."
)


@dataclass(frozen=True, kw_only=True)
class View:
    """What is looked at: one Impact Area (`spot`) or all of an LPA or of the force, weighed how."""

    level: str
    name: str
    question: HarmQuestion
    asked: Mapping[str, Any]

    @property
    def spot(self) -> str | None:
        """The Impact Area chosen."""
        return self.question.spot


def render(context: Context) -> None:
    """Draw the page: the finding, the year to date, what moved it, where, which crimes, side by side, left out."""
    offered = _offered(context)
    if not offered:
        st.markdown(f"# No Impact Areas in {plain.markdown(context.place)}")
        st.info("No Impact Area is loaded for this LPA, or none is yours to see. Clear the selections above.")
        return
    top = st.container()
    view = _view(context, offered)
    own, parts = _figures(context, view)
    with top:
        within = None if view.spot else headed(parts, HARM)
        headline.title(context, "Harm", headed(own, HARM), within, place=view.name)
        _year_to_date(context, view)
    ids = ids_of(page=PAGE, role="card")
    compared = context.ask_compared(*ids, months=charts.MONTHS, where=INSIDE, **view.asked)
    shared = SHARE in own["indicator_id"]  # known of the force alone, where it stands in the place of harm per crime
    shown = [SHARE if one == EACH and shared else one for one in ids]
    cards.row(context, own, shown, key="hrm", compared=compared)
    left, right = st.columns(2, gap="medium")
    with left:
        _moved(context, view)
    with right:
        title = f"Crime harm by month, {view.name}"
        beside = None if compared is None else headed(compared, HARM)
        charts.trend(context, headed(own, HARM), key="hrm_trend", title=title, compared=beside)
    _where(context, view, parts)
    crimes, types, outcomes, beside = st.tabs(["Which crimes", "Areas by crime type", "Outcomes", "Side by side"])
    with crimes:
        _offences(context, view)
        _kinds(context, view, parts)
    with types:
        impact_scoreboard.draw(context)
    with outcomes:
        impact_outcomes.draw(context)
    with beside:
        impact_tables.side_by_side(context, view.question)
        impact_tables.left_out(context, view.question)


def _offered(context: Context) -> dict[str, str]:
    """Name the Impact Areas of the selected LPA, or of everything the viewer sees."""
    names, parents = context.places.names, context.places.parents
    lpa = context.selection.lpa
    return {
        code: f"{name} ({names.get(parents.get((SPOT, code), ('', '')), '')})"
        for (level, code), name in sorted(names.items(), key=lambda item: item[1])
        if level == SPOT and (lpa is None or parents.get((SPOT, code)) == ("lpa", lpa))
    }


def _view(context: Context, offered: Mapping[str, str]) -> View:
    """Read the page's own choices: which area, weighed by which set, with or without homicide."""
    sets = {row["weight_set"]: row["source"] for row in answers_harm.weight_sets(context.reader).to_dicts()}
    usual = context.reader.settings.harm.weight_set
    area, weights, homicide = st.columns([3, 2, 2], vertical_alignment="bottom")
    with area:
        spot = choices.choose(SPOT, "Impact Area", offered, nothing="all Impact Areas")
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
    )
    asked = {"weight_set": chosen, "without_homicide": without}
    above = "lpa" if selection.lpa else "force"
    place = context.name("lpa", selection.lpa) if selection.lpa else context.reader.settings.force.name
    name = context.name(SPOT, spot) if spot else f"Impact Areas, {place}"
    return View(level=SPOT if spot else above, name=name, question=question, asked=asked)


def _young_areas(context: Context, offered: Mapping[str, str]) -> None:
    """Say which areas are too young to compare with a year ago: their crime was counted somewhere else then."""
    young = answers_harm.young_areas(context.reader, context.selection.month)
    said = ", ".join(f"{offered[code]} since {words.day(since)}" for code, since in young.items() if code in offered)
    if said:
        st.warning(
            f"New or redrawn within the last year, so not comparable with the year before: {plain.markdown(said)}."
        )


def _within(view: View) -> tuple[tuple[str, str], ...]:
    return (("lpa", view.question.lpa),) if view.question.lpa else ()


def _figures(context: Context, view: View) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Ask for the place looked at by month, and for every Impact Area in the selected month."""
    ids = tuple(one.id for one in answers_harm.measures())  # those of the table below: what is asked once is known
    parts = context.ask(*ids, level=SPOT, within=_within(view), **view.asked)
    if view.spot:
        series = context.ask(*ids, level=SPOT, within=_within(view), months=charts.MONTHS, **view.asked)
        return series.filter(pl.col("area_code") == view.spot), parts
    named = pl.lit(view.name).alias("area_name")
    asked = {"level": view.level, "within": _within(view), "months": charts.MONTHS, **view.asked}
    own = context.ask(*ids, where=INSIDE, **asked).with_columns(named)
    if view.level != "force":
        return own, parts
    return pl.concat([own, context.ask(SHARE, **asked)], how="diagonal_relaxed"), parts


def _year_to_date(context: Context, view: View) -> None:
    """Say the year to date as the force reports it: crime in the force, crime and harm in the Impact Areas."""
    rows = answers_harm.side_by_side(context.reader, view.question).to_dicts()
    before, after = years_to_date(context.selection.month)
    span = f"{after[0]:%B} to {context.selection.month:%B %Y} against the same months from {before[0]:%B %Y}"
    kept = [row for row in rows if _is_said(row, view)]
    names = {("force", "whole"): "Force", ("force", "inside"): "all Impact Areas"}
    said = [f"{names.get((row['area_level'], row['part']), row['area_name'])}: {_moved_by(row)}" for row in kept]
    st.markdown(f"**Year to date** ({span}). {plain.markdown('; '.join(said))}.")


def _is_said(row: Mapping[str, Any], view: View) -> bool:
    """Tell whether a row belongs in the sentence: the force and all Impact Areas, the LPA's, the area chosen."""
    if row["area_level"] == "force":
        return row["part"] != "rest"
    if row["area_level"] == "lpa":
        return view.question.lpa == row["area_code"] and row["part"] == "inside"
    return row["area_code"] == view.spot


def _moved_by(row: Mapping[str, Any]) -> str:
    if row["crimes_change_percent"] is None:
        return "no %, fewer than 20 crimes a year before"
    crimes, harm = (words.percent(row[f"{name}_change_percent"], 1) for name in ("crimes", "harm"))
    return f"crime {crimes}, harm {harm or 'none a year before'}"


def _moved(context: Context, view: View) -> None:
    steps = answers_harm.harm_steps(context.reader, view.question)
    plots.waterfall(
        context,
        steps,
        key="hrm_moved",
        title=f"What moved the harm, year to date, {view.name}",
        label="step",
        value="harm",
        measure="kind",
        unit="score",
    )


def _where(context: Context, view: View, parts: pl.DataFrame) -> None:
    measures = {one: context.indicator(one).name for one in ids_of(page=PAGE, role="card")}
    measure = choices.choose("measure", "Compare the areas by", measures, default=HARM)
    left, right = st.columns(2, gap="medium")
    title = f"{words.capital(measures[measure])} by Impact Area"
    with left:
        charts.ranked(context, headed(parts, measure), key="hrm_where", title=title)
    with right:
        maps.areas(context, headed(parts, measure), key="hrm_map", title=f"{title}, on the map")


def _offences(context: Context, view: View) -> None:
    """List the offences behind the change: the last step of the drill."""
    changes = answers_harm.harm_change(context.reader, view.question, "offence_name")
    order = [f"{what}_{side}" for what in ("crimes", "harm") for side in ("before", "after", "change")]
    offences = changes.select("offence_name", *order, "unweighted_after")
    number = st.column_config.NumberColumn
    tables.rows(
        context,
        offences,
        key="hrm_offences",
        title=f"Which offences, last year to date and this, {view.name}",
        columns={
            "offence_name": "Offence",
            "crimes_before": number("Crimes last year to date", format="%,d"),
            "crimes_after": number("Crimes year to date", format="%,d"),
            "crimes_change": number("Change in crimes", format="%+d"),
            "harm_before": number("Harm last year to date", format="%,.0f"),
            "harm_after": number("Harm year to date", format="%,.0f"),
            "harm_change": number("Change in harm", format="%+,.0f"),
            "unweighted_after": number("Without a weight", format="%,d"),
        },
        height=320,
    )


def _kinds(context: Context, view: View, parts: pl.DataFrame) -> None:
    """Show neighbourhood crime by type and violence with a young victim, by area, in the year to date."""
    since = years_to_date(context.selection.month)[1][0]
    asked = {"level": SPOT, "within": _within(view), "since": since, **view.asked}
    types = context.ask(LOCAL, by=("neighbourhood_crime",), **asked).filter(pl.col("value") > 0)
    left, right = st.columns(2, gap="medium")
    with left:
        charts.stacked(
            context,
            types.with_columns(pl.col("neighbourhood_crime").replace(TYPES)).sort("area_name", "neighbourhood_crime"),
            key="hrm_types",
            title="Neighbourhood crime by type, year to date",
            label="area_name",
            part="neighbourhood_crime",
            unit="count",
        )
    with right:
        charts.bars(
            context,
            headed(parts, YOUNG),
            key="hrm_young",
            title="Violence with injury, victim under 25, year to date",
            label="area_name",
            value="year_to_date",
            unit="count",
        )
