"""A store of each kind, empty, and the worked example loaded once."""

import pytest

from data_access.load.ingest import load
from data_access.store import Store
from tests.places import EXAMPLE

KINDS = ("sqlite", "postgres")


@pytest.fixture(params=KINDS)
def store_url(request, tmp_path):
    if request.param == "postgres":
        return request.getfixturevalue("postgres_url")
    return f"sqlite:///{tmp_path / 'npd.sqlite'}"


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
