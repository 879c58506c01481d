"""Files of fixes: CSV and Parquet say the same, and a row that breaks a rule is named."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from data_access.feeds.fixes import read_fixes
from data_access.feeds.reading import UnreadableFile
from data_access.load.fix_files import Stage, lay_down, take_up

NOW = datetime(2026, 11, 21, tzinfo=UTC)
GOOD = "A1,2024-10-27T01:30:00+01:00,-1.9,52.5"


def csv_file(folder, *rows, header="officer_id,at,lon,lat"):
    path = folder / "fixes.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


def read(path):
    found = list(read_fixes(path, NOW))
    return pl.concat([one.rows for one in found]), pl.concat([one.failures for one in found])


@pytest.mark.parametrize(
    ("bad", "rule", "column", "value"),
    [
        (",2024-10-27T01:30:00Z,-1.9,52.5", "required", "officer_id", None),
        ("A1,,-1.9,52.5", "required", "at", None),
        ("A1,2024-10-27T01:30:00,-1.9,52.5", "instant_with_offset", "at", "2024-10-27T01:30:00"),
        ("A1,2024-02-30T01:30:00Z,-1.9,52.5", "instant_with_offset", "at", "2024-02-30T01:30:00Z"),
        ("A1,2026-11-22T00:00:01Z,-1.9,52.5", "not_in_the_future", "at", "2026-11-22T00:00:01Z"),
        ("A1,1970-01-01T00:00:00Z,-1.9,52.5", "not_before_2000", "at", "1970-01-01T00:00:00Z"),
        ("A1,2024-10-27T01:30:00Z,west,52.5", "number", "lon", "west"),
        ("A1,2024-10-27T01:30:00Z,-1.9,north", "number", "lat", "north"),
        ("A1,2024-10-27T01:30:00Z,-1.9", "number_of_fields", None, "A1,2024-10-27T01:30:00Z,-1.9"),
    ],
)
def test_a_row_that_breaks_a_rule_is_set_aside_and_the_rest_stays(tmp_path, bad, rule, column, value):
    rows, failures = read(csv_file(tmp_path, GOOD, bad, GOOD))
    assert len(rows) == 2
    (failure,) = failures.rows(named=True)
    assert (failure["line"], failure["rule"], failure["column_name"]) == (3, rule, column)
    assert (failure["value"] or "").strip() == (value or "")


@pytest.mark.parametrize("position", [",", "nan,52.5", "inf,52.5", "-1.9,"])
def test_a_fix_without_a_position_is_still_a_fix(tmp_path, position):
    rows, failures = read(csv_file(tmp_path, f"A1,2024-10-27T01:30:00Z,{position}"))
    assert failures.is_empty()
    assert not rows.select(pl.all_horizontal(pl.col("lon", "lat").is_finite().fill_null(False))).item()


def test_the_hour_that_comes_twice_is_told_apart_by_its_offset(tmp_path):
    hours = ("2024-10-27T01:30:00+01:00", "2024-10-27T01:30:00+00:00", "2024-10-27T01:30:00.250Z")
    rows, _ = read(csv_file(tmp_path, *(f"A1,{hour},-1.9,52.5" for hour in hours)))
    minutes = [at.strftime("%H:%M:%S.%f") for at in rows["at"]]
    assert minutes == ["00:30:00.000000", "01:30:00.000000", "01:30:00.250000"]


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_parquet_with_instants_says_what_the_csv_says(tmp_path, unit):
    text = csv_file(tmp_path, GOOD, "B2,2024-10-27T02:00:00Z,,52.5", "C3,1999-01-01T00:00:00Z,-1.9,52.5")
    path = tmp_path / "fixes.parquet"
    instants = pl.col("at").str.to_datetime(time_unit=unit, time_zone="UTC")
    pl.read_csv(text).with_columns(instants.dt.convert_time_zone("Europe/London")).write_parquet(path)
    for ours, theirs in zip(read(path), read(text), strict=True):
        assert ours.drop("line", strict=False).equals(theirs.drop("line", strict=False))


def test_parquet_without_a_time_zone_has_no_instants(tmp_path):
    path = tmp_path / "fixes.parquet"
    row = {"officer_id": ["A1"], "at": [datetime(2024, 10, 27, 1, 30)], "lon": [-1.9], "lat": [52.5]}
    pl.DataFrame(row).write_parquet(path)
    rows, failures = read(path)
    assert rows.is_empty()
    assert failures["rule"].to_list() == ["instant_with_offset"]


def test_an_empty_file_has_no_fixes(tmp_path):
    rows, failures = read(csv_file(tmp_path))
    assert rows.is_empty()
    assert failures.is_empty()


def test_a_file_without_a_column_cannot_be_read(tmp_path):
    with pytest.raises(UnreadableFile, match="'lat' is missing"):
        read(csv_file(tmp_path, "A1,2024-10-27T01:30:00Z,1", header="officer_id,at,lon"))


@pytest.mark.parametrize("holds", [1, 3, 1000])
def test_what_is_laid_down_is_taken_up_by_local_day(tmp_path, holds):
    instants = ["2024-06-30T22:59:59", "2024-06-30T23:00:00", "2024-07-01T22:59:59", "2024-07-01T23:00:00"]
    rows = pl.DataFrame({"officer_id": ["A1"] * 4, "at": instants, "lon": [-1.9] * 4, "lat": [52.5] * 4})
    typed = rows.with_columns(pl.col("at").str.to_datetime(time_zone="UTC"))
    stage = Stage(folder=tmp_path, holds=holds)
    for number in (2, 0, 3, 1):
        lay_down(stage, typed[number : number + 1])
    assert stage.days == {date(2024, 6, 30): 1, date(2024, 7, 1): 2, date(2024, 7, 2): 1}
    since, until = datetime(2024, 6, 30, 23, tzinfo=UTC), datetime(2024, 7, 1, 23, tzinfo=UTC)
    taken = take_up(stage, since, until).sort("at")
    assert taken.drop("day").equals(typed[1:3])
    assert taken["day"].to_list() == [date(2024, 7, 1)] * 2


@pytest.mark.parametrize("parts", [1, 2, 7])
def test_every_officer_is_in_one_share(tmp_path, parts):
    officers = [f"A{number}" for number in range(40)]
    instants = [datetime(2024, 7, 1, 12, tzinfo=UTC)] * 40
    stage = Stage(folder=tmp_path, holds=9)
    lay_down(stage, pl.DataFrame({"officer_id": officers, "at": instants, "lon": [-1.9] * 40, "lat": [52.5] * 40}))
    day = datetime(2024, 7, 1, tzinfo=UTC), datetime(2024, 7, 2, tzinfo=UTC)
    shares = [set(take_up(stage, *day, (part, parts))["officer_id"]) for part in range(parts)]
    assert all(shares)
    assert sum(map(len, shares)) == len(set.union(*shares)) == 40


def test_nothing_laid_down_is_nothing_taken_up(tmp_path):
    assert take_up(Stage(folder=tmp_path), NOW, NOW).is_empty()
