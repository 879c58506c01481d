"""What crime led to, on the Impact areas page: positive outcomes by type of crime, inside Impact Areas and out."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from metrics import ids_of
from pages.parts import cards, charts, headline, tables
from pages.selections.context import Context, headed
from pages.wording import words

_TYPES: Mapping[str, tuple[tuple[str, bool], ...]] = {
    "all crime": (),
    "neighbourhood crime": (("is_neighbourhood_crime", True),),
    "violence with injury": (("violence_with_injury", True),),
    "retail and street crime": (("town_centre", True),),
    "inside Impact Areas": (("in_impact_areas", True),),
    "outside Impact Areas": (("in_impact_areas", False),),
}


def draw(context: Context) -> None:
    """Draw the two outcome figures and the table of crimes by type; months too young say so."""
    level, within = _place(context)
    ids = ids_of(page="impact_areas", subject="Outcomes")
    st.markdown("## What crime led to", anchors=False)
    own = context.ask(*ids, level=level, within=within, months=charts.MONTHS)
    cards.row(context, own, ids, key="outcomes")
    lines = [_line(context, name, where, level, within, ids) for name, where in _TYPES.items()]
    tables.rows(context, pl.DataFrame(lines), key="outcomes_by_type", title="Positive outcomes by type of crime")
    known = headed(own, ids[0]).filter(pl.col("value").is_not_null())["month"].max()
    newest = f"The newest month known is {words.month(known)}. " if known else ""
    headline.caption(
        f"Positive within 90 days: of the crimes recorded in a month; known 90 days after its end. {newest}Per 100 "
        "crimes: outcomes dated in the month, of whatever crime, so it is no share. Which outcomes are positive is set "
        "in the feed `outcome_codes`."
    )


def _place(context: Context) -> tuple[str, tuple[tuple[str, str], ...]]:
    lpa = context.selection.lpa
    return ("lpa", (("lpa", lpa),)) if lpa else ("force", ())


def _line(
    context: Context,
    name: str,
    where: tuple[tuple[str, bool], ...],
    level: str,
    within: tuple[tuple[str, str], ...],
    ids: tuple[str, ...],
) -> dict[str, Any]:
    rows = context.ask(*ids, level=level, within=within, months=charts.MONTHS, where=where)
    line: dict[str, Any] = {"Crimes": name}
    for one in ids:
        known = headed(rows, one).filter(pl.col("value").is_not_null()).sort("month").tail(1).to_dicts()
        indicator = context.indicator(one)
        line[words.capital(indicator.name)] = _said(known[0], indicator.unit) if known else words.NOTHING
    return line


def _said(row: Mapping[str, Any], unit: str) -> str:
    counted = f"{words.number(row['numerator'], 'count')} of {words.number(row['denominator'], 'count')}"
    return f"{words.figure(row['value'], unit)} ({counted}, {words.month(row['month'])})"
