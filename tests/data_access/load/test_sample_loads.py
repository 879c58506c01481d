"""Invented data and a force's own never meet: what a load is stands in a column, judged by the folder's own marker."""

import json

import pytest
from sqlalchemy import select

from data_access.database.connection import reading
from data_access.database.schema import metadata
from data_access.load.discovery import NothingToLoad
from data_access.load.ingest import load, rebuild
from data_access.sample_mark import MARKER, MARKER_TEXT
from data_access.store import Store
from tests.data_access.database.test_schema import of_the_first_version
from tests.data_access.small_force import FORCE, write

SAMPLE = {**FORCE, MARKER: MARKER_TEXT}
loads = metadata.tables["loads"]


def marks(store):
    with reading(store.engine) as connection:
        return list(connection.execute(select(loads.c.sample).order_by(loads.c.load_id)).scalars())


def test_the_marker_at_the_top_makes_a_sample(store, tmp_path):
    assert load(store, write(tmp_path / "in", SAMPLE), "tests").error is None
    assert marks(store) == [True]
    assert store.version().sample
    rebuild(store, "tests")
    assert marks(store) == [True, True]


def test_a_rebuild_of_an_empty_store_marks_it_as_nothing(store, tmp_path):
    with pytest.raises(NothingToLoad, match="the store is empty"):
        rebuild(store, "tests")
    assert marks(store) == []
    assert load(store, write(tmp_path / "in", FORCE), "tests").error is None
    assert marks(store) == [False]


@pytest.mark.parametrize(
    "files",
    [
        {"notes/SAMPLE.txt": MARKER_TEXT},
        {"SAMPLE.txt": "a sample of last year's real data\n"},
        {"SAMPLE.txt.bak": MARKER_TEXT},
    ],
)
def test_the_word_alone_does_not(store, tmp_path, files):
    folder = write(tmp_path / "in", FORCE)
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content)
    report = load(store, folder, "tests")
    assert next(iter(files)) in {one.name for one in report.files}
    assert marks(store) == [False]
    assert not store.version().sample


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [(SAMPLE, FORCE, "the store holds a sample force"), (FORCE, SAMPLE, "the store holds a force's own data")],
)
def test_a_store_is_all_sample_or_has_none(store, tmp_path, first, second, reason):
    load(store, write(tmp_path / "first", first), "tests")
    before = marks(store)
    changed = {**second, "crimes.csv": second["crimes.csv"] + "C77,2024-01-05,45,,\n"}
    report = load(store, write(tmp_path / "second", changed), "tests")
    assert reason in report.error
    assert report.exit_code == 2
    assert marks(store) == before


def test_an_older_stores_loads_are_marked_by_what_their_reports_say(empty_url, tmp_path):
    at = "'2024-10-01T00:00:00Z'" if empty_url.startswith("postgresql") else "1727740800000000"
    reports = [("sample", "SAMPLE.txt"), ("rebuild", None), ("own", "a/SAMPLE.txt"), ("rebuild", None)]
    rows = [
        f"INSERT INTO loads VALUES ({number}, {at}, {at}, 'x', '{folder}', '{_report(name)}')"
        for number, (folder, name) in enumerate(reports, start=1)
    ]
    of_the_first_version(empty_url, *(row.replace(":", r"\:") for row in rows))
    later = Store.open(empty_url, tmp_path / "facts")
    assert marks(later) == [True, True, False, False]
    assert not later.version().sample
    later.close()


def _report(name):
    return json.dumps({"files": [{"name": name}]} if name else {})
