"""What the hours go to, when, and whose they are, on the Abstractions page."""

import polars as pl
import streamlit as st

from metrics import id_of
from pages.parts import charts, grids, headline, palette
from pages.selections.context import Context
from pages.wording import words

PAGE = "abstractions"
RATE, HOURS = id_of(PAGE, "lead"), id_of(PAGE, "total")
CAUSES = id_of(PAGE, "breakdown")


def what(context: Context) -> None:
    """Show the hours by cause, demand, aid and mandatory apart."""
    causes = context.ask(CAUSES, by=("family", "category")).filter(pl.col("numerator") > 0)
    charts.bars(
        context,
        causes,
        key="abs_what",
        title="What takes the time",
        label="category",
        value="numerator",
        unit="h",
        axis="hours in the month",
        colour="family",
        colours=palette.FAMILIES,
    )


def when(context: Context) -> None:
    """Show the hours by weekday and hour."""
    hours = context.ask(HOURS, by=("weekday", "hour"))
    grids.heat(context, hours, key="abs_when", title="When hours are lost", unit="h", axis="hours in the month")


def whose(context: Context, given: pl.DataFrame, below: str) -> None:
    """Show who gave the hours and who received them, as far as the extract says."""
    received = context.ask(HOURS, by=("worked_area",)).filter(pl.col("value") > 0)
    known = context.with_names(received.drop_nulls("worked_area"), "worked_area")
    giving, receiving = st.tabs(["Who gave the hours", "Who received them"])
    with giving:
        charts.ranked(context, given, key="abs_gave", title=f"Hours lost by {words.level(below)}")
    with receiving:
        title = "Hours received by area"
        charts.bars(
            context, known, key="abs_got", title=title, label="worked_area", unit="h", axis="hours in the month"
        )
        headline.caption("Only hours whose duty names the area worked in; the rest is not known.")


def teams(context: Context) -> None:
    """Show the people ladder, where the viewer may see teams."""
    if context.reader.scope.names("team"):
        teams = context.ask(RATE, level="team")
        charts.ranked(context, teams, key="abs_teams", title="Rate by team (department / team)", drill=False)
