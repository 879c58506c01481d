"""How fresh the data is: the newest event of each feed, which feeds are late, and which month is not complete."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache

from data_access.answers.reader import Reader
from metrics.levels import add_months, month_of

# What a force's systems hand over every night; the other feeds tell of a month, or come when somebody gets to them.
NIGHTLY = frozenset(("crimes", "duties", "fixes", "incidents", "patrols", "queries", "stop_searches", "taskings"))
NIGHTS, DAYS_AFTER_MONTH = 3, 31
CACHED = 256


@lru_cache(maxsize=CACHED)
def newest_events(reader: Reader) -> Mapping[str, datetime]:
    """Return the newest event of each feed that has events, by feed."""
    rows = reader.freshness().select("feed", "newest_event").iter_rows()
    return {feed: newest for feed, newest in rows if newest is not None}


def data_to(newest: Mapping[str, datetime]) -> datetime | None:
    """Return the newest event of the nightly feeds; of any feed where none of those is loaded; None without events."""
    nightly = [at for feed, at in newest.items() if feed in NIGHTLY]
    return max(nightly or newest.values(), default=None)


def provisional_month(reader: Reader) -> date | None:
    """Return the month in which the data ends before the month does: its figures may still change (None: no such)."""
    known = data_to(newest_events(reader))
    if known is None or known.date() + timedelta(days=1) == add_months(month_of(known.date()), 1):
        return None
    return month_of(known.date())


def newest_month(reader: Reader) -> date | None:
    """Return the newest month that will not change any more; the newest of all where all may, None where none is."""
    if reader.version.months is None:
        return None
    (first, last), open_month = reader.version.months, provisional_month(reader)
    return add_months(open_month, -1) if open_month and first < open_month <= last else last


def late(newest: Mapping[str, datetime]) -> frozenset[str]:
    """Name the late feeds, each judged against the others, since a store may be of any year.

    A nightly feed is late NIGHTS days behind the newest of them; any other DAYS_AFTER_MONTH days after the end of the
    month that it lacks.
    """
    last = data_to(newest)
    if last is None:
        return frozenset()
    return frozenset(feed for feed, at in newest.items() if _is_late(feed, at, last))


def _is_late(feed: str, at: datetime, last: datetime) -> bool:
    if feed in NIGHTLY:
        return last - at > timedelta(days=NIGHTS)
    lacked_month_ended = add_months(at.date().replace(day=1), 2)
    return last.date() - lacked_month_ended >= timedelta(days=DAYS_AFTER_MONTH)
