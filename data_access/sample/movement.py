"""Where officers are during a shift: one place for every twenty minutes, with the way there at its start."""

from dataclasses import dataclass

import numpy as np

from data_access.sample.activities import ACTIVITIES
from data_access.sample.areas import ADDRESSES, Areas, metres
from data_access.sample.duties import Duties
from data_access.sample.people import NOWHERE, PCT, RESPONSE
from data_access.sample.shifts import NOT_ON, Events
from data_access.sample.span import Month, any_of, stream

SLOT = 1_200
SLOTS = 31  # nine hours, an hour's overrun and a little more
METRES_A_SECOND = 9.0
STAY = 0.72  # chance of staying another twenty minutes where one is
KEEPS_TO_PATCH = 0.6  # chance that a Response officer's next place is in the shift's patch
CALLED_AWAY = 0.04  # chance that a place on the beat is anywhere in the LPA
# Chance of twenty minutes' writing up at the station.
WRITING_UP_RESPONSE, WRITING_UP_OTHERS = 0.24, 0.34
BEAT, LPA, BASE, SCENE, HOSPITAL, COURT, GROUND, AWAY, NOT_WORKING = range(9)
_PLACES = ("beat", "lpa", "base", "scene", "hospital", "court", "ground", "away", "none")
_MUTUAL_AID_AT = (-1.47, 52.92)  # a neighbouring force


@dataclass(frozen=True, kw_only=True, eq=False)
class Routes:
    """The working shifts of those who carry a radio: `where` (shifts, SLOTS, 2) in degrees, slot by slot.

    `shift` numbers them in the month's shifts; `indoors` (shifts, SLOTS) is true in a building, `standing` where the
    officer does not walk about; `codes` (shifts, SLOTS) is the activity in force in the middle of the slot.
    """

    shift: np.ndarray
    where: np.ndarray
    indoors: np.ndarray
    standing: np.ndarray
    codes: np.ndarray


def make_routes(areas: Areas, duties: Duties, events: Events, month: Month, seed: int) -> Routes:
    """Send everyone in uniform to their places of a month."""
    chance = stream(seed, "routes", month)
    shifts = duties.shifts
    absent = np.isin(duties.code, [n for n, one in enumerate(ACTIVITIES) if one.family == "absence"])
    shift = np.flatnonzero(~absent & (shifts.kind != PCT))
    middles = shifts.start[:, None] + SLOT * np.arange(SLOTS)[None] + SLOT // 2
    codes = duties.at(middles)[shift]
    place = np.array([_PLACES.index(one.place) for one in ACTIVITIES])[codes]
    place = _called_in(shifts.kind[shift], shifts.end[shift] - shifts.start[shift], place, chance)
    where = _proposed(areas, duties, events, month, shift, place, chance)
    kept = _kept(place, chance)
    return Routes(
        shift=shift,
        where=np.take_along_axis(where, kept[:, :, None], axis=1),
        indoors=np.isin(place, [BASE, HOSPITAL, COURT]),
        standing=np.isin(place, [BASE, HOSPITAL, COURT, SCENE]),
        codes=codes,
    )


def _called_in(kind: np.ndarray, length: np.ndarray, place: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Take those on patrol to their station: for the briefing, a meal, some writing up and the end of the shift."""
    slot = np.arange(SLOTS)[None]
    last = (length[:, None] - 1) // SLOT
    share = np.where(kind == RESPONSE, WRITING_UP_RESPONSE, WRITING_UP_OTHERS)[:, None]
    inside = (slot == 0) | (slot >= last) | (slot // 2 == last // 4) | (chance.random(place.shape) < share)
    return np.where(inside & np.isin(place, [BEAT, LPA]), BASE, place)


def _kept(place: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Return the number of the slot whose place each slot keeps: its own, or an earlier one of the same kind."""
    stays = (chance.random(place.shape) < STAY) | np.isin(place, [BASE, SCENE, HOSPITAL, COURT])
    stays[:, 1:] &= place[:, 1:] == place[:, :-1]
    stays[:, 0] = False
    own = np.where(stays, 0, np.arange(SLOTS)[None])
    return np.maximum.accumulate(own, axis=1)


def _proposed(
    areas: Areas,
    duties: Duties,
    events: Events,
    month: Month,
    shift: np.ndarray,
    place: np.ndarray,
    chance: np.random.Generator,
) -> np.ndarray:
    shifts = duties.shifts
    lpa, sector, ward = (getattr(shifts, name)[shift] for name in ("lpa", "sector", "ward"))
    patch = np.where(sector == NOWHERE, any_of(areas.lpa_of_sector, lpa, chance), sector)
    roams = (place == LPA) & ((sector != NOWHERE)[:, None] | (chance.random(place.shape) > KEEPS_TO_PATCH))
    goes_to = _visited(areas, lpa, patch, ward, roams | (place == SCENE), chance)
    where = areas.addresses[goes_to, chance.integers(0, ADDRESSES, place.shape)]
    buildings = {
        BASE: _stations(areas, patch),
        HOSPITAL: _building(areas, "hospital", lpa, shift),
        COURT: _building(areas, "court", lpa, shift),
    }
    for kind, number in buildings.items():
        spot = areas.premises.spots[number, 0]
        where = np.where((place == kind)[:, :, None], spot[:, None], where)
    football = events.football[shifts.day[shift] - month.days[0]]
    at_ground = _grounds(areas)[np.where(football == NOT_ON, lpa, football)]
    where = np.where((place == GROUND)[:, :, None], at_ground[:, None], where)
    return np.where((place == AWAY)[:, :, None], np.array(_MUTUAL_AID_AT), where)


def _grounds(areas: Areas) -> np.ndarray:
    """Return where each LPA's crowds gather (LPAs, 2): an address of its last ward."""
    last = [np.flatnonzero(areas.lpa_of == lpa)[-1] for lpa in range(len(areas.lpas))]
    return areas.addresses[last, 0]


def _visited(
    areas: Areas,
    lpa: np.ndarray,
    patch: np.ndarray,
    ward: np.ndarray,
    roams: np.ndarray,
    chance: np.random.Generator,
) -> np.ndarray:
    """Choose a ward for each slot: mostly the officer's own, else one of the patch; one of the LPA where `roams`."""
    shape = roams.shape
    anywhere = any_of(areas.lpa_of, np.broadcast_to(lpa[:, None], shape), chance)
    near = any_of(areas.sector_of, np.broadcast_to(patch[:, None], shape), chance)
    own = (ward != NOWHERE)[:, None] & (chance.random(shape) < 0.7)
    beat = np.where(own, ward[:, None], near)
    return np.where(roams | (chance.random(shape) < CALLED_AWAY), anywhere, beat)


def _stations(areas: Areas, patch: np.ndarray) -> np.ndarray:
    """Return the police building that people of each patch (a sector) begin at: their LPA's nearest."""
    stations = areas.premises.of_kind("police_building")
    place = metres(areas.premises.spots[stations, 0])
    centres = metres(areas.wards.select("lon", "lat").to_numpy())
    middles = np.array([centres[areas.sector_of == one].mean(axis=0) for one in range(len(areas.sectors))])
    away = np.hypot(*(middles[:, None] - place[None]).transpose(2, 0, 1))
    away += np.where(areas.premises.lpa[stations][None] == areas.lpa_of_sector[:, None], 0, 1e9)
    return stations[np.argmin(away, axis=1)][patch]


def _building(areas: Areas, kind: str, lpa: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Return a building of a kind in each LPA; where there are several, shifts take turns."""
    numbers = areas.premises.of_kind(kind)
    own = [numbers[areas.premises.lpa[numbers] == one] for one in range(len(areas.lpas))]
    table = np.array([np.resize(of_lpa, 2) for of_lpa in own])
    return table[lpa, shift % 2]
