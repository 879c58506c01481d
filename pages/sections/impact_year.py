"""The year to date, on the Impact areas page: the sentence that the force reports, and what moved the harm."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl
import streamlit as st

from data_access.answers import harm as answers_harm
from data_access.answers.harm import HarmQuestion
from metrics.difference import values_beside
from metrics.impact import years_to_date
from pages.parts import plots
from pages.sections.impact_choice import ImpactChoice
from pages.selections.context import Context
from pages.wording import plain, words


def year_to_date(context: Context, choice: ImpactChoice) -> None:
    """Say the year to date as the force reports it: crime in the force, crime and harm in the Impact Areas."""
    rows = answers_harm.side_by_side(context.reader, choice.question).to_dicts()
    before, after = years_to_date(context.selection.month)
    span = f"{after[0]:%B} to {context.selection.month:%B %Y} against the same months from {before[0]:%B %Y}"
    kept = [row for row in rows if _is_said(row, choice)]
    names = {("force", "whole"): "Force", ("force", "inside"): "all Impact Areas"}
    said = [f"{names.get((row['area_level'], row['part']), row['area_name'])}: {_moved_by(row)}" for row in kept]
    only = f", only {plain.markdown(context.only)}" if context.narrowed else ""
    st.markdown(f"**Year to date** ({span}{only}). {plain.markdown('; '.join(said))}.")


def _is_said(row: Mapping[str, Any], choice: ImpactChoice) -> bool:
    """Tell whether a row belongs in the sentence: the force and all Impact Areas, the LPA's, the area chosen."""
    if row["area_level"] == "force":
        return row["part"] != "rest"
    if row["area_level"] == "lpa":
        return choice.question.lpa == row["area_code"] and row["part"] == "inside"
    return row["area_code"] == choice.spot


def _moved_by(row: Mapping[str, Any]) -> str:
    if row["crimes_change_percent"] is None:
        return "no %, fewer than 20 crimes a year before"
    crimes, harm = (words.percent(row[f"{name}_change_percent"], 1) for name in ("crimes", "harm"))
    return f"crime {crimes}, harm {harm or 'none a year before'}"


def moved(context: Context, choice: ImpactChoice) -> None:
    """Draw what moved the harm from the last year to date to this one, step by step, or that of two areas."""
    every, title = replace(choice.question, offence=None), "What moved the harm, year to date"
    if context.whole_compared:
        return _moved_in_both(context, choice, every, title)
    plots.waterfall(
        context.without("offence"),
        answers_harm.harm_steps(context.reader, every),
        key="hrm_moved",
        title=f"{title}, {choice.name}",
        label="step",
        value="harm",
        measure="kind",
        unit="score",
        pick="offence",
        picked=choice.question.offence,
    )


def _moved_in_both(context: Context, choice: ImpactChoice, every: HarmQuestion, title: str) -> None:
    level, code = context.whole_compared
    theirs = replace(every, lpa=code if level == "lpa" else None, spot=None, part="inside")
    sides = [
        answers_harm.harm_change(context.reader, asked).select("offence_group", value="harm_change")
        for asked in (every, theirs)
    ]
    both = values_beside(*sides, "offence_group").sort(pl.col("own").abs(), descending=True, nulls_last=True)
    plots.paired(
        context.without("offence"),
        both,
        key="hrm_moved",
        title=title,
        label="offence_group",
        values={"own": choice.name, "beside": f"Impact Areas, {context.compared_name}"},
        unit="score",
        axis="change in harm score",
        write=words.change,
        pick="offence",
    )
