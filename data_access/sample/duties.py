"""Duty segments: what each shift was coded as, and the abstractions that begin during it."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from data_access.sample.activities import CODES, NUMBER, numbers
from data_access.sample.areas import Areas
from data_access.sample.people import NPT, PCSO, PCT, RESPONSE, SPECIAL, People
from data_access.sample.planted import LOST_SECTOR, LOST_SHARE, STEP_CHANGE, STEP_SHARE
from data_access.sample.shifts import EARLY, LATE, NOT_ON, Events, Shifts
from data_access.sample.span import HOUR, Month, any_of, dates, instants, stream, weekday

QUARTER = 900
NONE = -1
_CORE = {NPT: "NPAT", PCSO: "NPAT", RESPONSE: "RPAT", PCT: "PROA", SPECIAL: "SPAT"}
# Chance that something takes an officer away during a shift, and what it is: code, weight, least and most hours.
_TAKEN = {NPT: 0.42, PCSO: 0.10, RESPONSE: 0.16, PCT: 0.15, SPECIAL: 0.0}
_CAUSES = (
    ("BKFL", 0.36, 2, 7), ("COBS", 0.20, 3, 8), ("HOSP", 0.15, 2, 7), ("SCEN", 0.18, 2, 8), ("CUST", 0.11, 2, 5),
)  # fmt: skip
# Chance that some of a plain shift is coded to other neighbourhood work.
_OTHER_CORE = (("ENGA", 0.45, 1, 3), ("PSOL", 0.30, 1, 3), ("ENQU", 0.25, 1, 4))
OTHER_CORE = 0.55


@dataclass(frozen=True, kw_only=True, eq=False)
class Segments:
    """Segments laid over shifts, one element per shift; `code` NONE: no such segment. UTC seconds."""

    code: np.ndarray
    start: np.ndarray
    end: np.ndarray


@dataclass(frozen=True, kw_only=True, eq=False)
class Duties:
    """A month's duty: each shift's own code, and the segments that began later and so count before it."""

    shifts: Shifts
    code: np.ndarray
    over: tuple[Segments, ...]

    def at(self, moment: np.ndarray) -> np.ndarray:
        """Return the code in force at `moment` (one row per shift, UTC seconds)."""
        found = np.broadcast_to(self.code[:, None], moment.shape).copy()
        for one in self.over:
            inside = (one.code != NONE)[:, None] & (moment >= one.start[:, None]) & (moment < one.end[:, None])
            found = np.where(inside, one.code[:, None], found)
        return found


def make_duties(areas: Areas, shifts: Shifts, events: Events, month: Month, seed: int) -> Duties:
    """Code a month's shifts."""
    chance = stream(seed, "duties", month)
    code = _whole_shift(areas, shifts, events, month, chance)
    plain = np.isin(code, numbers(*set(_CORE.values())))
    core = _laid_over(shifts, plain & (chance.random(len(code)) < _other_core(shifts)), _OTHER_CORE, 2, chance)
    share = np.array([_TAKEN[kind] for kind in range(5)])[shifts.kind]
    share = share * np.where(shifts.turn == EARLY, 0.85, 1.1) * np.where(weekday(shifts.day) >= 4, 1.12, 0.95)
    taken = _laid_over(shifts, plain & (chance.random(len(code)) < share), _CAUSES, 3, chance)
    taken = _no_backfill_by(shifts, taken)
    court_day = plain & (shifts.turn == EARLY) & (weekday(shifts.day) < 5) & (shifts.kind != SPECIAL)
    called = court_day & (taken.code == NONE) & (chance.random(len(code)) < 0.06)
    court = Segments(
        code=np.where(called, NUMBER["COUR"], NONE), start=shifts.start + 5 * QUARTER, end=shifts.start + 6 * HOUR
    )
    return Duties(shifts=shifts, code=code, over=(core, taken, court))


def duty_rows(people: People, areas: Areas, duties: Duties, seed: int, month: Month) -> pl.DataFrame:
    """Return the month's rows of the `duties` feed, in the order of officers and starts."""
    shifts, chance = duties.shifts, stream(seed, "worked_area", month)
    whole = Segments(code=duties.code, start=shifts.start, end=shifts.end)
    frames = []
    for segments in (whole, *duties.over):
        there = np.flatnonzero(segments.code != NONE)
        officer = pl.Series(people.identifiers)[pl.Series(shifts.person[there])]
        frames.append(
            pl.DataFrame(
                {
                    "officer_id": officer,
                    "day": dates(shifts.day[there]),
                    "starts_at": instants(segments.start[there]),
                    "ends_at": instants(segments.end[there]),
                    "activity_code": pl.Series(CODES)[pl.Series(segments.code[there])],
                    "worked_area": _worked_area(areas, shifts, segments.code, there, chance),
                }
            )
        )
    shift_id = pl.concat_str("officer_id", pl.lit("-"), pl.col("day").dt.strftime("%Y%m%d"))
    rows = pl.concat(frames).with_columns(shift_id=shift_id).sort("officer_id", "starts_at")
    return rows.select("officer_id", "shift_id", "starts_at", "ends_at", "activity_code", "worked_area")


def _whole_shift(areas: Areas, shifts: Shifts, events: Events, month: Month, chance: np.random.Generator) -> np.ndarray:
    """Return the code that each shift has from its start; the first cause that applies wins."""
    count = len(shifts.person)
    column = shifts.day - month.days[0]
    weekday_early = (weekday(shifts.day) < 5) & (shifts.turn == EARLY)
    officer = np.isin(shifts.kind, [NPT, PCT, RESPONSE])
    local = shifts.kind == NPT
    ground = events.football[column]
    near = np.where(ground == shifts.lpa, 0.30, 0.14)
    causes = (
        ("LEAV", shifts.leave, 1.0),
        ("SICK", shifts.sick, 1.0),
        ("MAID", officer & events.mutual_aid[column], np.where(local, 0.05, 0.01)),
        ("FOOT", officer & (ground != NOT_ON), np.where(local, near, 0.03)),
        ("PUBO", officer & events.disorder[column], np.where(local, 0.20, 0.04)),
        ("TRAI", weekday_early & (shifts.kind != SPECIAL), 0.10),
        ("BKFL", local & _lost_sector(areas, shifts, month), LOST_SHARE),
        ("BKFL", local & _stepped_up(areas, shifts, month), STEP_SHARE),
        ("BKFL", local, np.where(shifts.turn == LATE, 0.05, 0.025)),
        ("COBS", local, 0.012),
        ("SCEN", local | (shifts.kind == PCSO), 0.012),
    )
    core = np.array([NUMBER[_CORE[kind]] for kind in range(5)])[shifts.kind]
    return np.select(
        [applies & (chance.random(count) < share) for _, applies, share in causes],
        numbers(*(code for code, _, _ in causes)),
        core,
    )


def _lost_sector(areas: Areas, shifts: Shifts, month: Month) -> np.ndarray:
    return LOST_SECTOR.holds(month.back) & (shifts.sector == areas.sectors.index(LOST_SECTOR.area))


def _stepped_up(areas: Areas, shifts: Shifts, month: Month) -> np.ndarray:
    return STEP_CHANGE.holds(month.back) & (shifts.lpa == areas.lpas.index(STEP_CHANGE.area))


def _other_core(shifts: Shifts) -> np.ndarray:
    return np.where(np.isin(shifts.kind, [NPT, PCSO]), OTHER_CORE, 0.0)


def _laid_over(
    shifts: Shifts,
    where: np.ndarray,
    causes: tuple[tuple[str, float, int, int], ...],
    first_quarter: int,
    chance: np.random.Generator,
) -> Segments:
    """Lay a segment over the shifts `where`; it starts on a quarter hour of its own kind and may overrun by an hour.

    `first_quarter` is odd for one layer and even for another: no two segments of an officer begin together.
    """
    count = len(where)
    _, weights, least, most = zip(*causes, strict=True)
    cause = chance.choice(len(causes), count, p=np.array(weights) / sum(weights))
    start = shifts.start + (first_quarter + 2 * chance.integers(0, 9, count)) * QUARTER
    quarters = chance.integers(np.array(least)[cause] * 4, np.array(most)[cause] * 4 + 1)
    overrun = np.where(chance.random(count) < 0.06, HOUR, 0)
    end = np.minimum(np.minimum(start + quarters * QUARTER, shifts.end + overrun), shifts.limit)
    codes = np.array(numbers(*(code for code, *_ in causes)))
    return Segments(code=np.where(where & (start < end), codes[cause], NONE), start=start, end=end)


def _no_backfill_by(shifts: Shifts, taken: Segments) -> Segments:
    """PCSOs guard scenes, whatever the cause; Response cannot backfill itself and watches detainees instead."""
    backfill = taken.code == NUMBER["BKFL"]
    code = np.where((taken.code != NONE) & (shifts.kind == PCSO), NUMBER["SCEN"], taken.code)
    code = np.where(backfill & np.isin(shifts.kind, [RESPONSE, PCT]), NUMBER["COBS"], code)
    return Segments(code=code, start=taken.start, end=taken.end)


def _worked_area(
    areas: Areas, shifts: Shifts, code: np.ndarray, there: np.ndarray, chance: np.random.Generator
) -> pl.Series:
    """Name who received the hours: the LPA, for half of the backfill one of its sectors; mutual aid left the force."""
    code = code[there]
    lpa = np.array(areas.lpas)[shifts.lpa[there]]
    sector = any_of(areas.lpa_of_sector, shifts.lpa[there], chance)
    some = (code == NUMBER["BKFL"]) & (chance.random(len(code)) < 0.5)
    area = np.where(some, np.array(areas.sectors)[sector], lpa)
    received = np.isin(code, numbers("BKFL", "COBS", "HOSP", "SCEN", "CUST", "FOOT", "PUBO"))
    return pl.Series(np.where(received, area, "")).replace("", None)
