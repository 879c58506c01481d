"""Anti-social behaviour: how much, of what kind, where, when, where again and again, and whether it is coded right."""

from collections.abc import Callable

import streamlit as st

from metrics import ids_of
from pages.parts import cards, charts, headline, tables
from pages.sections import asb_lists, asb_powers, asb_spread, dip_sample
from pages.sections.asb_spread import COUNT, PAGE, RATE
from pages.selections import choices, narrowing
from pages.selections.context import Context, headed
from pages.wording import words

TITLE = "ASB"
_COUNTED = (COUNT, "ASB incidents by month")


def render(context: Context) -> None:
    """Draw the page: the finding, how much, of what kind, where, when, where again and again, the audit, the table."""
    ids = ids_of(page=PAGE, role="card")
    below = context.selection.below or context.selection.level
    own, parts = context.ask(*ids, months=charts.MONTHS), context.ask(COUNT, RATE, level=below)
    headline.title(context, "ASB", headed(own, COUNT), headed(parts, COUNT))
    headline.caption(
        "ASB is anti-social behaviour. A rise may be better recording, so no direction is called good; ASB is never "
        "added to crime. A median ward has six a month: read the rolling 12 months."
    )
    asb_spread.where_from(context.without())
    cards.row(context, own, ids, key="asb", compared=context.ask_compared(*ids))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        # Areas of different size are compared by their rate.
        measure, title = (RATE, "ASB incidents per 1,000 residents by month") if context.compared else _COUNTED
        charts.trend(context, headed(own, measure), key="asb_trend", title=title)
    with right:
        asb_spread.what(context, below)
    left, right = st.columns(2, gap="medium")
    with left:
        asb_spread.shaded(context, parts, below)
    with right:
        asb_spread.when(context)
    title = f"ASB incidents, every {words.level(below)}"

    def _whole(name: str, draw: Callable[..., None], *more: str) -> None:
        narrowing.not_narrowed(context, name)
        draw(context.without(), *more)

    choices.tabs(
        "asb_tab",
        {
            "again": ("Again and again", lambda: _whole("Repeat locations and callers", asb_lists.again)),
            "sample": ("Dip sample", lambda: _whole("Dip sample", dip_sample.section, below)),
            "powers": ("Powers and case reviews", lambda: _whole("Powers and case reviews", asb_powers.draw)),
            "codes": ("Closing codes", lambda: _whole("Closing codes", asb_lists.codes)),
            "every": (
                f"Every {words.level(below)}",
                lambda: tables.figures(context, headed(parts, COUNT), key="asb_table", title=title),
            ),
        },
    )
