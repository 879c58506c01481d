"""The sections that open the Overview: what is new, and on a map and in words what to ask about."""

import polars as pl
import streamlit as st

from metrics import headlines
from metrics.news import News, tally
from pages.parts import asks, headline, outlines
from pages.selections import links
from pages.selections.context import Context
from pages.wording import plain, sentences, words

_IS_NEW = pl.col("signal").is_not_null()


def story(context: Context, told: News, asked: pl.DataFrame) -> None:
    """Tell the strongest of what is new and how much more there is; or that nothing is, or can be judged yet."""
    month, place = words.month(context.selection.month), context.place
    if context.selection.spans:
        month = f"Figures of {context.when()}, what is new of {month}{headline.provisional(context)}"
    if not told.looked_at:
        st.markdown(f"# {plain.markdown(place)}: too few months for a verdict", anchors=False)
        headline.caption(f"{month}. {sentences.TOO_FEW}")
        return
    first = next(iter([*asked.filter(_IS_NEW).to_dicts(), *told.new.head(1).to_dicts()]), None)
    said = f"Nothing new in {place}"
    if first is not None:
        said = sentences.story(context.indicator(first["indicator_id"]), first, told.new.height)
    st.markdown(f"# {links.named(context, said, [first] if first else [])}", anchors=False)
    counted = sentences.new_of(tally(told.new), told.looked_at)
    headline.caption(f"{plain.markdown(place)} · {month} · {counted} LPA: local policing area.")


def questions(context: Context, told: News, asked: pl.DataFrame, below: str) -> None:
    """Draw the map of the first thing to ask about there, with what needs asking ringed; beside it what to ask."""
    there = asked.filter(area_level=below)
    lead = {"indicator_id": headlines()[0].id, "category": None}
    first = next(iter(there.to_dicts()), lead)
    left, right = st.columns([5, 7], gap="medium")
    with left.container(key="npd_outline"):
        shown = context.ask(first["indicator_id"], level=below).filter(pl.col("category").eq_missing(first["category"]))
        name = words.capital(sentences.name(context.indicator(first["indicator_id"]), first["category"]))
        title = context.dated(f"{name} by {words.level(below)}")
        outlines.draw(context, shown, set(there["area_code"]), title=title)
    with right.container(key="npd_asks"):
        title = sentences.asked_title(asked.height, asked.filter(_IS_NEW).height)
        if context.selection.spans:
            title = f"{title} ({words.month(context.selection.month)})"
        st.markdown(f"### {title}", anchors=False)
        if asked.height:
            asks.draw(context, asked)
        else:
            nothing = "Nothing new, and nothing that stands, is on the worse side."
            st.info(nothing if told.looked_at else sentences.TOO_FEW)
