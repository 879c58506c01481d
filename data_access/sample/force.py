"""The whole sample: every feed of the extracts, written month by month so that memory stays bounded."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from data_access.feeds.contract import FEEDS, OPEN_ENDS
from data_access.sample import framework, optional
from data_access.sample.activities import activity_codes
from data_access.sample.areas import Areas, area_features, hotspot_features, make_areas, premises_features
from data_access.sample.crimes import crime_rows
from data_access.sample.duties import Duties, duty_rows, make_duties
from data_access.sample.fixes import fix_rows
from data_access.sample.framework import asb_audits, special_hours
from data_access.sample.incidents import closure_codes, incident_rows
from data_access.sample.movement import make_routes
from data_access.sample.offences import offences
from data_access.sample.patrols import make_taskings, patrol_rows, send, tasking_rows
from data_access.sample.people import People, make_people, officers, postings
from data_access.sample.shifts import Events, make_events, make_shifts
from data_access.sample.span import Month, months_until
from data_access.sample.stop_searches import stop_search_rows
from data_access.sample.writing import prepare, write_csv, write_geojson, write_parquet

LARGE = ("incidents", "crimes", "duties", "stop_searches")
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
    newest: int | None = None,
    progress: Progress | None = None,
) -> None:
    """Write the sample force's extracts into `folder`; the same arguments give the same bytes.

    `scale` is the share of the people (1: about 3,900); areas, ASB and crime are always whole. `until` (inclusive)
    defaults to the last day of the last whole month. `newest`: of the same sample only what happened in so many of its
    last months. `progress` hears what is being written and the share done, 0 to 1.
    ValueError: a number outside what it may be. NotASampleFolder: the folder holds extracts no sample run wrote.
    """
    force = make_force(seed=seed, months=months, scale=scale, fix_seconds=fix_seconds, until=until)
    tell = progress or (lambda _what, _share: None)
    prepare(folder)
    tell("areas and people", 0.0)
    written = force.months[-(newest or len(force.months)) :]
    _write_standing(folder, force, written[0].first)
    pieces: dict[str, list[pl.DataFrame]] = {}
    for done, month in enumerate(written):
        tell(month.label, (done + 1) / (len(written) + 2))
        for feed, rows in _month(folder, force, month).items():
            pieces.setdefault(feed, []).append(rows)
    tell("the last files", (len(written) + 1) / (len(written) + 2))
    _write_pieces(folder, pieces)
    tell("done", 1.0)


def events_and_duties(force: Force, month: Month) -> tuple[Events, Duties]:
    """Draw a month's events and duties again: the same each time."""
    events = make_events(force.areas, month, force.seed)
    shifts = make_shifts(force.people, month, force.seed)
    return events, make_duties(force.areas, shifts, events, month, force.seed)


def _month(folder: Path, force: Force, month: Month) -> dict[str, pl.DataFrame]:
    """Write a month's fixes, which are many, to a file of their own; give its rows of the other feeds."""
    areas, people, seed = force.areas, force.people, force.seed
    events, duties = events_and_duties(force, month)
    routes = make_routes(areas, duties, events, month, seed)
    taskings = make_taskings(areas, duties, routes, month, seed)
    send(areas, routes, taskings, month, seed)
    fixes = fix_rows(areas, people, duties, routes, month, force.fix_seconds, seed)
    write_parquet(folder, f"fixes-{month.label}", fixes)
    incidents = incident_rows(areas, month, force.scale, seed)
    return {
        "incidents": incidents,
        "asb_audits": asb_audits(incidents, month, seed),
        "crimes": crime_rows(areas, month, seed),
        "duties": duty_rows(people, areas, duties, seed, month),
        "special_hours": special_hours(people, month, duties.shifts),
        "stop_searches": stop_search_rows(areas, month, seed),
        "taskings": tasking_rows(areas, people, duties, routes, taskings, month),
        "patrols": patrol_rows(areas, people, duties, routes, taskings, month, seed),
    }


def _write_pieces(folder: Path, pieces: dict[str, list[pl.DataFrame]]) -> None:
    """Write the feeds that came month by month: the large ones as Parquet."""
    for feed, months in pieces.items():
        if feed in LARGE:
            write_parquet(folder, feed, months)
        else:
            write_csv(folder, feed, pl.concat(months))


def _write_standing(folder: Path, force: Force, since: date) -> None:
    """Write the feeds that are drawn for all months at once; of what happens on a day, what does from `since` on."""
    write_geojson(folder, "neighbourhoods", area_features(force.areas))
    write_geojson(folder, "premises", premises_features(force.areas))
    write_geojson(folder, "hotspots", hotspot_features(force.areas, force.months))
    write_csv(folder, "officers", officers(force.people))
    write_csv(folder, "postings", postings(force.people, force.areas, force.months))
    write_csv(folder, "activity_codes", activity_codes())
    write_csv(folder, "closure_codes", closure_codes())
    write_csv(folder, "offences", offences())
    areas, months, seed = force.areas, force.months, force.seed
    drawn = {
        "establishment": framework.establishment(force.people, areas, months, seed),
        "problems": framework.problems(areas, months, seed),
        "profiles": framework.profiles(areas, months, seed),
        "meetings": framework.meetings(areas, months, seed),
        "queries": framework.queries(areas, months, seed),
        "measures": framework.measures(areas, months, seed),
        **{feed: rows(areas, months, seed) for feed, rows in optional.FEEDS.items()},
        "targets": framework.targets(areas, months),
    }
    for feed, rows in drawn.items():
        write_csv(folder, feed, _happening(feed, rows, since))


def _happening(feed: str, rows: pl.DataFrame, since: date) -> pl.DataFrame:
    """Return the rows whose event is in the month of `since` or later, and all of a feed that holds until further."""
    own = FEEDS[feed]
    if own.event is None or own.until in OPEN_ENDS:
        return rows
    # Dates, instants and months as text all begin with the month.
    return rows.filter(pl.col(own.event).cast(pl.String).str.head(7) >= f"{since:%Y-%m}")


def _check(*, months: int, scale: float, fix_seconds: int) -> None:
    if not 1 <= months <= 120:
        raise ValueError(f"--months {months}: give a whole number from 1 to 120.")
    if not 0 < scale <= 10:
        raise ValueError(f"--scale {scale}: give a number above 0 and at most 10; 1 is the full force.")
    if not 1 <= fix_seconds <= 900:
        raise ValueError(f"--fix-seconds {fix_seconds}: give a whole number from 1 to 900.")
