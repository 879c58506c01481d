"""What the force reports of its hotspots, on the Patrols page: their part in violence."""

import polars as pl
import streamlit as st

from metrics import ids_of
from pages.parts import cards, charts, headline
from pages.sections.patrol_sections import PAGE
from pages.selections.context import Context, headed
from pages.wording import words

YEAR = 12


def draw(context: Context) -> None:
    """Show what the force reports of its hotspots: their violence, their share of it, and of the area."""
    level = "lpa" if context.selection.lpa else "force"
    within = (("lpa", context.selection.lpa),) if context.selection.lpa else ()
    reported = ids_of(page=PAGE, subject="Hotspots")
    rows = context.ask(*reported, level=level, within=within, months=charts.MONTHS)
    st.markdown("## Hotspots' part in violence", anchors=False)
    cards.row(context, rows, reported, key="tgp_reported", compared=context.ask_compared(*reported))
    headline.caption(f"{_years(headed(rows, reported[0]))}All hotspots of the area, whichever is chosen above.")


def _years(rows: pl.DataFrame) -> str:
    """Write the twelve months beside the twelve before, where both are known."""
    sums = rows.sort("month")["rolling_12_months"].to_list()
    if len(sums) <= YEAR or None in (sums[-1], sums[-1 - YEAR]):
        return ""
    now, before = (words.number(sums[step], "count") for step in (-1, -1 - YEAR))
    return (
        f"Violence with injury and robbery in their hotspots: {now} in twelve months, {before} in the twelve before. "
    )
