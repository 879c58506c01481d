"""Response: how soon officers arrive, what is graded how, and mental health among the demand."""

import polars as pl
import streamlit as st

from pages.parts import charts, headline
from pages.sections import response_arrivals, response_care
from pages.sections.response_arrivals import STANDARD, TIMES
from pages.sections.response_care import ATTENDED, CARE, HANDOVER
from pages.selections import choices
from pages.selections.context import Context, headed
from pages.wording import plain

TITLE = "Response"
_NOT_GIVEN = """Nothing on arrivals is handed over: the feed `incidents` needs `arrived_at` and `attended`, and
`response_standards` the force's own standards by grade. Nothing is assumed in their place."""
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
    choices.tabs(
        "response_tab",
        {
            "arrivals": ("Arrivals", lambda: _arrivals(context, own, parts, below)),
            "care": ("Right Care, Right Person", lambda: response_care.draw(context, own, below)),
        },
    )


def _arrivals(context: Context, own: pl.DataFrame, parts: pl.DataFrame, below: str) -> None:
    known = own.drop_nulls("value")
    if headed(known, STANDARD).is_empty() and not response_arrivals.grades_of(known):
        st.info(_NOT_GIVEN)
    else:
        response_arrivals.draw(context, own, parts, below)
