"""What the About page asks: what every load brought, what was set aside or left out, and who looked at whom."""

from functools import lru_cache

import polars as pl

from data_access.answers import visibility as answers_visibility
from data_access.answers.reader import Reader
from data_access.answers.where import Where, facts_of_months
from data_access.scope import Scope
from metrics.beat import DROPPED
from metrics.impact import left_out
from metrics.levels import YEAR
from metrics.quality import drops, located

CACHED = 256
_LOADS = (
    "load_id", "feed", "file_name", "rows_read", "rows_loaded", "rows_set_aside", "started_at", "finished_at",
    "loaded_by", "sha256",
)  # fmt: skip


@lru_cache(maxsize=CACHED)
def loads(reader: Reader) -> pl.DataFrame:
    """List every file of every load, the newest load first: version, rows, times, by whom, SHA-256."""
    return reader.loads().select(_LOADS)


@lru_cache(maxsize=CACHED)
def set_aside(reader: Reader) -> pl.DataFrame:
    """Count the rows set aside in all loads by feed, rule and column; never a value."""
    return reader.rejected_by_rule()


@lru_cache(maxsize=CACHED)
def unlocated(reader: Reader, where: Where) -> pl.DataFrame:
    """Return metrics.quality.located's row for crimes and for ASB incidents; `what` says which.

    A viewer of a part of the force sees no record that lies in no LPA: those count in the force only.
    """
    named = (("recorded crimes", "crimes"), ("ASB incidents", "asb"))
    counted = [
        located(facts_of_months(reader, where, source, YEAR)).select(pl.lit(what).alias("what"), pl.all())
        for what, source in named
    ]
    return pl.concat(counted).collect()


@lru_cache(maxsize=CACHED)
def unweighted(reader: Reader, where: Where) -> pl.DataFrame:
    """Return crimes and, of those, `unweighted`: crimes whose offence code has no weight, and so no harm. One row."""
    return left_out(facts_of_months(reader, where, "crimes", YEAR)).select("crimes", "unweighted").collect()


def fixes_dropped(reader: Reader, where: Where) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the month's fixes: metrics.beat.fix_summary's row, and metrics.quality.drops of it. The month alone."""
    summary = answers_visibility.fixes(reader, where)
    return summary, drops(summary.with_columns(pl.col(DROPPED).fill_null(0)))


def may_read_trail(scope: Scope) -> bool:
    """Tell whether a viewer may read the audit trail: of the whole force and of individuals, and with the right."""
    return scope.force and scope.people == "officer" and scope.may("read_trail")


def trail(reader: Reader, limit: int | None = 1000, before: int | None = None) -> pl.DataFrame:
    """Return the newest entries of the audit trail: number, at, viewer, what, whom, reason; None: all of them.

    `before` leaves out the entries from that number on. Raises PermissionError for a viewer of a part of the force, of
    no individuals, or without the right.
    """
    reader.scope.demand("read_trail")
    if not may_read_trail(reader.scope):
        raise PermissionError("the audit trail is for viewers of the whole force whose people is 'officer'")
    return reader.store.trail(limit, before)
