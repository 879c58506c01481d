"""Who works when: the rosters of a month, leave and sickness, and the football and public-order days."""

from dataclasses import dataclass

import numpy as np

from data_access.sample import figures
from data_access.sample.areas import Areas
from data_access.sample.people import NPT, PCSO, PCT, RESPONSE, SPECIAL, People
from data_access.sample.span import DAY, HOUR, Month, stream, utc, weekday

EARLY, LATE, NIGHT, OFF = range(4)
# Six on, four off; Response also works nights.
_CYCLES = {
    NPT: (EARLY, EARLY, EARLY, LATE, LATE, LATE, OFF, OFF, OFF, OFF),
    PCSO: (EARLY, EARLY, EARLY, LATE, LATE, LATE, OFF, OFF, OFF, OFF),
    RESPONSE: (EARLY, EARLY, LATE, LATE, NIGHT, NIGHT, OFF, OFF, OFF, OFF),
}
_STARTS = {EARLY: 7 * HOUR, LATE: 14 * HOUR, NIGHT: 22 * HOUR}
LONGEST = 9 * HOUR
SPECIAL_DUTY_A_DAY = 0.098  # of eight hours: the published mean of 23 hours a month
LEAVE_A_WEEK = {7: 0.16, 8: 0.22, 12: 0.17}
SICK_A_WEEK = 0.045
_PLAIN_LEAVE = 0.10


@dataclass(frozen=True, kw_only=True, eq=False)
class Shifts:
    """The rostered shifts of a month, one element each; `start` and `end` are UTC seconds since 1970.

    `limit`: nothing lasts beyond it; the end of the sample in its last month, else a day after the month.
    """

    person: np.ndarray
    day: np.ndarray
    turn: np.ndarray
    start: np.ndarray
    end: np.ndarray
    kind: np.ndarray
    lpa: np.ndarray
    sector: np.ndarray
    ward: np.ndarray
    leave: np.ndarray
    sick: np.ndarray
    limit: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Events:
    """What happens on each day of a month: the LPA of a football ground in use, NOT_ON: none; public order; aid."""

    football: np.ndarray
    disorder: np.ndarray
    mutual_aid: np.ndarray


NOT_ON = -1


def make_events(areas: Areas, month: Month, seed: int) -> Events:
    """Draw the event days of a month, in the order of its days."""
    chance, days = stream(seed, "events", month), month.days
    season = month.number not in (6, 7)
    matchday = season & np.isin(weekday(days), [5, 6]) & (chance.random(len(days)) < 0.75)
    midweek = season & np.isin(weekday(days), [1, 2]) & (chance.random(len(days)) < 0.25)
    grounds = [areas.lpas.index(code) for code in (figures.BIRMINGHAM, figures.BIRMINGHAM, figures.WOLVERHAMPTON,
               figures.SANDWELL, figures.COVENTRY, figures.WALSALL)]  # fmt: skip
    football = np.where(matchday | midweek, chance.choice(grounds, len(days)), NOT_ON)
    bonfire = (month.number == 11) & (np.arange(len(days)) < 5)
    disorder = (chance.random(len(days)) < 0.09) | bonfire
    aid_from = chance.integers(0, len(days))
    away = (np.arange(len(days)) - aid_from) % len(days) < 4
    return Events(football=football, disorder=disorder, mutual_aid=away)


def make_shifts(people: People, month: Month, seed: int) -> Shifts:
    """Roster a month: every shift that begins in it, in the order of people and days."""
    chance, days = stream(seed, "shifts", month), month.days
    turn = _turns(people, days, chance)
    person, column = np.nonzero(turn != OFF)
    chosen, day = turn[person, column], days[column]
    kind = people.kind[person]
    begins = np.array([_STARTS[one] for one in (EARLY, LATE, NIGHT)])[chosen]
    begins += np.where((kind == PCT) & (chosen == EARLY), HOUR, 0)
    begins += np.where((kind == SPECIAL), 3 * HOUR, 0)
    night_economy = np.isin(weekday(day), [4, 5]) & (chosen == LATE) & (kind == NPT) & (chance.random(len(day)) < 0.4)
    begins += np.where(night_economy, 3 * HOUR, 0)
    length = np.where(np.isin(kind, [NPT, RESPONSE]), LONGEST, 8 * HOUR)
    home = people.home(person, day)
    limit = int(utc(np.array([(days[-1] + (1 if month.back == 0 else 2)) * DAY]))[0])
    end = np.minimum(utc(day * DAY + begins + length), limit)
    leave, sick = _absent(people, month, chance)
    week = column // 7
    return Shifts(
        person=person, day=day, turn=chosen, start=utc(day * DAY + begins), end=end, limit=limit,
        kind=kind, lpa=home.lpa, sector=home.sector, ward=home.ward,
        leave=leave[person, week] & (kind != SPECIAL), sick=sick[person, week] & (kind != SPECIAL),
    )  # fmt: skip


def _turns(people: People, days: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Return the turn of duty of each person (rows) on each day (columns)."""
    place = (days[None] + people.phase[:, None]) % 10
    turn = np.full(place.shape, OFF)
    for kind, cycle in _CYCLES.items():
        own = people.kind == kind
        turn[own] = np.array(cycle)[place[own]]
    crime_team = people.kind == PCT
    late_week = (days[None] // 7 + people.phase[crime_team, None]) % 3 == 0
    turn[crime_team] = np.where(weekday(days)[None] < 5, np.where(late_week, LATE, EARLY), OFF)
    specials = people.kind == SPECIAL
    busy = np.where(np.isin(weekday(days), [4, 5, 6]), 1.5, 0.79)
    keen = 0.7 + people.phase[specials, None] / 15
    volunteers = chance.random((specials.sum(), len(days))) < SPECIAL_DUTY_A_DAY * busy[None] * keen
    turn[specials] = np.where(volunteers, LATE, OFF)
    return turn


def _absent(people: People, month: Month, chance: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Tell of each person and week of the month whether they are on leave or sick."""
    weeks = (len(people.kind), 5)
    share = LEAVE_A_WEEK.get(month.number, _PLAIN_LEAVE)
    return chance.random(weeks) < share, chance.random(weeks) < SICK_A_WEEK
