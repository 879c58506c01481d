"""All that is new in a month, behind one line each: what is new, and what stands from earlier months."""

from collections.abc import Sequence
from html import escape
from typing import Any

import polars as pl
import streamlit as st

from metrics.news import News
from pages.parts import drawing, tables
from pages.selections import links
from pages.selections.context import Context
from pages.wording import figures, sentences, words

MOST_LISTED = 20
Row = dict[str, Any]


def draw(context: Context, told: News) -> None:
    """Offer what is new and what still stands; draws nothing where no figure could be judged."""
    if not told.looked_at:
        return
    when = f"in {words.month(context.selection.month)}" if context.selection.spans else "this month"
    with st.container(horizontal=True, gap="small", key="npd_news"):
        _offer(context, told.shifts, f"lasting {{}} found {when}", "news_shifts", ("shift", "shifts"))
        _offer(context, told.spikes, f"{{}} out of the ordinary {when}", "news_spikes", ("figure", "figures"))
        _offer(context, told.standing, "lasting {} of earlier months", "news_standing", ("shift", "shifts"))
        if not told.new.is_empty():
            tables.twin(context, told.new, key="news_table", title=f"Everything new {when}")


def _offer(context: Context, rows: pl.DataFrame, said: str, key: str, things: Sequence[str]) -> None:
    if rows.is_empty():
        return
    with st.popover(f"{rows.height} {said.format(things[rows.height != 1])}", type="tertiary", key=key):
        items = "".join(item(context, row) for row in rows.head(MOST_LISTED).to_dicts())
        st.html(f'<ul class="npd-news">{items}</ul>')
        if rows.height > MOST_LISTED:
            st.caption(f"The {MOST_LISTED} strongest of {rows.height}.")


def item(context: Context, row: Row) -> str:
    """Write a signal as an item of a list: its mark and word, area and indicator as a link, n, and what it says."""
    indicator = context.indicator(row["indicator_id"])
    mark = figures.mark(indicator, row)
    name = escape(f"{row['area_name']}: {sentences.name(indicator, row['category'])}")
    to = links.figure(context, row)
    made_of = figures.n(indicator, row)
    return (
        f"<li>{drawing.mark_html(mark)}<span><strong>{mark.word}</strong> · {links.link(to, name)}. "
        f"{escape(sentences.sentence(indicator, row))}{f' ({escape(made_of)})' if made_of else ''}</span></li>"
    )
