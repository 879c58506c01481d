"""What moving hours would do, on the Need page: need against hours, and every neighbourhood."""

import polars as pl
import streamlit as st

from data_access.answers.need import needs
from metrics.difference import of_other_areas
from pages.parts import plots, tables
from pages.selections import choices
from pages.selections.context import Context
from pages.wording import findings, plain

NAMED = 3  # worst-served neighbourhoods that carry their name in the scatter
_COLUMNS = {
    name: st.column_config.NumberColumn(label, format="%.1f")
    for name, label in {
        "need": "Need, 0 to 100",
        "hours": "Visible, h",
        "fair_hours": "Fair share by need, h",
        "gap_hours": "Over (+) or under (−), h",
        "moved_hours": "Moved, h",
        "gap_after": "After the move, h",
    }.items()
} | {"area_name": "Neighbourhood", "need_type": "Type"}
_SHOWN = ("area_name", "need_type", *(name for name in _COLUMNS if name not in ("area_name", "need_type")))


def draw(context: Context, worst: pl.DataFrame) -> None:
    """Ask how many hours to move; draw need against hours, what the move would do, and the table."""
    label = "Hours to move from the over-served to the worst-served"
    amount = choices.amount("need_move", label, most=500, step=25, default=100)
    asked = (context.reader, context.selection.month, float(amount))
    moved = needs(*asked, context.within).sort("gap_hours")
    drawn, beside = moved, context.within_compared
    if beside is not None:
        drawn = pl.concat([moved, of_other_areas(needs(*asked, beside), moved)], how="diagonal_relaxed")
    plots.scatter(
        context,
        drawn,
        key="need_scatter",
        title="Visible hours against need: below the line, less than the fair share",
        across="need",
        up="hours",
        across_title="need index, 0 to 100",
        up_title="visible hours",
        named=worst["area_name"].head(NAMED).to_list(),
        expected=("fair_hours", "fair share of hours by need"),
        sides=context.sides(moved, drawn),
    )
    st.markdown(plain.markdown(findings.lifted(context.place, moved.drop_nulls("gap_hours").to_dicts(), amount)))
    tables.rows(
        context,
        moved.select(*_SHOWN, "area_level", "area_code"),
        key="need_table",
        title="Every neighbourhood, the worst served first",
        columns={**_COLUMNS, "area_level": None, "area_code": None},
        height=480,
        drill=True,
    )
