"""The tests' own PostgreSQL server: real, ordinary, and a fresh database for every test."""

import pytest
from sqlalchemy import create_engine, text

OLDEST = 150000  # PostgreSQL 15
TABLES = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"


@pytest.fixture
def connection(postgres_url):
    engine = create_engine(postgres_url)
    with engine.begin() as opened:
        yield opened
    engine.dispose()


def test_the_server_is_new_enough_and_speaks_utf_8(connection):
    assert int(connection.scalar(text("SHOW server_version_num"))) >= OLDEST
    assert connection.scalar(text("SHOW server_encoding")) == "UTF8"


def test_the_server_listens_on_the_loopback_only(connection):
    assert connection.scalar(text("SHOW listen_addresses")) == "127.0.0.1"


@pytest.mark.parametrize("table", ["one", "another"])
def test_each_test_starts_with_an_empty_database(connection, table):
    assert connection.scalar(text(TABLES)) == 0
    connection.execute(text(f"CREATE TABLE {table} (number int)"))
    assert connection.scalar(text(TABLES)) == 1
