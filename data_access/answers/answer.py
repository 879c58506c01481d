"""Questions of pages and exports, answered from the store: read, compute, withhold, compare. The only cache.

Answers are cached by exact frozen keys (reader and question), never by a frame; a new load makes old answers
unreachable. A cached frame is shared and must not be changed; Polars frames do not change in place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

import polars as pl

from data_access.answers.freshness import provisional_month
from data_access.answers.reader import Reader
from data_access.scope import Scope
from metrics import ids_of, indicator, indicators_of
from metrics.compare import compare
from metrics.compute import AS_DEFINED, Grain, compute
from metrics.disclosure import (
    GROUP_LEVELS,
    explain_missing,
    headcount,
    parents_of,
    suppress,
    withhold,
    withhold_small_groups,
    without_hidden_coverage,
)
from metrics.harm import without_homicide
from metrics.indicator import Indicator
from metrics.interval import with_intervals
from metrics.judged_earlier import note_judged_earlier
from metrics.levels import AREA_LEVELS, PEOPLE_LEVELS, PLACE_LEVELS, Level, add_months, inside, months_between
from metrics.officers import (
    TOO_FEW,
    made_of_officers_time,
    officers_behind,
    sources_of_officers,
    too_few,
    withhold_few,
)
from metrics.sums import Cut

CACHED_ANSWERS = 1024
CACHED_BENCHMARKS = 8  # every indicator at every level over the whole series: some 50 MB each
DUTY, AUDITS = "duty", "audits"
# What several figures are made of is read once as it is (metrics.sums): to look for more of it in the plan of all
# figures took seven times as long as to read and count.
AS_PLANNED = pl.QueryOptFlags(comm_subplan_elim=False)
# Comparators, the second read: whoever sees a part may compare it with the force and the LPAs, as totals that are
# broken down by nothing finer than these columns.
COMPARATOR_LEVELS: tuple[Level, ...] = ("force", "lpa")
COMPARATOR_BY = frozenset(
    {
        *("weekday", "hour", "category", "family", "offence_group", "place_kind", "kind", "result"),
        *("is_neighbourhood_crime", "violence_with_injury", "town_centre"),
    }
)
SIDES = frozenset({"in_impact_areas", "in_hotspots"})  # finer than an LPA, which may have one such area only


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a page or export asks: which indicators, at which level, of whom, over which months (both included).

    `within` narrows the rows to areas or people above the level asked: (("lpa", "E08000025"),). `by` breaks the
    whole period down by columns of the source (`weekday`, `hour`, `category`, ...), without comparison; `grain`
    '1w' or '1d' gives weeks or days, without comparison. `department` overrides the home department that an
    indicator counts (None: everyone). `weight_set` None: the one that config.toml names. `where` keeps the rows whose
    column has that value, in the sources that have the column: (("kind", "asb"),), (("in_impact_areas", True),).
    `judged_to`: dip-sample verdicts up to then count; `answer` sets it from its reader.
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
    where: tuple[tuple[str, str | bool], ...] = ()
    judged_to: datetime | None = None


def answer(reader: Reader, question: Question) -> pl.DataFrame:
    """Return tidy rows: indicator_id, category, area_level, area_code, area_name, month, *by and the figures.

    The figures are numerator, denominator and value; `category` is as metrics.compute gives it. Months come with the
    columns of metrics.compare, `coverage_percent` and `note`, judged on the whole series and then cut to the months
    asked; `rank` is among all areas of the level, also where `within` narrows the answer.
    Raises PermissionError where the scope does not reach the level, ValueError for an unknown indicator.
    """
    _known(question)
    reader.scope.require(question.level)
    if question.by or question.grain != "1mo":
        return _broken_down(reader, _as_of(reader, question))
    series = [_series(reader, _as_of(reader, _whole(one))) for one in _by_subject(question)]
    asked = _is_of(_indicators(question.indicators))
    months = pl.col("month").is_between(question.since, question.until)
    rows = pl.concat(series, how="diagonal_relaxed").filter(asked, months, _inside(reader, question))
    return rows.sort("indicator_id", "category", "area_level", "area_code", "month")


def _by_subject(question: Question) -> list[Question]:
    """Give a question per subject asked about, for all its indicators: pages that share a subject share its series.

    Groups of people are those that occur in the rows of the indicators asked for, so there the question stays as it is.
    """
    if question.level in PEOPLE_LEVELS:
        return [question]
    pages = dict.fromkeys(one.page for one in _indicators(question.indicators))
    return [replace(question, indicators=ids_of(page=page)) for page in pages]


def _is_of(indicators: Sequence[Indicator]) -> pl.Expr:
    return pl.col("indicator_id").is_in([one.id for one in indicators])


def benchmark_rows(reader: Reader, question: Question, levels: Sequence[Level], *, public: bool) -> pl.DataFrame:
    """Give `answer`'s rows of several levels at once; `public`: small counts below LPA suppressed in all of them.

    Suppression needs every level together, whichever are asked for (a parent gives its only hidden child away, and two
    exports of a level each can be laid side by side), and comes before comparison, so that no neighbour in time gives
    a hidden month away.
    """
    _known(question)
    if public and not reader.scope.force:
        raise PermissionError("only a viewer of the whole force can make the public export: all areas hide together")
    eyes = reader.through(Scope.whole_force("publication")) if public else reader
    rows = _benchmark(eyes, _as_of(reader, _whole(question)), tuple(levels), public)
    return rows.filter(pl.col("month").is_between(question.since, question.until))


@lru_cache(maxsize=CACHED_BENCHMARKS)
def _benchmark(reader: Reader, question: Question, levels: tuple[Level, ...], public: bool) -> pl.DataFrame:
    read = (*AREA_LEVELS, *PLACE_LEVELS) if public else levels
    tidy = pl.concat([_tidy(reader, replace(question, level=level)) for level in read], how="diagonal_relaxed")
    if public:
        tidy = suppress(tidy, indicators_of(), reader.lineage()).filter(pl.col("area_level").is_in(levels))
    return _compared(reader, tidy, levels, question)


def _as_of(reader: Reader, question: Question) -> Question:
    """Say, of a question about dip-sample verdicts, up to when they count: they come between two loads."""
    audited = any(_part_of(one, AUDITS) for one in _indicators(question.indicators))
    return replace(question, judged_to=reader.version.judged_at) if audited else question


def _part_of(indicator: Indicator, source: str) -> bool:
    return any(part and part.source == source for part in (indicator.numerator, indicator.denominator))


def _known(question: Question) -> None:
    for one in question.indicators:
        indicator(one)


def _whole(question: Question) -> Question:
    """Give the question that the cache knows: the whole series of the whole level, whatever part of it is asked.

    Groups of people are read inside `within`, since the ladders of people and areas are not nested.
    """
    within = question.within if question.level in PEOPLE_LEVELS else ()
    return replace(question, since=date.min, until=date.max, within=within)


@lru_cache(maxsize=CACHED_ANSWERS)
def _series(reader: Reader, question: Question) -> pl.DataFrame:
    return _compared(reader, _tidy(reader, question), (question.level,), question)


def _compared(reader: Reader, tidy: pl.DataFrame, levels: Sequence[Level], question: Question) -> pl.DataFrame:
    """Compare the rows of `levels` with the force's beside them, from which they have their season.

    The dispersion is pooled over the areas that the viewer may read: of the LPAs it is the same for everybody.
    """
    months = [] if tidy.is_empty() else months_between(tidy["month"].min(), tidy["month"].max())
    beside = tidy if "force" in levels else pl.concat([tidy, _force(reader, question)], how="diagonal_relaxed")
    dated = beside.with_columns(provisional=pl.col("month") == pl.lit(provisional_month(reader), pl.Date))
    judged = compare(dated, indicators_of(), months, steps=reader.step_changes()).drop("provisional")
    told = explain_missing(judged.filter(pl.col("area_level").is_in(levels)), indicators_of())
    return _named(reader, with_intervals(told))


def _force(reader: Reader, question: Question) -> pl.DataFrame:
    """Return the force's own series of the same question; of what may not be compared, none."""
    narrowed = {name for name, _ in question.where}
    readable = reader.scope.force or narrowed <= COMPARATOR_BY | SIDES
    rows = _tidy(reader, replace(question, level="force", within=()) if readable else question)
    return rows if readable else rows.clear()


@lru_cache(maxsize=CACHED_ANSWERS)
def _tidy(reader: Reader, question: Question) -> pl.DataFrame:
    """Compute and withhold, before anything is compared: what is hidden is hidden from every later figure too."""
    asked = _indicators(question.indicators)
    ids = {one.id for one in asked}
    beside = [one for one in indicators_of(role="coverage") if question.level in one.levels and one.id not in ids]
    counted = [*asked, *beside] if any(one.coverage for one in asked) else asked
    rows = _computed(reader, question, counted)  # once: it is its own coverage too
    kept = _without_few(reader, question, counted, rows)
    told = withhold(kept.lazy(), rows.lazy(), counted, reader.settings.parameters.min_coverage)
    if question.level in GROUP_LEVELS:
        told = withhold_small_groups(told, _headcount(reader, question))
    told = note_judged_earlier(told, reader.judged_earlier(), asked)
    of_coverage = _is_of(indicators_of(role="coverage"))
    hidden = kept.filter(of_coverage, note=TOO_FEW).select("area_level", "area_code", "month")
    return without_hidden_coverage(told.filter(_is_of(asked)).collect(), hidden)


@lru_cache(maxsize=CACHED_ANSWERS)
def _broken_down(reader: Reader, question: Question) -> pl.DataFrame:
    grain = "period" if question.grain == "1mo" else question.grain
    asked, counted = replace(question, grain=grain), _indicators(question.indicators)
    rows = _without_few(reader, asked, counted, _computed(reader, asked, counted))
    named = _named(reader, rows).filter(_inside(reader, question))
    return named.drop("month") if grain == "period" else named


def _computed(reader: Reader, question: Question, indicators: Sequence[Indicator]) -> pl.DataFrame:
    eyes = _eyes(reader, question)
    parts = [part for one in indicators for part in (one.numerator, one.denominator) if part is not None]
    sources = sorted({part.source for part in parts})
    areas = eyes.members().filter(pl.col("level") == question.level)
    listed = areas.select("valid_from", "valid_to", area_code="code").lazy()
    every_area = question.level not in PEOPLE_LEVELS and not question.by
    rows = compute(
        {source: _read(eyes, question, source) for source in sources},
        indicators,
        question.level,
        question.by,
        force_code=reader.settings.force.code,
        members=listed if every_area else None,
        loaded=_loaded(reader, question, sources),
        department=question.department,
        grain=question.grain,
    )
    # A row at home in the viewer's areas may lie in another's, of which it is not the whole figure.
    if every_area and not eyes.scope.force:
        rows = rows.join(listed, on="area_code", how="semi", maintain_order="left")
    return rows.collect(optimizations=AS_PLANNED)


def _without_few(
    reader: Reader, question: Question, indicators: Sequence[Indicator], rows: pl.DataFrame
) -> pl.DataFrame:
    """Withhold figures of fewer than five officers' time from whoever may not see the teams that they are in."""
    noted = rows.with_columns(note=pl.lit(None, pl.String))
    levels = _counted_levels(question.level)
    asked = [one for one in indicators if made_of_officers_time(one)]
    if not levels or not asked or _reaches(_eyes(reader, question).scope, question.level):
        return noted
    # What is withheld is the same for every viewer, wherever they look from: else two of them could subtract.
    above = levels[: levels.index(question.level) + 1]
    within = () if all(level in above for level, _ in question.within) else question.within
    everyone = replace(question, within=within, level="officer", indicators=tuple(one.id for one in asked))
    hidden = _too_few(reader.through(Scope.whole_force("count").headcount()), everyone, levels)
    return withhold_few(noted, asked, hidden, _cut(reader, everyone, question.level))


def _counted_levels(level: Level) -> tuple[Level, ...]:
    """Name the levels of a ladder that add up to one another, the highest first; none for places."""
    people: tuple[Level, ...] = ("force", *GROUP_LEVELS)
    return AREA_LEVELS if level in AREA_LEVELS else people if level in people else ()


def _reaches(scope: Scope, level: Level) -> bool:
    """Tell whether a viewer may see the teams behind an area's figure, or the officers behind a team's."""
    return scope.names("officer") if level in PEOPLE_LEVELS else scope.names("team") and not scope.teams


def _cut(reader: Reader, question: Question, level: Level) -> Cut:
    code, home = reader.settings.force.code, question.department
    return Cut(level=level, by=question.by, force_code=code, department=home, grain=question.grain)


@lru_cache(maxsize=CACHED_ANSWERS)
def _too_few(counting: Reader, question: Question, levels: tuple[Level, ...]) -> pl.DataFrame:
    """Give the cells of too few officers, at every level at once; who the officers are is read only to count them."""
    indicators = _indicators(question.indicators)
    facts = {source: _read(counting, question, source) for source in sources_of_officers(indicators)}
    counted = [
        officers_behind(facts, [one for one in indicators if level in one.levels], _cut(counting, question, level))
        for level in levels
    ]
    behind = pl.concat(pl.collect_all(counted), how="diagonal_relaxed")
    parents = parents_of(behind, counting.lineage())
    is_department = pl.col("area_level") == "department"  # all of them together are the force
    parents = parents.with_columns(
        parent_level=pl.when(is_department).then(pl.lit("force")).otherwise("parent_level"),
        parent_code=pl.when(is_department).then(pl.lit(counting.settings.force.code)).otherwise("parent_code"),
    )
    return too_few(behind, parents, question.by, months=question.grain in ("1mo", "period"))


def _loaded(reader: Reader, question: Question, sources: Sequence[str]) -> pl.LazyFrame:
    """Give (source, month): which months the force has rows for, also where the viewer's part of it has none."""
    asked = [(source, month) for source in sources for month in reader.months_of(source)]
    rows = [(source, month) for source, month in asked if question.since <= month <= question.until]
    return pl.LazyFrame(rows, schema={"source": pl.String, "month": pl.Date}, orient="row")


def _read(reader: Reader, question: Question, source: str) -> pl.LazyFrame:
    until = date.max if question.until == date.max else add_months(question.until, 1)
    monthly = question.grain == "1mo" and not question.by and question.level != "officer"
    rows = reader.facts(source, question.since, until, weight_set=question.weight_set, monthly=monthly)
    if source == "crimes" and question.without_homicide:
        rows = without_homicide(rows)
    rows = inside(rows, question.within, reader.settings.force.code)
    columns = rows.collect_schema().names()
    kept = [pl.col(name) == value for name, value in question.where if name in columns]
    return rows.filter(kept) if kept else rows


def _eyes(reader: Reader, question: Question) -> Reader:
    """Return the viewer's own reader, or the comparators' where totals beyond it are asked for."""
    if reader.scope.force or question.level not in COMPARATOR_LEVELS:
        return reader
    own = set(reader.members().select("level", "code").iter_rows())
    if any(area in own for area in question.within):
        return reader
    asked = {*question.by, *(name for name, _ in question.where)}
    if question.level == "lpa" and asked & SIDES:
        return reader
    if question.within or not (COMPARATOR_BY | SIDES).issuperset(asked):
        raise PermissionError("beyond your own areas only totals of the force and the LPAs can be compared")
    return reader.through(Scope.comparator())


def _headcount(reader: Reader, question: Question) -> pl.LazyFrame:
    """Count officers by group. Their ids are read only to be counted, so the viewer's grain does not matter."""
    duty = _read(reader.through(reader.scope.headcount()), question, DUTY)
    return headcount(duty, question.level, force_code=reader.settings.force.code)


def _indicators(ids: Sequence[str]) -> list[Indicator]:
    return list(dict.fromkeys(indicator(one) for one in ids))


def _named(reader: Reader, rows: pl.DataFrame) -> pl.DataFrame:
    """Add `area_name`. The names of the force's areas are no secret, whoever may see what happened in them."""
    everyone = reader.through(Scope.comparator()).members()
    names = everyone.select(area_level="level", area_code="code", area_name="name")
    joined = rows.join(names, on=["area_level", "area_code"], how="left", maintain_order="left")
    return joined.with_columns(area_name=pl.coalesce("area_name", "area_code"))


def _inside(reader: Reader, question: Question) -> pl.Expr:
    """Tell which areas lie within those asked; groups of people were narrowed when they were read."""
    if question.level in PEOPLE_LEVELS:
        return pl.lit(True)
    areas = reader.through(Scope.comparator()).members()
    codes = [sorted(_descendants(areas, level, code)) for level, code in question.within]
    return pl.all_horizontal([pl.lit(True), *(pl.col("area_code").is_in(one) for one in codes)])


def _descendants(areas: pl.DataFrame, level: Level, code: str) -> set[str]:
    """Give the codes of an area and of all areas below it; a ward that is its own sector shares its code."""
    found, below = {code}, {(level, code)}
    while below:
        parents = pl.DataFrame(sorted(below), {"parent_level": pl.String, "parent_code": pl.String}, orient="row")
        below = set(areas.join(parents, on=["parent_level", "parent_code"]).select("level", "code").iter_rows())
        found |= {code for _, code in below}
    return found
