"""Overview: the area on one screen: the story, where, three things to ask about, the headline figures, the way in."""

from datetime import UTC, datetime

import polars as pl
import streamlit as st

from data_access.answers.overview import changed
from metrics import headlines, indicators_of
from metrics.news import REAL, News, tally, to_ask
from pages import briefing
from pages.parts import asks, cards, charts, downloads, explanations, headline, matrix, outlines
from pages.sections import news_list
from pages.selections.context import Context
from pages.wording import plain, sentences, words

TITLE = "Overview"
MOST_ASKED, MOST_COLUMNS = 3, 12
_TOO_FEW = "Fewer than 12 months to judge against: no change can be called real yet."
_IS_NEW = pl.col("signal").is_not_null()


def render(context: Context) -> None:
    """Draw the page: the story, map and questions, a strip of cards, the areas side by side, and all the news."""
    selected = context.selection
    below = selected.below or selected.level
    told = changed(context.reader, selected.month, dict.fromkeys((selected.level, below)), context.within)
    asked = to_ask(told, {one.id: one.better for one in indicators_of()}, MOST_ASKED)
    ids = tuple(one.id for one in headlines())
    own = context.ask(*ids, months=charts.MONTHS)
    parts = context.ask(*ids, level=below, months=matrix.MONTHS)
    _title(context, told, asked)
    _where_and_what(context, told, asked, below)
    cards.strip(context, own, ids, key="overview", compared=context.ask_compared(*ids))
    matrix.draw(context, own, _few(parts), {"": headlines()}, caption=f"Headline figures by {words.level(below)}")
    matrix.legend()
    explanations.waiting(context)
    news_list.draw(context, told)
    _briefing(context)


def _title(context: Context, told: News, asked: pl.DataFrame) -> None:
    """Tell the strongest of what is new and how much more there is; or that nothing is, or can be judged yet."""
    month, place = words.month(context.selection.month), context.place
    if not told.looked_at:
        st.markdown(f"# {plain.markdown(place)}: too few months for a verdict", anchors=False)
        headline.caption(f"{month}. {_TOO_FEW}")
        return
    new = pl.concat([told.shifts, told.spikes])
    first = next(iter([*asked.filter(_IS_NEW).to_dicts(), *new.head(1).to_dicts()]), None)
    said = f"Nothing new in {place}"
    if first is not None:
        said = sentences.story(context.indicator(first["indicator_id"]), first, new.height)
    st.markdown(f"# {plain.markdown(said)}", anchors=False)
    counts = {verdict: count for verdict, count in tally(new).items() if count and verdict in REAL}
    counted = ", ".join(f"{count} {verdict}{'s' if count > 1 else ''}" for verdict, count in counts.items())
    headline.caption(
        f"{plain.markdown(place)} · {month} · new: {counted or 'nothing'}, of {told.looked_at:,} figures looked at. "
        "LPA: local policing area."
    )


def _where_and_what(context: Context, told: News, asked: pl.DataFrame, below: str) -> None:
    """Draw the map of the first thing to ask about there, with what needs asking ringed; beside it what to ask."""
    there = asked.filter(area_level=below)
    lead = {"indicator_id": headlines()[0].id, "category": None}
    first = next(iter(there.to_dicts()), lead)
    left, right = st.columns([5, 7], gap="medium")
    with left:
        shown = context.ask(first["indicator_id"], level=below).filter(pl.col("category").eq_missing(first["category"]))
        name = words.capital(sentences.name(context.indicator(first["indicator_id"]), first["category"]))
        outlines.draw(context, shown, set(there["area_code"]), title=f"{name} by {words.level(below)}")
    with right:
        title = sentences.asked_title(asked.height, asked.filter(_IS_NEW).height)
        st.markdown(f"### {title}", anchors=False)
        if asked.height:
            asks.draw(context, asked)
        else:
            st.info(_TOO_FEW if not told.looked_at else "Nothing new, and nothing that stands, is on the worse side.")


def _few(parts: pl.DataFrame) -> pl.DataFrame:
    """Keep at most MOST_COLUMNS areas to stand side by side, in the order of their names."""
    names = parts.select("area_code", "area_name").unique().sort("area_name").head(MOST_COLUMNS)
    return parts.filter(pl.col("area_code").is_in(names["area_code"].to_list()))


def _briefing(context: Context) -> None:
    """Offer the month of the selected area as one page to print; written only when asked for."""
    selected = context.selection
    area = briefing.Area(level=selected.level, code=selected.code, name=context.place)
    downloads.offer(
        context,
        "Briefing to print",
        lambda: _written(context, area),
        name=briefing.file_name(area, selected.month),
        entry=f"data version {context.reader.version.number}",
        mime="text/html",
        key="overview_briefing",
        type="tertiary",
        help="One page with figures, charts and definitions: works offline, prints to A4. Entered in the audit trail.",
    )


def _written(context: Context, area: briefing.Area) -> bytes:
    material = briefing.gather(context.reader, area, context.selection.month)
    return briefing.write(material, datetime.now(UTC)).encode()
