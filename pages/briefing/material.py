"""What a briefing says: every figure of it asked for once, as the viewer's scope allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from data_access.answers.answer import Question, answer
from data_access.answers.overview import changed
from data_access.answers.reader import Reader
from data_access.store import DataVersion
from metrics import headlines
from metrics.levels import AREA_LEVELS, AreaLevel, Level, add_months
from metrics.news import strongest
from metrics.parameters import Parameters
from pages.wording.sentences import SPARK_MONTHS

MOST_NEWS, AREAS_EACH = 8, 2
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
    LPAs. `news` and `news_inside` hold what really changed, concerns first. `provisional`: the data ends before
    the month does.
    """

    area: Area
    month: date
    force_name: str
    own: pl.DataFrame
    inside: pl.DataFrame
    totals: pl.DataFrame
    news: pl.DataFrame
    news_inside: pl.DataFrame
    version: DataVersion
    provisional: bool
    parameters: Parameters


def gather(reader: Reader, area: Area, month: date) -> Material:
    """Ask for everything that the briefing of `month` (its first day) says.

    The viewer's scope limits the areas: of one beyond it there are no figures, but totals of an LPA.
    """
    news = changed(reader, month, area.level, area.within)
    return Material(
        area=area,
        month=month,
        force_name=reader.settings.force.name,
        own=_ask(reader, area.level, month, area.within, months=SPARK_MONTHS),
        inside=_ask(reader, area.below, month, area.within) if area.below else news.clear(),
        totals=pl.concat([_ask(reader, level, month, ()) for level in AREA_LEVELS[:2]]),
        news=news.head(MOST_NEWS),
        news_inside=_inside(reader, area, month),
        version=reader.version,
        provisional=_ends_before(reader, month),
        parameters=reader.settings.parameters,
    )


def _ask(reader: Reader, level: Level, month: date, within: Within, months: int = 1) -> pl.DataFrame:
    since = add_months(month, 1 - months)
    ids = tuple(one.id for one in headlines())
    return answer(reader, Question(indicators=ids, level=level, since=since, until=month, within=within))


def _inside(reader: Reader, area: Area, month: date) -> pl.DataFrame:
    below: Sequence[AreaLevel] = (area.below,) if area.below else ()
    news = [changed(reader, month, level, area.within) for level in below]
    return strongest(news[0], most=MOST_NEWS, each=AREAS_EACH) if news else pl.DataFrame()


def _ends_before(reader: Reader, month: date) -> bool:
    """Tell whether the newest event of any feed lies before the month's last day."""
    newest = reader.freshness()["newest_event"].max()
    return newest is not None and newest.date() < add_months(month, 1) - timedelta(days=1)
