"""Powers used against anti-social behaviour and case reviews, on the ASB page."""

import streamlit as st

from data_access.answers.people import Where
from data_access.answers.service import powers, reviews
from metrics import indicators_of
from metrics.levels import YEAR
from pages.parts import charts, headline, tables
from pages.selections.context import Context, headed

(BREACHED,) = (one.id for one in indicators_of(page="asb") if one.numerator.source == "asb_powers_year")
NAMES = {
    "cpw": "Community protection warning",
    "cpn": "Community protection notice",
    "closure": "Closure order",
    "dispersal": "Dispersal",
    "cbo": "Criminal behaviour order",
    "injunction": "Civil injunction",
    "pspo_fpn": "Penalty notice: public spaces protection order",
}
_number = st.column_config.NumberColumn
_POWERS = {
    "power": "Power",
    "issued": _number("Issued (n)", format="%,d"),
    "breached": _number("Breached", format="%,d"),
    "share": _number("Breached, %", format="%.1f"),
}
_REVIEWS = {
    "review_id": "Request",
    "day": st.column_config.DateColumn("Asked for", format="D MMM YYYY"),
    "threshold_met": "Threshold met",
    "held_on": st.column_config.DateColumn("Held", format="D MMM YYYY"),
    "recommendations": _number("Recommendations", format="%d"),
    "accepted": _number("Accepted", format="%d"),
}


def draw(context: Context) -> None:
    """Draw the powers of twelve months by kind, how many were breached, and the case reviews asked for."""
    st.markdown("## Powers and case reviews", anchors=False)
    where = Where(month=context.selection.month, level=context.selection.level, within=context.within)
    used, asked = powers(context.reader, where), reviews(context.reader, where)
    if used.is_empty() and asked.is_empty():
        st.info("Not handed over: the feeds `asb_powers` and `case_reviews` hold notices, orders and reviews.")
        return
    headline.of_month(context, YEAR)
    left, right = st.columns(2, gap="medium")
    with left:
        named = used.with_columns(power=used["power"].replace(NAMES))
        title = "Powers issued in the last twelve months"
        tables.rows(context, named, key="asb_powers", title=title, columns=_POWERS)
    with right:
        own = context.ask(BREACHED, months=charts.MONTHS)
        charts.trend(context, headed(own, BREACHED), key="asb_breached", title="Powers of twelve months breached")
    headline.caption("More powers are neither better nor worse. The newest have had less time to be breached.")
    tables.rows(
        context, asked, key="asb_reviews", title="Case reviews asked for in the last twelve months", columns=_REVIEWS
    )
    headline.caption(
        "Case reviews are by LPA. The 2014 Act's yearly publication: python -m data_access case-reviews --year YYYY."
    )
