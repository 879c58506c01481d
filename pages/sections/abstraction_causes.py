"""What the hours go to, when, and whose they are, on the Abstractions page."""

import polars as pl
import streamlit as st

from data_access.answers.few_officers import reaches
from metrics import id_of, ids_of, indicator
from pages.parts import beside, charts, grids, headline, palette
from pages.selections import narrowing
from pages.selections.context import Context
from pages.wording import words

PAGE = "abstractions"
RATE, HOURS = id_of(PAGE, "lead"), id_of(PAGE, "total")
CAUSES = id_of(PAGE, "breakdown")
(MIX,) = (one for one in ids_of(page=PAGE) if indicator(one).split)


def what(context: Context) -> None:
    """Show the hours by cause, demand, aid and mandatory apart."""
    compared = context.without("cause").ask_compared(CAUSES, by=("family", "category"))
    causes = context.ask(CAUSES, by=("family", "category")).filter(pl.col("numerator") > 0)
    if compared is not None:
        asked = {"label": "category", "value": "numerator", "axis": f"% of the area's hours {context.in_all}"}
        asked["title"] = context.dated("What takes the time")
        beside.shares(context.without("cause"), causes, compared, key="abs_what", **asked)
        return
    charts.bars(
        context.without("cause"),
        causes,
        key="abs_what",
        title=context.dated("What takes the time"),
        label="category",
        value="numerator",
        unit="h",
        axis=f"hours {context.in_all}",
        colour="family",
        colours=palette.FAMILIES,
        pick="cause",
        picked=context.chosen("cause"),
    )


def when(context: Context) -> None:
    """Show the hours by weekday and hour, of one cause where one is chosen, and those of the area compared with."""
    whole, cause = context.without("when"), context.chosen("cause")
    if cause and reaches(context.reader.scope, "force"):
        hours = whole.ask(CAUSES, by=("weekday", "hour"), where=(("category", cause),))
    else:
        narrowing.not_narrowed(context.without("when"), "Hours of the week")
        hours, context = context.without().ask(HOURS, by=("weekday", "hour")), context.without("cause")
    compared = context.without().ask_compared(HOURS, by=("hour",))
    left, right = (st.container(), None) if compared is None else st.columns([3, 2], gap="medium")
    with left:
        grids.heat(
            context,
            hours,
            key="abs_when",
            title=context.dated("When hours are lost"),
            unit="h",
            axis=f"hours {context.in_all}",
            value="numerator",
            pick=reaches(context.reader.scope, "force"),
        )
    if compared is not None:
        with right:
            _by_hour(context.without(), compared)


def _by_hour(context: Context, compared: pl.DataFrame) -> None:
    own, title = context.ask(HOURS, by=("hour",)), context.dated("Hours lost by hour")
    beside.hours(context, own, compared, key="abs_hours", title=title, axis="% of the area's hours")


def whose(context: Context, given: pl.DataFrame, below: str) -> None:
    """Show who gave the hours and who received them, as far as the extract says."""
    narrowing.not_narrowed(context, "Who gave and received hours")
    context = context.without()
    received = context.ask(HOURS, by=("worked_area",)).filter(pl.col("value") > 0)
    known = context.with_names(received.drop_nulls("worked_area"), "worked_area")
    giving, receiving = st.tabs(["Who gave the hours", "Who received them"])
    with giving:
        charts.ranked(context, given, key="abs_gave", title=f"Hours lost by {words.level(below)}")
    with receiving:
        title, axis = context.dated("Hours received by area"), f"hours {context.in_all}"
        charts.bars(context, known, key="abs_got", title=title, label="worked_area", unit="h", axis=axis)
        headline.caption("Only hours whose duty names the area worked in; the rest is not known.")


def teams(context: Context) -> None:
    """Show the people ladder, where the viewer may see teams."""
    if context.reader.scope.names("team"):
        picked, whole = context.chosen("team"), context.without()
        narrowing.not_narrowed(context.without("team"), "Teams")
        teams, title = whole.ask(RATE, level="team"), "Rate by team (department / team)"
        charts.ranked(whole, teams, key="abs_teams", title=title, pick="team", picked=picked)
