"""Posts funded and filled, on the Workforce page, and what abstraction leaves of them for neighbourhoods."""

import polars as pl
import streamlit as st

from data_access.answers.people import Where, as_at, neighbourhood_capacity, posts, posts_by_role
from metrics import id_of
from pages.parts import charts, headline, tables
from pages.selections.context import Context, headed
from pages.wording import words

PAGE = "workforce"
STRENGTH = id_of(PAGE, "lead")
_FTE = {
    name: st.column_config.NumberColumn(label, format="%.1f")
    for name, label in {
        "numerator": "Strength, FTE",
        "denominator": "Establishment, FTE",
        "vacancies": "Vacancies, FTE",
        "value": "Strength, %",
        "fte": "Neighbourhood officers, FTE",
        "rate": "Abstraction rate, %",
        "fte_left": "Left for neighbourhoods, FTE",
    }.items()
}
_POSTS = {**_FTE, "area_name": "LPA", "department": "Department", "role": "Role"}


def place(context: Context) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the level that posts are counted at, and what it lies within: the LPA selected, else the force."""
    lpa = context.selection.lpa
    return ("lpa", (("lpa", lpa),)) if lpa else ("force", ())


def posts_filled(context: Context, own: pl.DataFrame, where: Where) -> None:
    """Draw strength by month, vacancies by LPA, and posts by department and role."""
    left, right = st.columns(2, gap="medium")
    with left:
        compared = context.ask_compared(STRENGTH, months=charts.MONTHS)
        title = "Strength against establishment by month"
        charts.trend(context, headed(own, STRENGTH), key="wrk_trend", title=title, compared=compared)
    with right:
        headline.of_month(context)
        by_lpa = posts(context.reader, where)
        charts.bars(
            context,
            by_lpa,
            key="wrk_vacant",
            title="Vacancies by LPA",
            label="area_name",
            value="vacancies",
            unit="fte",
        )
    counted = as_at(context.reader, context.selection.month)
    headline.caption(
        f"FTE: full-time equivalent. PCSO: police community support officer. Posts counted as at {words.day(counted)}; "
        "vacancies are posts not filled."
    )
    level, within = place(context)
    roles = posts_by_role(context.reader, Where(month=where.month, level=level, within=within))
    order = ["department", "role", "denominator", "numerator", "vacancies", "value"]
    roles = roles.select(order).with_columns(pl.col("role").replace(words.ROLES))
    tables.rows(context, roles, key="wrk_roles", title="Posts by department and role", columns=_POSTS)


def capacity(context: Context, where: Where) -> None:
    """Show what abstraction leaves: a filled post is not an officer in the neighbourhood."""
    headline.of_month(context)
    left = neighbourhood_capacity(context.reader, where).select("area_name", "fte", "rate", "fte_left")
    title = "Neighbourhood capacity after operational abstraction"
    tables.rows(context, left, key="wrk_capacity", title=title, columns=_POSTS)
    headline.caption(
        "Strength of the neighbourhood policing team (NPT), less the share of its duty time that goes elsewhere."
    )
