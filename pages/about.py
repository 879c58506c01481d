"""About: how every figure is worked out, what every load brought, and how far the data can be trusted."""

import polars as pl
import streamlit as st

from data_access.answers import quality as answers_quality
from data_access.answers.freshness import late, newest_events
from metrics import DEFINITION_VERSION
from pages.parts import headline
from pages.sections import about_indicators, about_loads, about_quality, about_words, kept
from pages.selections.context import Context
from pages.wording import plain, words

TITLE = "About"


def render(context: Context) -> None:
    """Draw the page: how much there is, then definitions, verdicts, words, loads, quality, and who looked."""
    freshness = _freshness(context)
    late = freshness.filter("late").height
    aside = answers_quality.set_aside(context.reader)
    st.markdown(f"# {_finding(freshness.height, late, aside.height)}", anchors=False)
    headline.caption(
        f"Definitions: edition {DEFINITION_VERSION} · data version {context.reader.version.number}, loaded "
        f"{words.moment(context.reader.version.loaded_at)} by {plain.markdown(context.reader.version.loaded_by)}"
    )
    names = ["Indicators", "Verdicts and words", "Data quality", "Loads", "What is kept"]
    if answers_quality.may_read_trail(context.reader.scope):
        names.append("Audit trail")
    sections = (
        about_indicators.draw,
        about_words.draw,
        lambda it: about_quality.draw(it, freshness, aside),
        about_loads.loads,
        kept.draw,
        about_loads.trail,
    )
    drawn = dict(zip(names, sections, strict=False))
    chosen = st.segmented_control(
        "Section", names, default=names[0], required=True, key="about_section", label_visibility="collapsed"
    )
    drawn[chosen](context)


def _finding(feeds: int, late: int, rules: int) -> str:
    said = "none late" if not late else f"{late} late"
    return f"{feeds} feeds, {said}; {'no rows set aside' if not rules else 'some rows set aside'}"


def _freshness(context: Context) -> pl.DataFrame:
    """Give the feeds loaded, late ones marked as the data strip marks them."""
    behind = late(newest_events(context.reader))
    return context.reader.freshness().with_columns(late=pl.col("feed").is_in(list(behind)))
