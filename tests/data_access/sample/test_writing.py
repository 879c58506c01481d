"""The same seed gives the same bytes; nothing but an earlier sample is ever overwritten."""

import argparse
import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.sample import add_arguments, run, write_sample
from data_access.sample.span import months_until, utc
from data_access.sample.writing import NotASampleFolder

MARCH = date(2026, 3, 31)


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    for name, seed in (("one", 5), ("again", 5), ("other", 6)):
        write_sample(tmp_path / name, seed=seed, months=1, scale=0.01, until=MARCH)
    assert digests(tmp_path / "one") == digests(tmp_path / "again")
    changed = {
        name for name, digest in digests(tmp_path / "other").items() if digest != digests(tmp_path / "one")[name]
    }
    assert {"crimes.parquet", "duties.parquet", "fixes-2026-03.parquet", "neighbourhoods.geojson"} <= changed


def test_a_month_of_crime_is_the_same_in_a_longer_sample(tmp_path: Path) -> None:
    import polars as pl

    for name, months in (("short", 1), ("long", 2)):
        write_sample(tmp_path / name, months=months, scale=0.01, until=MARCH)
    short, long = (pl.read_parquet(tmp_path / name / "crimes.parquet") for name in ("short", "long"))
    assert long.filter(pl.col("crime_id").str.contains("2026-03")).equals(short)


def test_a_second_sample_leaves_nothing_of_the_first(tmp_path: Path) -> None:
    write_sample(tmp_path, months=2, scale=0.01, until=MARCH)
    write_sample(tmp_path, months=1, scale=0.01, until=MARCH)
    assert [path.name for path in tmp_path.glob("fixes-*")] == ["fixes-2026-03.parquet"]
    assert not list(tmp_path.glob("*.part"))


def test_a_folder_of_someone_elses_extracts_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "crimes.csv").write_text("crime_id\n1\n")
    with pytest.raises(NotASampleFolder, match=r"crimes\.csv"):
        write_sample(tmp_path, months=1, scale=0.01)
    assert [path.name for path in tmp_path.iterdir()] == ["crimes.csv"]


@pytest.mark.parametrize(
    ("name", "value"), [("--months", "0"), ("--scale", "0"), ("--scale", "11"), ("--fix-seconds", "0")]
)
def test_the_command_names_a_number_that_it_cannot_use(
    tmp_path: Path, capsys: pytest.CaptureFixture, name: str, value: str
) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert run(parser.parse_args([str(tmp_path / "new"), name, value])) == 2
    assert name in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_progress_rises_to_one(tmp_path: Path) -> None:
    heard: list[float] = []
    write_sample(tmp_path, months=1, scale=0.01, until=MARCH, progress=lambda _what, share: heard.append(share))
    assert heard == sorted(heard)
    assert heard[-1] == 1.0


@pytest.mark.parametrize(
    ("until", "last"),
    [(date(2026, 10, 31), "2026-10"), (date(2026, 11, 21), "2026-10"), (date(2024, 2, 29), "2024-02")],
)
def test_only_whole_months_are_written(until: date, last: str) -> None:
    months = months_until(until, 3)
    assert months[-1].label == last
    assert [month.back for month in months] == [2, 1, 0]


@given(st.integers(0, 60 * 366 * 24 * 4))
def test_clock_time_becomes_the_utc_that_the_time_zone_says(quarters: int) -> None:
    local = datetime(1996, 1, 1) + timedelta(minutes=15 * quarters)
    seconds = int((local - datetime(1970, 1, 1)).total_seconds())
    found = datetime.fromtimestamp(int(utc(np.array([seconds]))[0]), UTC)
    expected = local.replace(tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)
    assert found == expected
