"""What the report of a load says of radio fixes: days that were judged by what has changed since, or that were cut.

Fixes are judged as they come, and let go. So a duty that comes after the fixes of its day were let go bears on them no
more, and a file that holds a part of a local day replaces the whole of it: neither can be put right here, only told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from data_access.database.schema import metadata
from data_access.feeds.tables import FEED_TABLES
from data_access.load.again import Again, Otherwise
from data_access.load.coming import Coming
from data_access.load.fixes import last_let_go
from data_access.settings import PrivacySettings
from data_access.stays.seam import DAY, Hour
from metrics.levels import LONDON

NEAR_MIDNIGHT = timedelta(minutes=10)
visibility, fix_quality = (metadata.tables[name] for name in ("visibility", "fix_quality"))


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """What the store had before a load: local days with fixes, of days that come again the hours with known time and
    how many officers had fixes, and who was uniformed.
    """

    days: frozenset[date]
    hours: frozenset[Hour]
    officers: Mapping[date, int]
    uniformed: Mapping[str, bool]


NOTHING = Earlier(days=frozenset(), hours=frozenset(), officers={}, uniformed={})  # before a first load


def uniforms(connection: Connection) -> dict[str, bool]:
    """Read who is uniformed: presence counts them as the fixes come."""
    own = FEED_TABLES["officers"].c
    rows = connection.execute(select(own.officer_id, own.uniformed))
    return {officer: uniformed is not False for officer, uniformed in rows}


def earlier(connection: Connection, coming: Coming, uniformed: Mapping[str, bool]) -> Earlier:
    """Read what a load is about to replace; `uniformed` are the uniforms before any file of it was read."""
    days = frozenset(connection.execute(select(fix_quality.c.day).distinct()).scalars())
    again = days & coming.days.keys()
    return Earlier(
        days=days, hours=_hours(connection, again), officers=_officers(connection, again), uniformed=uniformed
    )


def notes(
    connection: Connection,
    coming: Coming,
    before: Earlier,
    otherwise: Otherwise,
    again: Again,
    privacy: PrivacySettings,
) -> tuple[str, ...]:
    """Say what a reader of the report has to do or to know."""
    left = before.days - coming.days.keys()
    anew = before.days & coming.days.keys()
    settled = {day for day in left if day <= last_let_go(before.days, privacy)}
    return (
        *_judged_again(otherwise, again),
        *_cut_short(before.hours - _hours(connection, anew)),
        *_fewer_officers(before.officers, _officers(connection, anew)),
        *_lost_seams({day for day in coming.days if {day - DAY, day + DAY} & settled}),
        *_cut_at_utc_midnight(coming.reach),
    )


def _hours(connection: Connection, days: frozenset[date]) -> frozenset[Hour]:
    if not days:
        return frozenset()
    own = visibility.c
    rows = connection.execute(select(own.day, own.hour).where(own.day.between(min(days), max(days))).distinct())
    return frozenset((day, hour) for day, hour in rows if day in days)


def _officers(connection: Connection, days: frozenset[date]) -> dict[date, int]:
    if not days:
        return {}
    own = fix_quality.c
    query = select(own.day, func.count()).where(own.day.between(min(days), max(days))).group_by(own.day)
    return {day: officers for day, officers in connection.execute(query) if day in days}


def _judged_again(otherwise: Otherwise, again: Again) -> Iterator[str]:
    for feed, days in otherwise.items():
        changed = f"{feed} changed for days whose fixes were loaded before"
        if done := days & again.days:
            yield f"{changed} ({_told(done)}): judged again, by the fixes that are kept."
        if left := days - again.days:
            yield (
                f"{changed} and let go ({_told(left)}): what the radios say of them still follows the {feed} as they "
                "were, and the figures of their months say so. Load the fixes of these days again."
            )


def _cut_short(lost: frozenset[Hour]) -> Iterator[str]:
    if lost:
        day, hour = min(lost)
        yield (
            f"fixes replaced whole local days, of which hours that had known time have none now ({len(lost)}, the "
            f"first at {hour:02}:00 on {day}). If files were cut inside a local day, load them again together."
        )


def _fewer_officers(before: Mapping[date, int], now: Mapping[date, int]) -> Iterator[str]:
    fewer = {day for day, officers in before.items() if now.get(day, 0) < officers}
    if fewer:
        yield (
            f"fixes replaced whole local days, on which fewer officers have fixes now than before ({_told(fewer)}). If "
            "the files of a day hold some of its officers each, load them again together."
        )


def _cut_at_utc_midnight(reach: Sequence[datetime]) -> Iterator[str]:
    if not reach:
        return
    ends = {"start": min(reach), "end": max(reach)}
    cut = [name for name, instant in ends.items() if _is_utc_midnight(instant, before=name == "end")]
    if cut:
        yield (
            f"fixes {' and '.join(cut)} at a UTC midnight, which is inside a local day: every load replaces whole "
            "local days (Europe/London). Cut the files at local midnight, or load the neighbouring days together."
        )


def _lost_seams(days: set[date]) -> Iterator[str]:
    if days:
        yield (
            f"fixes beside {_told(days)} are let go ([privacy] keep_edge_days): the minutes held across the midnights "
            "between them are lost. Load the days before and after in the same load."
        )


def _is_utc_midnight(instant: datetime, *, before: bool) -> bool:
    """Tell whether an instant is just after (or before) a UTC midnight that is no local one."""
    since = timedelta(hours=instant.hour, minutes=instant.minute, seconds=instant.second)
    near = timedelta(days=1) - since if before else since
    return near <= NEAR_MIDNIGHT and bool(instant.astimezone(ZoneInfo(LONDON)).utcoffset())


def _told(days: frozenset[date] | set[date]) -> str:
    return f"{min(days)}" if len(days) == 1 else f"{len(days)} days from {min(days)} to {max(days)}"
