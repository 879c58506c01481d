"""The three roles on a real PostgreSQL server: what each may do, and every statement that it may not."""

import psycopg
import pytest
from sqlalchemy.engine import make_url

from data_access.__main__ import main
from data_access.answers.changeover import Changeover
from data_access.answers.reader import Reader
from data_access.database.roles import about_people
from data_access.database.schema import metadata
from data_access.load.ingest import load
from data_access.scope import Scope
from data_access.store import Store
from tests.data_access.copies import copy_of
from tests.data_access.small_force import FORCE, write

LOGINS = {"suite": ("npd_read", "npd_desk"), "loader": ("npd_load",), "reader": ("npd_read",), "desk": ("npd_desk",)}
PASSWORD = "for-tests-alone"
ENTRY = "INSERT INTO trail (number, at, viewer, what, seal) VALUES (900, now(), 'v', 'viewed', 's')"
VERDICT = (
    "INSERT INTO verdicts (incident_id, judged_at, audited_on, correct, should_be_crime, reason, auditor) "
    "VALUES ('I', now(), now(), true, false, 'r', 'a')"
)
WITHDRAWAL = "INSERT INTO withdrawals (incident_id, withdrawn_at, reason, viewer) VALUES ('I', now(), 'r', 'a')"
EDITION = (
    "INSERT INTO editions (edition, released_at, released_by, months, data_version, cells) "
    "VALUES (1, now(), 'v', '2025-05', 1, '')"
)
SIGN_IN = "INSERT INTO sign_ins (sign_in, viewer, began_at, seen_at) VALUES ('k', 'v', now(), now())"
VIEW = "INSERT INTO saved_views (view_id, owner, name, address, changed_at) VALUES ('w', 'v', 'n', 'asb', now())"
TOKEN = (
    "INSERT INTO tokens (token_id, digest, viewer, purpose, made_by, made_at, expires_at) "
    "VALUES ('t', 'd', 'chief', 'p', 'm', now(), now())"
)
READS = [f"SELECT * FROM {name}" for name in ("loads", "published", "neighbourhoods", "officers", "duties")]


@pytest.fixture
def database(postgres_force, postgres_server, tmp_path, capsys):
    """A loaded store with the roles made, and a login of each kind."""
    with copy_of(postgres_force, tmp_path, postgres_server) as store:
        store.record("chief", "exported", "x.csv")
        store.close()
        url = store.engine.url.render_as_string(hide_password=False)
        assert main(["roles"]) == 0
        script = capsys.readouterr().out
        with connected(url) as connection:
            for _ in range(2):
                connection.execute(script)
            for login, roles in LOGINS.items():
                connection.execute(f"DROP ROLE IF EXISTS {login}")
                connection.execute(f"CREATE ROLE {login} LOGIN PASSWORD '{PASSWORD}' IN ROLE {', '.join(roles)}")
        yield url
        with connected(url) as connection:
            for login in LOGINS:
                connection.execute(f"DROP OWNED BY {login}")
                connection.execute(f"DROP ROLE {login}")


def as_login(url, login):
    return make_url(url).set(username=login, password=PASSWORD).render_as_string(hide_password=False)


def connected(url):
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True)


FORBIDDEN = {
    "reader": [
        "INSERT INTO loads SELECT * FROM loads",
        "UPDATE duties SET activity_code = 'x'",
        "DELETE FROM crimes",
        "TRUNCATE published",
        "DROP TABLE crimes",
        "ALTER TABLE officers DISABLE ROW LEVEL SECURITY",
        "DROP POLICY by_lpa ON officers",
        "CREATE TABLE mine (a int)",
        "SELECT value FROM rejected",
        "SELECT * FROM rejected",
        "SELECT * FROM trail",
        "SELECT * FROM verdicts",
        "SELECT * FROM sign_ins",
        "SELECT * FROM tokens",
        "UPDATE alembic_version SET version_num = '0001'",
        "SET ROLE npd_load",
        ENTRY,
        VERDICT,
        WITHDRAWAL,
        EDITION,
        "SELECT * FROM editions",
        "SELECT * FROM saved_views",
    ],
    "desk": [
        "SELECT * FROM officers",
        "SELECT * FROM crimes",
        "SELECT * FROM loads",
        "UPDATE trail SET reason = 'x'",
        "DELETE FROM trail",
        "TRUNCATE trail",
        "ALTER TABLE trail DISABLE TRIGGER ALL",
        "DROP TRIGGER trail_keeps_rows ON trail",
        "UPDATE verdicts SET correct = false",
        "DELETE FROM verdicts",
        "UPDATE withdrawals SET reason = 'x'",
        "DELETE FROM withdrawals",
        "DELETE FROM editions",
        TOKEN,
        "UPDATE tokens SET viewer = 'chief', revoked_at = NULL",
        "DELETE FROM sign_ins",
        "UPDATE sign_ins SET viewer = 'x'",
        "UPDATE saved_views SET owner = 'x'",
        "UPDATE saved_views SET address = 'x'",
        "TRUNCATE saved_views CASCADE",
        "UPDATE alembic_version SET version_num = '0001'",
        "CREATE TABLE mine (a int)",
        "SET ROLE npd_load",
    ],
    "loader": ["UPDATE trail SET reason = 'x'", "DELETE FROM trail", "TRUNCATE trail", "DELETE FROM verdicts"],
}
ALLOWED = {
    "reader": [*READS, "SELECT rule, column_name FROM rejected", "SELECT version_num FROM alembic_version"],
    "desk": [
        ENTRY,
        VERDICT,
        WITHDRAWAL,
        EDITION,
        SIGN_IN,
        "UPDATE sign_ins SET ended_at = now()",
        "SELECT * FROM trail",
        "SELECT * FROM tokens",
        VIEW,
        "UPDATE saved_views SET name = 'x', changed_at = now()",
        "DELETE FROM saved_views",
    ],
    "loader": [
        *READS,
        TOKEN,
        "SELECT * FROM rejected",
        "ALTER TABLE crimes ADD COLUMN later int",
        "DELETE FROM crimes",
    ],
}


def test_each_role_may_do_its_work_and_nothing_else(database):
    for login, tried in ALLOWED.items():
        with connected(as_login(database, login)) as connection:
            for statement in tried:
                connection.execute(statement)
    allowed = []
    for login, tried in FORBIDDEN.items():
        for statement in tried:
            with connected(as_login(database, login)) as connection:
                try:
                    connection.execute(statement)
                except psycopg.errors.InsufficientPrivilege:
                    continue
                allowed.append((login, statement))
    assert allowed == []


def counted(connection, table):
    return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


@pytest.mark.parametrize("lpas", [None, "", "none", "L1", "L1,L2", "*", "L1' OR '1'='1", "%"])
def test_rows_about_people_are_read_by_lpa(database, lpas):
    with connected(database) as owner, connected(as_login(database, "reader")) as reader:
        if lpas is not None:
            reader.execute("SELECT set_config('npd.lpas', %s, false)", [lpas])
        codes = (lpas or "").split(",")
        own = owner.execute("SELECT officer_id FROM postings WHERE lpa_code = ANY (%s) OR %s", [codes, lpas == "*"])
        people = {row[0] for row in own.fetchall()}
        for table in ("officers", "postings", "duties"):
            every = owner.execute(f"SELECT officer_id FROM {table}").fetchall()
            seen = reader.execute(f"SELECT officer_id FROM {table}").fetchall()
            assert sorted(seen) == sorted(row for row in every if row[0] in people or lpas == "*")
        if codes[0] not in ("L1", "*"):
            assert all(counted(reader, table) == 0 for table in about_people())


def test_every_table_that_names_an_officer_or_a_caller_is_read_by_lpa():
    personal = {table.name for table in metadata.sorted_tables if {"officer_id", "caller_ref"} & set(table.c.keys())}
    assert personal <= set(about_people())


def test_the_suite_works_with_the_rights_of_reader_and_desk_and_loads_with_the_loaders(database, tmp_path):
    suite = Store.open(as_login(database, "suite"), tmp_path / "copy" / "facts")
    reader = Reader.open(suite, Scope(viewer="chief", force=True, people="officer"))
    assert reader.version.months
    assert reader.loads().height
    changeover = Changeover(suite)
    changeover.worked_out(reader.version)
    suite.record("chief", "viewed", reason="r", people=["A"])
    assert suite.verify_trail()[0] is None
    report = load(suite, write(tmp_path / "more", {"crimes.csv": FORCE["crimes.csv"] + "C7,2024-10-07,45,,\n"}), "x")
    assert report.exit_code == 2
    suite.close()
    loader = Store.open(as_login(database, "loader"), tmp_path / "copy" / "facts")
    assert load(loader, tmp_path / "more", "the loader").error is None
    loader.close()
    assert (changeover.shown().number, suite.version().number) == (1, 2)
    suite.close()
