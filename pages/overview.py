"""Overview: the area on one screen: the headline figures, what really changed this month, where, and the way in."""

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

import polars as pl
import streamlit as st

from data_access.answers.overview import changed
from metrics import headlines
from metrics.news import strongest, tally
from pages import briefing
from pages.parts import cards, charts, downloads, drawing, explanations, headline, matrix, tables
from pages.selections.context import Context
from pages.wording import plain, sentences, words

TITLE = "Overview"
MOST_NEWS, AREAS_EACH = 8, 2
_TOO_FEW = "Fewer than 12 months to judge against: no change can be called real yet."


def render(context: Context) -> None:
    """Draw the page: the finding, five cards, the news, the areas below side by side, every real change."""
    selected = context.selection
    own_news = changed(context.reader, selected.month, selected.level, context.within)
    below = selected.below or selected.level
    news = changed(context.reader, selected.month, below, context.within)
    shown = headlines()
    ids = [one.id for one in shown]
    own = context.ask(*ids, months=charts.MONTHS)
    judged = own.filter(pl.col("month") == selected.month)["verdict"].count() > 0
    _title(context, own_news, judged)
    _briefing(context)
    explanations.waiting(context)
    cards.row(context, own, ids, key="overview", compared=context.ask_compared(*ids))
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(f"### What really changed in {plain.markdown(context.place)}", anchors=False)
        _news(context, own_news.head(MOST_NEWS).to_dicts(), judged)
    with right:
        st.markdown(f"### And in its {words.level(below, many=True)}, concerns first", anchors=False)
        _news(context, strongest(news, most=MOST_NEWS, each=AREAS_EACH).to_dicts(), judged)
    st.markdown(f"### Where: headline figures by {words.level(below)}", anchors=False)
    matrix.legend()
    matrix.draw(context, own, _few(context.ask(*ids, level=below)), shown, caption="Headline figures by area")
    every = pl.concat([own_news, news])
    if not every.is_empty():
        tables.twin(context, every, key="overview_news", title="Every real change this month")


def _title(context: Context, news: pl.DataFrame, judged: bool) -> None:
    """Say how many real changes there are, or, early in the data, that no month can be judged yet."""
    if news.is_empty() and not judged:
        st.markdown(f"# {plain.markdown(context.place)}: too few months for a verdict", anchors=False)
        headline.caption(f"{words.month(context.selection.month)}. {_TOO_FEW}")
        return
    st.markdown(f"# {plain.markdown(sentences.news_title(context.place, tally(news)))}", anchors=False)
    headline.caption(
        f"Figures outside what month-to-month chance explains · {words.month(context.selection.month)}. "
        "LPA: local policing area. What is not listed did not really change."
    )


def _briefing(context: Context) -> None:
    """Offer the same as one page to print; written only when asked for."""
    selected = context.selection
    area = briefing.Area(level=selected.level, code=selected.code, name=context.place)
    version = context.reader.version.number
    downloads.offer(
        context,
        "Briefing to print",
        lambda: _written(context, area),
        name=briefing.file_name(area, selected.month),
        entry=f"data version {version}",
        mime="text/html",
        key="overview_briefing",
        type="tertiary",
        help="One page with figures, charts and definitions: works offline, prints to A4. Entered in the audit trail.",
    )


def _written(context: Context, area: briefing.Area) -> bytes:
    material = briefing.gather(context.reader, area, context.selection.month)
    return briefing.write(material, datetime.now(UTC)).encode()


def _news(context: Context, rows: Sequence[dict[str, Any]], judged: bool) -> None:
    """List changes in plain sentences; each leads to the page that tells more."""
    if not rows and not judged:
        st.info(_TOO_FEW)
        return
    if not rows:
        st.success("Nothing: every figure is within what month-to-month chance explains.")
        return
    st.html(f'<ul class="npd-news">{"".join(_item(context, row) for row in rows)}</ul>')


def _item(context: Context, row: dict[str, Any]) -> str:
    indicator = context.indicator(row["indicator_id"])
    mark = words.mark(row["verdict"])
    name = sentences.name(indicator, row["indicator_id"])
    link = f'<a href="{escape(matrix.address(context, indicator.page))}" target="_self">{escape(name)}</a>'
    here = row["area_code"] == context.selection.code
    where = "" if here else f"{escape(row['area_name'])}: "
    return (
        f"<li>{drawing.mark_html(mark)}<span><strong>{mark.word}</strong> · {where}{link}. "
        f"{escape(sentences.sentence(indicator, row))}</span></li>"
    )


def _few(parts: pl.DataFrame) -> pl.DataFrame:
    """Leave at most twelve areas to stand side by side: those with the most real changes are in the news above."""
    names = parts.select("area_code", "area_name").unique().sort("area_name").head(12)
    return parts.filter(pl.col("area_code").is_in(names["area_code"].to_list()))
