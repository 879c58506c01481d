"""Who went to a call and how soon, the standards that were set for it, and handovers to health staff."""

import numpy as np
import polars as pl

from data_access.sample.areas import Areas
from data_access.sample.planted import LONG_WAITS, LONG_WAITS_FACTOR, SLOW_RESPONSE, SLOW_RESPONSE_FACTOR
from data_access.sample.span import DAY, HOUR, Month, instants, stream

GRADES = ("P1", "P2", "P3", "P4")
_ATTENDED = np.array([0.97, 0.88, 0.55, 0.12])
_MINUTES = np.array([8.0, 35.0, 180.0, 600.0])  # the median of each grade
_STANDARDS = ((15, "15 minutes"), (60, "one hour"))  # of the two urgent grades; the others have none
HANDOVERS_A_MONTH = 130


def attendance(rows: pl.DataFrame, areas: Areas, month: Month, seed: int) -> pl.DataFrame:
    """Add arrived_at, attended, resource and officer_minutes to a month's calls, which have reported_at, grade, lpa."""
    chance = stream(seed, "attendance", month)
    grade = rows["grade"].cast(pl.Enum(GRADES)).to_physical().to_numpy().astype(int)
    slow = (rows["lpa"].to_numpy() == areas.lpas.index(SLOW_RESPONSE.area)) & (grade == 0)
    factor = np.where(slow & SLOW_RESPONSE.holds(month.back), SLOW_RESPONSE_FACTOR, 1.0)
    went = chance.random(len(rows)) < _ATTENDED[grade]
    waited = _MINUTES[grade] * factor * np.exp(chance.normal(0, 0.55, len(rows)))
    noted = went & (chance.random(len(rows)) < 0.96)
    said = chance.random(len(rows)) < 0.98
    on_foot = np.where(chance.random(len(rows)) < 0.8, "response", "npt")
    by_line = np.where(chance.random(len(rows)) < 0.8, "telephone", "online")
    spent = np.round(np.exp(chance.normal(4.2, 0.7, len(rows))))
    arrived = pl.col("reported_at") + pl.duration(seconds=pl.Series(np.round(waited * 60).astype(np.int64)))
    return rows.with_columns(
        arrived_at=pl.when(pl.Series(noted)).then(arrived),
        attended=pl.when(pl.Series(said)).then(pl.Series(went)),
        resource=pl.Series(np.where(went, on_foot, by_line)),
        officer_minutes=pl.when(pl.Series(went)).then(pl.Series(spent)),
    )


def response_standards(_areas: Areas, months: tuple[Month, ...], _seed: int) -> pl.DataFrame:
    """Return the `response_standards` feed: those of the two urgent grades, invented."""
    rows = [
        (grade, minutes, months[0].first, f"Sample: {words}")
        for grade, (minutes, words) in zip(GRADES, _STANDARDS, strict=False)
    ]
    return pl.DataFrame(rows, schema=["grade", "minutes", "valid_from", "source"], orient="row")


def handovers(areas: Areas, months: tuple[Month, ...], seed: int) -> pl.DataFrame:
    """Return the `handovers` feed: hours of waiting, a few of them without an end."""
    chance = stream(seed, "handovers")
    days = np.concatenate([month.days for month in months])
    back = np.repeat([month.back for month in months], [len(month.days) for month in months])
    count = chance.poisson(HANDOVERS_A_MONTH * len(months))
    which = np.sort(chance.integers(0, len(days), count))
    ward = chance.choice(len(areas.demand), count, p=areas.demand)
    long = (areas.lpa_of[ward] == areas.lpas.index(LONG_WAITS.area)) & LONG_WAITS.in_months(back[which])
    hours = np.exp(chance.normal(np.log(7.5), 0.6, count)) * np.where(long, LONG_WAITS_FACTOR, 1.0)
    detained = days[which] * DAY + chance.integers(0, DAY, count)
    over = detained + (hours * HOUR).astype(np.int64)
    return pl.DataFrame(
        {
            "handover_id": "SH-" + pl.Series(np.arange(1, count + 1)).cast(pl.String).str.zfill(5),
            "detained_at": instants(detained),
            "handed_over_at": instants(over).set(pl.Series(chance.random(count) < 0.04), None),
            "neighbourhood_code": areas.wards["neighbourhood_code"].to_numpy()[ward],
        }
    )
