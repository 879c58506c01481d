"""What crime led to, on the Impact areas page: positive outcomes by type of crime, inside Impact Areas and out."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from metrics import ids_of
from pages.parts import cards, charts, headline, tables
from pages.selections.context import Context, headed
from pages.wording import words

# How the table calls a type, the column that tells it, and what that column says of it.
_TYPES = (
    ("neighbourhood crime", "is_neighbourhood_crime", True),
    ("violence with injury", "violence_with_injury", True),
    ("retail and street crime", "town_centre", True),
    ("inside Impact Areas", "in_impact_areas", True),
    ("outside Impact Areas", "in_impact_areas", False),
)


def draw(context: Context) -> None:
    """Draw the two outcome figures and the table of crimes by type; months too young say so."""
    level, within = _place(context)
    ids = ids_of(page="impact_areas", subject="Outcomes")
    st.markdown("## What crime led to", anchors=False)
    own = context.ask(*ids, level=level, within=within, months=charts.MONTHS)
    cards.row(context, own, ids, key="outcomes", compared=context.ask_compared(*ids, months=charts.MONTHS))
    lines = _lines(context, own, ids, level, within)
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


def _lines(
    context: Context, own: pl.DataFrame, ids: tuple[str, ...], level: str, within: tuple[tuple[str, str], ...]
) -> list[dict[str, Any]]:
    """Write a row for all crime and for each type, each figure of the newest month known."""
    lines: dict[str, dict[str, Any]] = {name: {"Crimes": name} for name in ("all crime", *(one[0] for one in _TYPES))}
    for indicator in map(context.indicator, ids):
        known = headed(own, indicator.id).filter(pl.col("value").is_not_null()).sort("month").tail(1).to_dicts()
        head = words.capital(indicator.name) + (f", {words.month(known[0]['month'])}" if known else "")
        lines["all crime"][head] = _said(known[0], indicator.unit) if known else words.NOTHING
        asked = {"level": level, "within": within}
        asked |= {"since": known[0]["month"], "until": known[0]["month"]} if known else {}
        for name, column, told in _TYPES:
            rows = context.ask(indicator.id, by=(column,), **asked).to_dicts() if known else ()
            mine = next((row for row in rows if row[column] is told and row["value"] is not None), None)
            lines[name][head] = _said(mine, indicator.unit) if mine else words.NOTHING
    return list(lines.values())


def _said(row: Mapping[str, Any], unit: str) -> str:
    counted = f"{words.number(row['numerator'], 'count')} of {words.number(row['denominator'], 'count')}"
    return f"{words.figure(row['value'], unit)} ({counted})"
