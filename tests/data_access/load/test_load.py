"""The load, on both stores: what goes in, what is set aside, and what a second load changes."""

import csv
import json
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from data_access.database.connection import writing
from data_access.export import KEY, benchmark
from data_access.load.ingest import load, rebuild
from data_access.sample_mark import MARKER
from data_access.settings import Settings
from data_access.store import Store
from metrics.parameters import Parameters
from tests.data_access.small_force import (
    ALL_TIME,
    FORCE,
    collection,
    everything,
    facts,
    neighbourhood,
    reader,
    set_aside,
    write,
)
from tests.metrics.example import OCTOBER
from tests.places import EXAMPLE


def counts(report):
    return {one.name: (one.outcome, one.rows_read, one.rows_loaded, one.rows_set_aside) for one in report.files}


def test_the_small_force_becomes_facts(store, tmp_path):
    report = load(store, write(tmp_path / "in", FORCE), "somebody")
    assert report.exit_code == 0
    assert report.data_version == 1
    duty = facts(store, "duty")
    assert duty.group_by("officer_id").agg(pl.col("seconds").sum()).sort("officer_id").rows() == [
        ("A", 8 * 3600),
        ("B", 4 * 3600),
    ]
    asb = facts(store, "asb").sort("incident_id")
    assert asb.select("incident_id", "lpa_code", "sector_code", "neighbourhood_code").rows() == [
        ("I1", "L1", "S1", "N1"),
        ("I3", "L1", "S2", "N2"),
    ]
    crimes = facts(store, "crimes").sort("crime_id")
    assert crimes.select("crime_id", "neighbourhood_code").rows() == [("C1", "N1"), ("C2", None)]
    assert crimes["weight"].to_list() == [pytest.approx(32.92067737)] * 2  # the shipped weights
    residents = facts(store, "residents").sort("neighbourhood_code")
    assert residents["residents"].to_list() == [1000, 2000, None]


def test_the_worked_example_loads_whole_and_has_its_values_on_both_stores(store):
    report = load(store, EXAMPLE, "somebody")
    found = benchmark(reader(store), OCTOBER, weight_set="acceptance")
    told = {tuple(key): value for *key, value in found.select(*KEY[1:], "value").rows()}
    with (EXAMPLE / "expected.csv").open(newline="") as file:
        expected = {tuple(key): float(value) if value else None for *key, value in list(csv.reader(file))[1:]}
    assert len(expected) > 400
    assert {key: told.get(key) for key in expected} == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert report.exit_code == 0
    assert sum(one.rows_set_aside for one in report.files) == 0
    left_alone = {one.name for one in report.files if one.outcome == "left alone"}
    assert left_alone == {"README.md", "expected.csv", f"extracts/{MARKER}"}


def test_a_row_that_one_store_could_not_keep_is_set_aside_on_both(store, tmp_path):
    files = {
        "officers.csv": "officer_id,display_name,role\nA,Al\0ice,officer\nB,Bob,pcso\n",
        "fixes.csv": "officer_id,at,lon,lat\nA\0,2024-10-01T10:00:00Z,-1.94,52.45\n",
    }
    report = load(store, write(tmp_path / "in", files), "somebody")
    assert [(one.line, one.rule, one.value) for one in report.set_aside] == [
        (2, "text_without_nul", "(6 characters)"),
        (2, "text_without_nul", "(2 characters)"),
    ]
    assert report.exit_code == 3


def test_the_same_folder_twice_changes_nothing(force_store, tmp_path):
    store, folder = force_store, write(tmp_path / "in", FORCE)
    before, ledger, files = everything(store), reader(store).loads(), sorted(store.facts_dir.rglob("*"))
    report = load(store, folder, "somebody")
    assert report.exit_code == 0
    assert report.data_version is None
    assert {one.outcome for one in report.files} == {"unchanged"}
    assert store.version().number == 1
    assert reader(store).loads().equals(ledger)
    assert everything(store) == before
    assert sorted(store.facts_dir.rglob("*")) == files


def test_a_later_file_replaces_rows_by_key_and_an_older_one_may_come_back(force_store, tmp_path):
    store = force_store
    moved = FORCE["crimes.csv"].replace("2024-10-05,45,-1.94", "2024-11-05,45,-1.92")
    second = write(tmp_path / "b", {"crimes.csv": moved})
    before = everything(store)
    load(store, second, "somebody")
    rows = facts(store, "crimes").sort("crime_id").select("crime_id", "day", "neighbourhood_code").rows()
    assert [(row[0], str(row[1]), row[2]) for row in rows] == [
        ("C1", "2024-11-05", "N2"),
        ("C2", "2024-10-06", None),
    ]
    report = load(store, write(tmp_path / "c", {"crimes.csv": FORCE["crimes.csv"]}), "somebody")
    assert counts(report)["crimes.csv"][0] == "loaded"
    assert everything(store) == before
    assert store.version().number == 3


def test_files_of_a_split_feed_load_in_order(store, tmp_path):
    header = FORCE["crimes.csv"].splitlines()[0]
    split = {
        "crimes-1.csv": f"{header}\nC1,2024-10-05,45,-1.94,52.45\nC2,2024-10-06,45,,\n",
        "crimes-2.csv": f"{header}\nC2,2024-10-07,45,,\n",
    }
    folder = write(tmp_path / "in", {**{k: v for k, v in FORCE.items() if k != "crimes.csv"}, **split})
    report = load(store, folder, "somebody")
    assert report.exit_code == 0
    assert facts(store, "crimes").sort("crime_id")["day"].dt.day().to_list() == [5, 7]


def test_of_equal_keys_in_one_file_the_last_stays(store, tmp_path):
    doubled = FORCE["crimes.csv"] + "C1,2024-10-09,45,,\n"
    report = load(store, write(tmp_path / "in", {**FORCE, "crimes.csv": doubled}), "somebody")
    assert report.exit_code == 3
    assert counts(report)["crimes.csv"] == ("loaded", 3, 2, 1)
    assert set_aside(store).select("line", "rule", "column_name", "value").rows() == [
        (2, "duplicate_key", "crime_id", "C1")
    ]
    assert facts(store, "crimes").sort("crime_id")["day"].dt.day().to_list() == [9, 6]


def test_a_missing_column_changes_nothing_at_all(force_store, tmp_path):
    store, before = force_store, everything(force_store)
    broken = {"crimes.csv": "crime_id,offence_code\nC9,45\n", "officers.csv": "officer_id,role\nZ,officer\n"}
    report = load(store, write(tmp_path / "b", broken), "somebody")
    assert report.exit_code == 2
    assert "crimes.csv" in report.error
    assert "'recorded_on' is missing" in report.error
    assert store.version().number == 1
    assert everything(store) == before


def test_a_row_waits_for_the_code_it_names(store, tmp_path):
    duties = FORCE["duties.csv"] + "A,A2,2024-10-02T08:00:00Z,2024-10-02T09:00:00Z,NEW\n"
    folder = write(tmp_path / "in", {**FORCE, "duties.csv": duties})
    assert load(store, folder, "somebody").exit_code == 3
    assert set_aside(store)["rule"].to_list() == ["unknown_activity_code"]
    assert load(store, folder, "somebody").data_version is None
    codes = FORCE["activity_codes.csv"] + "NEW,New,new,core,2020-01-01\n"
    later = write(tmp_path / "in", {"activity_codes.csv": codes})
    report = load(store, later, "somebody")
    assert report.exit_code == 0
    assert counts(report)["duties.csv"] == ("loaded", 3, 3, 0)
    assert facts(store, "duty")["seconds"].sum() == 13 * 3600


def test_when_every_row_is_set_aside_nothing_changes(store, tmp_path):
    report = load(store, write(tmp_path / "in", {"officers.csv": "officer_id,role\nA,king\n"}), "somebody")
    assert report.exit_code == 2
    assert store.version().number == 0
    assert len(reader(store).loads()) == 0


@pytest.mark.parametrize("files", [{}, {"notes.txt": "nothing"}])
def test_a_folder_without_extracts_is_refused(sqlite_store, tmp_path, files):
    report = load(sqlite_store, write(tmp_path / "in", files), "somebody")
    assert report.exit_code == 2
    assert "no file of a feed" in report.error


def test_an_empty_file_and_an_unknown_column_are_named(sqlite_store, tmp_path):
    odd = {"crimes.csv": "", "officers.csv": "officer_id,role,shoe_size\nA,officer,44\n"}
    odd |= {"fixes-1.csv": "", "fixes-2.csv": "officer_id,at,lon,lat,speed\nA,2024-10-01T10:00:00Z,-1.94,52.45,3\n"}
    report = load(sqlite_store, write(tmp_path / "in", {**FORCE, **odd}), "somebody")
    notes = {one.name: one.notes for one in report.files}
    assert report.exit_code == 0
    assert notes["crimes.csv"] == ("empty: no header and no rows",)
    assert notes["officers.csv"] == ("unknown columns ignored: shoe_size",)
    assert notes["fixes-1.csv"] == ("empty: no header and no rows",)
    assert notes["fixes-2.csv"] == ("unknown columns ignored: speed",)


def test_the_night_that_is_an_hour_longer(store, tmp_path):
    duties = (
        "officer_id,shift_id,starts_at,ends_at,activity_code\n"
        "A,A1,2024-10-27T01:30:00+01:00,2024-10-27T01:30:00+00:00,PAT\n"
        "B,B1,2024-03-31T00:30:00+00:00,2024-03-31T02:30:00+01:00,PAT\n"
    )
    report = load(store, write(tmp_path / "in", {**FORCE, "duties.csv": duties}), "somebody")
    assert report.exit_code == 0
    duty = facts(store, "duty").group_by("officer_id", "hour").agg(pl.col("seconds").sum())
    assert duty.sort("officer_id", "hour").rows() == [("A", 1, 3600), ("B", 0, 1800), ("B", 2, 1800)]


def test_a_transfer_known_late_moves_its_own_days_only(store, tmp_path):
    duties = FORCE["duties.csv"] + "A,A2,2024-09-02T08:00:00Z,2024-09-02T09:00:00Z,PAT\n"
    load(store, write(tmp_path / "a", {**FORCE, "duties.csv": duties}), "somebody")
    postings = (
        "officer_id,department,team,lpa_code,sector_code,neighbourhood_code,start_date,end_date\n"
        "A,NPT,One,L1,S1,N1,2024-01-01,2024-10-01\n"
        "A,NPT,Two,L2,S3,N3,2024-10-01,\n"
    )
    load(store, write(tmp_path / "b", {"postings.csv": postings}), "somebody")
    homes = facts(store, "duty").filter(pl.col("officer_id") == "A").group_by("day").agg(pl.col("lpa_code").first())
    assert [lpa for _, lpa in homes.sort("day").rows()] == ["L1", "L2"]


def test_a_boundary_redrawn_lives_beside_the_old_one(force_store, tmp_path):
    redrawn = collection(neighbourhood("N1", "S9", "L2", -1.95, valid_from="2024-10-02"))
    incidents = FORCE["incidents.csv"] + "I4,2024-10-04T10:00:00Z,ASBP,-1.94,52.45,P1\n"
    load(
        force_store,
        write(tmp_path / "b", {"neighbourhoods.geojson": redrawn, "incidents.csv": incidents}),
        "somebody",
    )
    asb = facts(force_store, "asb").sort("incident_id")
    assert asb.select("incident_id", "lpa_code", "sector_code").rows() == [
        ("I1", "L1", "S1"),
        ("I3", "L1", "S2"),
        ("I4", "L2", "S9"),
    ]


def test_a_late_incident_makes_later_ones_repeats(force_store, tmp_path):
    assert facts(force_store, "asb").sort("incident_id")["repeat"].to_list() == [False, False]
    late = "incident_id,reported_at,closing_codes,location_ref\nI0,2024-05-01T10:00:00Z,ASBP,P1\n"
    load(force_store, write(tmp_path / "b", {"incidents.csv": late}), "somebody")
    assert facts(force_store, "asb").sort("incident_id")["repeat"].to_list() == [False, False, True]


# Fixes come after what they are judged by; everything else may come in any order.
LATE = ("officers", "postings", "offences", "closure_codes", "crimes", "fixes")


def test_parts_in_any_order_make_the_same_facts_as_the_whole(tmp_path_factory, postgres_url):
    whole = Store.open(postgres_url, tmp_path_factory.mktemp("whole"))
    load(whole, EXAMPLE, "somebody")
    parts = Store.open(f"sqlite:///{tmp_path_factory.mktemp('parts') / 'npd.sqlite'}")
    files = sorted((EXAMPLE / "extracts").iterdir(), key=lambda file: file.name, reverse=True)
    late = [file for file in files if file.stem in LATE]
    early = [file for file in files if file not in late]
    for group in (early, late):
        folder = tmp_path_factory.mktemp("part")
        for file in {*group, EXAMPLE / "extracts" / MARKER}:
            (folder / file.name).write_bytes(file.read_bytes())
        assert load(parts, folder, "somebody").exit_code == 0
    made, expected = everything(parts), everything(whole)
    assert {name: len(rows) for name, rows in made.items()} == {name: len(rows) for name, rows in expected.items()}
    assert made == expected
    for one in (whole, parts):
        one.close()


def test_the_report_is_json_and_the_ledger_knows_who(sqlite_store, tmp_path):
    load(sqlite_store, write(tmp_path / "in", FORCE), "somebody")
    ledger = reader(sqlite_store).loads()
    assert set(ledger["loaded_by"]) == {"somebody"}
    assert (ledger["finished_at"] >= ledger["started_at"]).all()
    assert (ledger["rows_read"] == ledger["rows_loaded"] + ledger["rows_set_aside"]).all()
    assert json.loads(ledger["report"][0])["data_version"] == 1
    assert reader(sqlite_store).facts("duty", *ALL_TIME).collect_schema()["seconds"] == pl.Int64


def test_lost_facts_are_made_again_from_the_store(force_store):
    before = everything(force_store)
    for lost in force_store.facts_dir.glob("*/*.parquet"):
        lost.unlink()
    assert rebuild(force_store, "somebody") == 2
    assert everything(force_store) == before
    assert force_store.version().number == 2


def test_facts_that_an_older_suite_never_published_are_made_by_a_rebuild(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path}/npd.sqlite")
    load(store, EXAMPLE, "somebody")
    october = (date(2024, 10, 1), date(2024, 11, 1))
    before = reader(store).facts("visibility_home", *october, monthly=True).collect()
    with writing(store.engine) as connection:
        connection.exec_driver_sql("DELETE FROM published WHERE dataset = 'visibility_months'")
    store = Store.open(f"sqlite:///{tmp_path}/npd.sqlite")  # a new start: a server asks for a version's files once
    assert reader(store).facts("visibility_home", *october, monthly=True).collect().is_empty()
    rebuild(store, "somebody")
    after = reader(store).facts("visibility_home", *october, monthly=True).collect()
    assert len(before) > 0
    assert after["seconds"].sum() == before["seconds"].sum()


def test_a_changed_parameter_counts_after_a_rebuild(force_store):
    stricter = replace(force_store, settings=Settings(parameters=Parameters(repeat_n=2)))
    rebuild(stricter, "somebody")
    assert facts(stricter, "asb").sort("incident_id")["repeat"].to_list() == [False, True]
