"""The audit trail on both stores: appended to and never changed, sealed, and under pseudonyms."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from data_access.__main__ import main
from data_access.database import secret as secrets_of_ours
from data_access.database.connection import writing
from data_access.database.desk import desk_url
from data_access.database.secret import pseudonym, secret_file
from data_access.store import Store
from tests.data_access.database.test_schema import of_the_first_version


@pytest.fixture
def entered(store):
    for number in range(5):
        store.record("chief", "exported", f"file {number}", "10 rows")
    return store


def change(store, statement):
    with writing(store.desk) as connection:
        connection.execute(text(statement))


def unlocked(store, statement):
    """Change the trail as somebody who owns the database can: without its triggers."""
    with writing(store.desk) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE trail DISABLE TRIGGER ALL"))
        else:
            for deed in ("UPDATE", "DELETE"):
                connection.execute(text(f"DROP TRIGGER trail_keeps_{deed}"))
        connection.execute(text(statement))


@pytest.mark.parametrize(
    "tampering",
    ["viewer = x'ff00'", "viewer = CAST(x'ff' AS TEXT)", "at = 'yesterday'", "at = 9e99", "reason = x'00'"],
)
def test_what_no_entry_ever_held_is_told_and_not_stumbled_over(sqlite_store, tampering):
    for number in range(5):
        sqlite_store.record("chief", "exported", f"file {number}", "10 rows")
    unlocked(sqlite_store, f"UPDATE trail SET {tampering} WHERE number = 3")
    assert sqlite_store.verify_trail()[0] is not None
    assert main(["trail", "verify", "--store", str(sqlite_store.engine.url)]) == 3


@pytest.mark.parametrize("by", ["number", "once", "rowid"])
def test_no_entry_is_put_in_place_of_another(sqlite_store, by):
    """INSERT OR REPLACE deletes without a trigger's knowledge; a new entry may still come."""
    for number in range(3):
        sqlite_store.record("chief", "exported", f"file {number}", "10 rows", daily=True)
    columns = ("rowid", "number", "at", "viewer", "what", "whom", "reason", "once", "seal")
    own = {"rowid": "9", "number": "9", "once": "'other'", "viewer": "'nobody'"} | {by: by}
    values = ", ".join(own.get(name, name) for name in columns)
    replacing = f"INSERT OR REPLACE INTO trail ({', '.join(columns)}) SELECT {values} FROM trail WHERE number = 2"
    with pytest.raises(DatabaseError, match="trail is append-only"):
        change(sqlite_store, replacing)
    sqlite_store.record("chief", "exported", "file 3", "10 rows", daily=True)
    assert sqlite_store.verify_trail()[0] is None
    assert sqlite_store.trail_length() == 4


@pytest.mark.parametrize("table", ["trail", "verdicts", "withdrawals"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_refuses_any_change(entered, table, deed):
    entered.judge("chief", "I1", correct=True, should_be_crime=False, reason="r")
    entered.withdraw("chief", "I1", "a slip")
    if deed.startswith("TRUNCATE") and entered.desk.dialect.name == "sqlite":
        deed = "DELETE FROM {}"  # SQLite has no other
    with pytest.raises(DatabaseError, match=f"{table} is append-only"):
        change(entered, deed.format(table))
    assert entered.trail_length() == 7


def test_an_untouched_trail_is_whole_and_its_head_can_be_noted(entered):
    wrong, head = entered.verify_trail()
    assert (wrong, head[0]) == (None, 5)
    entered.record("chief", "exported", "another")
    assert entered.verify_trail(head)[0] is None


@pytest.mark.parametrize(
    ("statement", "told", "right"),
    [
        ("UPDATE trail SET reason = '1,000 rows' WHERE number = 3", "entry 3 is not what was entered", 2),
        ("UPDATE trail SET viewer = 'other' WHERE number = 5", "entry 5 is not what was entered", 4),
        ("DELETE FROM trail WHERE number = 2", "entries are missing between 1 and 3", 1),
        ("DELETE FROM trail WHERE number = 1", "entries are missing between 0 and 2", 0),
    ],
)
def test_a_change_behind_the_triggers_is_found(entered, statement, told, right):
    unlocked(entered, statement)
    wrong, (last, _) = entered.verify_trail()
    assert told in wrong
    assert last == right


def test_entries_cut_off_the_end_are_found_by_a_head_noted_before(entered):
    _, head = entered.verify_trail()
    unlocked(entered, "DELETE FROM trail WHERE number > 3")
    assert entered.verify_trail()[0] is None
    assert "entry 5 was noted earlier" in entered.verify_trail(head)[0]
    entered.record("x", "exported", "put in")
    entered.record("x", "exported", "put in")
    assert entered.verify_trail()[0] is None
    assert "entry 5 is not the one that was noted" in entered.verify_trail(head)[0]


def test_without_the_secret_nobody_can_seal(entered, monkeypatch):
    monkeypatch.setenv("NPD_SECRET", "a guess")
    assert "the secret is another" in entered.verify_trail()[0]


def test_many_at_once_leave_one_unbroken_trail(store):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: store.record(f"viewer {number % 3}", "exported", str(number)), range(60)))
        list(pool.map(lambda _: store.record("chief", "viewed", "repeat ASB callers", "L1", daily=True), range(20)))
    wrong, (last, _) = store.verify_trail()
    assert (wrong, last) == (None, 61)


def test_a_view_is_entered_once_a_day_whoever_asks(store, store_url):
    another = Store.open(store_url, store.facts_dir)
    for one in (store, another, store):
        one.record("chief", "viewed", "repeat ASB callers", "L1", daily=True)
    store.record("chief", "viewed", "repeat ASB callers", "L2", daily=True)
    store.record("other", "viewed", "repeat ASB callers", "L1", daily=True)
    assert store.trail_length() == 3
    another.close()


def test_people_go_under_pseudonyms_in_an_order_that_tells_nothing(store):
    people = [f"O{number:02}" for number in range(12)]
    store.record("sergeant", "viewed", reason="kit check", people=people)
    entered = store.trail(None).sort("number")["whom"].to_list()
    assert entered == sorted(entered)
    assert entered != [pseudonym(store.secret, one) for one in people]
    assert not any(one in text for one in people for text in entered)
    assert store.trail_of("O03").height == 1


def test_every_entry_is_reached_by_pages(store):
    for number in range(25):
        store.record("chief", "exported", str(number))
    seen, before = [], None
    while (page := store.trail(10, before)).height:
        seen += page["number"].to_list()
        before = seen[-1]
    assert seen == list(range(25, 0, -1))


def test_the_secret_is_its_owners_alone_and_outside_the_store(store, store_url):
    file = secret_file(store.facts_dir)
    assert file.parent == store.facts_dir.parent
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(store.secret) == 32
    os.chmod(file, 0o644)
    secrets_of_ours._read.cache_clear()
    with pytest.raises(PermissionError, match="chmod 600"):
        Store.open(store_url, store.facts_dir)


def test_the_command_verifies_and_finds(tmp_path, capsys):
    url = f"sqlite:///{tmp_path / 'npd.sqlite'}"
    store = Store.open(url)
    store.record("sergeant", "viewed", reason="kit check", people=["O01", "O02"])
    assert main(["trail", "verify", "--store", url]) == 0
    head = capsys.readouterr().out.rsplit(" ", 1)[1].strip()
    assert main(["trail", "find", "O01", "--store", url]) == 0
    assert capsys.readouterr().out.count("kit check") == 1
    unlocked(store, "UPDATE trail SET reason = 'x' WHERE number = 2")
    assert main(["trail", "verify", "--store", url, "--head", head]) == 3
    assert "entry 2 is not what was entered" in capsys.readouterr().err
    store.close()


def test_an_older_trail_is_carried_over_sealed_and_without_ids(empty_url, tmp_path):
    days = [f"2024-10-0{day}T00:00:00+00:00" for day in (1, 2, 3)]
    told = [("viewed", "O01"), ("exported", "x.csv"), ("viewed", "ASB dip sample")]
    on_postgres = empty_url.startswith("postgresql")
    rows = []
    for day, (what, whom) in zip(days, told, strict=True):
        moment = datetime.fromisoformat(day)
        at = f"'{day}'".replace(":", r"\:") if on_postgres else str(int(moment.timestamp()) * 1_000_000)
        rows.append(f"INSERT INTO trail VALUES ('{moment.day}', {at}, 'v', '{what}', '{whom}', 'r')")
    of_the_first_version(desk_url(empty_url), *rows)
    later = Store.open(empty_url, tmp_path / "facts")
    carried = later.trail(None).sort("number")
    assert [at.isoformat() for at in carried["at"]] == days
    assert carried["whom"].to_list() == [pseudonym(later.secret, "O01"), "x.csv", "ASB dip sample"]
    assert later.verify_trail()[0] is None
    with pytest.raises(DatabaseError, match="append-only"):
        change(later, "DELETE FROM trail")
    later.close()
