"""Questions of pages and exports, answered from the store: read, compute, withhold, compare. The only cache.

Answers are cached by exact frozen keys (reader and question), never by a frame; a new load makes old answers
unreachable. A cached frame is shared and must not be changed; Polars frames do not change in place.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

import polars as pl
from prometheus_client import Histogram

from data_access.answers.counting import COMPARATOR_BY, SIDES, computed, headcount_of
from data_access.answers.few_officers import reaches, without_few
from data_access.answers.freshness import provisional_month
from data_access.answers.once import worked_out_once
from data_access.answers.question import (
    CACHED_ANSWERS,
    Question,
    as_of,
    by_page,
    indicators_asked,
    require_known,
    whole_series,
)
from data_access.answers.reader import Reader
from data_access.scope import PERSONAL, Scope
from metrics import indicators_of
from metrics.ahead import expected_ahead, with_months_ahead
from metrics.compare import compare
from metrics.disclosure import (
    GROUP_LEVELS,
    explain_missing,
    withhold,
    withhold_small_groups,
    without_hidden_coverage,
)
from metrics.indicator import Indicator
from metrics.interval import with_intervals
from metrics.judged_earlier import note_judged_earlier
from metrics.levels import (
    AREA_LEVELS,
    PEOPLE_LEVELS,
    PLACE_LEVELS,
    YEAR,
    Level,
    add_months,
    codes_of,
    enumerated,
    months_between,
    together,
)
from metrics.officers import TOO_FEW
from metrics.period import over_months
from metrics.suppression import Publication, suppress

CACHED_SHOWN = 2048  # what single pages showed, a part of a level each
CACHED_BENCHMARKS = 8  # every indicator at every level over the whole series: some 50 MB each

SECONDS = Histogram(
    "npd_answer_seconds",
    "Time to answer a question, known already or not",
    buckets=(0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0),
)


@SECONDS.time()
def answer(reader: Reader, question: Question) -> pl.DataFrame:
    """Return tidy rows: indicator_id, category, area_level, area_code, area_name, month, *by and the figures.

    The figures are numerator, denominator and value; `category` is as metrics.compute gives it. Months come with the
    columns of metrics.compare, `coverage_percent` and `note`, judged on the whole series and then cut to the months
    asked; `rank` is among all areas of the level, also where `within` narrows the answer. A `period` comes with those
    of metrics.period instead.
    Raises PermissionError where the scope does not reach the level or the people of `where`, ValueError for an unknown
    indicator.
    """
    require_known(question)
    reader.scope.require(question.level)
    _require_where(reader.scope, question)
    return _shown(_shared(reader, question), as_of(reader, question))


@worked_out_once(CACHED_SHOWN)
def _shown(reader: Reader, question: Question) -> pl.DataFrame:
    """Return what `answer` does: of the same question the same frame, until the cache lets it go."""
    if question.by or question.grain != "1mo":
        return _broken_down(reader, question)
    if question.period:
        rows = _over_months(reader, _whole_level(question)).filter(_inside(reader, question))
    else:
        months = pl.col("month").is_between(question.since, question.until)
        rows = _months(reader, question).filter(months, _inside(reader, question))
    return rows.sort("indicator_id", "category", "area_level", "area_code", "month")


def answer_ahead(reader: Reader, question: Question) -> pl.DataFrame:
    """Return the month `until` of a question as `answer` has it, and after it the months that come: metrics.ahead.

    What is known is what was known by then: later months are not looked at. Raises as `answer` does.
    """
    require_known(question)
    reader.scope.require(question.level)
    _require_where(reader.scope, question)
    return _shown_ahead(_shared(reader, question), as_of(reader, question))


@lru_cache(maxsize=CACHED_SHOWN)
def _shown_ahead(reader: Reader, question: Question) -> pl.DataFrame:
    asked = replace(whole_series(question), until=question.until)
    return _ahead(reader, asked).filter(_inside(reader, question))


def _shared(reader: Reader, question: Question) -> Reader:
    """Return the reader of everybody who gets this answer, where it depends on less than the viewer's whole scope.

    A figure of an area is the same for all who see the same areas, but for time of fewer than five officers, which is
    shown to those who see all teams there.
    """
    narrowed = {*question.by, *(name for name, _ in question.where)}
    if question.level in PEOPLE_LEVELS or not narrowed.isdisjoint(PERSONAL):
        return reader
    return reader.through(reader.scope.of_areas(teams=reaches(reader.scope, question.level)))


def _require_where(scope: Scope, question: Question) -> None:
    """Raise PermissionError where a question is narrowed to people that the scope may not name."""
    for name, _ in question.where:
        if name in PERSONAL and not scope.names(PERSONAL[name]):
            raise PermissionError(f"this viewer may see people as finely as {scope.people!r}: no figure by {name!r}")


def _months(reader: Reader, question: Question) -> pl.DataFrame:
    """Return every month of the indicators asked for, at the whole level."""
    series = [_series(reader, as_of(reader, whole_series(one))) for one in by_page(question)]
    return pl.concat(series, how="diagonal_relaxed").filter(_is_of(indicators_asked(question.indicators)))


@worked_out_once(CACHED_ANSWERS)
def _over_months(reader: Reader, question: Question) -> pl.DataFrame:
    """Return the figures of the question's period at the whole level, made of what its months show."""
    asked = indicators_asked(question.indicators)
    by_case = [one for one in asked if one.numerator.unit == "duration" and not one.numerator.stock]
    durations = [_cases(reader, question, by_case, years) for years in (0, 1)] if by_case else ()
    rows = over_months(_months(reader, question), asked, question.period, durations)
    if question.together:
        rows = rows.with_columns(pl.lit(None, pl.Int64).alias(name) for name in ("rank", "ranked_of"))
    return rows


def _cases(reader: Reader, question: Question, indicators: Sequence[Indicator], years: int) -> pl.DataFrame:
    """Return medians over the cases of the period, so many years earlier: they cannot be had from those of months."""
    months = tuple(add_months(month, -YEAR * years) for month in question.period)
    ids = tuple(one.id for one in indicators)
    of_cases = replace(
        question, indicators=ids, since=months[0], until=months[-1], period=months, grain="period", apart=False
    )
    return _broken_down(reader, of_cases)


def _whole_level(question: Question) -> Question:
    """Return the question of a period that the cache knows, of the whole level as `whole_series` is."""
    return replace(whole_series(question), since=question.since, until=question.until, period=question.period)


def _is_of(indicators: Sequence[Indicator]) -> pl.Expr:
    return pl.col("indicator_id").is_in([one.id for one in indicators])


def benchmark_rows(reader: Reader, question: Question, levels: Sequence[Level], *, public: bool) -> pl.DataFrame:
    """Return `answer`'s rows of several levels at once; `public`: small counts below LPA suppressed in all of them.

    Suppression needs every level together, whichever are asked for (a parent gives its only hidden child away, and two
    exports of a level each can be laid side by side), and comes before comparison, so that no neighbour in time gives
    a hidden month away.
    """
    require_known(question)
    asked = as_of(reader, whole_series(question))
    if public:
        reader, asked = _for_publication(reader, asked)
    rows = _benchmark(reader, asked, tuple(levels), public)
    return rows.filter(pl.col("month").is_between(question.since, question.until))


def published_counts(reader: Reader, question: Question) -> pl.DataFrame:
    """Return the counts below the LPA behind `benchmark_rows`' public rows, as metrics.suppression lists them."""
    return _publication(*_for_publication(reader, as_of(reader, whole_series(question)))).cells


def _for_publication(reader: Reader, question: Question) -> tuple[Reader, Question]:
    """Return the reader and the question that everybody shares who may publish."""
    if not reader.scope.force:
        raise PermissionError("only a viewer of the whole force can make the public export: all areas hide together")
    eyes = reader.through(Scope.whole_force("publication"))
    return eyes, replace(question, level="force", after_edition=reader.store.newest_edition())


@lru_cache(maxsize=CACHED_BENCHMARKS)
def _benchmark(reader: Reader, question: Question, levels: tuple[Level, ...], public: bool) -> pl.DataFrame:
    if public:
        tidy = _publication(reader, question).rows.filter(pl.col("area_level").is_in(levels))
    else:
        tidy = _at_levels(reader, question, levels)
    return _compared(reader, tidy, levels, question)


@lru_cache(maxsize=CACHED_BENCHMARKS)
def _publication(reader: Reader, question: Question) -> Publication:
    tidy = _at_levels(reader, question, (*AREA_LEVELS, *PLACE_LEVELS))
    return suppress(tidy, indicators_of(), reader.lineage(), reader.store.told(question.after_edition))


def _at_levels(reader: Reader, question: Question, levels: Sequence[Level]) -> pl.DataFrame:
    asked = [_tidy(reader, replace(question, level=level, after_edition=0)) for level in levels]
    return pl.concat(asked, how="diagonal_relaxed")


@worked_out_once(CACHED_ANSWERS)
def _series(reader: Reader, question: Question) -> pl.DataFrame:
    rows = _compared(reader, _with_peers(reader, question), (question.level,), question)
    if not question.together:
        return rows
    own = rows.filter(pl.col("area_code") == together(question.together))
    return own.with_columns(pl.lit(None, pl.Int64).alias(name) for name in ("rank", "ranked_of"))


def _with_peers(reader: Reader, question: Question) -> pl.DataFrame:
    """Return the figures of a level; areas counted together are judged like any area of it, by a series of their own.

    They take part in no ranking.
    """
    tidy = _tidy(reader, question)
    if not question.together:
        return tidy
    return pl.concat([tidy, _tidy(reader, replace(question, within=()))], how="diagonal_relaxed")


@lru_cache(maxsize=CACHED_ANSWERS)
def _ahead(reader: Reader, question: Question) -> pl.DataFrame:
    """Return the month `until` and those after it, of the indicators asked about at the whole level."""
    asked, until = indicators_asked(question.indicators), question.until
    # Of whole pages, as `_months` asks for them: of these the figures are known already.
    pages = [as_of(reader, replace(one, until=date.max)) for one in by_page(question)]
    tidy = pl.concat([_with_peers(reader, one) for one in pages], how="diagonal_relaxed").filter(_is_of(asked))
    rows = _compared(reader, tidy, (question.level,), pages[0], until=until)
    own = pl.col("area_code") == together(question.together) if question.together else pl.lit(True)
    return expected_ahead(rows.filter(own), asked, until)


def _compared(
    reader: Reader, tidy: pl.DataFrame, levels: Sequence[Level], question: Question, until: date | None = None
) -> pl.DataFrame:
    """Compare the rows of `levels` with the force's beside them, from which they have their season.

    The dispersion is pooled over the areas that the viewer may read: of the LPAs it is the same for everybody. `until`:
    as it was known by then, with the months that come.
    """
    beside = tidy
    if "force" not in levels:
        asked = tidy["indicator_id"].unique().to_list()
        of_force = _force(reader, question).filter(pl.col("indicator_id").is_in(asked))
        beside = pl.concat([tidy, of_force], how="diagonal_relaxed")
    if until is not None:
        tidy, beside = with_months_ahead(tidy, until), with_months_ahead(beside, until)
    months = [] if tidy.is_empty() else months_between(tidy["month"].min(), tidy["month"].max())
    dated = beside.with_columns(provisional=pl.col("month") == pl.lit(provisional_month(reader), pl.Date))
    judged = compare(dated, indicators_of(), months, steps=_steps(reader, question)).drop("provisional")
    rows = explain_missing(judged.filter(pl.col("area_level").is_in(levels)), indicators_of())
    return _named(reader, with_intervals(rows), question)


def _steps(reader: Reader, question: Question) -> pl.DataFrame:
    """Return the recorded step changes; one of areas that are counted together is one of what they are together."""
    steps, codes = reader.step_changes(), question.together
    theirs = steps.filter(pl.col("area_level") == question.level, pl.col("area_code").is_in(codes))
    return pl.concat([steps, theirs.with_columns(area_code=pl.lit(together(codes)))])


def _force(reader: Reader, question: Question) -> pl.DataFrame:
    """Return the force's own series of the same question; of what may not be compared, none."""
    narrowed = {name for name, _ in question.where}
    readable = reader.scope.force or narrowed <= COMPARATOR_BY | SIDES
    rows = _tidy(reader, replace(question, level="force", within=()) if readable else question)
    return rows if readable else rows.clear()


@worked_out_once(CACHED_ANSWERS)
def _tidy(reader: Reader, question: Question) -> pl.DataFrame:
    """Compute and withhold, before anything is compared: what is hidden is hidden from every later figure too."""
    asked = indicators_asked(question.indicators)
    ids = {one.id for one in asked}
    beside = [one for one in indicators_of(role="coverage") if question.level in one.levels and one.id not in ids]
    counted = [*asked, *beside] if any(one.coverage for one in asked) else asked
    rows = computed(reader, question, counted)  # once: it is its own coverage too
    noted = without_few(reader, question, counted, rows)
    figures = withhold(noted.lazy(), rows.lazy(), counted, reader.settings.parameters.min_coverage)
    if question.level in GROUP_LEVELS:
        figures = withhold_small_groups(figures, headcount_of(reader, question))
    figures = note_judged_earlier(figures, reader.judged_earlier(), asked)
    of_coverage = _is_of(indicators_of(role="coverage"))
    hidden = noted.filter(of_coverage, note=TOO_FEW).select("area_level", "area_code", "month")
    return without_hidden_coverage(figures.filter(_is_of(asked)).collect(), hidden)


def _broken_down(reader: Reader, question: Question) -> pl.DataFrame:
    grain = "period" if question.grain == "1mo" else question.grain
    asked, counted = replace(question, grain=grain), indicators_asked(question.indicators)
    rows = without_few(reader, asked, counted, computed(reader, asked, counted))
    named = _named(reader, rows, question).filter(_inside(reader, question))
    return named.drop("month") if grain == "period" else named


def _named(reader: Reader, rows: pl.DataFrame, question: Question) -> pl.DataFrame:
    """Add `area_name`. The names of the force's areas are no secret, whoever may see what happened in them."""
    everyone = reader.through(Scope.comparator()).members()
    names = everyone.select(area_level="level", area_code="code", area_name="name")
    if codes := question.together:
        theirs = names.filter(pl.col("area_level") == question.level, pl.col("area_code").is_in(codes))
        joined_name = enumerated(sorted(theirs["area_name"]))
        names = names.vstack(pl.DataFrame([(question.level, together(codes), joined_name)], names.schema, orient="row"))
    joined = rows.join(names, on=["area_level", "area_code"], how="left", maintain_order="left")
    return joined.with_columns(area_name=pl.coalesce("area_name", "area_code"))


def _inside(reader: Reader, question: Question) -> pl.Expr:
    """Tell which areas lie within those asked; groups of people were narrowed when they were read."""
    if question.level in PEOPLE_LEVELS or question.together:
        return pl.lit(True)
    areas = reader.through(Scope.comparator()).members()
    codes = [
        sorted(set().union(*(_descendants(areas, level, one) for one in codes_of(level, code))))
        for level, code in question.within
    ]
    return pl.all_horizontal([pl.lit(True), *(pl.col("area_code").is_in(one) for one in codes)])


def _descendants(areas: pl.DataFrame, level: Level, code: str) -> set[str]:
    """Return the codes of an area and of all areas below it; a ward that is its own sector shares its code."""
    found, below = {code}, {(level, code)}
    while below:
        parents = pl.DataFrame(sorted(below), {"parent_level": pl.String, "parent_code": pl.String}, orient="row")
        below = set(areas.join(parents, on=["parent_level", "parent_code"]).select("level", "code").iter_rows())
        found |= {code for _, code in below}
    return found
