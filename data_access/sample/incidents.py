"""Calls for service: anti-social behaviour with its seasons, hours and repeat locations, and everything else."""

import numpy as np
import polars as pl

from data_access.sample import figures
from data_access.sample.areas import Areas
from data_access.sample.places import NOT_THERE, hotspot_of_lpa, into_hotspots, location_columns, somewhere
from data_access.sample.planted import NOISE_SHARE, RECORDING
from data_access.sample.response import GRADES, attendance
from data_access.sample.span import DAY, HOUR, Month, instants, stream, utc, weekday

# January to December: ASB is a summer matter.
ASB_SEASON = (0.78, 0.80, 0.93, 1.02, 1.14, 1.20, 1.24, 1.20, 1.06, 1.02, 0.88, 0.73)
ASB_FALL_A_MONTH = 0.988
IN_HOTSPOT = 0.07  # share of ASB
_CODES = (
    ("ASB-P", "ASB personal", "personal"),
    ("ASB-N", "ASB nuisance", "nuisance"),
    ("ASB-E", "ASB environmental", "environmental"),
    ("ADV", "Advice given", None),
    ("RES", "Resolved at the scene", None),
    ("CRM", "Crime recorded", None),
    ("NOISE", "Noise complaint, passed to the council", None),
    ("NPA", "No police action needed", None),
)


def closure_codes() -> pl.DataFrame:
    """Return the `closure_codes` feed."""
    return pl.DataFrame(_CODES, schema=["closure_code", "closure_name", "asb_category"], orient="row")


def incident_rows(areas: Areas, month: Month, scale: float, seed: int) -> pl.DataFrame:
    """Return the month's rows of the `incidents` feed: all ASB and noise complaints, other calls at `scale`."""
    asb = _asb(areas, month, seed)
    noise = _noise(areas, month, seed)
    other = _other(areas, month, scale, seed)
    calls = pl.concat([asb, noise, other]).sort("reported_at", maintain_order=True)
    rows = attendance(calls, areas, month, seed).drop("lpa")
    number = pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(6)
    return rows.with_columns(incident_id=pl.lit(f"SI-{month.label}-") + number)


def _asb(areas: Areas, month: Month, seed: int) -> pl.DataFrame:
    chance = stream(seed, "asb", month)
    count = chance.poisson(_expected_asb(month))
    ward = _wards(areas, count, chance)
    category = chance.choice(3, count, p=figures.ASB_MIX)
    spots = areas.hotspots.of_kind("asb")
    spot = np.where(chance.random(count) < IN_HOTSPOT, hotspot_of_lpa(areas, ward, spots, chance), NOT_THERE)
    own = np.array(["ASB-P", "ASB-N", "ASB-E"])[category]
    closing = _closing(own, chance)
    assessed = np.where(category == 0, chance.choice(3, count, p=[0.08, 0.80, 0.12]), 0)
    return _rows(areas, month, ward, spot, closing, assessed, chance)


def _noise(areas: Areas, month: Month, seed: int) -> pl.DataFrame:
    """Noise complaints of the LPA whose recording changes: the calls stay, their closing code becomes ASB."""
    chance = stream(seed, "noise", month)
    lpa = areas.lpas.index(RECORDING.area)
    share = areas.demand[areas.lpa_of == lpa].sum()
    count = chance.poisson(_expected_asb(month) * share * NOISE_SHARE)
    own = np.flatnonzero(areas.lpa_of == lpa)
    ward = chance.choice(own, count)
    closing = np.full(count, "NOISE;ASB-N" if RECORDING.holds(month.back) else "NOISE")
    return _rows(areas, month, ward, np.full(count, NOT_THERE), closing, np.zeros(count, dtype=int), chance)


def _other(areas: Areas, month: Month, scale: float, seed: int) -> pl.DataFrame:
    chance = stream(seed, "calls", month)
    count = chance.poisson(figures.OTHER_INCIDENTS_A_MONTH * scale)
    ward = _wards(areas, count, chance)
    closing = chance.choice(["ADV", "RES", "CRM", "NPA", ""], count, p=[0.3, 0.27, 0.2, 0.2, 0.03])
    return _rows(areas, month, ward, np.full(count, NOT_THERE), closing, np.zeros(count, dtype=int), chance)


def _expected_asb(month: Month) -> float:
    days = len(month.days) / 30.44
    return figures.ASB_A_MONTH * ASB_SEASON[month.number - 1] * days * ASB_FALL_A_MONTH ** (12 - month.back)


def _wards(areas: Areas, count: int, chance: np.random.Generator) -> np.ndarray:
    return chance.choice(len(areas.demand), count, p=areas.demand)


def _closing(own: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Add the codes that came before or after: sometimes another ASB code first, so that the last one counts."""
    after = np.array([";ADV", ";RES", ""])[chance.choice(3, len(own), p=[0.35, 0.35, 0.30])]
    before = np.array(["", "ASB-N;"])[(chance.random(len(own)) < 0.05).astype(int)]
    return np.char.add(np.char.add(before, own), after)


def _rows(
    areas: Areas,
    month: Month,
    ward: np.ndarray,
    spot: np.ndarray,
    closing: np.ndarray,
    assessed: np.ndarray,
    chance: np.random.Generator,
) -> pl.DataFrame:
    count = len(ward)
    at = into_hotspots(areas, somewhere(areas, ward, chance), spot, chance)
    reported = _reported(month, count, chance)
    closed = reported + (chance.lognormal(1.6, 1.1, count) * HOUR).astype(np.int64)
    ended = closed < (month.days[-1] + 20) * DAY
    known = chance.random(count) < 0.9
    codes = areas.wards["neighbourhood_code"].to_numpy()[ward]
    caller = (chance.random(count) ** 2.5 * 4_000).astype(int)
    return pl.DataFrame(
        {
            "reported_at": instants(reported),
            "grade": np.array(GRADES)[chance.choice(4, count, p=[0.12, 0.38, 0.35, 0.15])],
            "closing_codes": pl.Series(closing, dtype=pl.String).replace("", None),
            "closed_at": instants(closed),
            **location_columns(areas, at, chance),
            "code": codes,
            "address": np.where(spot >= 0, 1_000 + spot, at.address),
            "caller": caller,
            "risk_assessed": np.array([2, 1, 0])[assessed],
            "mental_health": chance.random(count) < 0.08,
            "lpa": areas.lpa_of[ward],
            "ended": ended,
            "known": known,
            "called": chance.random(count) < 0.75,
        }
    ).select(
        "reported_at", "grade", "closing_codes", pl.when("ended").then("closed_at"), "lon", "lat", "neighbourhood_code",
        location_ref=pl.when("known").then(pl.format("SL-{}-{}", "code", "address")),
        caller_ref=pl.when("called").then(pl.format("SC-{}-{}", "code", "caller")),
        risk_assessed=pl.when(pl.col("risk_assessed") < 2).then(pl.col("risk_assessed") == 1),
        mental_health="mental_health",
        lpa="lpa",
    )  # fmt: skip


def _reported(month: Month, count: int, chance: np.random.Generator) -> np.ndarray:
    """Draw instants: 19 % on weekdays 08:00-16:00, 49 % on weekdays outside those hours, 32 % at weekends."""
    part = chance.choice(3, count, p=figures.ASB_TIMES)
    weekend = weekday(month.days) >= 5
    day = np.where(part == 2, chance.choice(month.days[weekend], count), chance.choice(month.days[~weekend], count))
    daytime = 8 + 8 * chance.random(count)
    evening = (16 + 16 * chance.beta(1.3, 2.2, count)) % 24
    anytime = (10 + 24 * chance.beta(1.6, 1.4, count)) % 24
    hour = np.choose(part, [daytime, evening, anytime])
    return utc(day * DAY + (hour * HOUR).astype(np.int64))
