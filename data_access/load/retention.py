"""What a load lets go, because its time is over ([privacy] of config.toml).

Months whose people's time is over are folded: their published facts keep every sum and nobody's own
(metrics/folding.py), the store keeps these, and the rows about single people that they were made of are deleted. A row
of such a month that comes later is set aside, since a folded month cannot be made again.
"""

import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import polars as pl
from sqlalchemy import ColumnElement, Connection, Table, delete, func, select, update

from data_access.database.schema import metadata
from data_access.facts import folded, publish
from data_access.facts.inputs import Inputs, scan
from data_access.facts.officers_time import DUTY_MARGIN
from data_access.facts.patrols import STAY_MARGIN
from data_access.feeds.contract import FAILURES, Feed
from data_access.feeds.reading import as_text
from data_access.load.upsert import Range
from data_access.settings import PrivacySettings
from metrics.folding import FOLDED, fold
from metrics.levels import add_months, local_day, local_start, month_of

PEOPLE_FEEDS = ("duties", "taskings", "patrols", "special_hours")
IS_FOLDED = "month_is_folded"
tables = metadata.tables
loads, load_files, rejected = (tables[name] for name in ("loads", "load_files", "rejected"))


def expire_values(connection: Connection, now: datetime, privacy: PrivacySettings) -> None:
    """Blank the values of rows set aside long enough ago; which rule they broke, and where, stays."""
    before = now - timedelta(days=privacy.keep_rejected_days)
    old = select(load_files.c.file_id).join(loads).where(loads.c.finished_at < before)
    held = rejected.c.value.is_not(None)
    connection.execute(update(rejected).where(rejected.c.file_id.in_(old), held).values(value=None))


def people_since(connection: Connection, now: datetime, privacy: PrivacySettings) -> date:
    """Return the first month in which people are told apart: counted from the newest with their facts, or from today's
    where those lie ahead of it, so that a slip in a date folds nothing. What is folded stays so.
    """
    before = folded.until(connection)
    shift, fixes = tables["duties"].c.starts_at, tables["fix_quality"].c.day
    newest_shift, newest_fix = (connection.execute(select(func.max(one))).scalar() for one in (shift, fixes))
    newest = [day for day in (newest_shift and newest_shift.date(), newest_fix) if day]
    if not newest or not privacy.keep_people_months:
        return before
    last = min(month_of(max(newest)), month_of(now.date()))
    return max(before, add_months(last, 1 - privacy.keep_people_months))


def late(feed: Feed, rows: pl.DataFrame, since: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part rows of a feed about people from those of folded months (FAILURES): nothing can be made of these."""
    if feed.name not in PEOPLE_FEEDS or since == date.min:
        return rows, pl.DataFrame(schema=FAILURES)
    event = pl.col(feed.event or "")
    own_day = event if rows.schema[feed.event or ""] == pl.Date else local_day(event)
    gone = rows.filter(own_day < since)
    told = gone.select("line", rule=pl.lit(IS_FOLDED), column_name=pl.lit(feed.event), value=as_text(gone[feed.event]))
    return rows.filter(own_day >= since), told.cast(FAILURES)


def forget_callers(connection: Connection, since: date) -> list[Range]:
    """Blank the callers of incidents before a month; give the days on which facts name one."""
    if since == date.min:
        return []
    own = tables["incidents"].c
    told = own.caller_ref.is_not(None), own.reported_at < local_start(since)
    first, last = connection.execute(select(func.min(own.reported_at), func.max(own.reported_at)).where(*told)).one()
    connection.execute(update(tables["incidents"]).where(*told).values(caller_ref=None))
    return [(first.astimezone(UTC).date(), last.astimezone(UTC).date())] if first else []


def fold_people(inputs: Inputs, since: date, *, load_id: int, now: datetime, tell: Callable[[str], None]) -> None:
    """Fold the published months before `since` that are not, and delete the rows about people that they came from."""
    if since == date.min:
        return
    before = folded.until(inputs.connection)
    files = publish.current(inputs.connection)
    for dataset in FOLDED:
        for file in files.get(dataset, ()):
            if before <= file.month < since:
                tell(f"folding: {dataset} {file.month:%Y-%m}")
                rows = fold(scan([inputs.folder / file.path], dataset).collect(), dataset, drawn)
                told = {"came": file.came, "load_id": load_id}
                folded.keep(inputs.connection, dataset, file.month, rows, **told)
                folded.publish_one(inputs.connection, inputs.folder, dataset, file.month, rows, **told, now=now)
    _let_go(inputs.connection, folded.until(inputs.connection))


def drawn(count: int) -> list[int]:
    """Return the numbers from 0 to below `count` in an order that nobody can foresee."""
    return secrets.SystemRandom().sample(range(count), count)


def _let_go(connection: Connection, since: date) -> None:
    """Delete the rows about people of folded months; the last days stay that the first month kept is judged by."""
    if since == date.min:
        return
    shift, stay = local_start(since - DUTY_MARGIN), local_start(since - STAY_MARGIN)
    gone: list[tuple[str, Callable[[Table], ColumnElement[bool]]]] = [
        ("duties", lambda table: table.c.ends_at <= shift),
        ("hotspot_stays", lambda table: table.c.starts_at < stay),
        ("fix_edges", lambda table: table.c.at < stay),
        ("taskings", lambda table: table.c.window_start < local_start(since)),
        ("patrols", lambda table: table.c.checked_in_at < local_start(since)),
        ("special_hours", lambda table: table.c.month < since),
        *((name, lambda table: table.c.day < since) for name in ("visibility", "presence", "fix_quality")),
    ]
    for name, old in gone:
        connection.execute(delete(tables[name]).where(old(tables[name])))
