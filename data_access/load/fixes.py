"""Staged radio fixes through the engine into the store: whole local days replaced, raw fixes let go.

Facts are kept by local day and hour: a late or corrected day replaces its own hours and both seams (stays/seam.py). The
fixes that a seam needs are kept for some days, for the sake of a neighbour that comes later.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl
from sqlalchemy import ColumnElement, Connection, Table, delete, or_, select

from data_access.database.connection import insert_frame, read_frame
from data_access.database.schema import metadata
from data_access.facts import copies
from data_access.facts.copies import Copies
from data_access.feeds.contract import FIXES_COLUMNS
from data_access.feeds.fixes import Share, of_share
from data_access.load.fix_files import Stage, take_up
from data_access.settings import PrivacySettings
from data_access.stays import task
from data_access.stays.judged_by import areas_of, job_of
from data_access.stays.seam import DAY, Days, Hour, Keeping, Seam, keeping, kept, runs
from data_access.stays.task import VISIBLE, Areas, Job
from metrics.levels import local_start
from metrics.parameters import Parameters

PIECE_FIXES = 2_000_000  # worked on at once, whole days or some officers of one day: bounds memory

visibility, presence_hours, hotspot_stays, fix_quality, fix_edges = (
    metadata.tables[name] for name in task.DATASETS
)


@dataclass(frozen=True, kw_only=True)
class Span:
    """Consecutive days, `first` to `last`, and the facts that follow from them: those of hours [since, until)."""

    first: date
    last: date
    since: Hour
    until: Hour

    @property
    def window(self) -> tuple[datetime, datetime]:
        """The instants of the hours."""
        return local_start(*self.since), local_start(*self.until)


def load_fixes(
    connection: Connection,
    stage: Stage,
    parameters: Parameters,
    keep: Keeping,
    settled_days: set[date],
    tell: Callable[[str], None] = lambda _: None,
    *,
    piece_fixes: int = PIECE_FIXES,
    copied: Copies | None = None,
    judged: int = 0,
    keep_spans: Callable[[int], None] = lambda _: None,
) -> list[Span]:
    """Replace the facts of every staged day; give the spans of hours that may differ now.

    Duties, officers and areas are those in the store now: load them first. A fix of an officer who has no duty
    then is off duty. Everything happens in the transaction of `connection`, but for what `keep_spans` commits, told how
    many spans are done; the first `judged` are in the store as they follow from the same fixes.
    """
    seam, areas = Seam(max_gap=parameters.max_gap), areas_of(connection, parameters)
    spans = list(spans_of(_runs(stage, piece_fixes), set(stage.days), settled_days, seam))
    done, total = 0, sum(_fixes_of(stage, span) for span in spans[judged:])
    for number, span in enumerate(spans[judged:], start=judged + 1):
        tell(f"fixes: {span.first}, {done / total:.0%}")
        _replace(connection, stage, span, areas, parameters, keep, piece_fixes, copied or Copies())
        done += _fixes_of(stage, span)
        keep_spans(number)
    return spans


def _fixes_of(stage: Stage, span: Span) -> int:
    return sum(stage.days[span.first + timedelta(days=day)] for day in range((span.last - span.first).days + 1))


def days_with_fixes(connection: Connection) -> set[date]:
    """Read the local days of which fixes were loaded."""
    return set(connection.execute(select(fix_quality.c.day).distinct()).scalars())


def settled(before: Collection[date], coming: Collection[date], privacy: PrivacySettings) -> set[date]:
    """Return the days that stay as they are: their fixes are gone, and a neighbour's alone would spoil their hours."""
    return {day for day in before if day <= last_let_go(before, privacy)} - set(coming)


def last_let_go(before: Collection[date], privacy: PrivacySettings) -> date:
    """Return the last local day whose fixes about midnight are let go, of the days with fixes `before` a load."""
    return keeping(max(before), privacy).edges_after if before else date.min


def spans_of(days: Sequence[Days], coming: set[date], settled_days: set[date], seam: Seam) -> Iterator[Span]:
    """Return the hours that each run of days decides; the seam between two runs goes with the later."""
    for first, last in days:
        before, after = first - DAY, last + DAY
        since = (first, 0) if before in settled_days else (before, 24 - seam.hours)
        until = (after, 0) if after in settled_days else (after, seam.hours)
        # The next day comes as well: the hours between go with its span, once, when both days are in hand.
        if after in coming:
            until = (last, 24 - seam.hours)
        yield Span(first=first, last=last, since=since, until=until)


def _runs(stage: Stage, piece_fixes: int) -> list[Days]:
    """Cut the staged days into runs without gaps, of about `piece_fixes`, a busy day alone."""
    cut: list[Days] = []
    for first, last in runs(stage.days):
        fixes, day = 0, first
        while day <= last:
            fixes += stage.days[day]
            if day > first and fixes > piece_fixes:
                cut.append((first, day - DAY))
                first, fixes = day, stage.days[day]
            day += DAY
        cut.append((first, last))
    return cut


def _replace(
    connection: Connection,
    stage: Stage,
    span: Span,
    areas: Areas,
    parameters: Parameters,
    keep: Keeping,
    piece_fixes: int,
    copied: Copies,
) -> None:
    """Work out what follows from the fixes of a span, and put it in place of what was there."""
    job = job_of(connection, areas, parameters, (span.first, span.last))
    near = pl.concat(neighbours(connection, span, job.seam, set(stage.days)))
    clear(connection, span)
    # Presence needs all officers of an hour at once, and is the last: only visible time is kept until then.
    visible = []
    for share in _shares(stage, span, piece_fixes):
        facts, edges = _judged(stage, span, share, near, job, keep)
        visible.append(facts.pop(VISIBLE))
        put(connection, {**facts, "fix_edges": edges}, copied)
    put(connection, {"presence": task.presence_facts(pl.concat(visible).lazy(), job.uniformed)}, copied)


def _shares(stage: Stage, span: Span, piece_fixes: int) -> list[Share]:
    """Share out the officers of a span, so that no share has many more fixes than are worked on at once."""
    parts = -(-_fixes_of(stage, span) // piece_fixes)
    return [(part, parts) for part in range(parts)]


def _judged(
    stage: Stage, span: Span, share: Share, near: pl.DataFrame, job: Job, keep: Keeping
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Judge the fixes of a share of officers; give what follows, and the fixes to keep."""
    opens, closes = local_start(span.first), local_start(span.last + DAY)
    staged = take_up(stage, opens - job.seam.edge, closes + job.seam.edge, share)
    edges = kept(staged, (span.first, span.last), job.seam, keep)
    fixes = pl.concat([staged.select(FIXES_COLUMNS), of_share(near, share)])
    del staged
    return task.officer_facts(fixes.lazy(), (span.first, span.last), span.window, job), edges


def neighbours(connection: Connection, span: Span, seam: Seam, coming: set[date]) -> Iterator[pl.DataFrame]:
    """Read the kept fixes of the days beside the span that are not coming themselves."""
    first, after = local_start(span.first), local_start(span.last + DAY)
    own = fix_edges.c
    columns = [own[name] for name in FIXES_COLUMNS]
    # No row, but the columns and their types: the caller concatenates, also where neither neighbour has any.
    yield read_frame(connection, select(*columns).where(own.at < own.at))
    for day, since, until in (
        (span.first - DAY, first - seam.edge, first),
        (span.last + DAY, after, after + seam.edge),
    ):
        if day not in coming:
            yield read_frame(connection, select(*columns).where(own.at >= since, own.at < until))


def clear(connection: Connection, span: Span) -> None:
    """Delete the facts of a span's hours, and the counts and kept fixes of its days."""
    at, stay, day = fix_edges.c.at, hotspot_stays.c.starts_at, fix_quality.c.day
    since, until = span.window
    connection.execute(delete(visibility).where(*_hours(visibility, span)))
    connection.execute(delete(presence_hours).where(*_hours(presence_hours, span)))
    connection.execute(delete(hotspot_stays).where(stay >= since, stay < until))
    connection.execute(delete(fix_quality).where(day >= span.first, day <= span.last))
    own = local_start(span.first), local_start(span.last + DAY)
    connection.execute(delete(fix_edges).where(at >= own[0], at < own[1]))


def _hours(table: Table, span: Span) -> list[ColumnElement[bool]]:
    (first, opens), (last, closes) = span.since, span.until
    day, hour = table.c.day, table.c.hour
    return [day >= first, day <= last, or_(day > first, hour >= opens), or_(day < last, hour < closes)]


def put(connection: Connection, facts: dict[str, pl.DataFrame], copied: Copies | None = None) -> None:
    """Insert rows of DATASETS, each into the table of its name."""
    for name, rows in facts.items():
        insert_frame(connection, metadata.tables[name], rows)
        copies.add(copied or Copies(), metadata.tables[name], rows)


def let_go(connection: Connection, parameters: Parameters, privacy: PrivacySettings) -> None:
    """Delete the kept fixes whose time is over; days with fixes grow old as newer ones come."""
    newest = max(days_with_fixes(connection), default=None)
    if newest is None:
        return
    keep, seam = keeping(newest, privacy), Seam(max_gap=parameters.max_gap)
    at, day = fix_edges.c.at, keep.edges_after + DAY
    connection.execute(delete(fix_edges).where(at < local_start(day)))
    while day <= keep.all_after:
        since, until = local_start(day) + seam.edge, local_start(day + DAY) - seam.edge
        connection.execute(delete(fix_edges).where(at >= since, at < until))
        day += DAY
