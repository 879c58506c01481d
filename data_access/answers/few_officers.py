"""Figures of fewer than five officers' time, withheld the same for every viewer."""

import pickle
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

import polars as pl

from data_access.answers.counting import eyes_of, facts_of
from data_access.answers.once import worked_out_once
from data_access.answers.question import CACHED_ANSWERS, Question, each_apart, indicators_asked
from data_access.answers.reader import Reader
from data_access.scope import Scope
from data_access.store import Store
from metrics.disclosure import GROUP_LEVELS, emptied, parents_of
from metrics.indicator import Indicator
from metrics.levels import AREA_LEVELS, PEOPLE_LEVELS, Level, add_months, months_between, together
from metrics.officers import (
    made_of_officers_time,
    months_of_officers,
    officers_behind,
    sources_of_officers,
    withhold_few,
)
from metrics.sums import TIMES, WHOLE_PERIOD, Cut
from metrics.too_few import too_few

CACHED_MONTHS = 4096  # the cells withheld of a month: some 10 kB for each page's indicators
_DIGEST = 16  # bytes
ONE_HOUR = "withheld: one hour of the week is of few officers"


def without_few(
    reader: Reader, question: Question, indicators: Sequence[Indicator], rows: pl.DataFrame
) -> pl.DataFrame:
    """Return the rows with `note`, figures of fewer than five officers' time emptied.

    They are shown to whoever may see the teams that these officers are in, those of one team to whoever may see the
    officers.
    """
    noted = rows.with_columns(note=pl.lit(None, pl.String))
    levels = _counted_levels(question.level)
    asked = [one for one in indicators if made_of_officers_time(one)]
    if not levels or not asked or reaches(eyes_of(reader, question).scope, _finest(question)):
        return noted
    if any(name in TIMES for name, _ in question.where):
        # An hour of the week is mostly of few officers in a month: which of all hours, areas and months must go with
        # which was not told in five minutes, so all of them do.
        officers = pl.col("indicator_id").is_in([one.id for one in asked])
        return emptied(noted.lazy(), officers, pl.lit(ONE_HOUR)).collect()
    # What is withheld is the same for every viewer, wherever they look from: else two of them could subtract.
    above = levels[: levels.index(question.level) + 1]
    within = () if all(level in above for level, _ in question.within) else question.within
    everyone = replace(question, within=within, level="officer", indicators=tuple(one.id for one in asked))
    # What is kept of a column is beside the rest of it: a value is withheld as it would be beside all others.
    split = _by_day(replace(everyone, by=(*question.by, *(name for name, _ in question.where)), where=()))
    # Nor may areas counted together tell by difference what one of them withholds: then they withhold it too.
    each = dict.fromkeys([split, *each_apart(split)])
    found = pl.concat([_too_few(counting(reader), one, levels) for one in each], how="diagonal_relaxed").unique()
    hidden = _as_one(_of_values(_of_grain(found, question), question), question)
    return withhold_few(noted, asked, hidden, _cut(reader, everyone, question.level))


def _finest(question: Question) -> Level:
    """Name the level whose people a question tells of: that asked for, or the teams that it is narrowed to."""
    return "team" if any(name == "team" for name, _ in question.where) else question.level


def _as_one(hidden: pl.DataFrame, question: Question) -> pl.DataFrame:
    """Return the cells with those of areas counted together under the code of what they are together."""
    codes = question.together
    is_one = (pl.col("area_level") == question.level) & pl.col("area_code").is_in(codes)
    return hidden.with_columns(area_code=pl.when(is_one).then(pl.lit(together(codes))).otherwise("area_code"))


def _of_values(hidden: pl.DataFrame, question: Question) -> pl.DataFrame:
    """Return the cells of the values that are kept; those of a source that lacks the column are of all."""
    return hidden.filter(
        pl.lit(True), *(pl.col(name).is_null() | (pl.col(name) == value) for name, value in question.where)
    )


def counting(reader: Reader) -> Reader:
    """Return the reader that counts officers, the same for every viewer; no id read so is shown."""
    return reader.through(Scope.whole_force("count").headcount())


def _counted_levels(level: Level) -> tuple[Level, ...]:
    """Name the levels of a ladder that add up to one another, the highest first; none for places."""
    people: tuple[Level, ...] = ("force", *GROUP_LEVELS)
    places: tuple[Level, ...] = (*AREA_LEVELS, "hotspot")  # of patrols, which have no sector: hotspots are their LPA's
    return places if level in places else people if level in people else ()


def reaches(scope: Scope, level: Level) -> bool:
    """Tell whether a viewer may see the teams behind an area's figure, or the officers behind a team's."""
    return scope.names("officer") if level in PEOPLE_LEVELS else scope.names("team") and not scope.teams


def _cut(reader: Reader, question: Question, level: Level) -> Cut:
    code, home = reader.settings.force.code, question.department
    return Cut(level=level, by=question.by, force_code=code, department=home, grain=question.grain)


@worked_out_once(CACHED_ANSWERS)
def _too_few(everybody: Reader, question: Question, levels: tuple[Level, ...]) -> pl.DataFrame:
    """Return the cells of too few officers, at every level at once; who the officers are is read only to count them.

    Of months each is looked at by itself, since no cell of one gives another's away.
    """
    sources = sources_of_officers(indicators_asked(question.indicators))
    every = sorted({month for source in sources for month in everybody.months_of(source)})
    months = [month for month in every if question.since <= month <= question.until]
    if question.grain != "1mo" or not months:
        return _found(everybody, question, levels)
    areas = blake2b(pickle.dumps(everybody.lineage()), digest_size=_DIGEST).digest()
    found = [
        _of_month(_month_of(everybody, replace(question, since=month, until=month), levels, sources, areas))
        for month in months
    ]
    return pl.concat(found, how="diagonal_relaxed")


@dataclass(frozen=True, kw_only=True)
class _Month:
    """A month's question, known by all that its answer follows from: a load leaves most months as they are.

    `areas` stands for what lies in what; `version` is 0 but where the files do not tell all.
    """

    everybody: Reader = field(compare=False)
    store: Store
    question: Question
    levels: tuple[Level, ...]
    files: tuple[tuple[str, ...] | None, ...]
    areas: bytes
    version: int


def _month_of(
    everybody: Reader, question: Question, levels: tuple[Level, ...], sources: Sequence[str], areas: bytes
) -> _Month:
    files = tuple(everybody.files_of(source, question.since) for source in sources)
    return _Month(
        everybody=everybody,
        store=everybody.store,
        question=question,
        levels=levels,
        files=files,
        areas=areas,
        version=everybody.version.number if None in files else 0,
    )


@worked_out_once(CACHED_MONTHS)
def _of_month(asked: _Month) -> pl.DataFrame:
    return _found(asked.everybody, asked.question, asked.levels)


def _found(everybody: Reader, question: Question, levels: tuple[Level, ...]) -> pl.DataFrame:
    indicators = indicators_asked(question.indicators)
    sources, cut = sources_of_officers(indicators), _cut(everybody, question, "force")
    # Each source is read once for all levels; hours of officers are a hundred times the rows that their months are.
    reduced = [months_of_officers(facts_of(everybody, question, source), source, indicators, cut) for source in sources]
    facts = {
        source: rows.lazy() for source, rows in zip(sources, pl.collect_all(reduced, engine="streaming"), strict=True)
    }
    counted = [
        officers_behind(facts, [one for one in indicators if level in one.levels], _cut(everybody, question, level))
        for level in levels
    ]
    behind = pl.concat(pl.collect_all(counted), how="diagonal_relaxed")
    parents = parents_of(behind, everybody.lineage())
    is_department = pl.col("area_level") == "department"  # all of them together are the force
    parents = parents.with_columns(
        parent_level=pl.when(is_department).then(pl.lit("force")).otherwise("parent_level"),
        parent_code=pl.when(is_department).then(pl.lit(everybody.settings.force.code)).otherwise("parent_code"),
    )
    overlapping = _overlapping(everybody, question)
    hidden = [_as_cells(_too_few(everybody, one, levels), one, question) for one in overlapping]
    return too_few(behind, parents, question.by, months=question.grain != "1d", hidden=hidden)


def _by_day(question: Question) -> Question:
    """Return the question of the days of one by weeks or days, each of which is a part of its month's weekday too.

    Weeks are shown whose days could all be shown: of weeks themselves, those that two months share would tell, with
    the other weeks and the totals, of days; and a weekday's total of the weeks in which nobody worked on others.
    """
    if question.grain not in ("1w", "1d"):
        return question
    return replace(question, grain="1d", by=tuple(dict.fromkeys([*question.by, "weekday"])))


def _of_grain(hidden: pl.DataFrame, question: Question) -> pl.DataFrame:
    """Return the days withheld as the weeks or days asked about."""
    if question.grain not in ("1w", "1d"):
        return hidden
    days = hidden if "weekday" in question.by else hidden.drop("weekday")
    return days.with_columns(pl.col("month").dt.truncate(question.grain)).unique()


def _overlapping(reader: Reader, question: Question) -> list[Question]:
    """Return the questions with a column or some months less: what they withhold is withheld of this one too.

    Then whatever two questions share (a month of two periods, an hour of two breakdowns) is either shown by itself or
    in neither of them, and no difference of the two tells it.
    """
    columns = [name for name in question.by if (question.grain, name) != ("1d", "weekday")]
    coarser = [replace(question, by=tuple(one for one in question.by if one != gone)) for gone in columns]
    if question.grain == "1mo":
        return coarser
    if not question.by:
        return [replace(question, grain="1mo")]
    first, last = reader.version.months or (question.since, question.since)
    months = question.period or months_between(max(first, question.since), min(last, question.until))
    monthly = [replace(question, since=month, until=month, grain="period", period=()) for month in months]
    return [*coarser, *(one for one in monthly if one != question)]


def _as_cells(hidden: pl.DataFrame, asked: Question, question: Question) -> pl.DataFrame:
    """Return the cells withheld of a question as those of another: of months in a period, of a month on its days."""
    if asked.grain == question.grain:
        return hidden
    if question.grain == "period":
        return hidden.with_columns(month=pl.lit(WHOLE_PERIOD)).unique()
    days = pl.date_range(asked.since, add_months(asked.since, 1), closed="left", eager=True)
    return hidden.drop("month").join(pl.DataFrame({"month": days}), how="cross")
