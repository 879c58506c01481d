"""The whole sample: every feed of the extracts, written month by month so that memory stays bounded."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from data_access.sample.activities import activity_codes
from data_access.sample.areas import Areas, area_features, hotspot_features, make_areas, premises_features
from data_access.sample.crimes import crime_rows
from data_access.sample.duties import Duties, duty_rows, make_duties
from data_access.sample.incidents import closure_codes, incident_rows
from data_access.sample.offences import offences
from data_access.sample.people import People, make_people, officers, postings
from data_access.sample.shifts import Events, make_events, make_shifts
from data_access.sample.span import Month, months_until
from data_access.sample.writing import prepare, write_csv, write_geojson, write_parquet

Progress = Callable[[str, float], None]


@dataclass(frozen=True, kw_only=True, eq=False)
class Force:
    """What holds for the whole sample: places, people, months and how much of it there is."""

    areas: Areas
    people: People
    months: tuple[Month, ...]
    scale: float
    fix_seconds: int
    seed: int


def make_force(
    *, seed: int = 1, months: int = 24, scale: float = 0.1, fix_seconds: int = 300, until: date | None = None
) -> Force:
    """Draw the force. `until`: any day of the last month if it ends that month, else the month before it is the last.

    ValueError: a number outside what it may be.
    """
    _check(months=months, scale=scale, fix_seconds=fix_seconds)
    last = until or date.today().replace(day=1) - timedelta(days=1)
    span = months_until(last, months)
    areas = make_areas(seed)
    people = make_people(areas, span, scale, seed)
    return Force(areas=areas, people=people, months=span, scale=scale, fix_seconds=fix_seconds, seed=seed)


def write_sample(
    folder: Path,
    *,
    seed: int = 1,
    months: int = 24,
    scale: float = 0.1,
    fix_seconds: int = 300,
    until: date | None = None,
    progress: Progress | None = None,
) -> None:
    """Write the sample force's extracts into `folder`; the same arguments give the same bytes.

    `scale` is the share of the people (1: about 3,900); areas, ASB and crime are always whole. `until` (inclusive)
    defaults to the last day of the last whole month. `progress` hears what is being written and the share done, 0 to 1.
    ValueError: a number outside what it may be. NotASampleFolder: the folder holds extracts no sample run wrote.
    """
    force = make_force(seed=seed, months=months, scale=scale, fix_seconds=fix_seconds, until=until)
    tell = progress or (lambda _what, _share: None)
    prepare(folder)
    tell("areas and people", 0.0)
    _write_standing(folder, force)
    write_parquet(folder, "incidents", _by_month(force, tell, "incidents", 0.02, _incidents))
    write_parquet(folder, "crimes", _by_month(force, tell, "crimes", 0.08, _crimes))
    write_parquet(folder, "duties", _by_month(force, tell, "duties", 0.18, _duty_rows))
    tell("done", 1.0)


def events_and_duties(force: Force, month: Month) -> tuple[Events, Duties]:
    """Draw a month's events and duties again: the same each time."""
    events = make_events(force.areas, month, force.seed)
    shifts = make_shifts(force.people, month, force.seed)
    return events, make_duties(force.areas, shifts, events, month, force.seed)


def _write_standing(folder: Path, force: Force) -> None:
    write_geojson(folder, "neighbourhoods", area_features(force.areas))
    write_geojson(folder, "premises", premises_features(force.areas))
    write_geojson(folder, "hotspots", hotspot_features(force.areas))
    write_csv(folder, "officers", officers(force.people))
    write_csv(folder, "postings", postings(force.people, force.areas, force.months))
    write_csv(folder, "activity_codes", activity_codes())
    write_csv(folder, "closure_codes", closure_codes())
    write_csv(folder, "offences", offences())


def _by_month(
    force: Force, tell: Progress, what: str, share: float, rows: Callable[[Force, Month], pl.DataFrame]
) -> Iterator[pl.DataFrame]:
    for month in force.months:
        tell(f"{what} {month.label}", share)
        yield rows(force, month)


def _incidents(force: Force, month: Month) -> pl.DataFrame:
    return incident_rows(force.areas, month, force.scale, force.seed)


def _crimes(force: Force, month: Month) -> pl.DataFrame:
    return crime_rows(force.areas, month, force.seed)


def _duty_rows(force: Force, month: Month) -> pl.DataFrame:
    _, duties = events_and_duties(force, month)
    return duty_rows(force.people, force.areas, duties, force.seed, month)


def _check(*, months: int, scale: float, fix_seconds: int) -> None:
    if not 1 <= months <= 120:
        raise ValueError(f"--months {months}: give a whole number from 1 to 120.")
    if not 0 < scale <= 10:
        raise ValueError(f"--scale {scale}: give a number above 0 and at most 10; 1 is the full force.")
    if not 1 <= fix_seconds <= 900:
        raise ValueError(f"--fix-seconds {fix_seconds}: give a whole number from 1 to 900.")
