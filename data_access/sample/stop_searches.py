"""Stop and searches: about 1,900 a month, more of them in hotspots and in the evening."""

import numpy as np
import polars as pl

from data_access.sample.areas import Areas
from data_access.sample.places import hotspot_of_lpa, into_hotspots, location_columns, somewhere
from data_access.sample.span import DAY, HOUR, Month, instants, stream, utc

SEARCHES_A_MONTH = 1_900
IN_HOTSPOT = 0.18
LINKED = 0.27
_REASONS = (
    ("Misuse of Drugs Act 1971 (section 23)", "Controlled drugs", 0.58),
    ("Police and Criminal Evidence Act 1984 (section 1)", "Offensive weapons", 0.20),
    ("Police and Criminal Evidence Act 1984 (section 1)", "Stolen goods", 0.12),
    ("Police and Criminal Evidence Act 1984 (section 1)", "Article for use in theft", 0.08),
    ("Firearms Act 1968 (section 47)", "Firearms", 0.02),
)
_OUTCOMES = (
    ("A no further action disposal", 0.69), ("Arrest", 0.14), ("Community resolution", 0.12),
    ("Caution (simple or conditional)", 0.02), ("Summons / charged by post", 0.03),
)  # fmt: skip
# Invented in the rough proportions of the 2021 Census of the area: nothing about policing is to be read from it.
_ETHNICITIES = (
    ("White - English/Welsh/Scottish/Northern Irish/British", 0.50),
    ("Asian/Asian British - Any other Asian background", 0.24),
    ("Black/African/Caribbean/Black British - Any other Black/African/Caribbean background", 0.08),
    ("Mixed/Multiple ethnic groups - Any other Mixed/Multiple ethnic background", 0.05),
    ("Other ethnic group - Not stated", 0.13),
)


def stop_search_rows(areas: Areas, month: Month, seed: int) -> pl.DataFrame:
    """Return the month's rows of the `stop_searches` feed in the order of time."""
    chance = stream(seed, "stop_searches", month)
    count = chance.poisson(SEARCHES_A_MONTH * len(month.days) / 30.44)
    ward = chance.choice(len(areas.demand), count, p=areas.demand)
    spots = areas.hotspots.of_kind("syv_robbery", "asb")
    spot = np.where(chance.random(count) < IN_HOTSPOT, hotspot_of_lpa(areas, ward, spots, chance), -1)
    at = into_hotspots(areas, somewhere(areas, ward, chance), spot, chance)
    hour = (12 + 22 * chance.beta(1.8, 2.0, count)) % 24
    moment = np.sort(utc(chance.choice(month.days, count) * DAY + (hour * HOUR).astype(np.int64)))
    reason = chance.choice(len(_REASONS), count, p=[share for *_, share in _REASONS])
    return (
        pl.DataFrame(
            {
                "search_id": f"SS-{month.label}-" + pl.Series(np.arange(1, count + 1)).cast(pl.String).str.zfill(5),
                "searched_at": instants(moment),
                **location_columns(areas, at, chance),
                "legislation": np.array([law for law, *_ in _REASONS])[reason],
                "object": np.array([thing for _, thing, _ in _REASONS])[reason],
                "outcome": _drawn(_OUTCOMES, count, chance),
                "self_defined_ethnicity": _drawn(_ETHNICITIES, count, chance),
            }
        )
        .drop("neighbourhood_code")
        .with_columns(**_found(count, stream(seed, "searches found", month)))
    )


def _found(count: int, chance: np.random.Generator) -> dict[str, pl.Series]:
    """Draw whether the outcome is linked to what was looked for (of some it is not known), and the age."""
    linked = pl.Series(chance.random(count) < LINKED).set(pl.Series(chance.random(count) < 0.3), None)
    ages = ("10-17", "18-24", "25-34", "over 34")
    return {"linked_outcome": linked, "age_range": pl.Series(chance.choice(ages, count, p=[0.18, 0.34, 0.28, 0.2]))}


def _drawn(choices: tuple[tuple[str, float], ...], count: int, chance: np.random.Generator) -> np.ndarray:
    words, shares = zip(*choices, strict=True)
    return chance.choice(words, count, p=shares)
