"""Explore: any indicators, of any areas, broken down by what their rows have: a chart, a table, a sentence, a file."""

import polars as pl
import streamlit as st

from metrics.indicator import Indicator
from pages.parts import headline
from pages.sections import explore_charts, explore_choice, explore_table
from pages.sections.explore_choice import Asked
from pages.selections.context import Context
from pages.wording import breakdowns, explored, plain, sentences, words

TITLE = "Explore"


def render(context: Context) -> None:
    """Draw the page: the finding, what is asked, the charts, the table with its downloads."""
    finding = headline.room("_explore")
    asked = explore_choice.choose(context)
    if asked is None:
        with finding:
            st.markdown("# Explore: choose what can be shown", anchors=False)
        return
    rows, beside = explore_choice.rows(context, asked)
    subject = _subject(context, asked)
    with finding:
        st.markdown(f"# {plain.markdown(_finding(asked, rows, subject))}", anchors=False)
        headline.caption(plain.markdown(_caption(context, asked)) + headline.provisional(context))
    if rows["value"].drop_nulls().is_empty():
        st.info("No figure for this choice: the table says why. Choose another month, area or indicator.")
    explore_charts.draw(context, asked, rows)
    explore_table.draw(context, asked, rows, beside, _table_title(context, asked))


def _finding(asked: Asked, rows: pl.DataFrame, subject: str) -> str:
    """Write the finding: of a breakdown the highest part, else how many of the figures really changed."""
    if asked.by:
        single = len(asked.indicators) == 1 and rows["area_code"].n_unique() == 1
        told = explore_table.in_order(asked, rows).to_dicts() if single else []
        named = [(", ".join(breakdowns.value(name, row[name]) for name in asked.by), row) for row in told]
        return explored.highest(subject, asked.indicators[0], named) if single else subject
    newest = rows.filter(pl.col("month") == rows["month"].max()).to_dicts() if rows.height else []
    if len(newest) == 1:
        return headline.sentence(words.capital(_named(asked.indicators[0])), newest[0]["area_name"], newest[0], [])
    return explored.changed(subject, newest)


def _subject(context: Context, asked: Asked) -> str:
    """Name what is asked: 'ASB incidents by weekday', '3 indicators by LPA'."""
    number = len(asked.indicators)
    name = words.capital(_named(asked.indicators[0])) if number == 1 else f"{number} indicators"
    level = [words.level(asked.level)] if asked.level else []
    sides = [*(breakdowns.COLUMNS[one] for one in asked.by), *level]
    return f"{name} by {' and '.join(sides)}" if sides else f"{name}, {context.place}"


def _caption(context: Context, asked: Asked) -> str:
    """Say what is shown in full: the indicators, whose they are, of when, beside what."""
    measured = "; ".join(_measured(one) for one in asked.indicators)
    whose = f"each {words.level(asked.level)} of {context.place}" if asked.level else context.place
    when = f"month by month to {words.month(context.selection.month)}" if asked.months else context.when()
    judged = " · judged by its months" if context.selection.spans and not asked.by else ""
    against = f" · against {context.compared_name}" if context.compared or not asked.by else ""
    return f"{measured} · {whose} · {when}{judged}{against}"


def _measured(indicator: Indicator) -> str:
    return f"{words.capital(_named(indicator))} ({words.unit_of(indicator)})"


def _named(indicator: Indicator) -> str:
    return sentences.name(indicator, None)


def _table_title(context: Context, asked: Asked) -> str:
    subject = _subject(context, asked)
    return f"{subject}, month by month" if asked.months else f"{subject}, {context.when()}"
