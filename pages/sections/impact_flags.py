"""Flagged crime on the Impact areas page: hate, domestic abuse, against women and girls, knives, youth violence."""

from typing import Any

import polars as pl
import streamlit as st

from metrics import ids_of
from pages.parts import cards, charts, headline, matrix, tables
from pages.selections.context import Context, headed
from pages.wording import figures, words

COUNT, OUTCOMES, RATE = ids_of(page="impact_areas", subject="Flagged crime")
HEADING = "Hate crime, domestic abuse, women and girls, knives, youth violence"


def draw(context: Context) -> None:
    """Draw each flag's crimes with trend and verdict, what they led to, and the areas side by side."""
    st.markdown(f"## {HEADING}", anchors=False)
    own = context.ask(COUNT, OUTCOMES, RATE, months=charts.MONTHS)
    counted = headed(own, COUNT).drop_nulls("value")
    flags = [flag for flag in words.FLAGS if flag in counted["category"]]
    if not flags:
        st.info("No crime with a flag is handed over: the column `flags` of the feed `crimes` holds them.")
        return
    each = [f"{COUNT}:{flag}" for flag in flags]
    names = {one: words.capital(words.FLAGS[flag]) for one, flag in zip(each, flags, strict=True)}
    compared = context.ask_compared(COUNT, months=charts.MONTHS)
    cards.row(context, own, each, key="flags", compared=compared, names=names)
    lines = pl.DataFrame([_line(context, own, flag) for flag in flags])
    tables.rows(context, lines, key="flags_outcomes", title="What the crimes led to, and how many per resident")
    headline.caption(
        "A crime may have several flags, so they do not add up. More may be better recording: no direction of a count "
        "is called good. Outcomes are known 90 days after the month's end. What is published has small counts emptied."
    )
    below = context.selection.below or context.selection.level
    parts = context.ask(COUNT, RATE, level=below, months=matrix.MONTHS)
    across = context.ask(COUNT, RATE, months=matrix.MONTHS)
    shown = {"": [context.indicator(one) for one in (COUNT, RATE)]}
    matrix.draw(context, across, parts, shown, caption=f"Flagged crime, every {words.level(below)} side by side")
    matrix.legend()


def _line(context: Context, own: pl.DataFrame, flag: str) -> dict[str, Any]:
    """Write a flag's rate of the month, and the positive outcomes of the newest month known, each with its n."""
    newest = headed(own, f"{RATE}:{flag}").filter(pl.col("month") == context.selection.month)
    rate = [figures.of_period(row) for row in newest.to_dicts()]
    led = headed(own, f"{OUTCOMES}:{flag}").drop_nulls("value").sort("month").tail(1).to_dicts()
    said = figures.whole(context.indicator(OUTCOMES), led[0]) if led else words.NOTHING
    return {
        "Flag": words.capital(words.FLAGS[flag]),
        "Positive outcome within 90 days": said,
        "Of the crimes of": words.month(led[0]["month"]) if led else words.NOTHING,
        "Outcomes: is it real?": figures.mark(context.indicator(OUTCOMES), led[0]).word if led else words.NOTHING,
        "Per 1,000 residents": figures.whole(context.indicator(RATE), rate[0]) if rate else words.NOTHING,
    }
