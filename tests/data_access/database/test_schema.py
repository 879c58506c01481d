"""The tables: described, the same in the program and in the store, and brought forward without losing a row."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, inspect, select, text

from data_access.database import migrate
from data_access.database.connection import open_engine, reading, writing
from data_access.database.schema import metadata
from data_access.feeds.columns import Instant
from data_access.feeds.contract import FEEDS, columns_of
from data_access.store import Store

FIRST_VERSION = Path(__file__).with_name("first_version")  # what the very first program made, for both databases


@pytest.mark.parametrize("table", metadata.tables.values(), ids=metadata.tables)
def test_every_table_and_column_says_what_it_holds(table):
    assert table.comment
    assert [column.name for column in table.columns if not column.comment] == []


def test_every_feed_of_the_contract_has_its_table():
    assert {name: feed.table.name for name, feed in FEEDS.items()} == {name: name for name in FEEDS}
    assert all(columns_of(feed) for feed in FEEDS.values())


def test_a_new_store_is_what_the_program_says(store):
    with reading(store.engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert migrate.revision(store.engine) == migrate.NEWEST


def test_the_newest_version_is_the_last_migration():
    config = Config()
    config.set_main_option("script_location", str(migrate.SCRIPTS))
    assert ScriptDirectory.from_config(config).get_current_head() == migrate.NEWEST


def test_opening_again_loses_nothing(store, store_url):
    weights = metadata.tables["weights"]
    row = {"weight_set": "w", "offence_code": "1", "weight": 1.5, "source": "s", "file_id": 1, "line": 1}
    with writing(store.engine) as connection:
        connection.execute(insert(weights).values(row))
    again = Store.open(store_url, store.facts_dir)
    with reading(again.engine) as connection:
        assert connection.execute(select(weights.c.weight_set)).scalars().all() == ["w"]
    again.close()


def test_a_store_of_a_later_program_is_not_touched(store, store_url):
    with writing(store.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ValueError, match="schema version 9999"):
        Store.open(store_url, store.facts_dir)


NEXT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "9000", "{newest}"


def upgrade():
    with op.batch_alter_table("weights") as table:
        table.add_column(sa.Column("edition", sa.Text(), server_default="first", nullable=False))
        table.alter_column("source", new_column_name="origin")
"""


def test_a_store_is_brought_forward_with_its_rows(store, store_url, tmp_path, monkeypatch):
    row = {"weight_set": "w", "offence_code": "1", "weight": 1.5, "source": "s", "file_id": 1, "line": 1}
    with writing(store.engine) as connection:
        connection.execute(insert(metadata.tables["weights"]).values(row))
    scripts = tmp_path / "migrations"
    shutil.copytree(migrate.SCRIPTS, scripts)
    (scripts / "versions" / "9000_next.py").write_text(NEXT.format(newest=migrate.NEWEST))
    monkeypatch.setattr(migrate, "SCRIPTS", scripts)
    monkeypatch.setattr(migrate, "NEWEST", "9000")
    later = Store.open(store_url, store.facts_dir)
    with reading(later.engine) as connection:
        rows = connection.execute(text("SELECT weight_set, weight, origin, edition FROM weights")).all()
    assert [tuple(one) for one in rows] == [("w", 1.5, "s", "first")]
    assert migrate.revision(later.engine) == "9000"
    later.close()


def of_the_first_version(url, *rows):
    """Make the tables as the first version had them, with some rows."""
    engine = open_engine(url)
    with writing(engine) as connection:
        script = (FIRST_VERSION / f"{connection.dialect.name}.sql").read_text()
        for statement in (*script.removesuffix(";\n").split(";\n"), *rows):
            connection.execute(text(statement))
    engine.dispose()


def test_a_store_of_the_first_version_gains_what_came_since_and_loses_nothing(empty_url, tmp_path):
    crime = "INSERT INTO crimes (crime_id, recorded_on, offence_code, provenance, day_known, file_id, line)"
    of_the_first_version(empty_url, f"{crime} VALUES ('C', '2024-10-01', '45', 'force', TRUE, 1, 1)")
    later = Store.open(empty_url, tmp_path / "facts")
    for engine in (later.engine, later.desk):
        with reading(engine) as connection:
            found = compare_metadata(MigrationContext.configure(connection), metadata)
        deeds = {one[0][0] if isinstance(one, list) else one[0] for one in found}
        assert {deed for deed in deeds if not deed.endswith("_comment")} == set()  # comments are for readers of code
    with reading(later.engine) as connection:
        assert connection.execute(text("SELECT crime_id, flags FROM crimes")).all() == [("C", None)]
    assert migrate.revision(later.engine) == migrate.NEWEST
    later.close()


def test_a_store_in_memory_is_refused():
    with pytest.raises(ValueError, match="names no file"):
        open_engine("sqlite://")


@pytest.mark.parametrize("url", ["postgresql://u@h/d", "duckdb:///x", "mysql://u@h/d"])
def test_only_the_two_databases_are_opened(url):
    with pytest.raises(ValueError, match=r"allowed: sqlite:///FILE or postgresql\+psycopg"):
        open_engine(url)


def test_an_instant_needs_its_zone(store):
    trail = metadata.tables["trail"]
    with pytest.raises(Exception, match="needs a time zone"), writing(store.engine) as connection:
        values = {"number": 1, "viewer": "v", "what": "viewed", "at": datetime(2024, 10, 27, 1, 30), "seal": "s"}
        connection.execute(insert(trail).values(values))
    with reading(store.engine) as connection:
        assert connection.execute(select(trail)).all() == []
        assert inspect(connection).has_table("trail")
    assert any(isinstance(column.type, Instant) for column in trail.columns)
