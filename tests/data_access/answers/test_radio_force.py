"""Radio fixes loaded with a whole small force, as the benchmark's figures read them."""

from datetime import date

import polars as pl
import pytest

from data_access.answers.reader import Reader
from data_access.export import benchmark
from data_access.load.ingest import load
from tests.data_access.small_force import FORCE, WHOLE, collection, facts, neighbourhood, write

NIGHT_DUTY = (
    "officer_id,shift_id,starts_at,ends_at,activity_code\n"
    "A,A1,2024-10-01T22:00:00+01:00,2024-10-02T06:00:00+01:00,PAT\n"
)


def hours(rows, *keys):
    visible = rows.filter(pl.col("seconds") > 0)
    return sorted(visible.group_by(keys).agg(pl.col("seconds").sum()).rows())


def test_time_held_over_midnight_keeps_the_neighbourhood_of_its_fix_when_boundaries_change_that_night(
    sqlite_store, tmp_path
):
    redrawn = collection(
        neighbourhood("N1", "S1", "L1", -1.95, valid_to="2024-10-02"),
        neighbourhood("N9", "S2", "L2", -1.95, valid_from="2024-10-02"),
    )
    fixes = "officer_id,at,lon,lat\nA,2024-10-01T23:55:00+01:00,-1.94,52.45\nA,2024-10-02T00:20:00+01:00,-1.94,52.45\n"
    files = {**FORCE, "neighbourhoods.geojson": redrawn, "duties.csv": NIGHT_DUTY, "fixes.csv": fixes}
    assert load(sqlite_store, write(tmp_path / "in", files), "the tests").exit_code == 0
    expected = [(1, "N1", "S1", "L1", 300), (2, "N1", "S1", "L1", 300), (2, "N9", "S2", "L2", 600)]
    keys = (pl.col("day").dt.day(), "neighbourhood_code", "sector_code", "lpa_code")
    assert hours(facts(sqlite_store, "visibility_place"), *keys) == expected
    assert hours(facts(sqlite_store, "presence"), *keys) == expected


def test_response_officers_of_a_sector_have_their_time_across_the_lpa_border_at_the_sector_too(sqlite_store, tmp_path):
    posting = FORCE["postings.csv"].replace("A,NPT,One,L1,S1,N1", "A,Response,One,L1,S1,")
    fixes = "officer_id,at,lon,lat\nA,2024-10-01T10:00:00Z,-1.94,52.45\nA,2024-10-01T10:10:00Z,-1.90,52.45\n"
    files = {**FORCE, "postings.csv": posting, "fixes.csv": fixes}
    assert load(sqlite_store, write(tmp_path / "in", files), "the tests").exit_code == 0
    rows = benchmark(Reader.open(sqlite_store, WHOLE), date(2024, 10, 1))
    of_response = rows.filter(pl.col("indicator_id") == "ABS-07", pl.col("value").is_not_null())
    levels = [("force", "E23000014"), ("lpa", "L1"), ("sector", "S1")]
    assert of_response.select("area_level", "area_code", pl.col("value").round(9)).rows() == [
        (*area, 50.0) for area in levels
    ]


FIX = "officer_id,at,lon,lat\n"
DAY = "2024-10-01"
ON_DUTY = f"{FIX}A,{DAY}T10:00:00Z,-1.94,52.45\nA,{DAY}T10:10:00Z,-1.94,52.45\n"


def told(store, folder, files):
    report = load(store, write(folder, files), "the tests")
    assert report.exit_code == 0
    return report.notes


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("duties.csv", "T16:00:00+01:00,PAT", "T15:00:00+01:00,PAT"),
        ("activity_codes.csv", "patrol,core", "patrol,demand"),
        ("neighbourhoods.geojson", "52.46", "52.47"),
        ("officers.csv", "officer_id,role\nA,officer", "officer_id,role,uniformed\nA,officer,false"),
    ],
)
def test_what_fixes_were_judged_by_and_changes_later_is_told_with_what_to_do(sqlite_store, tmp_path, file, old, new):
    assert told(sqlite_store, tmp_path / "one", {**FORCE, "fixes.csv": ON_DUTY}) == ()
    later = {file: FORCE[file].replace(old, new).replace("B,pcso\n", "B,pcso,\n" if "uniformed" in new else "B,pcso\n")}
    assert later[file] != FORCE[file]
    (note,) = told(sqlite_store, tmp_path / "two", later)
    assert note.startswith(file.split(".")[0])
    assert "2024-10-01" in note
    assert "again" in note
    assert told(sqlite_store, tmp_path / "three", {"fixes.csv": ON_DUTY.replace("52.45\n", "52.451\n", 1)}) == ()


def test_the_same_fixes_are_judged_again_with_or_after_what_they_are_judged_by(store, tmp_path):
    short = FORCE["duties.csv"].replace("T16:00:00+01:00,PAT", "T11:05:00+01:00,PAT")
    whole = {**FORCE, "fixes.csv": ON_DUTY}
    for number, (files, seconds) in enumerate(
        (
            (whole, 1200),
            ({**whole, "duties.csv": short}, 300),
            ({"duties.csv": FORCE["duties.csv"]}, 300),
            ({"fixes.csv": ON_DUTY}, 1200),
        )
    ):
        told(store, tmp_path / str(number), files)
        assert facts(store, "visibility_place")["seconds"].sum() == seconds
    assert load(store, tmp_path / "3", "the tests").data_version is None


def test_a_duty_that_starts_after_local_midnight_says_nothing_of_the_day_before(sqlite_store, tmp_path):
    assert told(sqlite_store, tmp_path / "one", {**FORCE, "fixes.csv": ON_DUTY}) == ()
    night = "A,A2,2024-10-02T00:30:00+01:00,2024-10-02T08:00:00+01:00,PAT\n"
    assert told(sqlite_store, tmp_path / "two", {"duties.csv": FORCE["duties.csv"] + night}) == ()


def test_files_of_fixes_cut_at_utc_midnight_are_told(sqlite_store, tmp_path):
    walk = [f"A,2024-10-0{day}T{clock}:00Z,-1.94,52.45\n" for day in (1, 2) for clock in ("00:01", "23:30", "23:59")]
    duty = "officer_id,shift_id,starts_at,ends_at,activity_code\nA,A1,2024-09-30T08:00:00Z,2024-10-05T08:00:00Z,PAT\n"
    first, second = FIX + "".join(walk[:3]), FIX + "".join(walk[3:])
    (note,) = told(sqlite_store, tmp_path / "one", {**FORCE, "duties.csv": duty, "fixes-1.csv": first})
    assert note.startswith("fixes start and end at a UTC midnight")
    lost, _ = told(sqlite_store, tmp_path / "two", {"fixes-2.csv": second})
    assert "the first at 00:00 on 2024-10-02" in lost


def test_a_correction_whose_neighbours_are_let_go_says_that_minutes_are_lost(sqlite_store, tmp_path):
    days = [f"A,2024-{day}T10:00:00Z,-1.94,52.45\n" for day in ("10-01", "10-02", "12-20")]
    assert told(sqlite_store, tmp_path / "one", {**FORCE, "fixes.csv": FIX + "".join(days)}) == ()
    (note,) = told(sqlite_store, tmp_path / "two", {"fixes.csv": FIX + days[0].replace("52.45", "52.451")})
    assert note.startswith("fixes beside 2024-10-01 are let go")


def test_a_day_whose_officers_come_in_loads_of_their_own_is_told(sqlite_store, tmp_path):
    other = ON_DUTY.replace("A,", "B,")
    both = {"fixes-a.csv": ON_DUTY, "fixes-b.csv": other}
    assert told(sqlite_store, tmp_path / "one", {**FORCE, **both}) == ()
    (note,) = told(sqlite_store, tmp_path / "two", {"fixes-b.csv": other.replace("52.45", "52.451")})
    assert "fewer officers have fixes now than before (2024-10-01)" in note
