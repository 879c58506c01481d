"""Radio fixes to stays: who was where, for how long, exactly by definitions.md §3."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

import numpy as np
import polars as pl

from metrics.compiled import loops
from metrics.fix_quality import COUNTS_SCHEMA, Days, Window, counts_frame, fix_quality
from metrics.fixes import MICRO
from metrics.levels import local_start
from metrics.location import OTHER_PREMISES, POLICE_BUILDING, AreaIndex, epochs, every, lowest
from metrics.ordered import Fixes, blocks, coded
from metrics.parameters import Parameters
from metrics.presence import local_days, local_hours, presence, runs, united

REACH = 3  # a fix bears on nothing farther than this many times the gap from it: held time, smoothing, spike
BLOCK_FIXES = 1 << 19  # worked on at once, in whole officers: bounds the scratch memory, changes no answer

VISIBLE, OUT_OF_FORCE = "visible", "out_of_force"
Limits = tuple[int, int]
"""[from, until) in microseconds UTC."""
NO_LIMITS: Limits = (-(2**62), 2**62)
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
class Kept:
    """Equally long arrays: the fixes that count, in order of officer and instant.

    `officer`: number in the block; `until`: end of the fix's duty; `near`: whether the next one is in its duty and at
    most the gap later. `day`: the local day of each, or one on which the ground is that of all of them.
    """

    officer: np.ndarray
    at: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    until: np.ndarray
    near: np.ndarray
    day: np.ndarray


@dataclass(frozen=True, kw_only=True, eq=False)
class Spells:
    """Equally long arrays: time that an officer spent in one place kind and area without a break.

    `start`, `end` microseconds UTC; `kind` a number in PLACE_KINDS; `area` one in the neighbourhoods' sorted codes, -1:
    none.
    """

    officer: np.ndarray
    kind: np.ndarray
    area: np.ndarray
    start: np.ndarray
    end: np.ndarray


@dataclass(frozen=True, kw_only=True, eq=False)
class OfficerStays:
    """What follows from each officer's fixes alone; officers in separate calls give the same rows.

    `visibility`: seconds per officer_id, day, hour, place_kind (in order of PLACE_KINDS),
    place_neighbourhood_code (null: outside all); sorted by these.
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
    officers = coded(fixes.collect_schema()["officer_id"])
    wanted = fixes.select(pl.col("officer_id").cast(officers), "at", "lon", "lat")
    if window is not None and counted is None:
        reach = timedelta(seconds=REACH * max_gap_seconds)
        wanted = wanted.filter(pl.col("at") >= window[0] - reach, pl.col("at") < window[1] + reach)
    collected = wanted.collect()
    if collected.is_empty():
        return _joined([])
    duties = united(duty_intervals, "officer_id").collect()
    gap, limits = max_gap_seconds * MICRO, _limits(window)
    days = _limits((local_start(counted[0]), local_start(counted[1] + timedelta(days=1)))) if counted else None
    kernels, ordered = loops(len(collected)), blocks(collected, duties, BLOCK_FIXES)
    del collected  # the blocks have what they need of it, and let it go after the last
    return _joined([_block(block, kernels, ground, gap, limits, days) for block in ordered])


def _limits(window: Window | None) -> Limits:
    if window is None:
        return NO_LIMITS
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
    fixes: Fixes, kernels: SimpleNamespace, ground: Ground, gap: int, limits: Limits, days: Limits | None
) -> OfficerStays:
    """Do all for some officers' fixes. `gap`, `limits` and the limits of counted `days` in microseconds."""
    clock = local_hours(int(fixes.at.min()), int(fixes.at.max()) + gap)
    kept, counts = kernels.judged(
        (fixes.at, fixes.lon, fixes.lat),
        fixes.starts,
        (fixes.duty_start, fixes.duty_end),
        fixes.duty_starts,
        gap,
        clock,
        days is not None,
        days or limits,
    )
    kept = _kept(fixes, kept, ground)
    codes, number = np.unique(ground.neighbourhoods.codes, return_inverse=True)
    area = np.append(number, -1).astype(np.int32)[lowest(ground.neighbourhoods, kept.lon, kept.lat, kept.day)]
    building = lowest(ground.premises, kept.lon, kept.lat, kept.day)
    kind = _raw_kinds(ground.premises, building, area)
    start, end, kind = kernels.held(kept.at, kept.near, kept.until, kind, OUT, gap, limits)
    first, begins, ends = kernels.spells(kept.officer, kind, area, start, end)
    spells = Spells(officer=kept.officer[first], kind=kind[first], area=area[first], start=begins, end=ends)
    hours = kernels.hour_sums(spells.officer, spells.kind, spells.area, begins, ends, clock)
    return OfficerStays(
        visibility=_visibility(fixes.ids, spells, hours, codes),
        visible=_visible(fixes.ids, spells, codes),
        hotspot_stays=_hotspot_stays(fixes.ids, kept, start, end, ground.hotspots),
        fix_counts=counts_frame(fixes.ids, *counts),
    )


def _kept(fixes: Fixes, kept: tuple[np.ndarray, ...], ground: Ground) -> Kept:
    officer, row, duty, near = kept
    at = fixes.at[row]
    return Kept(
        officer=officer,
        at=at,
        lon=fixes.lon[row],
        lat=fixes.lat[row],
        until=fixes.duty_end[duty],
        near=near,
        day=_days(at, ground),
    )


def _days(at: np.ndarray, ground: Ground) -> np.ndarray:
    """Return the local day of each instant; the first where no boundary changes until the last."""
    ends = local_days(np.array([at.min(), at.max()])) if len(at) else np.empty(0, dtype="datetime64[D]")
    indexes = (ground.neighbourhoods, ground.premises, ground.hotspots)
    return ends[:1] if all(len(set(epochs(index, ends))) <= 1 for index in indexes) else local_days(at)


def _raw_kinds(premises: AreaIndex, building: np.ndarray, area: np.ndarray) -> np.ndarray:
    kinds = np.array([PLACE_KINDS.index(code) for code in premises.codes] + [-1], dtype=np.int8)
    outside = np.where(area >= 0, PLACE_KINDS.index(VISIBLE), OUT).astype(np.int8)
    return np.where(building >= 0, kinds[building], outside)


def _visibility(ids: pl.Series, spells: Spells, hours: tuple[np.ndarray, ...], codes: np.ndarray) -> pl.DataFrame:
    spell, hour, seconds = hours
    some = np.flatnonzero(seconds > 0)
    spell, hour, seconds = spell[some], hour[some], seconds[some]
    officer, kind, area = spells.officer[spell], spells.kind[spell], spells.area[spell]
    # By officer and hour they are already in order: as numbers they are sorted many times as quickly as by name.
    order = np.lexsort((area, kind, hour, officer))
    return pl.DataFrame(
        {
            "officer_id": ids.gather(officer[order]),
            "day": pl.Series(hour[order] // 24).cast(pl.Int32).cast(pl.Date),
            "hour": pl.Series(hour[order] % 24).cast(pl.Int8),
            "place_kind": pl.Series(PLACE_KINDS).gather(kind[order]),
            "place_neighbourhood_code": _names(codes, area[order]),
            "seconds": seconds[order],
        }
    )


def _visible(ids: pl.Series, spells: Spells, codes: np.ndarray) -> pl.DataFrame:
    shown = np.flatnonzero((spells.kind == PLACE_KINDS.index(VISIBLE)) & (spells.area >= 0))
    return pl.DataFrame(
        {
            "officer_id": ids.gather(spells.officer[shown]),
            "neighbourhood_code": _names(codes, spells.area[shown]),
            "start": _instants(spells.start[shown]),
            "end": _instants(spells.end[shown]),
        }
    )


def _hotspot_stays(
    ids: pl.Series, kept: Kept, start: np.ndarray, end: np.ndarray, hotspots: AreaIndex
) -> pl.DataFrame:
    fix, hotspot = every(hotspots, kept.lon, kept.lat, kept.day)
    some = start[fix] < end[fix]
    fix, hotspot = fix[some], hotspot[some]
    order = np.lexsort((fix, hotspot))
    fix, hotspot = fix[order], hotspot[order]
    same = (np.diff(hotspot) == 0) & (np.diff(kept.officer[fix]) == 0)
    first, last = runs(same, start[fix], end[fix])
    return pl.DataFrame(
        {
            "officer_id": ids.gather(kept.officer[fix[first]]),
            "hotspot_id": _names(hotspots.codes, hotspot[first]),
            "start": _instants(start[fix[first]]),
            "end": _instants(end[fix[last]]),
        }
    ).sort("officer_id", "hotspot_id", "start")


def _instants(microseconds: np.ndarray) -> pl.Series:
    return pl.Series(microseconds).cast(UTC_INSTANT)


def _names(codes: Sequence[str] | np.ndarray, number: np.ndarray) -> pl.Series:
    """Name areas by their numbers, -1 none."""
    return pl.Series([None, *codes], dtype=pl.String).gather(number + 1)
