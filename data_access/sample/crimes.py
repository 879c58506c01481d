"""Recorded crime: what, where, when, to whom and with what outcome."""

import numpy as np
import polars as pl

from data_access.sample import figures
from data_access.sample.areas import Areas, second_wave
from data_access.sample.offences import HOMICIDE_CODE, SEXUAL, read_offences
from data_access.sample.places import NOT_THERE, Happened, hotspot_of_lpa, into_hotspots, location_columns, somewhere
from data_access.sample.planted import (
    FLAGGING,
    HOMICIDE,
    IMPACT_FALL,
    IMPACT_FALL_SHARE,
    SECOND_WAVE,
    SECOND_WAVE_SHARE,
)
from data_access.sample.span import Month, dates, stream
from metrics.harm import YOUNG

CRIME_SEASON = (0.97, 0.94, 0.99, 1.00, 1.03, 1.04, 1.05, 1.03, 1.01, 1.02, 0.98, 0.94)
CRIME_FALL_A_MONTH = 0.9975
# Chance that a street offence, or any other, is placed in a patrol hotspot; then, if not, in an Impact Area.
_IN_HOTSPOT = (0.05, 0.15)
_IN_IMPACT_AREA = (0.10, 0.17)
_OUTCOMES = (
    ("charged", 0.09), ("caution", 0.02), ("community_resolution", 0.05), ("evidential_difficulties", 0.38),
    ("no_suspect", 0.46),
)  # fmt: skip


def crime_rows(areas: Areas, month: Month, seed: int) -> pl.DataFrame:
    """Return the month's rows of the `crimes` feed, in the order of the days recorded; about 27,000 of them."""
    chance = stream(seed, "crimes", month)
    table = read_offences()
    offence, ward = _what_and_where(table, areas, month, chance)
    crimes = table[offence]
    at = _placed(areas, month, ward, crimes["street"].to_numpy(), chance, stream(seed, "second wave", month))
    recorded = np.sort(chance.choice(month.days, len(offence)))
    committed = recorded - chance.geometric(0.45, len(offence)) + 1
    # Sexual offences are often reported months later.
    committed -= np.where(crimes["offence_group"] == SEXUAL, chance.geometric(0.01, len(offence)), 0)
    aged = crimes["victim"].to_numpy() & (chance.random(len(offence)) < 0.96)
    age = np.where(aged, _ages(crimes["violence_with_injury"].to_numpy(), chance), -1)
    number = pl.Series(np.arange(1, len(offence) + 1)).cast(pl.String).str.zfill(6)
    return pl.DataFrame(
        {
            "crime_id": f"SK-{month.label}-" + number,
            "recorded_on": dates(recorded),
            "committed_on": dates(committed),
            "offence_code": crimes["offence_code"],
            **location_columns(areas, at, chance, surely=crimes["homicide"].to_numpy()),
            "victim_age": pl.Series(age).replace(-1, None),
            **_outcomes(recorded, month, chance),
            "flags": _flags(areas, crimes, ward, age, month, stream(seed, "flags", month)),
        }
    )


def _flags(
    areas: Areas, crimes: pl.DataFrame, ward: np.ndarray, age: np.ndarray, month: Month, chance: np.random.Generator
) -> pl.Series:
    """Flag crimes, some twice; from a month on one LPA flags hate crime that it did not before."""
    violent = crimes["violence_with_injury"].to_numpy().astype(bool)
    begun = (areas.lpa_of[ward] == areas.lpas.index(FLAGGING.area)) & FLAGGING.holds(month.back)
    shares = {
        "hate": np.where(begun, 0.04, 0.02),
        "domestic": np.where(violent, 0.28, 0.05),
        "vawg": np.where(violent, 0.16, 0.03),
        "knife": np.where(violent, 0.07, 0.01),
        "youth": np.where(violent & (age >= 0) & (age < YOUNG), 0.5, 0.0),
    }
    found = [np.where(chance.random(len(ward)) < share, flag, "") for flag, share in shares.items()]
    joined = pl.DataFrame(found).select(pl.concat_str(pl.all().replace("", None), separator=";", ignore_nulls=True))
    return joined.to_series().replace("", None)


def _what_and_where(
    table: pl.DataFrame, areas: Areas, month: Month, chance: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw offence and ward; the LPA of the planted homicide has only that one."""
    days = len(month.days) / 30.44
    trend = CRIME_SEASON[month.number - 1] * CRIME_FALL_A_MONTH ** (12 - month.back)
    yearly = table["a_year"].to_numpy()
    expected = figures.CRIMES_A_MONTH * days * trend * yearly / yearly.sum()
    offence = np.repeat(np.arange(len(table)), chance.poisson(expected))
    chance.shuffle(offence)
    ward = chance.choice(len(areas.demand), len(offence), p=areas.demand)
    homicide = table["offence_code"].to_list().index(HOMICIDE_CODE)
    elsewhere = areas.lpa_of[ward] != areas.lpa_of[_ward(areas, HOMICIDE.area)]
    kept = (offence != homicide) | elsewhere
    offence, ward = offence[kept], ward[kept]
    if HOMICIDE.holds(month.back):
        offence, ward = np.append(offence, homicide), np.append(ward, _ward(areas, HOMICIDE.area))
    return offence, ward


def _ward(areas: Areas, code: str) -> int:
    return areas.wards["neighbourhood_code"].to_list().index(code)


def _placed(
    areas: Areas,
    month: Month,
    ward: np.ndarray,
    street: np.ndarray,
    chance: np.random.Generator,
    patrols: np.random.Generator,
) -> Happened:
    """Place crimes at addresses of their ward, some of them in a patrol hotspot or Impact Area of its LPA."""
    at = somewhere(areas, ward, chance)
    quiet = ward == _ward(areas, HOMICIDE.area)
    in_hotspot = chance.random(len(ward)) < np.where(street, _IN_HOTSPOT[1], _IN_HOTSPOT[0])
    safer = 1 - IMPACT_FALL_SHARE if IMPACT_FALL.holds(month.back) else 1.0
    in_area = chance.random(len(ward)) < np.where(street, _IN_IMPACT_AREA[1] * safer, _IN_IMPACT_AREA[0])
    patrolled = hotspot_of_lpa(areas, ward, areas.hotspots.of_kind("syv_robbery", "asb"), chance)
    if SECOND_WAVE.holds(month.back):
        prevented = patrols.random(len(ward)) < SECOND_WAVE_SHARE
        in_hotspot &= ~(prevented & street & np.isin(patrolled, second_wave(areas)))
    area = hotspot_of_lpa(areas, ward, areas.hotspots.of_kind("impact_area"), chance)
    spot = np.where(in_hotspot & ~quiet, patrolled, np.where(in_area & ~quiet, area, NOT_THERE))
    return into_hotspots(areas, at, spot, chance)


def _ages(injury: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    young = 11 + chance.gamma(2.2, 5.0, len(injury))
    anyone = 16 + chance.gamma(2.0, 11.0, len(injury))
    youthful = chance.random(len(injury)) < np.where(injury, 0.4, 0.2)
    return np.clip(np.where(youthful, young, anyone), 1, 96).astype(int)


def _outcomes(recorded: np.ndarray, month: Month, chance: np.random.Generator) -> dict[str, pl.Series]:
    """Draw outcomes; the latest months' crimes have fewer of them yet."""
    codes, shares = zip(*_OUTCOMES, strict=True)
    decided = recorded + chance.geometric(0.03, len(recorded))
    last_day = month.days[-1] + 30 * month.back
    known = decided <= last_day
    code = pl.Series(np.where(known, chance.choice(codes, len(recorded), p=shares), "")).replace("", None)
    return {"outcome_code": code, "outcome_on": dates(decided).set(pl.Series(~known), None)}
