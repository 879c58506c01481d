"""Values that broke a rule: masked where they tell of a person, gone after a while, and never in a kept report."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from data_access.database.connection import reading, writing
from data_access.database.schema import metadata
from data_access.feeds.contract import FAILURES
from data_access.feeds.personal import masked, personal_columns
from data_access.load.ingest import load
from data_access.settings import PrivacySettings
from data_access.store import Store
from tests.data_access.small_force import FORCE, set_aside, write

SECRET = "PC Jane Example, home 07700 900123"
loads = metadata.tables["loads"]
NOT_MASKED = st.characters(codec="utf-8", exclude_characters="(")
# One row of each kind: an extra field, a name in the column of roles, a name, a key that comes twice.
ODD = {
    "officers.csv": f'officer_id,display_name,role\nA,{SECRET},officer,\nB,Bo,"{SECRET}"\nC,"{SECRET}\0",pcso\n'
    "JaneExample,,pcso\nJaneExample,,pcso\n",
    "problems.csv": "problem_id,neighbourhood_code,title,opened_on,stage,stage_on\n"
    f"P,N1,{SECRET.replace(',', '')},someday,scanning,2024-10-01\n",
}


def test_what_broke_a_rule_tells_of_nobody(store, tmp_path):
    report = load(store, write(tmp_path / "in", {**FORCE, **ODD}), "somebody")
    assert report.exit_code == 3
    told = {(row["feed"], row["rule"], row["value"]) for row in set_aside(store).rows(named=True)}
    assert told == {
        ("officers", "number_of_fields", "(45 characters)"),
        ("officers", "allowed_value", "(34 characters)"),
        ("officers", "text_without_nul", "(35 characters)"),
        ("officers", "duplicate_key", "(11 characters)"),
        ("problems", "date", "someday"),
    }
    assert {one.value for one in report.set_aside} == {value for _, _, value in told}
    with reading(store.engine) as connection:
        kept = connection.execute(select(loads.c.report)).scalar_one()
    assert {one["value"] for one in json.loads(kept)["set_aside"]} == {None}
    for word in ("Jane", "07700", "900123"):
        assert word not in str(set_aside(store).rows()) + str(report) + kept


@pytest.mark.parametrize("loaded", ["nothing new", "a file"])
def test_values_go_when_their_days_are_over_and_what_they_broke_stays(store, tmp_path, loaded):
    bad = {**FORCE, "crimes.csv": FORCE["crimes.csv"] + "C3,yesterday,45,,\n"}
    load(store, write(tmp_path / "in", bad), "somebody")
    assert set_aside(store)["value"].to_list() == ["yesterday"]
    later = {**bad, "officers.csv": FORCE["officers.csv"] + "Z,officer\n"} if loaded == "a file" else bad
    load(store, write(tmp_path / "in", later), "somebody")
    assert set_aside(store)["value"].to_list() == ["yesterday"]
    with writing(store.engine) as connection:
        connection.execute(update(loads).values(finished_at=datetime.now(UTC) - timedelta(days=91)))
    patient = replace(store, settings=replace(store.settings, privacy=PrivacySettings(keep_rejected_days=92)))
    load(patient, write(tmp_path / "in", later), "somebody")
    assert set_aside(store)["value"].to_list() == ["yesterday"]
    load(store, write(tmp_path / "in", later), "somebody")
    rows = set_aside(store)
    assert rows.select("feed", "rule", "column_name", "value").rows() == [("crimes", "date", "recorded_on", None)]


@given(st.text(NOT_MASKED, max_size=60), st.sampled_from(["officer_id", "display_name", "officer_id, starts_at", None]))
def test_a_personal_value_is_its_length_alone_however_often_it_is_masked(value, column):
    failures = pl.DataFrame([(1, "rule", column, value)], schema=FAILURES, orient="row")
    once = masked(failures, "officers")
    assert once["value"].to_list() == [f"({len(value)} characters)"]
    assert masked(once, "officers").equals(once)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2024-10-27T01:30:00+01:00", True),
        ("2024-10-27 01:30", True),
        ("BACKFILL-7", True),
        ("fifty-two", True),
        ("07700900123", False),
        ("07700-900123", False),
        ("Jane Example", False),
        ("jane@example.org", False),
        ("x" * 41, False),
    ],
)
def test_a_value_that_slipped_into_another_column_is_masked_unless_it_is_plain(value, shown):
    failures = pl.DataFrame([(1, "rule", "starts_at", value)], schema=FAILURES, orient="row")
    assert (masked(failures, "duties")["value"].item() == value) is shown


def test_feeds_about_nobody_keep_their_values():
    failures = pl.DataFrame([(1, "rule", "weight", "a good deal")], schema=FAILURES, orient="row")
    assert personal_columns("weights") == {}
    assert masked(failures, "weights").equals(failures)


def test_a_store_of_before_is_masked_when_it_is_opened(holding):
    store = holding({**FORCE, **ODD})
    with writing(store.engine) as connection:
        connection.execute(text("UPDATE rejected SET value = 'Jane'"))
        connection.execute(text("""UPDATE loads SET report = '{"set_aside": [{"value": "Jane", "line": 2}]}'"""))
        connection.execute(text("UPDATE alembic_version SET version_num = '0008'"))
        for later in ("ALTER TABLE loads DROP COLUMN people_key", "DROP TABLE folded", "DROP TABLE erased"):
            connection.execute(text(later))
    Store.open(store.engine.url.render_as_string(hide_password=False), store.facts_dir).close()
    rows = set_aside(store)
    assert rows.filter(pl.col("value").is_not_null())["column_name"].unique().sort().to_list() == ["opened_on", "role"]
    with reading(store.engine) as connection:
        assert json.loads(connection.execute(select(loads.c.report)).scalar_one()) == {
            "set_aside": [{"value": None, "line": 2}]
        }
