"""A store of each kind, empty, and the worked example loaded once."""

from contextlib import ExitStack

import pytest
from sqlalchemy import make_url

from data_access.load.ingest import load
from data_access.store import Store
from tests.places import EXAMPLE
from tests.postgres import database

KINDS = ("sqlite", "postgres")


@pytest.fixture(params=KINDS)
def empty_url(request, tmp_path):
    """The URL of a store of which nothing is made yet."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres_url")
    return f"sqlite:///{tmp_path / 'npd.sqlite'}"


@pytest.fixture(scope="session")
def postgres_template(postgres_server, tmp_path_factory):
    """The name of a database with the store's tables: a copy of it takes a tenth of the time of making them."""
    with database(postgres_server) as url:
        Store.open(url, tmp_path_factory.mktemp("template")).close()
        yield make_url(url).database


@pytest.fixture(params=KINDS)
def store_url(request, tmp_path):
    """The URL of a store without a row."""
    with ExitStack() as open_till_the_end:
        if request.param == "postgres":
            server, template = (request.getfixturevalue(name) for name in ("postgres_server", "postgres_template"))
            yield open_till_the_end.enter_context(database(server, template))
        else:
            yield f"sqlite:///{tmp_path / 'npd.sqlite'}"


@pytest.fixture
def store(store_url, tmp_path):
    opened = Store.open(store_url, tmp_path / "facts")
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(tmp_path):
    opened = Store.open(f"sqlite:///{tmp_path / 'npd.sqlite'}")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def example_store(tmp_path_factory):
    opened = Store.open(f"sqlite:///{tmp_path_factory.mktemp('example') / 'npd.sqlite'}")
    report = load(opened, EXAMPLE, "the tests")
    assert report.error is None
    yield opened
    opened.close()
