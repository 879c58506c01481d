"""Specials on the Workforce page: their hours, tours of duty and training."""

import polars as pl
import streamlit as st

from data_access.answers.people import Where, specials
from metrics import id_of
from pages.parts import cards, charts, headline, tables
from pages.sections.workforce_posts import PAGE, place
from pages.selections.context import Context, headed

HOURS, SIXTEEN = id_of(PAGE, "total"), id_of(PAGE, "share")
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


def draw(context: Context, own: pl.DataFrame, within: tuple[tuple[str, str], ...]) -> None:
    """Draw the specials' cards, their hours and tours of duty, by month and by department."""
    level, _ = place(context)
    st.markdown("## Specials", anchors=False)
    mine = context.ask(*SPECIALS, level=level, within=within, months=charts.MONTHS)
    cards.row(context, mine, SPECIALS, key="specials", compared=context.ask_compared(*SPECIALS))
    headline.of_month(context)
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
