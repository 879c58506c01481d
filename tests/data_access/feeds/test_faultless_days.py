"""Files of fixes without fault are counted by the day; a file with any fault is left to be read row by row."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from data_access.feeds.fixes import faultless_days, groups

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
AT = datetime(2026, 2, 28, 23, 59, tzinfo=UTC)
LATER = AT + timedelta(minutes=2)
GOOD = {"officer_id": ["B2", " A1 ", "B2"], "at": [LATER, AT, AT], "lon": [-1.9, None, 0.0], "lat": [52.4, 52.4, None]}


def file_of(folder, **columns):
    path = folder / "fixes.parquet"
    pl.DataFrame({**GOOD, **columns}).write_parquet(path)
    return path


def test_fixes_are_counted_by_day_with_their_first_and_last(tmp_path):
    assert faultless_days(file_of(tmp_path), NOW) == ({AT.date(): 2, LATER.date(): 1}, AT, LATER)


def test_instants_of_another_zone_and_unit_are_the_same_instants(tmp_path):
    elsewhere = pl.Series(GOOD["at"]).dt.convert_time_zone("Asia/Kolkata").dt.cast_time_unit("ns")
    assert faultless_days(file_of(tmp_path, at=elsewhere), NOW) == ({AT.date(): 2, LATER.date(): 1}, AT, LATER)


def test_a_file_without_a_row_has_no_days(tmp_path):
    path = tmp_path / "fixes.parquet"
    pl.DataFrame(GOOD).with_columns(pl.col("lon", "lat").cast(pl.Float64)).clear().write_parquet(path)
    assert faultless_days(path, NOW) is None


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
    assert faultless_days(file_of(tmp_path, **fault), NOW) is None


def test_a_column_that_is_missing_is_told_by_who_reads_row_by_row(tmp_path):
    path = tmp_path / "fixes.parquet"
    pl.DataFrame(GOOD).drop("lat").write_parquet(path)
    assert faultless_days(path, NOW) is None


def test_row_groups_are_left_out_by_what_the_file_notes_of_their_time(tmp_path):
    path = tmp_path / "fixes.parquet"
    pl.DataFrame(GOOD).sort("at").write_parquet(path, row_group_size=1, statistics=True)
    assert [len(rows) for rows in groups(path)] == [1, 1, 1]
    assert [rows["at"].to_pylist() for rows in groups(path, since=LATER)] == [[LATER]]
    assert [rows["at"].to_pylist() for rows in groups(path, until=AT)] == [[AT], [AT]]
    pl.DataFrame(GOOD).sort("at").write_parquet(path, row_group_size=1, statistics=False)
    assert len(list(groups(path, since=LATER))) == 3
