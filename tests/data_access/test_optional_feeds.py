"""Feeds that a force may hand over later: from the extract to the benchmark CSV, against plain loops over its rows."""

import csv
import io
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from random import Random

import polars as pl
import pytest

from data_access.export import benchmark
from data_access.load.ingest import load
from data_access.store import Store
from tests.data_access.small_force import FORCE, WHOLE, write
from tests.oracle import optional

OCTOBER = date(2024, 10, 1)
LPAS = {"N1": "L1", "N2": "L1", "N3": "L2"}
STANDARDS = [
    {"grade": "P1", "minutes": "15", "valid_from": "2024-01-01", "valid_to": "", "source": "Force"},
    {"grade": "P1", "minutes": "12", "valid_from": "2024-10-15", "valid_to": "", "source": "Force"},
    {"grade": "P2", "minutes": "60", "valid_from": "2024-01-01", "valid_to": "2024-10-20", "source": "Force"},
]


def as_csv(rows: list[dict]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def incident(number: int, chance: Random) -> dict:
    at = datetime(2024, 8, 30, 22, tzinfo=UTC) + timedelta(seconds=chance.randrange(70 * 86400))
    attended = chance.choice(["true", "true", "false", ""])
    arrived = at + timedelta(seconds=chance.randrange(5400))
    recorded = attended != "false" and chance.random() < 0.8
    return {
        "incident_id": f"I{number}",
        "reported_at": at.isoformat(),
        "closing_codes": chance.choice(["ASBP", "OTH"]),
        "neighbourhood_code": chance.choice(["N1", "N2", "N3", ""]),
        "grade": chance.choice(["P1", "P2", "P3", ""]),
        "mental_health": chance.choice(["true", "false", "false", ""]),
        "arrived_at": arrived.isoformat() if recorded else "",
        "attended": attended,
        "resource": chance.choice(["response", "npt", ""]),
        "officer_minutes": chance.choice(["12.5", ""]),
    }


def handover(number: int, chance: Random) -> dict:
    at = datetime(2024, 9, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(60 * 86400))
    over = at + timedelta(seconds=chance.randrange(20 * 3600))
    return {
        "handover_id": f"H{number}",
        "detained_at": at.isoformat(),
        "handed_over_at": over.isoformat() if chance.random() < 0.9 else "",
        "neighbourhood_code": chance.choice(["N1", "N2", "N3", ""]),
    }


def crime(number: int, chance: Random) -> dict:
    flags = chance.sample(["hate", "domestic", "vawg", "knife", "youth"], chance.randrange(3))
    day = date(2024, 8, 1) + timedelta(days=chance.randrange(91))
    return {
        "crime_id": f"C{number}",
        "recorded_on": day.isoformat(),
        "offence_code": "45",
        "neighbourhood_code": chance.choice(["N1", "N2", "N3", ""]),
        "flags": ";".join(flags),
    }


def extracts(chance: Random) -> dict[str, list[dict]]:
    return {
        "incidents": [incident(number, chance) for number in range(400)],
        "response_standards": STANDARDS,
        "handovers": [handover(number, chance) for number in range(60)],
        "crimes": [crime(number, chance) for number in range(300)],
    }


@pytest.fixture(scope="module")
def given() -> dict[str, list[dict]]:
    return extracts(Random(7))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, given: dict[str, list[dict]]):
    folder = tmp_path_factory.mktemp("optional")
    files = {f"{feed}.csv": as_csv(rows) for feed, rows in given.items()}
    opened = Store.open(f"sqlite:///{folder / 'npd.sqlite'}")
    report = load(opened, write(folder / "in", FORCE | files), "the tests")
    assert report.exit_code == 0, report.set_aside
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def october(store: Store) -> pl.DataFrame:
    return benchmark(store, WHOLE, OCTOBER)


def figures(rows: pl.DataFrame, *ids: str) -> dict[tuple[str, str], float | None]:
    """Return the values by indicator and area, those that are empty left out."""
    mine = rows.filter(
        pl.col("indicator_id").str.split(":").list.first().is_in(ids), pl.col("area_level") != "sector"
    ).drop_nulls("value")
    return {(one, area): value for one, area, value in mine.select("indicator_id", "area_code", "value").iter_rows()}


def known(expected: dict) -> dict:
    return {key: pytest.approx(value, rel=1e-9, abs=1e-9) for key, value in expected.items() if value is not None}


def test_response_and_mental_health_are_what_plain_loops_give(october, given):
    expected = optional.incidents(given["incidents"], STANDARDS, LPAS, "2024-10")
    assert len(known(expected)) > 60
    assert figures(october, "RSP-01", "RSP-02", "RSP-03", "MH-01", "MH-02") == known(expected)


def test_handovers_are_what_plain_loops_give(october, given):
    expected = optional.handovers(given["handovers"], LPAS, "2024-10")
    assert len(expected) > 8
    assert figures(october, "MH-03") == known(expected)


def test_a_flag_counts_each_crime_that_has_it(october, given):
    expected = optional.flagged(given["crimes"], LPAS, "2024-10")
    assert len(expected) == 5 * 6
    assert figures(october, "FLG-01") == known(expected)


def test_what_was_not_handed_over_is_unknown_and_not_nought(tmp_path):
    own = Store.open(f"sqlite:///{tmp_path / 'npd.sqlite'}")
    assert load(own, write(tmp_path / "in", FORCE), "the tests").exit_code == 0
    rows = benchmark(own, WHOLE, OCTOBER)
    own.close()
    notes = defaultdict(set)
    for base, value, note in rows.select(
        pl.col("indicator_id").str.split(":").list.first(), "value", "note"
    ).iter_rows():
        notes[base].add((value, note))
    for indicator_id in ("RSP-01", "RSP-02", "RSP-03", "MH-01", "MH-02", "MH-03", "FLG-01"):
        assert notes[indicator_id] == {(None, "no data")}, indicator_id
