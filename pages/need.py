"""Need: a transparent index of neighbourhood need beside visible hours: who is under-served, what moving hours does."""

import streamlit as st

from data_access.answers.need import needs
from metrics.need import TYPES
from pages.parts import headline
from pages.sections import need_moved, need_what_if
from pages.selections import links
from pages.selections.context import Context
from pages.wording import findings, plain, words

TITLE = "Need"


def render(context: Context) -> None:
    """Draw the page: the finding, the recipe, need against hours, what moving hours would do, to all and to two."""
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
    rows = worst.to_dicts()
    st.markdown(f"# {links.named(context, findings.least_served(context.place, rows), rows)}", anchors=False)
    headline.caption(
        f"Neighbourhoods of {plain.markdown(context.place)}: visible hours of {words.month(month)} against need in the "
        "twelve months to it. Need and fair share are among all neighbourhoods you may see: all visible hours, shared "
        "out by need. An aid to planning, not a target."
    )
    st.caption(_recipe(context))
    headline.of_month(context)
    need_moved.draw(context, worst)
    need_what_if.draw(context, own)


def _recipe(context: Context) -> str:
    recipe = context.reader.settings.need.parts
    parts = "; ".join(f"{plain.markdown(part.words or part.indicator)}, weight {part.weight:g}" for part in recipe)
    return (
        f"**Recipe** (config.toml): {parts}. Each part ranks the neighbourhoods from 0 (least) to 1; the weighted "
        f"ranks are added. {TYPES} types: fifths of the index."
    )
