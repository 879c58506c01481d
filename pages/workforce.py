"""Workforce: posts funded against posts filled, specials' hours, training, and what is left for neighbourhoods."""

import polars as pl
import streamlit as st

from data_access.answers.people import Where, as_at, neighbourhood_capacity, posts, posts_by_role, specials
from metrics import id_of, ids_of
from pages.parts import cards, charts, headline, tables
from pages.selections.context import Context, headed
from pages.wording import words

TITLE = "Workforce"
PAGE = "workforce"
STRENGTH, HOURS, SIXTEEN = (id_of(PAGE, role) for role in ("lead", "total", "share"))
SPECIALS = tuple(id_of(PAGE, role) for role in ("heads", "average"))
_TOURS = {
    "area_name": "LPA",
    "specials": st.column_config.NumberColumn("Specials with a return", format="%,d"),
    "aim": st.column_config.NumberColumn("Aim", format="%,.0f", help="From the feed `targets`; else empty"),
    "hours": st.column_config.NumberColumn("Hours", format="%,.0f"),
    "mean_hours": st.column_config.NumberColumn("Mean hours", format="%.1f"),
    "duties": st.column_config.NumberColumn("Tours of duty", format="%,d"),
    "mean_duties": st.column_config.NumberColumn("Mean tours", format="%.1f"),
}
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
_ROLES = {"pcso": "PCSO"}
_POSTS = {**_FTE, "area_name": "LPA", "department": "Department", "role": "Role"}


def render(context: Context) -> None:
    """Draw the page: the finding, posts and vacancies, capacity after abstraction, specials, training."""
    if context.selection.level not in ("force", "lpa"):
        st.info("Posts are counted by LPA and department: this page shows the LPA above the area selected.")
    level, within = _place(context)
    ids = ids_of(page=PAGE, role="card")
    own = context.ask(*ids, level=level, within=within, months=charts.MONTHS)
    headline.title(context, "Strength", headed(own, STRENGTH))
    cards.row(context, own, ids, key="workforce", compared=context.ask_compared(*ids))
    where = Where(month=context.selection.month, level="lpa", within=within)
    _posts(context, own, where)
    _capacity(context, where)
    _specials(context, own, within)


def _place(context: Context) -> tuple[str, tuple[tuple[str, str], ...]]:
    lpa = context.selection.lpa
    return ("lpa", (("lpa", lpa),)) if lpa else ("force", ())


def _posts(context: Context, own: pl.DataFrame, where: Where) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        compared = context.ask_compared(STRENGTH, months=charts.MONTHS)
        title = "Strength against establishment by month"
        charts.trend(context, headed(own, STRENGTH), key="wrk_trend", title=title, compared=compared)
    with right:
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
    level, within = _place(context)
    roles = posts_by_role(context.reader, Where(month=where.month, level=level, within=within))
    order = ["department", "role", "denominator", "numerator", "vacancies", "value"]
    roles = roles.select(order).with_columns(pl.col("role").replace(_ROLES))
    tables.rows(context, roles, key="wrk_roles", title="Posts by department and role", columns=_POSTS)


def _capacity(context: Context, where: Where) -> None:
    """Show what abstraction leaves: a filled post is not an officer in the neighbourhood."""
    left = neighbourhood_capacity(context.reader, where).select("area_name", "fte", "rate", "fte_left")
    title = "Neighbourhood capacity after operational abstraction"
    tables.rows(context, left, key="wrk_capacity", title=title, columns=_POSTS)
    headline.caption(
        "Strength of the neighbourhood policing team (NPT), less the share of its duty time that goes elsewhere."
    )


def _specials(context: Context, own: pl.DataFrame, within: tuple[tuple[str, str], ...]) -> None:
    level, _ = _place(context)
    st.markdown("## Specials", anchors=False)
    cards.row(
        context, context.ask(*SPECIALS, level=level, within=within, months=charts.MONTHS), SPECIALS, key="specials"
    )
    tours = specials(context.reader, Where(month=context.selection.month, level=level, within=within))
    tables.rows(context, tours, key="wrk_tours", title="Specials, their hours and tours of duty", columns=_TOURS)
    headline.caption("Fewer than five specials have no hours here: they would be individuals'.")
    left, right = st.columns(2, gap="medium")
    with left:
        charts.trend(context, headed(own, HOURS), key="wrk_hours", title="Specials' hours by month")
    if not context.reader.scope.names("department"):
        return
    with right:
        shares = context.ask(SIXTEEN, level="department", within=within)
        title = "Specials with at least 16 hours, by department"
        charts.ranked(context, shares, key="wrk_sixteen", title=title, drill=False)
