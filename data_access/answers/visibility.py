"""Visibility answers that are no indicator: how good the fixes are, coded against located abstraction, individuals.

Individuals are shown under a pseudonym that lasts until the suite restarts; each view and each reveal is entered in
the audit trail with viewer, person, time and reason (ICO, Monitoring workers, 2023).
"""

import hashlib
import secrets
from datetime import date
from functools import lru_cache

import polars as pl

from data_access.answers.answer import Question, answer
from data_access.answers.few_officers import counting, reaches
from data_access.answers.reader import Reader
from data_access.answers.where import Where, facts_of_months
from data_access.scope import Scope
from metrics import id_of, ids_of
from metrics.beat import by_officer, coded_by_patch, fewest_in_patch, fix_summary, side_by_side
from metrics.extent import per_square_kilometre, square_kilometres
from metrics.levels import AREA_COLUMNS, AREA_LEVELS, Level, PeopleLevel, team_code
from metrics.too_few import SMALLEST_GROUP

CACHED = 256
_SALT = secrets.token_bytes(16)
_SHOWN = ("person", "duty_hours", "known_hours", "visible_hours", "coverage_percent", "off_patch_percent")


@lru_cache(maxsize=CACHED)
def fixes(reader: Reader, where: Where) -> pl.DataFrame:
    """Return one row on the fixes behind a month's figures, as metrics.beat.fix_summary has it."""
    return fix_summary(facts_of_months(reader, where, "fix_quality")).collect()


@lru_cache(maxsize=CACHED)
def patch(reader: Reader, where: Where) -> pl.DataFrame:
    """Return `what` and hours of neighbourhood officers, as metrics.beat.coded_by_patch has them.

    Of viewers who may not see teams the hours are withheld (null) at a level with hours of fewer than five officers
    in any of its areas: four hours of all areas but one would give those of the last away.
    """
    rows = coded_by_patch(*_by_officer(reader, where)).collect()
    if reaches(reader.scope, "force"):
        return rows
    few = any(_is_of_few(counting(reader), where.month, level) for level in _levels_of(reader.scope, where))
    return rows.with_columns(hours=pl.lit(None, pl.Float64)) if few else rows


@lru_cache(maxsize=CACHED)
def by_group(reader: Reader, where: Where, level: PeopleLevel) -> pl.DataFrame:
    """Return departments or teams side by side: metrics.beat.side_by_side's columns; small teams have no figures."""
    sides = ids_of(page="visibility", role="off patch")
    hours, share, coverage = (id_of("visibility", role) for role in ("lead", "share", "coverage"))
    asked = Question(
        indicators=(hours, share, coverage, *sides),
        level=level,
        since=where.month,
        until=where.month,
        within=where.within,
    )
    return side_by_side(answer(reader, asked), hours=hours, share=share, coverage=coverage, off_patch=sides)


def individuals(reader: Reader, where: Where, team: str, reason: str) -> pl.DataFrame:
    """Return the officers of a team ("department / team") under pseudonyms: person and hours, as by_officer has them.

    Enters every one of them in the audit trail as viewed. Raises PermissionError for a scope that names no
    individuals or may not open them, ValueError without a reason.
    """
    people = _team(reader, where, team, reason)
    looked_at = people["officer_id"].to_list()
    if looked_at:
        reader.record("viewed", None, f"{reason.strip()} ({where.month:%Y-%m})", people=looked_at)
    return people.select(_SHOWN)


def reveal(reader: Reader, where: Where, team: str, person: str, reason: str) -> str:
    """Return the name (else the id) behind a pseudonym of `individuals`, and enter the reveal in the audit trail."""
    people = _team(reader, where, team, reason).filter(pl.col("person") == person)
    if people.is_empty():
        raise ValueError("nobody of this team has that pseudonym any more: show the team again")
    officer = people["officer_id"][0]
    reader.record("revealed", None, reason.strip(), people=[officer])
    return reader.display_name(officer)


def _team(reader: Reader, where: Where, team: str, reason: str) -> pl.DataFrame:
    reader.scope.require("officer")
    reader.scope.demand("open_individuals")
    if not reason.strip():
        raise ValueError("a reason is needed to look at individuals; none was given: write one")
    return _people(reader, where).filter(team_code == team)


def per_km2(reader: Reader, where: Where, tidy: pl.DataFrame) -> pl.DataFrame:
    """Add `per_km2` to an answer of neighbourhoods: its value over their extent in the month (metrics.extent)."""
    return per_square_kilometre(tidy, _extents(reader, where.month))


@lru_cache(maxsize=CACHED)
def _extents(reader: Reader, month: date) -> pl.DataFrame:
    shapes = reader.boundaries(month)
    km2 = pl.Series("km2", square_kilometres(shapes["geometry"].to_list()), dtype=pl.Float64)
    return shapes.select(area_code="neighbourhood_code").with_columns(km2)


@lru_cache(maxsize=CACHED)
def _people(reader: Reader, where: Where) -> pl.DataFrame:
    people = by_officer(*(facts_of_months(reader, where, source) for source in ("duty", "visibility_home"))).collect()
    named = pl.Series("person", [_pseudonym(officer) for officer in people["officer_id"]], dtype=pl.String)
    return people.with_columns(named).sort("person")


def _by_officer(reader: Reader, where: Where) -> list[pl.LazyFrame]:
    """Read rows by officer, whatever the viewer may see of people: what is made of them names nobody."""
    counting = reader.through(reader.scope.headcount())
    return [facts_of_months(counting, where, source) for source in ("duty", "visibility_home")]


def _levels_of(scope: Scope, where: Where) -> set[Level]:
    """Name the levels of the areas that a figure is summed over: those asked for, and those that the viewer sees."""
    own: dict[Level, frozenset[str]] = {"lpa": scope.lpas, "sector": scope.sectors}
    return {"force", *(level for level, _ in where.within), *(level for level, codes in own.items() if codes)}


@lru_cache(maxsize=CACHED)
def _is_of_few(everybody: Reader, month: date, level: Level) -> bool:
    """Tell whether any area of a level, or what lies in none of them, has hours of fewer than five officers."""
    areas = AREA_COLUMNS[: AREA_LEVELS.index(level)] if level in AREA_LEVELS else AREA_COLUMNS
    rows = (facts_of_months(everybody, Where(month=month), source) for source in ("duty", "visibility_home"))
    fewest = fewest_in_patch(*rows, areas).collect().item()
    return fewest is not None and fewest < SMALLEST_GROUP


def _pseudonym(officer_id: str) -> str:
    return f"Officer {hashlib.blake2b(officer_id.encode(), digest_size=3, key=_SALT).hexdigest().upper()}"
