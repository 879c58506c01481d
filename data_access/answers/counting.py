"""A question counted: whose facts are read, and numerators and denominators of them, before anything is withheld."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

import polars as pl

from data_access.answers.question import CACHED_ANSWERS, Question, each_apart
from data_access.answers.reader import Reader
from data_access.scope import Scope
from metrics.compute import compute, reads_empty_sources
from metrics.disclosure import headcount
from metrics.harm import without_homicide
from metrics.indicator import Indicator
from metrics.levels import PEOPLE_LEVELS, Level, add_months, codes_of, inside, month_of, together
from metrics.sources import SOURCES
from metrics.sums import HOUR, TIMES, WEEKDAY, weekday_of

DUTY = "duty"
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


def computed(reader: Reader, question: Question, indicators: Sequence[Indicator]) -> pl.DataFrame:
    """Return the tidy rows of metrics.compute, of the viewer's own areas or of the comparators'."""
    eyes = eyes_of(reader, question)
    parts = [part for one in indicators for part in (one.numerator, one.denominator) if part is not None]
    sources = sorted({part.source for part in parts})
    empty = {source for source in sources if not _has_months(reader, question, source)}
    read = sources if reads_empty_sources(question.by, question.grain) else [one for one in sources if one not in empty]
    areas = eyes.members().filter(pl.col("level") == question.level)
    listed = _as_one(areas.select("valid_from", "valid_to", area_code="code"), question.together).lazy()
    every_area = question.level not in PEOPLE_LEVELS and not question.by
    rows = compute(
        {source: facts_of(eyes, question, source) for source in read},
        indicators,
        question.level,
        question.by,
        force_code=reader.settings.force.code,
        members=listed if every_area else None,
        loaded=_loaded(reader, question, sources),
        empty=empty,
        department=question.department,
        grain=question.grain,
        together=question.together,
    )
    # A row at home in the viewer's areas may lie in another's, of which it is not the whole figure.
    if every_area and not eyes.scope.force:
        rows = rows.join(listed, on="area_code", how="semi", maintain_order="left")
    return rows.collect(engine="in-memory")  # of sums: small frames, for which streaming takes half as long again


def _as_one(areas: pl.DataFrame, codes: tuple[str, ...]) -> pl.DataFrame:
    """Return, of areas counted together, one area that is there while any of them is.

    Raises PermissionError where one of them is not among `areas`: the figure would be of the others.
    """
    if not codes:
        return areas
    if not set(codes) <= set(areas["area_code"]):
        raise PermissionError("areas can be counted together where all of them are yours to see")
    ends = pl.col("valid_to")
    span = (pl.col("valid_from").min(), pl.when(ends.is_not_null().all()).then(ends.max()))
    return areas.filter(pl.col("area_code").is_in(codes)).select(*span, area_code=pl.lit(together(codes)))


def _has_months(reader: Reader, question: Question, source: str) -> bool:
    """Tell whether the force has, or might have had, rows of a source in some month of a question."""
    return any(month_of(question.since) <= month <= question.until for month in reader.months_of(source))


def _loaded(reader: Reader, question: Question, sources: Sequence[str]) -> pl.LazyFrame:
    """Return (source, month): which months the force has rows for, also where the viewer's part of it has none."""
    asked = [(source, month) for source in sources for month in reader.months_of(source)]
    timed = TIMES.intersection(name for name, _ in question.where)
    unknown = {source: _months_without_hours(reader, source) for source in sources if timed and HOUR in SOURCES[source]}
    rows = [
        (source, month)
        for source, month in asked
        if question.since <= month <= question.until and month not in unknown.get(source, ())
    ]
    return pl.LazyFrame(rows, schema={"source": pl.String, "month": pl.Date}, orient="row")


@lru_cache(maxsize=CACHED_ANSWERS)
def _months_without_hours(reader: Reader, source: str) -> frozenset[date]:
    """Return the months whose rows tell no hour, as those of folded months and of published data: not 0, unknown."""
    rows = reader.facts(source, date.min, date.max).group_by(month=pl.col("day").dt.month_start())
    return frozenset(rows.agg(unknown=pl.col(HOUR).is_null().all()).filter("unknown").collect()["month"])


def facts_of(reader: Reader, question: Question, source: str) -> pl.LazyFrame:
    """Return a source's facts of the months, areas and values that a question asks for."""
    until = date.max if question.until == date.max else add_months(question.until, 1)
    timed = TIMES.intersection(name for name, _ in question.where)
    monthly = question.grain == "1mo" and not question.by and question.level != "officer" and not timed
    rows = reader.facts(source, question.since, until, weight_set=question.weight_set, monthly=monthly)
    if source == "crimes" and question.without_homicide:
        rows = without_homicide(rows)
    rows = inside(rows, question.within, reader.settings.force.code)
    columns = rows.collect_schema().names()
    # A weekday is chosen with its hour: a source that does not know the hour of its rows is narrowed by neither.
    known = {name: pl.col(name) for name in columns} | (
        {WEEKDAY: weekday_of(source, columns)} if HOUR in columns else {}
    )
    kept = [known[name] == value for name, value in question.where if name in known]
    if question.period:
        kept.append(pl.col("day").dt.truncate("1mo").is_in(question.period))
    return rows.filter(kept) if kept else rows


def eyes_of(reader: Reader, question: Question) -> Reader:
    """Return the viewer's own reader, or the comparators' where totals beyond it are asked for."""
    if reader.scope.force or question.level not in COMPARATOR_LEVELS:
        return reader
    areas = set(reader.members().select("level", "code").iter_rows())
    # The force, and the LPA above a sector, are among a viewer's areas by name: what they see of it is not its figure.
    own = {(level, code) for level, code in areas if level not in COMPARATOR_LEVELS or code in reader.scope.lpas}
    if any({(level, one) for one in codes_of(level, code)} <= own for level, code in question.within):
        return reader
    asked = {*question.by, *(name for name, _ in question.where)}
    if question.level == "lpa" and asked & SIDES:
        if any(level == "lpa" and (level, code) not in own for level, code in areas):
            raise PermissionError("what lies in Impact Areas or hotspots is told of LPAs that are wholly yours")
        return reader
    beyond = [one for one in question.within if one not in areas]
    if beyond or not (COMPARATOR_BY | SIDES).issuperset(asked):
        raise PermissionError("beyond your own areas only totals of the force and the LPAs can be compared")
    return reader.through(Scope.comparator())


def headcount_of(reader: Reader, question: Question) -> pl.LazyFrame:
    """Return how many officers each group has. Their ids are read only to be counted, whatever the viewer's grain.

    Of areas counted together, how many it has where they are fewest: a difference would give their hours away.
    """
    eyes, code = reader.through(reader.scope.headcount()), reader.settings.force.code
    by_officer = [replace(one, level="officer") for one in each_apart(question)]
    counted = [headcount(facts_of(eyes, one, DUTY), question.level, force_code=code) for one in by_officer]
    return pl.concat(counted).group_by("area_level", "area_code", "month").agg(pl.col("officers").min())
