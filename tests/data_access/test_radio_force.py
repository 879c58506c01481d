"""Radio fixes loaded with a whole small force, as the benchmark's figures read them."""

from datetime import date

import polars as pl

from data_access.export import benchmark
from data_access.ingest import load
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
    rows = benchmark(sqlite_store, WHOLE, date(2024, 10, 1))
    of_response = rows.filter(pl.col("indicator_id") == "ABS-07", pl.col("value").is_not_null())
    levels = [("force", "E23000014"), ("lpa", "L1"), ("sector", "S1")]
    assert of_response.select("area_level", "area_code", pl.col("value").round(9)).rows() == [
        (*area, 50.0) for area in levels
    ]
