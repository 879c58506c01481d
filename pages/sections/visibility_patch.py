"""Where the time goes instead, on the Visibility page: off the patch, coded and not."""

import streamlit as st

from data_access.answers.visibility import Where, patch
from metrics import indicators_of
from pages.parts import charts, headline
from pages.sections.visibility_map import PAGE
from pages.selections import narrowing
from pages.selections.context import Context, headed
from pages.wording import words

_PATCH = """Neighbourhood officers' visible time, and time outside the force area. Coded: duty codes say demand or
aid (where part of an hour is coded, that part of it). Off patch: outside the home sector. Off patch but not coded is
what duty codes do not tell."""
_WITHHELD = "Withheld: fewer than five officers in one of these four, here or in another area of this level."
_OFF_PATCH = {"NPT": "Neighbourhood officers seen off their sector", "Response": "Response seen off their LPA"}


def by_month(context: Context) -> None:
    """Show the location-based view of abstraction: neighbourhood officers and Response beside each other."""
    sides = indicators_of(page=PAGE, role="off patch")
    own = context.ask(*(one.id for one in sides), months=charts.MONTHS)
    for column, one in zip(st.columns(len(sides), gap="medium"), sides, strict=True):
        months = headed(own, one.id)
        if months.is_empty():  # Response is posted to LPAs: no sector or neighbourhood has any
            continue
        with column:
            title = _OFF_PATCH.get(one.department or "", words.capital(one.name))
            charts.trend(context, months, key=f"vis_off_{one.id}", title=title)


def coded_or_seen(context: Context) -> None:
    """Show where the location-based view of abstraction meets the duty codes."""
    narrowing.not_narrowed(context, "What is coded and seen")
    headline.of_month(context)
    hours = patch(context.reader, Where(month=context.selection.month, within=context.within))
    charts.bars(
        context.without(),
        hours,
        key="vis_patch",
        title="Neighbourhood officers: coded as abstracted, and where seen",
        label="what",
        value="hours",
        unit="h",
        axis="hours in the month",
    )
    headline.caption(_WITHHELD if hours["hours"].has_nulls() else _PATCH)
