"""Officers and callers under keyed pseudonyms: nothing of their own at rest, and every figure as before."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from sqlalchemy import select

from data_access.answers.answer import Question, answer
from data_access.answers.visibility import Where, individuals, reveal
from data_access.database.connection import read_frame, reading
from data_access.database.schema import metadata
from data_access.export import benchmark
from data_access.feeds.pseudonyms import naming_of, pseudonym_of
from data_access.load.ingest import load, rebuild
from data_access.settings import PrivacySettings, Settings
from data_access.store import Store
from tests.data_access.small_force import FORCE, WHOLE, collection, facts, feature, reader, square, write

OCTOBER = date(2024, 10, 1)
IDS = ("WMP-Alpha", "WMP-Bravo", "Caller-Charlie", "Alison Example")
FIXES = "".join(
    f"{who},2024-10-01T{8 + minute // 60:02}:{minute % 60:02}:00Z,{lon},52.45\n"
    for who, lon in (("WMP-Alpha", -1.94), ("WMP-Bravo", -1.90))
    for minute in range(0, 120, 5)
)


def named(text: str) -> str:
    """Give the people of the small force telling identifiers."""
    return text.replace("\nA,", "\nWMP-Alpha,").replace("\nB,", "\nWMP-Bravo,")


PEOPLED = {
    **{name: named(text) for name, text in FORCE.items()},
    "officers.csv": "officer_id,display_name,role\nWMP-Alpha,Alison Example,officer\nWMP-Bravo,,pcso\n",
    "fixes.csv": f"officer_id,at,lon,lat\n{FIXES}",
    "incidents.csv": "incident_id,reported_at,closing_codes,lon,lat,location_ref,caller_ref\n"
    + "".join(f"I{n},2024-10-0{n}T10:00:00Z,ASBP,-1.94,52.45,P1,Caller-Charlie\n" for n in range(1, 5)),
    "special_hours.csv": "month,officer_id,duties,hours\n2024-10,WMP-Bravo,2,17\n",
    "hotspots.geojson": collection(
        feature(square(-1.95, 52.44), hotspot_id="H1", name="The corner", kind="asb", lpa_code="L1")
    ),
    "taskings.csv": "tasking_id,hotspot_id,window_start,window_end,officer_id\n"
    "T1,H1,2024-10-01T08:00:00Z,2024-10-01T10:00:00Z,WMP-Alpha\nT2,H1,2024-10-02T08:00:00Z,2024-10-02T10:00:00Z,\n",
    "patrols.csv": "patrol_id,tasking_id,hotspot_id,officer_id,checked_in_at,checked_out_at\n"
    "P1,T1,H1,WMP-Alpha,2024-10-01T08:10:00Z,2024-10-01T09:00:00Z\n",
}


KEYED = Settings(privacy=PrivacySettings(pseudonyms=True))


@pytest.fixture
def keyed(holding: Callable[..., Store]) -> Store:
    """The named people under pseudonyms."""
    return holding(PEOPLED, KEYED)


def figures(store: Store) -> pl.DataFrame:
    return benchmark(reader(store), OCTOBER).drop("data_version")


def everything_at_rest(store: Store) -> bytes:
    """Every value of every table, and every byte of every published file."""
    found = []
    with reading(store.engine) as connection:
        for table in metadata.sorted_tables:
            found.append(str(read_frame(connection, select(*table.c)).rows()).encode())
    for path in sorted(store.facts_dir.rglob("*.parquet")):
        found.append(str(pl.read_parquet(path).rows()).encode())
    return b"".join(found)


def test_neither_store_nor_facts_hold_an_identifier_and_the_figures_are_the_same(store, tmp_path):
    keyed = replace(store, settings=KEYED)
    folder = write(tmp_path / "in", PEOPLED)
    report = load(keyed, folder, "somebody")
    assert report.exit_code == 0, report.set_aside
    assert "under pseudonyms" in str(report.notes) and str(keyed.facts_dir.with_suffix(".secret")) in str(report.notes)
    kept = everything_at_rest(keyed)
    assert [one for one in IDS if one.encode() in kept] == []
    plain = Store.open(f"sqlite:///{tmp_path / 'plain.sqlite'}")
    load(plain, folder, "somebody")
    assert figures(keyed).equals(figures(plain))
    assert figures(plain)["value"].count() > 100
    assert [one for one in IDS if one.encode() not in everything_at_rest(plain)] == []
    plain.close()
    again = load(keyed, write(tmp_path / "in", {**PEOPLED, "officers.csv": PEOPLED["officers.csv"] + "\n"}), "somebody")
    assert "under pseudonyms" not in str(again.notes)


def test_a_correction_meets_what_it_corrects(keyed, tmp_path):
    shorter = PEOPLED["duties.csv"].replace("2024-10-01T16:00:00+01:00", "2024-10-01T09:00:00+01:00")
    load(keyed, write(tmp_path / "more", {"duties.csv": shorter}), "somebody")
    hours = facts(keyed, "duty").group_by("officer_id").agg(pl.col("seconds").sum() / 3600)
    naming = naming_of(keyed.secret)
    names = {one: pseudonym_of(one, "officer", naming) for one in IDS[:2]}
    assert dict(hours.rows()) == {names["WMP-Alpha"]: 1.0, names["WMP-Bravo"]: 4.0}


def test_who_may_see_names_sees_them_and_the_trail_finds_them(keyed):
    eyes, where = reader(keyed), Where(month=OCTOBER)
    asked = Question(indicators=("ABS-01",), level="officer", since=OCTOBER, until=OCTOBER)
    naming = naming_of(keyed.secret)
    people = eyes.members().filter(level="officer").select("code", "name").rows()
    names = {"WMP-Alpha": "Alison Example", "WMP-Bravo": "WMP-Bravo"}  # no name: the identifier, sealed
    assert dict(people) == {pseudonym_of(one, "officer", naming): name for one, name in names.items()}
    assert set(answer(eyes, asked)["area_code"]) == set(dict(people))
    (person,) = individuals(eyes, where, "NPT / One", "welfare")["person"]
    assert reveal(eyes, where, "NPT / One", person, "welfare") == "Alison Example"
    assert keyed.trail_of("WMP-Alpha")["what"].to_list() == ["revealed", "viewed"]
    assert keyed.trail_of("WMP-Bravo").is_empty()
    (other,) = individuals(eyes, where, "NPT / Two", "welfare")["person"]
    assert reveal(eyes, where, "NPT / Two", other, "welfare") == "WMP-Bravo"
    below = reader(keyed, replace(WHOLE, people="team"))
    assert "officer" not in below.members()["level"].to_list()


def test_a_store_of_before_is_put_under_pseudonyms_by_its_next_load(holding, tmp_path):
    store = holding(PEOPLED)
    keyed = replace(store, settings=KEYED)
    before = figures(store)
    report = load(keyed, write(tmp_path / "in", {**PEOPLED, "weights.csv": WEIGHT}), "somebody")
    assert report.error is None and "under pseudonyms" in str(report.notes)
    assert figures(keyed).equals(before)
    shutil.rmtree(keyed.facts_dir)
    rebuild(keyed, "somebody")
    assert [one for one in IDS if one.encode() in everything_at_rest(keyed)] == []
    assert figures(keyed).equals(before)
    later = load(store, write(tmp_path / "more", {"special_hours.csv": PEOPLED["special_hours.csv"] + "\n"}), "x")
    assert later.error is None  # the setting off again: what has pseudonyms keeps to them
    assert [one for one in IDS if one.encode() in everything_at_rest(store)] == []


WEIGHT = "weight_set,offence_code,weight,source\nw,45,1,s\n"


def test_another_secret_is_refused_before_anything_changes(keyed, tmp_path, monkeypatch):
    before = everything_at_rest(keyed)
    monkeypatch.setenv("NPD_SECRET", "another")
    report = load(keyed, write(tmp_path / "more", {"weights.csv": WEIGHT}), "somebody")
    assert report.exit_code == 2
    assert "named with another secret" in report.error
    assert everything_at_rest(keyed) == before
    names = reader(keyed).members().filter(pl.col("level") == "officer")["name"].to_list()
    assert len(names) == 2 and all(name.startswith("o-") for name in names)


def test_what_names_people_is_declared_so():
    """A column called like one that names people, in any table of the store, is renamed with the others."""
    from data_access.load.naming import people_columns

    called = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if column.name in ("officer_id", "caller_ref")
    }
    assert {(table.name, column) for table, column, _ in people_columns()} == called
