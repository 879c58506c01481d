"""What pages and exports ask, and the question that the cache knows it by."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import product

from data_access.answers.reader import Reader
from metrics import ids_of, indicator
from metrics.compute import AS_DEFINED, Grain
from metrics.indicator import Indicator
from metrics.levels import PEOPLE_LEVELS, Level, codes_of

CACHED_ANSWERS = 1024
AUDITS = "audits"


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a page or export asks: which indicators, at which level, of whom, over which months (both included).

    `within` narrows the rows to areas or people above the level asked: (("lpa", "E08000025"),). `by` breaks the
    whole period down by columns of the source (`weekday`, `hour`, `category`, ...), without comparison; `grain`
    '1w' or '1d' gives weeks or days, without comparison. `department` overrides the home department that an
    indicator counts (None: everyone). `weight_set` None: the one that config.toml names. `where` keeps the rows whose
    column has that value, in the sources that have the column: (("kind", "asb"),), (("in_impact_areas", True),); a
    `weekday` with its `hour` those of that hour of the week, in the sources that know the hour of their rows, of whose
    months those without any hour are then unknown.
    Areas of `within` that are counted together (metrics.levels.together) are one area where they are of the level
    asked, unless they are asked for `apart`.
    `period` are months, oldest first, that are counted as one, from `since` to `until` and maybe with others between
    them: one row a series, as metrics.period makes it, or a breakdown of these months alone.
    `judged_to`: dip-sample verdicts up to then count; `answer` sets it from its reader, as `benchmark_rows` sets
    `after_edition`, the newest public edition, for one that follows it.
    """

    indicators: tuple[str, ...]
    level: Level
    since: date
    until: date
    within: tuple[tuple[Level, str], ...] = ()
    by: tuple[str, ...] = ()
    grain: Grain = "1mo"
    department: str | None = AS_DEFINED
    weight_set: str | None = None
    without_homicide: bool = False
    where: tuple[tuple[str, str | bool | int], ...] = ()
    judged_to: datetime | None = None
    after_edition: int = 0
    apart: bool = False
    period: tuple[date, ...] = ()

    @property
    def together(self) -> tuple[str, ...]:
        """The areas of `level` that are counted as one; nothing: each stands for itself."""
        codes = next((codes_of(level, code) for level, code in self.within if level == self.level), ())
        return () if self.apart or len(codes) == 1 else codes


def by_page(question: Question) -> list[Question]:
    """Return a question per page asked about, for all its indicators: questions of one page share its series.

    Groups of people are those that occur in the rows of the indicators asked for, so there the question stays as it is.
    """
    if question.level in PEOPLE_LEVELS:
        return [question]
    # A second question about the same page and level then takes 4 ms, not 150 (the sample force).
    pages = dict.fromkeys(one.page for one in indicators_asked(question.indicators))
    return [replace(question, indicators=ids_of(page=page)) for page in pages]


def as_of(reader: Reader, question: Question) -> Question:
    """Return the question with the moment up to which dip-sample verdicts count: they come between two loads.

    The weight set that config.toml names is the same question, whether it is named or not.
    """
    if question.weight_set == reader.settings.harm.weight_set:
        question = replace(question, weight_set=None)
    audited = any(_part_of(one, AUDITS) for one in indicators_asked(question.indicators))
    return replace(question, judged_to=reader.version.judged_at) if audited else question


def _part_of(indicator: Indicator, source: str) -> bool:
    return any(part and part.source == source for part in (indicator.numerator, indicator.denominator))


def require_known(question: Question) -> None:
    """Raise ValueError for an indicator that does not exist."""
    for one in question.indicators:
        indicator(one)


def whole_series(question: Question) -> Question:
    """Return the question that the cache knows: the whole series of the whole level, whatever part of it is asked.

    Groups of people are read inside `within`, since the ladders of people and areas are not nested; areas counted
    together are a series of their own.
    """
    within = question.within if question.level in PEOPLE_LEVELS or question.together else ()
    return replace(question, since=date.min, until=date.max, within=within, apart=False, period=())


def each_apart(question: Question) -> list[Question]:
    """Return the question of each of the areas of `within` that are counted together; of others, as it is."""
    codes = [[(level, code) for code in codes_of(level, joined)] for level, joined in question.within]
    return [replace(question, within=within) for within in product(*codes)]


def indicators_asked(ids: Sequence[str]) -> list[Indicator]:
    """Return the indicators of ids, a mix once however many of its categories are named."""
    return list(dict.fromkeys(indicator(one) for one in ids))
