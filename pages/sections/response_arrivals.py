"""How soon officers arrive, on the Response page: grade by grade, by area, by hour of the week."""

import polars as pl
import streamlit as st

from data_access.answers.people import Where
from data_access.answers.service import grades
from metrics import ids_of
from pages.parts import beside, cards, charts, grids, tables
from pages.selections import choices, narrowing
from pages.selections.context import Context, headed
from pages.wording import words

PAGE = "response"
STANDARD, TIMES, _MIX = ids_of(page=PAGE, subject="Response")
YEAR = 12
MOST_GRADES = 4  # that have a card beside the standard
_number = st.column_config.NumberColumn
_GRADES = {
    "grade": "Grade",
    "incidents": _number("Incidents", format="%,d"),
    "attended": _number("Attended", format="%,d"),
    "arrivals": _number("Arrivals timed", format="%,d", help="n behind median and 90th percentile"),
    "median": _number("Median, minutes", format="%,.1f"),
    "p90": _number("90th percentile, minutes", format="%,.1f"),
    "standard_minutes": _number("Standard, minutes", format="%,.0f"),
    "held": _number("Attended with a standard", format="%,d", help="n behind the share within"),
    "share_within": _number("Within the standard, %", format="%.1f"),
}


def grades_of(known: pl.DataFrame) -> dict[str, str]:
    """Return the grades whose median is known by the id of their figure, the most urgent (the first by name) first."""
    graded = headed(known, TIMES)["category"].unique().sort().to_list()
    return {f"{TIMES}:{one}": one for one in graded if ":" not in one}  # beside each stands its 90th percentile


def draw(context: Context, own: pl.DataFrame, parts: pl.DataFrame, below: str) -> None:
    """Draw the standard and the medians as cards, a grade by month, the areas, and the grades side by side."""
    timed = grades_of(own.drop_nulls("value"))
    ids = (STANDARD, *list(timed)[:MOST_GRADES])
    names = {one: f"median time to arrive, {grade}" for one, grade in timed.items()}
    compared = context.ask_compared(STANDARD, TIMES, months=charts.MONTHS)
    cards.row(context, own, ids, key="response", compared=compared, names=names)
    left, right = st.columns(2, gap="medium")
    with left:
        first = next(iter(timed))
        shown = choices.choose("grade", "Grade", timed, default=first) or first
        title = f"Median time to arrive by month, {timed[shown]}"
        charts.trend(context, headed(own, shown), key="rsp_trend", title=title)
    with right:
        charts.ranked(context, parts, key="rsp_where", title=f"Arrived in time by {words.level(below)}")
    where = Where(month=context.selection.month, level=context.selection.level, within=context.within)
    title = f"Grades side by side, the twelve months to {words.month(where.month)}"
    narrowing.not_narrowed(context, title)
    tables.rows(context, grades(context.reader, where), key="rsp_grades", title=title, columns=_GRADES)
    _when(context, shown, timed[shown])


def _when(context: Context, figure: str, grade: str) -> None:
    """Show the hours of the week in which a grade waits longest, over twelve months: one month has too few."""
    whole = context.without("when")
    hours = headed(whole.ask(TIMES, by=("weekday", "hour"), months=YEAR), figure)
    title = f"Median time to arrive by hour of the report, {grade}, {context.when(YEAR)}"
    grids.heat(context, hours, key="rsp_hours", title=title, unit="minutes", pick=True)
    compared = whole.ask_compared(TIMES, by=("hour",), months=YEAR)
    if compared is not None:
        sides = headed(whole.ask(TIMES, by=("hour",), months=YEAR), figure), headed(compared, figure)
        beside.by_hour(whole, *sides, key="rsp_by_hour", title=f"By hour, {grade}", unit="minutes", axis="minutes")
