"""Radio fixes to stays: who was where, for how long, exactly by definitions.md §3."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta

import numpy as np
import polars as pl

from metrics.fix_quality import COUNTS_SCHEMA, Days, Limits, Window, day_counts, fix_counts, fix_quality
from metrics.fixes import KEPT, MICRO, DutyIntervals, Fixes, drops_and_duty, in_order
from metrics.location import OTHER_PREMISES, POLICE_BUILDING, AreaIndex, every, lowest
from metrics.parameters import Parameters
from metrics.presence import by_local_hour, local_days, presence, runs, united

REACH = 3  # a fix bears on nothing farther than this many times the gap from it: held time, smoothing, spike
BLOCK_FIXES = 1 << 20  # worked on at once, in whole officers: bounds the scratch memory, changes no answer

VISIBLE, OUT_OF_FORCE = "visible", "out_of_force"
PLACE_KINDS = (POLICE_BUILDING, OTHER_PREMISES, VISIBLE, OUT_OF_FORCE)
OUT = PLACE_KINDS.index(OUT_OF_FORCE)

UTC_INSTANT = pl.Datetime("us", "UTC")
VISIBILITY_SCHEMA = {
    "officer_id": pl.String,
    "day": pl.Date,
    "hour": pl.Int8,
    "place_kind": pl.String,
    "place_neighbourhood_code": pl.String,
    "seconds": pl.Int64,
}
VISIBLE_SCHEMA = {
    "officer_id": pl.String,
    "neighbourhood_code": pl.String,
    "start": UTC_INSTANT,
    "end": UTC_INSTANT,
}
HOTSPOT_SCHEMA = {"officer_id": pl.String, "hotspot_id": pl.String, "start": UTC_INSTANT, "end": UTC_INSTANT}


@dataclass(frozen=True, kw_only=True, eq=False)
class Ground:
    """Where things are: neighbourhoods and hotspots by containment, premises by distance (may be empty)."""

    neighbourhoods: AreaIndex
    premises: AreaIndex
    hotspots: AreaIndex


@dataclass(frozen=True, kw_only=True, eq=False)
class Held:
    """Equally long arrays: the time that each fix holds and where, in order of officer and instant.

    `start`, `end` microseconds UTC; `kind` a number in PLACE_KINDS; `area` one in the neighbourhoods' codes
    (-1: in none); `day` the fix's local day.
    """

    officer: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    day: np.ndarray
    start: np.ndarray
    end: np.ndarray
    kind: np.ndarray
    area: np.ndarray


@dataclass(frozen=True, kw_only=True, eq=False)
class OfficerStays:
    """What follows from each officer's fixes alone; officers in separate calls give the same rows.

    `visibility`: seconds per officer_id, day, hour, place_kind, place_neighbourhood_code (null: outside all).
    `visible`: officer_id, neighbourhood_code, start, end: visible time, touching stays joined.
    `hotspot_stays`: officer_id, hotspot_id, start, end: held time inside, whatever the place kind.
    `fix_counts`: per officer_id and day: fixes, each reason for a drop, median_gap_seconds.
    """

    visibility: pl.DataFrame
    visible: pl.DataFrame
    hotspot_stays: pl.DataFrame
    fix_counts: pl.DataFrame


@dataclass(frozen=True, kw_only=True, eq=False)
class Stays:
    """Additive facts: `visibility` and `hotspot_stays` as in OfficerStays, and

    `presence`: seconds per neighbourhood_code, day, hour with at least one visible uniformed officer.
    `fix_quality`: per officer_id and day: fixes, bad_position, duplicate, off_duty, spike, known_seconds,
    duty_seconds, median_gap_seconds.
    """

    visibility: pl.LazyFrame
    presence: pl.LazyFrame
    hotspot_stays: pl.LazyFrame
    fix_quality: pl.LazyFrame


def stays(
    fixes: pl.LazyFrame,
    duty_intervals: pl.LazyFrame,
    ground: Ground,
    *,
    uniformed: Sequence[str] | pl.Series,
    max_gap_seconds: int = Parameters.max_gap,
    window: Window | None = None,
) -> Stays:
    """Turn fixes into stays and sum them.

    `fixes`: officer_id, at (UTC), lon, lat (WGS 84), in any order. `duty_intervals`: officer_id, start, end
    (UTC, half-open), in any order. `uniformed`: the officers who count for presence; the other outputs have
    all officers. Instants are kept to the microsecond; seconds are between whole seconds, see
    `presence.whole_seconds`.

    With a `window`, outputs are clipped to it, and fixes are needed only up to REACH gaps beyond it: outputs
    of windows side by side add up to that of the whole (stays that touch at the seam stay two rows; a median
    is that of its own window, so ask for whole local days).
    """
    each = officer_stays(fixes, duty_intervals, ground, max_gap_seconds=max_gap_seconds, window=window)
    return Stays(
        visibility=each.visibility.lazy(),
        presence=presence(each.visible.lazy(), uniformed),
        hotspot_stays=each.hotspot_stays.lazy(),
        fix_quality=fix_quality(each.fix_counts.lazy(), each.visibility.lazy(), duty_intervals, window=window),
    )


def officer_stays(
    fixes: pl.LazyFrame,
    duty_intervals: pl.LazyFrame,
    ground: Ground,
    *,
    max_gap_seconds: int = Parameters.max_gap,
    window: Window | None = None,
    counted: Days | None = None,
) -> OfficerStays:
    """Do the part of `stays` that needs one officer's fixes at a time; arguments as there.

    With `counted` (the first and last of some local days), `fix_counts` are of these days, each judged by its own
    fixes and duty alone; fixes are then needed for all of them, and for the window and its reach.
    """
    # As a Categorical an officer is a number from here on: millions of fixes sort and compare without their text.
    wanted = fixes.select(pl.col("officer_id").cast(pl.Categorical), "at", "lon", "lat")
    if window is not None and counted is None:
        reach = timedelta(seconds=REACH * max_gap_seconds)
        wanted = wanted.filter(pl.col("at") >= window[0] - reach, pl.col("at") < window[1] + reach)
    collected = wanted.collect()
    if collected.is_empty():
        return _joined([])
    ids, parts = in_order(collected, united(duty_intervals, "officer_id").collect(), BLOCK_FIXES)
    del collected  # in_order has its own copy, sorted: two of them would double the memory of the largest step
    limits = _microsecond_limits(window)
    return _joined([_block(ids, *part, ground, max_gap_seconds * MICRO, limits, counted) for part in parts])


def _microsecond_limits(window: Window | None) -> Limits | None:
    if window is None:
        return None
    instants = pl.Series(window).dt.convert_time_zone("UTC").dt.cast_time_unit("us").to_physical()
    return instants[0], instants[1]


def _joined(parts: list[OfficerStays]) -> OfficerStays:
    def joined(frames: list[pl.DataFrame], schema: dict[str, pl.DataType]) -> pl.DataFrame:
        return pl.concat([pl.DataFrame(schema=schema), *(frame.cast(schema) for frame in frames)])

    return OfficerStays(
        visibility=joined([part.visibility for part in parts], VISIBILITY_SCHEMA),
        visible=joined([part.visible for part in parts], VISIBLE_SCHEMA),
        hotspot_stays=joined([part.hotspot_stays for part in parts], HOTSPOT_SCHEMA),
        fix_counts=joined([part.fix_counts for part in parts], COUNTS_SCHEMA),
    )


def _block(
    ids: pl.Series,
    fixes: Fixes,
    duties: DutyIntervals,
    ground: Ground,
    gap: int,
    limits: Limits | None,
    counted: Days | None,
) -> OfficerStays:
    """Do all for some officers' fixes. `gap` and `limits` in microseconds."""
    verdict, duty = drops_and_duty(fixes, duties, gap)
    days = local_days(fixes.at)
    kept = np.flatnonzero(verdict == KEPT)
    steps = np.diff(fixes.at[kept])
    near = (np.diff(duty) == 0) & (steps <= gap)
    held = _clipped(_held(fixes.take(kept), days[kept], duties.end[duty], near, ground, gap), limits)
    spells = _spells(ids, held, ground)
    return OfficerStays(
        visibility=_visibility(spells),
        visible=_visible(spells),
        hotspot_stays=_hotspot_stays(ids, held, ground.hotspots),
        fix_counts=(
            day_counts(ids, fixes, days, duties, gap, counted)
            if counted
            else fix_counts(ids, fixes, days, verdict, kept[1:][near], steps[near], limits)
        ),
    )


def _held(kept: Fixes, days: np.ndarray, duty_end: np.ndarray, near: np.ndarray, ground: Ground, gap: int) -> Held:
    """Let each kept fix hold the clock: to the next one, but no longer than the gap and its duty interval."""
    end = np.minimum(kept.at + gap, duty_end)
    end[:-1][near] = kept.at[1:][near]
    area = lowest(ground.neighbourhoods, kept.lon, kept.lat, days)
    building = lowest(ground.premises, kept.lon, kept.lat, days)
    kind = _smoothed(_raw_kinds(ground.premises, building, area), near)
    return Held(
        officer=kept.officer,
        lon=kept.lon,
        lat=kept.lat,
        day=days,
        start=kept.at,
        end=end,
        kind=kind,
        area=area,
    )


def _clipped(held: Held, limits: Limits | None) -> Held:
    if limits is None:
        return held
    start, end = np.maximum(held.start, limits[0]), np.minimum(held.end, limits[1])
    some = start < end
    arrays = {field.name: getattr(held, field.name)[some] for field in fields(held)}
    return Held(**{**arrays, "start": start[some], "end": end[some]})


def _raw_kinds(premises: AreaIndex, building: np.ndarray, area: np.ndarray) -> np.ndarray:
    kinds = np.array([PLACE_KINDS.index(code) for code in premises.codes] + [-1], dtype=np.int8)
    outside = np.where(area >= 0, PLACE_KINDS.index(VISIBLE), OUT).astype(np.int8)
    return np.where(building >= 0, kinds[building], outside)


def _smoothed(kind: np.ndarray, near: np.ndarray) -> np.ndarray:
    """Return the place kinds with a fix between two of one kind made that kind: once, judged by the raw kinds.

    `out_of_force` takes no part. `near[i]`: fixes i and i + 1 are in one duty interval and at most the gap apart.
    """
    before, own, after = kind[:-2], kind[1:-1], kind[2:]
    odd = (before == after) & (before != OUT) & (own != OUT) & near[:-1] & near[1:]
    smoothed = kind.copy()
    smoothed[1:-1][odd] = before[odd]
    return smoothed


def _spells(ids: pl.Series, held: Held, ground: Ground) -> pl.DataFrame:
    """Join touching stays of one officer, place kind and neighbourhood."""
    same = (np.diff(held.officer) == 0) & (np.diff(held.kind) == 0) & (np.diff(held.area) == 0)
    first, last = runs(same, held.start, held.end)
    return pl.DataFrame(
        {
            "officer_id": ids.gather(held.officer[first]),
            "place_kind": pl.Series(PLACE_KINDS, dtype=pl.Enum(PLACE_KINDS)).gather(held.kind[first]),
            "place_neighbourhood_code": _names(ground.neighbourhoods, held.area[first]),
            "start": _instants(held.start[first]),
            "end": _instants(held.end[last]),
        }
    )


def _hotspot_stays(ids: pl.Series, held: Held, hotspots: AreaIndex) -> pl.DataFrame:
    fix, hotspot = every(hotspots, held.lon, held.lat, held.day)
    order = np.lexsort((fix, hotspot))
    fix, hotspot = fix[order], hotspot[order]
    same = (np.diff(hotspot) == 0) & (np.diff(held.officer[fix]) == 0)
    first, last = runs(same, held.start[fix], held.end[fix])
    return pl.DataFrame(
        {
            "officer_id": ids.gather(held.officer[fix[first]]),
            "hotspot_id": _names(hotspots, hotspot[first]),
            "start": _instants(held.start[fix[first]]),
            "end": _instants(held.end[fix[last]]),
        }
    ).sort("officer_id", "hotspot_id", "start")


def _instants(microseconds: np.ndarray) -> pl.Series:
    return pl.Series(microseconds).cast(UTC_INSTANT)


def _names(index: AreaIndex, number: np.ndarray) -> pl.Series:
    """Name areas as an Enum: grouped like a number, sorted like a word."""
    codes = sorted(set(index.codes))
    return pl.Series([None, *index.codes], dtype=pl.Enum(codes)).gather(number + 1)


def _visibility(spells: pl.DataFrame) -> pl.DataFrame:
    keys = ("officer_id", "day", "hour", "place_kind", "place_neighbourhood_code")
    hours = by_local_hour(spells).group_by(keys).agg(pl.col("seconds").sum())
    return hours.filter(pl.col("seconds") > 0).sort(keys)


def _visible(spells: pl.DataFrame) -> pl.DataFrame:
    shown = (pl.col("place_kind") == VISIBLE) & pl.col("place_neighbourhood_code").is_not_null()
    return spells.filter(shown).rename({"place_neighbourhood_code": "neighbourhood_code"}).select(VISIBLE_SCHEMA.keys())
