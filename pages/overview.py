"""Overview: the area on one screen: the story, where, three things to ask about, the headline figures, the way in."""

import polars as pl

from data_access.answers.overview import changed
from metrics import headlines, indicators_of
from metrics.news import to_ask
from pages.parts import cards, charts, explanations, matrix
from pages.sections import news_list, overview_briefing, overview_story
from pages.selections.context import Context
from pages.wording import words

TITLE = "Overview"
MOST_ASKED, MOST_COLUMNS = 3, 12


def render(context: Context) -> None:
    """Draw the page: the story, map and questions, a strip of cards, the areas side by side, and all the news."""
    selected = context.selection
    below = selected.below or selected.level
    told = changed(context.reader, selected.month, dict.fromkeys((selected.level, below)), context.within)
    asked = to_ask(told, {one.id: one.better for one in indicators_of()}, MOST_ASKED)
    ids = tuple(one.id for one in headlines())
    own = context.ask(*ids, months=charts.MONTHS)
    parts = context.ask(*ids, level=below, months=matrix.MONTHS)
    overview_story.story(context, told, asked)
    overview_story.questions(context, told, asked, below)
    cards.strip(context, own, ids, key="overview", compared=context.ask_compared(*ids))
    matrix.draw(context, own, _few(parts), {"": headlines()}, caption=f"Headline figures by {words.level(below)}")
    matrix.legend()
    explanations.waiting(context)
    news_list.draw(context, told)
    overview_briefing.offer(context)


def _few(parts: pl.DataFrame) -> pl.DataFrame:
    """Keep at most MOST_COLUMNS areas to stand side by side, in the order of their names."""
    names = parts.select("area_code", "area_name").unique().sort("area_name").head(MOST_COLUMNS)
    return parts.filter(pl.col("area_code").is_in(names["area_code"].to_list()))
