"""Invented data and a force's own never meet: what a load is stands in a column, judged by the folder's own marker."""

import json
from importlib import import_module

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import select, text

from data_access.database.connection import reading, writing
from data_access.database.schema import metadata
from data_access.load.ingest import load, rebuild
from data_access.sample_mark import MARKER, MARKER_TEXT
from tests.data_access.small_force import FORCE, write

SAMPLE = {**FORCE, MARKER: MARKER_TEXT}
SAMPLE_LOADS = import_module("data_access.database.migrations.versions.0004_sample_loads")
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


def test_an_older_stores_loads_are_marked_by_what_their_reports_say(store, tmp_path):
    load(store, write(tmp_path / "in", SAMPLE), "tests")
    rebuild(store, "tests")
    named = json.dumps({"files": [{"name": "a/SAMPLE.txt"}]})
    with writing(store.engine) as connection:
        values = {"started_at": store.version().loaded_at, "finished_at": store.version().loaded_at, "loaded_by": "x"}
        connection.execute(loads.insert().values(load_id=3, folder="own", sample=False, report=named, **values))
        connection.execute(text("ALTER TABLE loads DROP COLUMN sample"))
        with Operations.context(MigrationContext.configure(connection)):
            SAMPLE_LOADS.upgrade()
    assert marks(store) == [True, True, False]
    assert not store.version().sample
