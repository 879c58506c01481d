"""Files of fixes without fault are counted by the hour; a file with any fault is left to be read row by row."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from data_access.feeds.fixes import faultless_hours

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
AT = datetime(2026, 2, 28, 23, 59, tzinfo=UTC)
LATER = AT + timedelta(minutes=2)
GOOD = {"officer_id": ["B2", " A1 ", "B2"], "at": [LATER, AT, AT], "lon": [-1.9, None, 0.0], "lat": [52.4, 52.4, None]}


def file_of(folder, **columns):
    path = folder / "fixes.parquet"
    pl.DataFrame({**GOOD, **columns}).write_parquet(path)
    return path


def test_fixes_are_counted_by_hour_with_their_first_and_last(tmp_path):
    found = faultless_hours(file_of(tmp_path), NOW)
    assert found.sort("first").rows() == [(2, AT, AT), (1, LATER, LATER)]


def test_instants_of_another_zone_and_unit_are_the_same_instants(tmp_path):
    elsewhere = pl.Series(GOOD["at"]).dt.convert_time_zone("Asia/Kolkata").dt.cast_time_unit("ns")
    found = faultless_hours(file_of(tmp_path, at=elsewhere), NOW)
    assert found.sort("first").rows() == [(2, AT, AT), (1, LATER, LATER)]


@pytest.mark.parametrize(
    "fault",
    [
        {"officer_id": ["A1", None, "B2"]},
        {"officer_id": ["A1", " ", "B2"]},
        {"at": [AT, None, AT]},
        {"at": [AT, AT, NOW + timedelta(days=1, seconds=1)]},
        {"at": [AT, AT, datetime(1999, 12, 31, 23, 59, tzinfo=UTC)]},
        {"at": ["2026-02-28T23:59:00Z"] * 3},
        {"lon": ["-1.9"] * 3},
    ],
)
def test_a_fault_in_any_row_leaves_the_file_to_be_read_row_by_row(tmp_path, fault):
    assert faultless_hours(file_of(tmp_path, **fault), NOW) is None


def test_a_column_that_is_missing_is_told_by_who_reads_row_by_row(tmp_path):
    path = tmp_path / "fixes.parquet"
    pl.DataFrame(GOOD).drop("lat").write_parquet(path)
    assert faultless_hours(path, NOW) is None
