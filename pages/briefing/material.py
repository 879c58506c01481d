"""What a briefing says: every figure of it asked for once, as the viewer's scope allows."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from data_access.answers.answer import Question, answer
from data_access.answers.explanations import explained
from data_access.answers.freshness import provisional_month
from data_access.answers.overview import changed
from data_access.answers.reader import Reader
from data_access.store import DataVersion
from metrics import headlines
from metrics.levels import AREA_LEVELS, AreaLevel, Level, add_months
from metrics.news import News
from metrics.parameters import Parameters
from pages.wording.sentences import SPARK_MONTHS

Within = tuple[tuple[Level, str], ...]


@dataclass(frozen=True, kw_only=True)
class Area:
    """The area that a briefing is about."""

    level: AreaLevel
    code: str
    name: str

    @property
    def within(self) -> Within:
        """The area as a question's `within`; nothing for the force."""
        return () if self.level == "force" else ((self.level, self.code),)

    @property
    def below(self) -> AreaLevel | None:
        """The next finer level; None under a neighbourhood."""
        step = AREA_LEVELS.index(self.level) + 1
        return AREA_LEVELS[step] if step < len(AREA_LEVELS) else None


@dataclass(frozen=True, kw_only=True, eq=False)
class Material:
    """The frames are answers (metrics.compare's columns) about the headlines, or about any indicator in the news.

    `own` has 25 months of the area; `inside` the month of the areas in it; `totals` the month of the force and its
    LPAs. `news` is the area's own, `news_inside` that of the areas in it (None: there are none); `said` holds the
    explanations of the area and month. `provisional`: the data ends before the month does.
    """

    area: Area
    month: date
    force_name: str
    own: pl.DataFrame
    inside: pl.DataFrame
    totals: pl.DataFrame
    news: News
    news_inside: News | None
    said: pl.DataFrame
    version: DataVersion
    provisional: bool
    parameters: Parameters


def gather(reader: Reader, area: Area, month: date) -> Material:
    """Ask for everything that the briefing of `month` (its first day) says.

    The viewer's scope limits the areas: of one beyond it there are no figures, but totals of an LPA.
    """
    own_news = changed(reader, month, (area.level,), area.within)
    inside = changed(reader, month, (area.below,), area.within) if area.below else None
    return Material(
        area=area,
        month=month,
        force_name=reader.settings.force.name,
        own=_ask(reader, area.level, month, area.within, months=SPARK_MONTHS),
        inside=_ask(reader, area.below, month, area.within) if area.below else own_news.spikes.clear(),
        totals=pl.concat([_ask(reader, level, month, ()) for level in AREA_LEVELS[:2]]),
        news=own_news,
        news_inside=inside,
        said=explained(reader).filter(month=month, area_level=area.level, area_code=area.code),
        version=reader.version,
        provisional=month == provisional_month(reader),
        parameters=reader.settings.parameters,
    )


def _ask(reader: Reader, level: Level, month: date, within: Within, months: int = 1) -> pl.DataFrame:
    since = add_months(month, 1 - months)
    ids = tuple(one.id for one in headlines())
    return answer(reader, Question(indicators=ids, level=level, since=since, until=month, within=within))
