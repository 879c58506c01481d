"""Radio fixes: positions along the routes, with the noise, gaps, tails and faults that real radios have."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from data_access.sample.areas import Areas, metres
from data_access.sample.areas import degrees as to_degrees
from data_access.sample.duties import Duties
from data_access.sample.movement import SLOT, SLOTS, Routes
from data_access.sample.patrols import travel_seconds
from data_access.sample.people import People
from data_access.sample.planted import RADIO_IN_CAR, RADIO_OUTAGE
from data_access.sample.span import DAY, HOUR, Month, instants, stream

NOISE_METRES = 7.0
STROLL_METRES = 70.0
STROLL_SECONDS = 1_500.0
CHUNK = 1_000_000
SPIKE, REPEATED, NULL_ISLAND = 0.0002, 0.001, 0.00002
_QUIET_SHIFTS = 0.45  # shifts with a gap in reporting
_TAILS = 0.08  # shifts after which the radio stays on
OUTAGE_PERIOD, OUTAGE_SILENT = 5_400, 3_000
MAX_HOLD = 600  # a fix speaks for no longer than this, so a radio that rests indoors reports at least so often


def fix_rows(
    areas: Areas, people: People, duties: Duties, routes: Routes, month: Month, fix_seconds: int, seed: int
) -> Iterator[pl.DataFrame]:
    """Return the month's rows of the `fixes` feed in chunks of about a million, by officer and time."""
    chance = stream(seed, "fixes", month)
    way = travel_seconds(routes.where)
    first, count = _reporting(duties, routes, fix_seconds, chance)
    edges = np.flatnonzero(np.diff(np.cumsum(count) // CHUNK, prepend=-1))
    for begin, after in zip(edges, [*edges[1:], len(count)], strict=True):
        part = np.arange(begin, after)
        yield _chunk(areas, people, duties, routes, way, part, first, count, month, fix_seconds, chance)
    yield from _left_in_car(areas, people, duties, month, fix_seconds)


def _reporting(
    duties: Duties, routes: Routes, fix_seconds: int, chance: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return the first instant and the number of fixes of each route; some radios stay on after the shift."""
    shifts = duties.shifts
    start = shifts.start[routes.shift] + chance.integers(0, fix_seconds, len(routes.shift))
    tail = np.where(chance.random(len(start)) < _TAILS, chance.integers(600, 2_700, len(start)), 0)
    end = shifts.end[routes.shift]
    for segments in duties.over:
        end = np.maximum(end, np.where(segments.code[routes.shift] >= 0, segments.end[routes.shift], 0))
    end = np.minimum(end + tail, shifts.limit)
    return start, np.maximum((end - start) // fix_seconds, 1)


def _chunk(
    areas: Areas,
    people: People,
    duties: Duties,
    routes: Routes,
    way: np.ndarray,
    part: np.ndarray,
    first: np.ndarray,
    count: np.ndarray,
    month: Month,
    fix_seconds: int,
    chance: np.random.Generator,
) -> pl.DataFrame:
    route = np.repeat(part, count[part])
    turn = np.arange(len(route)) - np.repeat(np.cumsum(count[part]) - count[part], count[part])
    wobble = chance.integers(-1, 2, len(route)) if fix_seconds >= 10 else 0
    at = first[route] + turn * fix_seconds + wobble
    since = at - duties.shifts.start[routes.shift[route]]
    slot = np.clip(since // SLOT, 0, SLOTS - 1)
    heard = _heard(areas, duties, routes, route, at, month, chance)
    heard &= _reports_at_rest(routes, route, slot, turn, fix_seconds)
    route, at, since, slot = route[heard], at[heard], since[heard], slot[heard]
    position = _positions(routes, way, route, slot, since, chance)
    _spoil(position, chance)
    person = duties.shifts.person[routes.shift[route]]
    rows = _frame(people, person, at, position)
    again = rows.filter(pl.Series(chance.random(len(rows)) < REPEATED))
    return pl.concat([rows, again.with_columns(lon=(pl.col("lon") + 0.00002).round(6))])


def _heard(
    areas: Areas,
    duties: Duties,
    routes: Routes,
    route: np.ndarray,
    at: np.ndarray,
    month: Month,
    chance: np.random.Generator,
) -> np.ndarray:
    """Tell which fixes arrive: not those in a shift's gap, nor in the planted outage."""
    number = len(routes.shift)
    quiet = chance.random(number) < _QUIET_SHIFTS
    begins = duties.shifts.start[routes.shift] + (chance.random(number) * 7 * HOUR).astype(np.int64)
    ends = begins + np.where(quiet, chance.integers(1_800, 6_000, number), 0)
    silent = (at >= begins[route]) & (at < ends[route])
    if RADIO_OUTAGE.holds(month.back):
        struck = duties.shifts.lpa[routes.shift] == areas.lpas.index(RADIO_OUTAGE.area)
        silent |= struck[route] & (at % OUTAGE_PERIOD < OUTAGE_SILENT)
    return ~silent


def _reports_at_rest(
    routes: Routes, route: np.ndarray, slot: np.ndarray, turn: np.ndarray, fix_seconds: int
) -> np.ndarray:
    """Tell which fixes are sent: a radio at rest in a building reports less often, but always within MAX_HOLD."""
    every = max(1, MAX_HOLD // fix_seconds)
    rests = routes.indoors[route, slot] & routes.indoors[route, np.maximum(slot - 1, 0)]
    return ~rests | (turn % every == 0)


def _positions(
    routes: Routes, way: np.ndarray, route: np.ndarray, slot: np.ndarray, since: np.ndarray, chance: np.random.Generator
) -> np.ndarray:
    """Place fixes in degrees: on the way from the last place, then strolling about the new one; 7 m of noise."""
    to = routes.where[route, slot]
    came_from = routes.where[route, np.maximum(slot - 1, 0)]
    done = np.clip((since - slot * SLOT) / np.maximum(way[route, slot], 1.0), 0, 1)[:, None]
    strolls = (~routes.standing[route, slot] & (done[:, 0] >= 1))[:, None]
    angle = (since / STROLL_SECONDS + (route % 97) / 97.0)[:, None] * 2 * np.pi
    stroll = STROLL_METRES * np.concatenate([np.sin(angle), np.sin(2 * angle)], axis=1)
    offset = np.where(strolls, stroll, 0.0) + chance.normal(0, NOISE_METRES, to.shape)
    here = metres(came_from + (to - came_from) * done)
    return to_degrees(here + offset)


def _spoil(position: np.ndarray, chance: np.random.Generator) -> None:
    """Throw a few fixes far off, and fewer to where the equator meets the meridian; in place."""
    fate = chance.random(len(position))
    far = fate < SPIKE
    position[far] += chance.choice([-1.3, 1.3], (int(far.sum()), 2))
    position[(fate >= SPIKE) & (fate < SPIKE + NULL_ISLAND)] = 0.0


def _left_in_car(
    areas: Areas, people: People, duties: Duties, month: Month, fix_seconds: int
) -> Iterator[pl.DataFrame]:
    """Return the fixes of the radio left in a parked car: three days and nights, but for the shifts when it is out."""
    if not RADIO_IN_CAR.holds(month.back):
        return
    person = np.flatnonzero(people.identifiers == RADIO_IN_CAR.area)
    at = np.arange(month.days[10] * DAY + 37, month.days[13] * DAY, max(fix_seconds, 60))
    own = np.isin(duties.shifts.person, person)
    start, end = duties.shifts.start[own] - HOUR, duties.shifts.end[own] + 2 * HOUR
    at = at[~((at[:, None] >= start) & (at[:, None] < end)).any(axis=1)]
    position = np.repeat(areas.addresses[:1, 0], len(at), axis=0)
    yield _frame(people, np.repeat(person, len(at)), at, position)


def _frame(people: People, person: np.ndarray, at: np.ndarray, position: np.ndarray) -> pl.DataFrame:
    placed = np.round(position, 6)
    return pl.DataFrame(
        {
            "officer_id": pl.Series(people.identifiers)[pl.Series(person)],
            "at": instants(at),
            "lon": placed[:, 0],
            "lat": placed[:, 1],
        }
    )
