"""Targeted Guardian Patrols: taskings one day in three at every hotspot, the visits that answer them, and check-ins."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from data_access.sample.activities import in_families
from data_access.sample.areas import SPOTS, Areas, second_wave
from data_access.sample.duties import Duties
from data_access.sample.movement import METRES_A_SECOND, SLOT, Routes
from data_access.sample.people import NPT, PCSO, RESPONSE, People
from data_access.sample.places import NOT_THERE
from data_access.sample.planted import MISSED_WINDOW, SECOND_WAVE
from data_access.sample.shifts import EARLY, LATE
from data_access.sample.span import DAY, HOUR, Month, instants, stream, utc

WINDOW_SLOTS = 6
# Windows: the turn of duty that serves it, the slot of that turn in which it begins, local hour, and how likely.
WINDOWS = ((EARLY, 12, 11), (LATE, 6, 16), (LATE, 15, 19))
_WINDOW_SHARE = {"syv_robbery": (0.10, 0.55, 0.35), "asb": (0.10, 0.30, 0.60)}
# Slots spent on a visit, the way there included: one is missed, three fall just short of the hour, four are enough.
_VISIT_SLOTS = (0, 2, 3, 4, 5)
_VISIT_SHARE = (0.07, 0.06, 0.15, 0.60, 0.12)
_LEAVES_EARLY = 0.10
_OVERSTATES = 0.09
_NO_CHECK_OUT = 0.03
_OUTCOMES = {"arrests": 0.05, "stop_searches": 0.16, "intelligence": 0.22, "referrals": 0.10}


@dataclass(frozen=True, kw_only=True, eq=False)
class Taskings:
    """A month's taskings: hotspot, day and window (number in WINDOWS).

    `route` (n, 2) are the routes of those sent, NOT_THERE where nobody was free; `first`, `after` (n, 2) are the slots
    of their visits, half-open and equal where there is none.
    """

    hotspot: np.ndarray
    day: np.ndarray
    window: np.ndarray
    route: np.ndarray
    first: np.ndarray
    after: np.ndarray


def make_taskings(areas: Areas, duties: Duties, routes: Routes, month: Month, seed: int) -> Taskings:
    """Task every hotspot patrolled by then one day in three, two officers each while there are officers free."""
    chance = stream(seed, "taskings", month)
    hotspot, day = _one_day_in_three(areas, month)
    kinds = np.array(areas.hotspots.kinds)[hotspot]
    shares = np.array([_WINDOW_SHARE[kind] for kind in kinds.tolist()]).cumsum(axis=1)
    window = (chance.random(len(hotspot))[:, None] > shares).sum(axis=1).clip(0, len(WINDOWS) - 1)
    route = _sent(areas, duties, routes, hotspot, day, window, month, chance)
    begins = np.array([slot for _, slot, _ in WINDOWS])[window]
    arrive = begins + chance.choice(2, len(begins), p=[0.8, 0.2])
    late = hotspot == areas.hotspots.identifiers.index(MISSED_WINDOW.area)
    arrive = np.where(late, begins + WINDOW_SLOTS, arrive)
    slots = chance.choice(_VISIT_SLOTS, len(begins), p=_VISIT_SHARE)
    early = chance.random((len(begins), 2)) < (0, _LEAVES_EARLY)
    after = (arrive + slots)[:, None] - np.where(early & (slots > 1)[:, None], 1, 0)
    return Taskings(
        hotspot=hotspot, day=day, window=window, route=route,
        first=np.repeat(arrive[:, None], 2, axis=1), after=np.where(route == NOT_THERE, arrive[:, None], after),
    )  # fmt: skip


def send(areas: Areas, routes: Routes, taskings: Taskings, month: Month, seed: int) -> None:
    """Write the visits into the routes, in place: a patrol walks from point to point within its hotspot."""
    chance = stream(seed, "visits", month)
    for step in range(max(_VISIT_SLOTS)):
        slot = taskings.first + step
        there = (slot < taskings.after) & (taskings.route != NOT_THERE)
        route, slot = taskings.route[there], slot[there]
        hotspot = np.repeat(taskings.hotspot[:, None], 2, axis=1)[there]
        routes.where[route, slot] = areas.hotspots.spots[hotspot, chance.integers(0, SPOTS, len(route))]
        routes.indoors[route, slot] = False
        routes.standing[route, slot] = False


def tasking_rows(
    areas: Areas, people: People, duties: Duties, routes: Routes, taskings: Taskings, month: Month
) -> pl.DataFrame:
    """Return the month's rows of the `taskings` feed: one per officer tasked, or one without an officer."""
    start = _window_start(taskings)
    officer = _officers(people, duties, routes, taskings)
    number = np.arange(1, len(start) + 1)
    rows = pl.DataFrame(
        {
            "tasking_id": _identifiers("ST", month, number),
            "hotspot_id": np.array(areas.hotspots.identifiers)[taskings.hotspot],
            "window_start": instants(start),
            "window_end": instants(start + 2 * HOUR),
        }
    )
    both = pl.concat([rows.with_columns(officer_id=officer[crew], crew=pl.lit(crew)) for crew in (0, 1)])
    kept = both.filter(pl.col("officer_id").is_not_null() | (pl.col("crew") == 0))
    return kept.sort("tasking_id", "crew").drop("crew")


def patrol_rows(
    areas: Areas, people: People, duties: Duties, routes: Routes, taskings: Taskings, month: Month, seed: int
) -> pl.DataFrame:
    """Return the month's rows of the `patrols` feed: the check-ins of the officers who went, mostly true."""
    chance = stream(seed, "check-ins", month)
    tasking, crew = np.nonzero(taskings.after > taskings.first)
    route = taskings.route[tasking, crew]
    began = duties.shifts.start[routes.shift[route]]
    way = travel_seconds(routes.where)[route, taskings.first[tasking, crew]]
    arrived = began + SLOT * taskings.first[tasking, crew] + way + chance.normal(0, 60, len(route))
    left = began + SLOT * taskings.after[tasking, crew] + chance.normal(0, 90, len(route))
    left += np.where(chance.random(len(route)) < _OVERSTATES, chance.uniform(900, 2_400, len(route)), 0)
    out = instants(np.maximum(left, arrived + 60).astype(np.int64))
    out = out.set(pl.Series(chance.random(len(route)) < _NO_CHECK_OUT), None)
    officer = _officers(people, duties, routes, taskings)
    counts = {name: chance.poisson(mean, len(route)) for name, mean in _OUTCOMES.items()}
    return pl.DataFrame(
        {
            "patrol_id": _identifiers("SV", month, np.arange(1, len(route) + 1)),
            "tasking_id": _identifiers("ST", month, tasking + 1),
            "hotspot_id": np.array(areas.hotspots.identifiers)[taskings.hotspot[tasking]],
            "officer_id": np.array([one.to_numpy() for one in officer])[crew, tasking].tolist(),
            "checked_in_at": instants(arrived.astype(np.int64)),
            "checked_out_at": out,
            **counts,
        }
    )


def travel_seconds(where: np.ndarray) -> np.ndarray:
    """Return the seconds that the way to each slot's place takes; at most most of the slot (shifts, SLOTS)."""
    step = np.diff(where, axis=1, prepend=where[:, :1]) * (67_800.0, 111_195.0)
    return np.minimum(np.hypot(step[..., 0], step[..., 1]) / METRES_A_SECOND, 0.85 * SLOT)


def _one_day_in_three(areas: Areas, month: Month) -> tuple[np.ndarray, np.ndarray]:
    hotspots = areas.hotspots.of_kind("syv_robbery", "asb")
    if not SECOND_WAVE.holds(month.back):
        hotspots = np.setdiff1d(hotspots, second_wave(areas))
    due = (month.days[None] + hotspots[:, None]) % 3 == 0
    place, column = np.nonzero(due)
    return hotspots[place], month.days[column]


def _sent(
    areas: Areas,
    duties: Duties,
    routes: Routes,
    hotspot: np.ndarray,
    day: np.ndarray,
    window: np.ndarray,
    month: Month,
    chance: np.random.Generator,
) -> np.ndarray:
    """Return two routes for each tasking: officers of its LPA who are on duty and free in its window, NPT first."""
    result = np.full((len(hotspot), 2), NOT_THERE)
    shifts, core = duties.shifts, in_families("core")
    for number, (turn, slot, hour) in enumerate(WINDOWS):
        start = utc(shifts.day[routes.shift] * DAY + hour * HOUR)
        in_step = start - SLOT * slot == shifts.start[routes.shift]
        free = np.isin(routes.codes[:, slot - 1 : slot + 2 * WINDOW_SLOTS], core).all(axis=1)
        free &= (shifts.turn[routes.shift] == turn) & in_step
        free &= np.isin(shifts.kind[routes.shift], [NPT, PCSO, RESPONSE])
        able = np.flatnonzero(free)
        rank = chance.random(len(able)) + (shifts.kind[routes.shift[able]] == RESPONSE)
        supply = _cell(shifts.lpa[routes.shift[able]], shifts.day[routes.shift[able]], month)
        mine = np.flatnonzero(window == number)
        asked = _cell(areas.hotspots.lpa[hotspot[mine]], day[mine], month)
        result[mine] = _matched(able[np.lexsort((rank, supply))], np.sort(supply), asked, chance)
    return result


def _cell(lpa: np.ndarray, day: np.ndarray, month: Month) -> np.ndarray:
    return lpa * 64 + (day - month.days[0])


def _matched(able: np.ndarray, supply: np.ndarray, asked: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Return the officers of each tasking: of the k-th of a cell (LPA and day), 2k and 2k + 1 of that cell in order."""
    order = np.lexsort((chance.random(len(asked)), asked))
    turn = np.empty(len(asked), dtype=int)
    turn[order] = np.arange(len(asked)) - np.searchsorted(asked[order], asked[order])
    begin, after = np.searchsorted(supply, asked), np.searchsorted(supply, asked, side="right")
    place = (begin + 2 * turn)[:, None] + np.arange(2)[None]
    there = place < after[:, None]
    there &= there[:, 1:]  # nobody patrols alone
    return np.where(there, able[np.where(there, place, 0)] if len(able) else NOT_THERE, NOT_THERE)


def _window_start(taskings: Taskings) -> np.ndarray:
    hour = np.array([one for _, _, one in WINDOWS])[taskings.window]
    return utc(taskings.day * DAY + hour * HOUR)


def _officers(people: People, duties: Duties, routes: Routes, taskings: Taskings) -> list[pl.Series]:
    """Name the two officers of each tasking; null: nobody."""
    person = duties.shifts.person[routes.shift[np.maximum(taskings.route, 0)]]
    names = pl.Series(people.identifiers)
    return [
        names[pl.Series(person[:, crew])].set(pl.Series(taskings.route[:, crew] == NOT_THERE), None).alias("officer_id")
        for crew in (0, 1)
    ]


def _identifiers(prefix: str, month: Month, number: np.ndarray) -> pl.Series:
    return f"{prefix}-{month.label}-" + pl.Series(number).cast(pl.String).str.zfill(5)
