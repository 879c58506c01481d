"""Staged radio fixes through the engine into the store: whole local days replaced, raw fixes let go.

A fix bears on nothing farther than REACH gaps from it. So what follows from a day's fixes is, but for its first
and last whole hours, that day's alone; the hours about midnight (the seam) need both days. Facts are kept by
local day and hour: a late or corrected day replaces its own hours and both seams. The fixes that a seam needs
are kept for some days, for the sake of a neighbour that comes later.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import ColumnElement, Connection, Table, delete, or_, select

from data_access.database.areas import feed_rows, feeds_of, hotspots, neighbourhoods, premises
from data_access.database.connection import insert_frame, read_frame
from data_access.database.schema import metadata
from data_access.feeds.contract import FIXES_COLUMNS
from data_access.feeds.tables import FEED_TABLES
from data_access.load.fix_files import Stage, take_up
from data_access.load.upsert import Range
from data_access.settings import PrivacySettings
from metrics.abstraction import duty_intervals, resolve
from metrics.levels import LONDON, local_midnight
from metrics.location import AreaIndex
from metrics.parameters import Parameters
from metrics.presence import by_local_day, in_uniform, presence
from metrics.stays import REACH, Ground, OfficerStays, officer_stays

SPAN_FIXES = 2_000_000  # worked on at once, in whole days: bounds memory
DAY = timedelta(days=1)
DATE_LENGTH = len("2024-10-27")
NO_AREA = pl.DataFrame(schema={"neighbourhood_code": pl.String, "geometry": pl.String})

visibility, presence_hours, hotspot_stays, fix_quality, fix_edges = (
    metadata.tables[name] for name in ("visibility", "presence", "hotspot_stays", "fix_quality", "fix_edges")
)

Hour = tuple[date, int]
"""A local day and the hour in which something starts there."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Force:
    """What fixes are judged by: the ground, the officers, the greatest gap in seconds."""

    ground: Ground
    officers: pl.DataFrame
    max_gap: int

    @property
    def reach(self) -> timedelta:
        """How far in time a fix bears on anything."""
        return timedelta(seconds=REACH * self.max_gap)

    @property
    def seam_hours(self) -> int:
        """How many whole hours either side of midnight may depend on both days."""
        return -(-REACH * self.max_gap // 3600)

    @property
    def edge(self) -> timedelta:
        """How far from midnight a fix may be and bear on the seam."""
        return timedelta(hours=self.seam_hours) + self.reach


@dataclass(frozen=True, kw_only=True)
class Span:
    """Consecutive staged days, `first` to `last`, and the facts that follow: those of hours [since, until)."""

    first: date
    last: date
    since: Hour
    until: Hour


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """After which local day fixes near midnight are kept, and after which all of them."""

    edges_after: date
    all_after: date


def load_fixes(
    connection: Connection,
    stage: Stage,
    parameters: Parameters,
    privacy: PrivacySettings,
    tell: Callable[[str], None] = lambda _: None,
    *,
    span_fixes: int = SPAN_FIXES,
) -> list[Range]:
    """Replace the facts of every staged day; give the ranges of local days, both included, that may differ now.

    Duties, officers and areas are those in the store now: load them first. A fix of an officer who has no duty
    then is off duty. Everything happens in the transaction of `connection`.
    """
    if not stage.days:
        return []
    before = set(connection.execute(select(fix_quality.c.day).distinct()).scalars())
    keeping = _keeping(max(before | set(stage.days)), privacy)
    force = _force(connection, parameters)
    # A neighbour whose fixes are let go stays as it is: only the few minutes held across that midnight are lost.
    settled = {day for day in before if day <= last_let_go(before, privacy)} - set(stage.days)
    spans = list(_spans(stage, settled, force.seam_hours, span_fixes))
    for span in spans:
        tell(f"fixes: {span.first}")
        _replace(connection, stage, span, force, keeping)
    _let_go(connection, force, keeping)
    return [(span.since[0], span.last + DAY) for span in spans]


def local_hour(day: date, hour: int) -> datetime:
    """Give the instant at which an hour (0..23) of a local day starts; of two in October, the first."""
    return datetime.combine(day, time(hour), ZoneInfo(LONDON)).astimezone(UTC)


def _force(connection: Connection, parameters: Parameters) -> Force:
    feed = feeds_of(connection)
    ground = Ground(
        neighbourhoods=AreaIndex.from_features(neighbourhoods(feed)),
        premises=AreaIndex.from_premises(premises(feed), building_buffer_m=parameters.building_buffer_m),
        hotspots=AreaIndex.from_features(hotspots(feed), code="hotspot_id"),
    )
    return Force(
        ground=ground,
        officers=feed("officers"),
        max_gap=parameters.max_gap,
    )


def _keeping(newest: date, privacy: PrivacySettings) -> Keeping:
    after = newest - timedelta(days=privacy.keep_fixes_days)
    return Keeping(edges_after=min(after, newest - timedelta(days=privacy.keep_edge_days)), all_after=after)


def last_let_go(before: Collection[date], privacy: PrivacySettings) -> date:
    """Give the last local day whose fixes about midnight are let go, of the days with fixes `before` a load."""
    return _keeping(max(before), privacy).edges_after if before else date.min


def _spans(stage: Stage, settled: set[date], seam_hours: int, span_fixes: int) -> Iterator[Span]:
    """Cut the staged days into runs without gaps, of about `span_fixes`; a seam goes with the later span."""
    for days in _runs(stage, span_fixes):
        first, last = days[0], days[-1]
        before, after = first - DAY, last + DAY
        since = (first, 0) if before in settled else (before, 24 - seam_hours)
        until = (after, 0) if after in settled else (after, seam_hours)
        if after in stage.days:
            until = (last, 24 - seam_hours)
        yield Span(first=first, last=last, since=since, until=until)


def _runs(stage: Stage, span_fixes: int) -> Iterator[list[date]]:
    run: list[date] = []
    fixes = 0
    for day in sorted(stage.days):
        fixes += stage.days[day]
        if run and (run[-1] + DAY != day or fixes > span_fixes):
            yield run
            run, fixes = [], stage.days[day]
        run.append(day)
    if run:
        yield run


def _replace(connection: Connection, stage: Stage, span: Span, force: Force, keeping: Keeping) -> None:
    """Work out what follows from the fixes of a span, and put it in place of what was there."""
    window = local_hour(*span.since), local_hour(*span.until)
    near = take_up(stage, span.first - DAY, span.last + DAY)
    own = near.filter(pl.col("day").is_between(span.first, span.last))
    fixes = pl.concat([near.select(FIXES_COLUMNS), *_neighbours(connection, stage, span, force)])
    duty = _duty(connection, window[0] - DAY, window[1] + DAY)
    each = officer_stays(fixes.lazy(), duty.lazy(), force.ground, max_gap_seconds=force.max_gap, window=window)
    _clear(connection, span, window)
    _write(connection, each, in_uniform(duty, force.officers))
    insert_frame(connection, fix_quality, _quality(own, duty.lazy(), force))
    insert_frame(connection, fix_edges, _kept(own, force, keeping))


def _neighbours(connection: Connection, stage: Stage, span: Span, force: Force) -> Iterator[pl.DataFrame]:
    """Read the kept fixes of the days beside the span that are not staged themselves."""
    first, after = local_hour(span.first, 0), local_hour(span.last + DAY, 0)
    at = fix_edges.c.at
    for day, since, until in (
        (span.first - DAY, first - force.edge, first),
        (span.last + DAY, after, after + force.edge),
    ):
        if day not in stage.days:
            columns = (fix_edges.c[name] for name in FIXES_COLUMNS)
            yield read_frame(connection, select(*columns).where(at >= since, at < until))


def _duty(connection: Connection, since: datetime, until: datetime) -> pl.DataFrame:
    own = FEED_TABLES["duties"].c
    touching = select(*own).where(own.starts_at < until, own.ends_at > since)
    resolved = resolve(read_frame(connection, touching).lazy(), feed_rows(connection, "activity_codes").lazy())
    return duty_intervals(resolved).collect()


def _clear(connection: Connection, span: Span, window: tuple[datetime, datetime]) -> None:
    at, stay, day = fix_edges.c.at, hotspot_stays.c.starts_at, fix_quality.c.day
    own = local_hour(span.first, 0), local_hour(span.last + DAY, 0)
    connection.execute(delete(visibility).where(*_hours(visibility, span)))
    connection.execute(delete(presence_hours).where(*_hours(presence_hours, span)))
    connection.execute(delete(hotspot_stays).where(stay >= window[0], stay < window[1]))
    connection.execute(delete(fix_quality).where(day >= span.first, day <= span.last))
    connection.execute(delete(fix_edges).where(at >= own[0], at < own[1]))


def _hours(table: Table, span: Span) -> list[ColumnElement[bool]]:
    (first, opens), (last, closes) = span.since, span.until
    day, hour = table.c.day, table.c.hour
    return [day >= first, day <= last, or_(day > first, hour >= opens), or_(day < last, hour < closes)]


def _write(connection: Connection, each: OfficerStays, uniformed: pl.Series) -> None:
    code = pl.col("place_neighbourhood_code").fill_null("").alias("neighbourhood_code")
    held = each.visibility.select("day", "hour", "officer_id", "place_kind", code, "seconds")
    insert_frame(connection, visibility, held.sort(held.columns[:-1]))
    seen = presence(each.visible.lazy(), uniformed).collect()
    insert_frame(connection, presence_hours, seen.sort("day", "hour", "neighbourhood_code"))
    insert_frame(connection, hotspot_stays, _by_hour(each.hotspot_stays))


def _by_hour(stays: pl.DataFrame) -> pl.DataFrame:
    """Cut stays at every hour, so that those of one hour can be replaced without their neighbours."""
    last = (pl.col("end") - pl.duration(microseconds=1)).dt.truncate("1h")
    hours = pl.datetime_ranges(pl.col("start").dt.truncate("1h"), last, interval="1h")
    cut = stays.with_columns(_hour=hours).explode("_hour")
    return cut.select(
        "officer_id",
        "hotspot_id",
        starts_at=pl.max_horizontal("start", "_hour"),
        ends_at=pl.min_horizontal("end", pl.col("_hour").dt.offset_by("1h")),
    ).sort("starts_at")


def _quality(own: pl.DataFrame, duty: pl.LazyFrame, force: Force) -> pl.DataFrame:
    """Count fixes and drops by officer and day, each day judged alone: then no order of loading changes a count.

    The engine keeps officers apart, so an officer's day is given to it as an officer; places play no part.
    """
    one = pl.concat_str("officer_id", pl.col("day").cast(pl.String))
    nothing = AreaIndex.from_features(NO_AREA)
    counted = officer_stays(
        own.lazy().with_columns(officer_id=one),
        by_local_day(duty).with_columns(officer_id=one),
        Ground(neighbourhoods=nothing, premises=nothing, hotspots=nothing),
        max_gap_seconds=force.max_gap,
    ).fix_counts
    whom = pl.col("officer_id").str.head(-DATE_LENGTH)
    return counted.with_columns(whom).sort("day", "officer_id")


def _kept(own: pl.DataFrame, force: Force, keeping: Keeping) -> pl.DataFrame:
    """Choose the fixes that stay for a while; one without a position bears on no fact, and goes."""
    at, day = pl.col("at"), pl.col("day")
    opens, closes = local_midnight(day), local_midnight(day.dt.offset_by("1d"))
    is_edge = (at < opens + force.edge) | (at >= closes - force.edge)
    recent = (is_edge & (day > keeping.edges_after)) | (day > keeping.all_after)
    days = own.filter(day > keeping.edges_after)  # first: of two years only days are left
    kept = days.filter(recent, pl.all_horizontal(pl.col("lon", "lat").is_finite()))
    return kept.select("at", "officer_id", "lon", "lat").unique().sort("at", "officer_id")


def _let_go(connection: Connection, force: Force, keeping: Keeping) -> None:
    """Delete the kept fixes whose time is over."""
    at, day = fix_edges.c.at, keeping.edges_after + DAY
    connection.execute(delete(fix_edges).where(at < local_hour(day, 0)))
    while day <= keeping.all_after:
        since, until = local_hour(day, 0) + force.edge, local_hour(day + DAY, 0) - force.edge
        connection.execute(delete(fix_edges).where(at >= since, at < until))
        day += DAY
