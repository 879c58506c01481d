"""Any figure: one indicator in one area and month: its trend, the areas in it, its definition, its rows."""

import streamlit as st

from metrics import headlines, indicators_of, named
from pages.parts import cards, charts, headline, method, tables
from pages.sections import figure_rows
from pages.selections import choices, links
from pages.selections.context import Context, headed
from pages.wording import sentences, words

TITLE = "Any figure"


def render(context: Context) -> None:
    """Draw the page: the finding, the choice of an indicator, its card, its trend, where, its definition, its rows."""
    finding = headline.room()
    chosen = _chosen(context)
    indicator = context.indicator(chosen)
    selected = context.selection
    months = context.ask(indicator.id, months=charts.MONTHS)
    category = named(chosen)[1] or next(iter(months["category"]), None)
    chosen = f"{indicator.id}:{category}" if category else indicator.id
    own = headed(months, chosen)
    level = selected.below if selected.below in indicator.levels else None
    parts = headed(context.ask(indicator.id, level=level), chosen) if level else own
    name = words.capital(sentences.name(indicator, category))
    with finding:
        headline.title(context, name, own, parts)
    left, right = st.columns([1, 3], gap="medium")
    with left:
        cards.row(context, own, (chosen,), key="figure", compared=context.ask_compared(indicator.id))
        to = links.address(indicator.page, indicator="")
        st.html(f'<p class="npd-more">{links.link(to, f"More about it: {indicator.subject}")}</p>')
        asked = links.address(links.EXPLORE, indicator="", explore=indicator.id)
        st.html(f'<p class="npd-more">{links.link(asked, "Explore it: other areas, parts and figures")}</p>')
    with right:
        charts.trend(context, own, key="figure_trend", title=f"{name} by month, {context.place}")
    if level:
        charts.ranked(context, parts, key="figure_where", title=f"{name} by {words.level(level)}")
        tables.figures(context, parts, key="figure_table", title=f"{name}, every {words.level(level)}")
    with st.expander("How it is defined"):
        st.markdown(method.definition(indicator))
    figure_rows.draw(context, indicator, chosen)


def _chosen(context: Context) -> str:
    """Offer every indicator to choose from, and the category of a mix that the address names."""
    offered = {one.id: f"{words.capital(one.name)} ({one.id})" for one in indicators_of()}
    given = st.query_params.get("indicator", "")
    own, category = named(given)
    if category and own in offered:
        offered[given] = words.capital(sentences.name(context.indicator(own), category))
    return choices.choose("indicator", "Indicator", offered, default=headlines()[0].id) or headlines()[0].id
