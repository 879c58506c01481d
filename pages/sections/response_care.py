"""Mental health among the demand, on the Response page: Right Care, Right Person."""

import polars as pl
import streamlit as st

from metrics import ids_of
from pages.parts import cards, charts, headline, tables
from pages.sections.response_arrivals import PAGE
from pages.selections import narrowing
from pages.selections.context import Context, headed
from pages.wording import words

CARE, ATTENDED, HANDOVER = ids_of(page=PAGE, subject="Mental health")
_WAITS = {
    "area_name": "Area",
    "denominator": st.column_config.NumberColumn("Handovers", format="%,d"),
    "value": st.column_config.NumberColumn("Median, hours", format="%.1f"),
}
_NO_CARE = "Mental health is not handed over: the feed `incidents` needs `mental_health`, and handovers `handovers`."


def draw(context: Context, own: pl.DataFrame, below: str) -> None:
    """Show mental health among the demand: no direction of these is good or bad in itself."""
    st.markdown("## Right Care, Right Person", anchors=False)
    waits = f"{HANDOVER}:median"
    if all(headed(own, one).drop_nulls("value").is_empty() for one in (CARE, ATTENDED, waits)):
        st.info(_NO_CARE)
        return
    narrowing.not_narrowed(context, "Section 136 handovers")
    names = {waits: "median section 136 handover"}
    compared = context.ask_compared(CARE, ATTENDED, HANDOVER)
    cards.row(context, own, (CARE, ATTENDED, waits), key="care", names=names, compared=compared)
    left, right = st.columns(2, gap="medium")
    with left:
        charts.trend(context, headed(own, CARE), key="mh_trend", title="Mental-health share of incidents by month")
    with right:
        title = "Median hours to a section 136 handover by month"
        charts.trend(context.without(), headed(own, waits), key="mh_waits", title=title)
    by_area = headed(context.without().ask(HANDOVER, level=below), waits)
    by_area = by_area.select("area_name", "denominator", "value", "area_level", "area_code")
    title = context.dated(f"Section 136 handovers by {words.level(below)}")
    tables.rows(context.without(), by_area, key="mh_areas", title=title, columns=_WAITS, drill=True)
    headline.caption(
        "Section 136 of the Mental Health Act 1983: a person detained in public is handed over to health staff. The "
        "number of handovers stands beside each median: that of a few moves by chance."
    )
