"""Days whose radio fixes were judged by what has been corrected since: judged again from the fixes that are kept.

What cannot be judged again, because its fixes are let go ([privacy] keep_fixes_days), is marked by day: every figure
made of such a day says so, until fixes of the day are loaded again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from sqlalchemy import Connection, delete, insert, select, update

from data_access.database.connection import insert_frame, read_frame
from data_access.database.schema import metadata
from data_access.feeds.contract import FIXES_COLUMNS
from data_access.load.discovery import JUDGED_BY
from data_access.load.fix_files import Stage, lay_down
from data_access.load.upsert import Range
from data_access.settings import PrivacySettings
from data_access.stays.seam import Keeping, keeping
from data_access.stays.task import DATASETS, window_of
from metrics.fixes import EAST, NORTH, SOUTH, WEST

fix_quality, fix_edges, judged_earlier = (
    metadata.tables[name] for name in ("fix_quality", "fix_edges", "judged_earlier")
)
Otherwise = Mapping[str, frozenset[date]]
"""By feed, the local days whose fixes that feed would let judge otherwise now."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Again:
    """Days to be judged again, and the counts of their fixes, of which not all are kept; the days that cannot be."""

    days: frozenset[date]
    counts: pl.DataFrame
    left: Otherwise


def judged_otherwise(
    days: Collection[date],
    changes: Mapping[str, Sequence[Range]],
    uniformed_before: Mapping[str, bool],
    uniformed_now: Mapping[str, bool],
) -> dict[str, frozenset[date]]:
    """Tell which of `days`, and by which feed, would be judged otherwise after the changes of a load."""
    found = {}
    for feed in JUDGED_BY:
        ranges = changes.get(feed, ())
        found[feed] = frozenset(day for day in days if any(first <= day <= last for first, last in ranges))
    if not any(uniformed_now.get(one, uniform) != uniform for one, uniform in uniformed_before.items()):
        found["officers"] = frozenset()  # of an officer, only the uniform bears on what fixes say
    return {feed: touched for feed, touched in found.items() if touched}


def take_up_again(
    connection: Connection, stage: Stage, otherwise: Otherwise, newest: date | None, privacy: PrivacySettings
) -> Again:
    """Lay down the kept fixes of the days that would be judged otherwise, as if they came in this load."""
    touched = frozenset(day for days in otherwise.values() for day in days)
    keep = keeping(newest, privacy) if newest else None
    whole = frozenset(day for day in sorted(touched) if keep and _lay_down_whole(connection, stage, day, keep))
    left = {feed: days - whole for feed, days in otherwise.items() if days - whole}
    own = fix_quality.c
    counts = read_frame(connection, select(*own).where(own.day.in_(sorted(whole))))
    return Again(days=whole, counts=counts, left=left)


def _lay_down_whole(connection: Connection, stage: Stage, day: date, keep: Keeping) -> bool:
    """Lay down a day's kept fixes, if they are all that bore on a fact when they came; tell whether they were."""
    if day <= keep.all_after:
        return False
    opens, closes = window_of((day, day))
    at, own = fix_edges.c.at, fix_quality.c
    rows = read_frame(
        connection, select(*(fix_edges.c[name] for name in FIXES_COLUMNS)).where(at >= opens, at < closes)
    )
    counted = [own.fixes, own.bad_position, own.duplicate]
    told = read_frame(connection, select(*counted).where(own.day == day))
    good = rows.filter(pl.col("lon").is_between(WEST, EAST), pl.col("lat").is_between(SOUTH, NORTH))
    expected = told.select((pl.col("fixes") - pl.col("bad_position") - pl.col("duplicate")).sum()).item()
    if good.select(pl.struct("officer_id", "at").n_unique()).item() != expected or rows.is_empty():
        return False
    reach = list(stage.reach)
    lay_down(stage, rows)
    stage.reach[:] = reach  # how files of before were cut is no news
    return True


def restore_counts(connection: Connection, again: Again) -> None:
    """Put back how many fixes came, and how many without a position or twice: those are not kept."""
    if again.counts.is_empty():
        return
    own, days = fix_quality.c, sorted(again.days)
    judged = read_frame(connection, select(*own).where(own.day.in_(days)))
    came = again.counts.select("day", "officer_id", "fixes", "bad_position", "duplicate")
    rest = judged.select("day", "officer_id", "off_duty", "spike", "median_gap_seconds")
    rows = came.join(rest, on=["day", "officer_id"], how="left").with_columns(pl.col("off_duty", "spike").fill_null(0))
    connection.execute(delete(fix_quality).where(own.day.in_(days)))
    insert_frame(connection, fix_quality, rows.select(list(DATASETS["fix_quality"])).sort("day", "officer_id"))


def mark(connection: Connection, load_id: int, left: Otherwise, judged: Collection[date]) -> None:
    """Mark days judged by what has changed with this load, and end the marks of days `judged` in it."""
    own = judged_earlier.c
    standing = own.cleared_by.is_(None)
    ended = update(judged_earlier).where(own.day.in_(sorted(judged)), standing)
    connection.execute(ended.values(cleared_by=load_id))
    known = {(row.day, row.feed) for row in connection.execute(select(own.day, own.feed).where(standing))}
    rows = [
        {"day": day, "feed": feed, "load_id": load_id}
        for feed, days in left.items()
        for day in sorted(days)
        if (day, feed) not in known  # the first change since is the one that tells what was known
    ]
    if rows:
        connection.execute(insert(judged_earlier), rows)

