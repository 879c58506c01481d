"""Response: how soon officers arrive, what is graded how, and mental health among the demand."""

import polars as pl
import streamlit as st

from data_access.answers.people import Where
from data_access.answers.service import grades
from metrics import ids_of
from pages.parts import cards, charts, grids, headline, tables
from pages.selections import choices
from pages.selections.context import Context, headed
from pages.wording import plain, words

TITLE = "Response"
PAGE = "response"
STANDARD, TIMES, _MIX = ids_of(page=PAGE, subject="Response")
CARE, ATTENDED, HANDOVER = ids_of(page=PAGE, subject="Mental health")
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
_WAITS = {
    "area_name": "Area",
    "denominator": _number("Handovers", format="%,d"),
    "value": _number("Median, hours", format="%.1f"),
}
_NOT_GIVEN = """Nothing on arrivals is handed over: the feed `incidents` needs `arrived_at` and `attended`, and
`response_standards` the force's own standards by grade. Nothing is assumed in their place."""
_NO_CARE = "Mental health is not handed over: the feed `incidents` needs `mental_health`, and handovers `handovers`."
_TERMS = """Grade: how urgent a call was judged (THRIVE+). Standard: what the force itself promised for that grade on
that date. Times are a median and a 90th percentile, never a mean; an arrival that nobody wrote down is left out."""


def render(context: Context) -> None:
    """Draw the page: the finding, the grades side by side, when and where it is slow, then mental health."""
    own = context.ask(TIMES, STANDARD, CARE, ATTENDED, HANDOVER, months=charts.MONTHS)
    known = own.drop_nulls("value")
    if known.is_empty():
        st.markdown(f"# No response figure for {plain.markdown(context.place)}", anchors=False)
        st.info(_NOT_GIVEN)
        return
    below = context.selection.below or context.selection.level
    parts = context.ask(STANDARD, level=below)
    headline.title(context, "Arrival in time", headed(own, STANDARD), parts)
    headline.caption(_TERMS)
    if headed(known, STANDARD).is_empty() and not _grades_of(known):
        st.info(_NOT_GIVEN)
    else:
        _arrivals(context, own, parts, below)
    _care(context, own, below)


def _grades_of(known: pl.DataFrame) -> dict[str, str]:
    """Return the grades whose median is known by the id of their figure, the most urgent (the first by name) first."""
    graded = headed(known, TIMES)["category"].unique().sort().to_list()
    return {f"{TIMES}:{one}": one for one in graded if ":" not in one}  # beside each stands its 90th percentile


def _arrivals(context: Context, own: pl.DataFrame, parts: pl.DataFrame, below: str) -> None:
    timed = _grades_of(own.drop_nulls("value"))
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
    title = "Grades side by side, the last twelve months"
    tables.rows(context, grades(context.reader, where), key="rsp_grades", title=title, columns=_GRADES)
    _when(context, shown, timed[shown])


def _when(context: Context, figure: str, grade: str) -> None:
    """Show the hours of the week in which a grade waits longest, over twelve months: one month has too few."""
    hours = headed(context.ask(TIMES, by=("weekday", "hour"), months=YEAR), figure)
    title = f"Median time to arrive by hour of the report, {grade}, twelve months"
    grids.heat(context, hours, key="rsp_hours", title=title, unit="minutes")


def _care(context: Context, own: pl.DataFrame, below: str) -> None:
    """Show mental health among the demand: no direction of these is good or bad in itself."""
    st.markdown("## Right Care, Right Person", anchors=False)
    waits = f"{HANDOVER}:median"
    if all(headed(own, one).drop_nulls("value").is_empty() for one in (CARE, ATTENDED, waits)):
        st.info(_NO_CARE)
        return
    names = {waits: "median section 136 handover"}
    cards.row(context, own, (CARE, ATTENDED, waits), key="care", names=names)
    left, right = st.columns(2, gap="medium")
    with left:
        charts.trend(context, headed(own, CARE), key="mh_trend", title="Mental-health share of incidents by month")
    with right:
        title = "Median hours to a section 136 handover by month"
        charts.trend(context, headed(own, waits), key="mh_waits", title=title)
    by_area = headed(context.ask(HANDOVER, level=below), waits).select("area_name", "denominator", "value")
    title = f"Section 136 handovers by {words.level(below)}"
    tables.rows(context, by_area, key="mh_areas", title=title, columns=_WAITS)
    headline.caption(
        "Section 136 of the Mental Health Act 1983: a person detained in public is handed over to health staff. The "
        "number of handovers stands beside each median: that of a few moves by chance."
    )
