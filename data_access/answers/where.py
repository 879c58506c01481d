"""Where a list on a page looks: a month, an area within the viewer's scope, and the facts that lie there."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from data_access.answers.reader import Reader
from metrics.levels import Level, add_months, inside


@dataclass(frozen=True, kw_only=True)
class Where:
    """The month looked at (its first day), and the areas that what is shown lies in (nothing: all in scope).

    `level` is that of the areas shown, where areas are.
    """

    month: date
    within: tuple[tuple[Level, str], ...] = ()
    level: Level = "force"


def facts_of_months(reader: Reader, where: Where, source: str, months: int = 1) -> pl.LazyFrame:
    """Return a source's facts of so many months, the last of which is that of `where`."""
    return facts_between(reader, where, source, add_months(where.month, 1 - months), add_months(where.month, 1))


def facts_between(reader: Reader, where: Where, source: str, since: date, until: date) -> pl.LazyFrame:
    """Return a source's facts of the days [since, until), whatever the month of `where`."""
    return inside(reader.facts(source, since, until), where.within, reader.settings.force.code)
