"""What losing neighbourhood posts would do, on the Workforce page."""

import polars as pl
import streamlit as st

from data_access.answers.what_if import posts_lost
from data_access.answers.where import Where
from pages.parts import headline, tables
from pages.selections import choices
from pages.selections.context import Context
from pages.wording import plain, what_if

MOST, STEP = 50, 1  # posts
_RANGES = {
    "hours_lost": ("Duty hours lost a month", "h"),
    "left": ("Left for neighbourhoods a month", "h"),
    "left_after": ("Left after", "h"),
    "rate": ("Abstraction rate", "%"),
    "rate_after": ("Rate after", "%"),
}


def draw(context: Context, where: Where) -> None:
    """Offer posts to lose in each area; say what is left of the one shown, or of each in a table of ranges."""
    st.markdown("### What if each lost neighbourhood posts?", anchors=False)
    posts = choices.amount("posts_lost", "Posts fewer, FTE", most=MOST, step=STEP, default=0)
    if not posts:
        headline.caption("Choose how many posts fewer: what is left is shown as a range, with what is assumed.")
        return
    rows = posts_lost(context.reader, where, float(posts))
    if rows.is_empty():
        st.info(f"No area shown had more than {posts} neighbourhood posts in each month known.")
        return
    if rows.height == 1:
        st.markdown(plain.markdown(what_if.posts_lost(rows.row(0, named=True), posts)))
    headline.caption(f"{what_if.OF_POSTS} Areas that had {posts} posts or fewer are left out.")
    ranges = {
        name: pl.Series(
            [what_if.span(row[f"{name}_low"], row[f"{name}_high"], unit) for row in rows.to_dicts()], dtype=pl.String
        )
        for name, (_, unit) in _RANGES.items()
    }
    columns = {"area_name": "Area", "months": "Months known", **{name: said for name, (said, _) in _RANGES.items()}}
    shown = rows.select("area_name", "months", **ranges)
    tables.rows(context, shown, key="wrk_what_if", title=f"With {posts} posts fewer", columns=columns)
