"""Overview: the area on one screen: the headline figures, what really changed this month, where, and the way in."""

from datetime import UTC, datetime
from html import escape
from typing import Any

import polars as pl
import streamlit as st

from data_access.answers.overview import changed
from metrics import headlines
from metrics.news import News, strongest, tally
from pages import briefing
from pages.parts import cards, charts, downloads, drawing, explanations, headline, matrix, tables
from pages.selections.context import Context
from pages.wording import plain, sentences, words

TITLE = "Overview"
MOST_NEWS, AREAS_EACH, MOST_STANDING = 8, 2, 20
_TOO_FEW = "Fewer than 12 months to judge against: no change can be called real yet."


def render(context: Context) -> None:
    """Draw the page: the finding, five cards, the news, the areas below side by side, every real change."""
    selected = context.selection
    below = selected.below or selected.level
    told = changed(context.reader, selected.month, dict.fromkeys((selected.level, below)), context.within)
    asked = headlines()
    ids = tuple(one.id for one in asked)
    own = context.ask(*ids, months=charts.MONTHS)
    _title(context, told)
    _briefing(context)
    explanations.waiting(context)
    cards.row(context, own, ids, key="overview", compared=context.ask_compared(*ids))
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("### Lasting shifts, found this month", anchors=False)
        _news(context, told.shifts, "No series shifted for good, as far as this month can tell.", told.looked_at)
    with right:
        st.markdown("### Out of the ordinary this month", anchors=False)
        _news(context, told.spikes, "Every figure is within what such a month usually brings.", told.looked_at)
    _standing(context, told)
    st.markdown(f"### Where: headline figures by {words.level(below)}", anchors=False)
    matrix.legend()
    matrix.draw(context, own, _few(context.ask(*ids, level=below)), asked, caption="Headline figures by area")
    every = pl.concat([told.shifts, told.spikes])
    if not every.is_empty():
        tables.twin(context, every, key="overview_news", title="Everything new this month")


def _title(context: Context, told: News) -> None:
    """Say how much is new, of how many figures looked at, or, early in the data, that nothing can be judged yet."""
    if not told.looked_at:
        st.markdown(f"# {plain.markdown(context.place)}: too few months for a verdict", anchors=False)
        headline.caption(f"{words.month(context.selection.month)}. {_TOO_FEW}")
        return
    counted = tally(pl.concat([told.shifts, told.spikes]))
    st.markdown(f"# {plain.markdown(sentences.news_title(context.place, counted))}", anchors=False)
    headline.caption(
        f"New signals, of {told.looked_at:,} figures looked at · {words.month(context.selection.month)}. "
        "LPA: local policing area."
    )


def _standing(context: Context, told: News) -> None:
    """Say quietly what was news in an earlier month and still stands."""
    if told.standing.is_empty():
        return
    count = told.standing.height
    earlier = f"{count} lasting {'shift' if count == 1 else 'shifts'} found in earlier months still "
    with st.popover(f"{earlier}{'stands' if count == 1 else 'stand'}", type="tertiary", key="overview_standing"):
        items = "".join(_item(context, row) for row in told.standing.head(MOST_STANDING).to_dicts())
        st.html(f'<ul class="npd-news">{items}</ul>')
        if count > MOST_STANDING:
            st.caption(f"The {MOST_STANDING} strongest of {count}.")


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


def _news(context: Context, rows: pl.DataFrame, nothing: str, looked_at: int) -> None:
    """List signals in plain sentences, the strongest first; each leads to the page that tells more."""
    if not looked_at:
        st.info(_TOO_FEW)
        return
    if rows.is_empty():
        st.success(nothing)
        return
    listed = strongest(rows, most=MOST_NEWS, each=AREAS_EACH)
    st.html(f'<ul class="npd-news">{"".join(_item(context, row) for row in listed.to_dicts())}</ul>')
    if listed.height < rows.height:
        st.caption(f"{listed.height} of {rows.height}, at most {AREAS_EACH} of one indicator; the table has all.")


def _item(context: Context, row: dict[str, Any]) -> str:
    indicator = context.indicator(row["indicator_id"])
    mark = words.mark(row["verdict"])
    name = sentences.name(indicator, row["category"])
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
