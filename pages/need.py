"""Need: a transparent index of neighbourhood need beside visible hours: who is under-served, what moving hours does."""

import polars as pl
import streamlit as st

from data_access.answers.need import needs
from metrics.need import TYPES
from pages.parts import headline, plots, tables
from pages.selections.context import Context
from pages.wording import plain, words

TITLE = "Need"
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


def render(context: Context) -> None:
    """Draw the page: the finding, the recipe, need against hours, what moving hours would do, the table."""
    month = context.selection.month
    own = needs(context.reader, month, within=context.within)
    if own.is_empty() or own["need"].null_count() == own.height:
        st.markdown("# No need index yet", anchors=False)
        st.info(
            "The index needs twelve months of each part of the recipe in config.toml: load more months, or choose a "
            "later one."
        )
        return
    worst = own.sort("gap_hours").drop_nulls("gap_hours")
    first = worst.row(0, named=True)
    st.markdown(f"# {plain.markdown(first['area_name'])} gets least for its need", anchors=False)
    headline.caption(
        f"Neighbourhoods of {plain.markdown(context.place)}: visible hours of {words.month(month)} against need in the "
        "twelve months to it. Need and fair share are among all neighbourhoods you may see: all visible hours, shared "
        "out by need. An aid to planning, not a target."
    )
    st.caption(_recipe(context))
    amount = st.slider("Hours to move from the over-served to the worst-served", 0, 500, 100, 25, key="need_move")
    moved = needs(context.reader, month, float(amount), context.within).sort("gap_hours")
    plots.scatter(
        context,
        moved,
        key="need_scatter",
        title="Visible hours against need: below the line, less than the fair share",
        across="need",
        up="hours",
        across_title="need index, 0 to 100",
        up_title="visible hours",
        named=worst["area_name"].head(NAMED).to_list(),
        expected=("fair_hours", "fair share of hours by need"),
    )
    st.markdown(plain.markdown(_moved(context, moved, amount)))
    tables.rows(
        context,
        moved.select(*_SHOWN, "area_level", "area_code"),
        key="need_table",
        title="Every neighbourhood, the worst served first",
        columns={**_COLUMNS, "area_level": None, "area_code": None},
        height=480,
        drill=True,
    )


def _recipe(context: Context) -> str:
    recipe = context.reader.settings.need.parts
    parts = "; ".join(f"{plain.markdown(part.words or part.indicator)}, weight {part.weight:g}" for part in recipe)
    return (
        f"**Recipe** (config.toml): {parts}. Each part ranks the neighbourhoods from 0 (least) to 1; the weighted "
        f"ranks are added. {TYPES} types: fifths of the index."
    )


def _moved(context: Context, moved: pl.DataFrame, amount: int) -> str:
    """Say what the move would do to the worst-served of the selected area."""
    lifted = moved.filter(pl.col("moved_hours") > 0)
    if not amount:
        return "Nothing moved."
    if lifted.is_empty():
        return f"Moving {amount} h would lift no neighbourhood of {context.place}: others are worse served."
    first = lifted.row(0, named=True)
    before, after = (words.change(first[name], "h") for name in ("gap_hours", "gap_after"))
    return (
        f"Moving {amount} h would lift {len(lifted)} of {len(moved)} neighbourhoods of {context.place}. "
        f"{first['area_name']}, the worst served, would go from {before} to {after} against its fair share."
    )
