"""A store of each kind, empty, and the worked example loaded once."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack

import pytest
from sqlalchemy import make_url

from data_access.load.ingest import load
from data_access.settings import Settings
from data_access.store import Store
from tests.data_access.copies import copy_of, new_store
from tests.data_access.small_force import FORCE, write
from tests.places import EXAMPLE
from tests.postgres import database

KINDS = ("sqlite", "postgres")
Files = Mapping[str, str | bytes]


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


def _with_the_small_force(folder, server):
    with new_store(folder, server) as opened:
        assert load(opened, write(folder / "in", FORCE), "the tests").exit_code == 0
        opened.close()
        yield opened


@pytest.fixture(scope="session")
def sqlite_force(tmp_path_factory):
    yield from _with_the_small_force(tmp_path_factory.mktemp("force"), None)


@pytest.fixture(scope="session")
def postgres_force(tmp_path_factory, postgres_server):
    yield from _with_the_small_force(tmp_path_factory.mktemp("force"), postgres_server)


@pytest.fixture(params=KINDS)
def force_store(request, tmp_path):
    """A store of each kind of which the small force is loaded: a copy, the load itself was done once."""
    server = request.getfixturevalue("postgres_server") if request.param == "postgres" else None
    with copy_of(request.getfixturevalue(f"{request.param}_force"), tmp_path, server) as opened:
        yield opened


@pytest.fixture(scope="session")
def kept_on_postgres(postgres_server):
    """The server, and what keeps databases on it until it ends."""
    with ExitStack() as kept:
        yield postgres_server, kept


@pytest.fixture(scope="session")
def loaded_once(request, tmp_path_factory) -> Iterator[Callable[..., Store]]:
    """Give the function that finds a closed store of a kind with some files loaded: the first who asks loads them."""
    found: dict[object, Store] = {}
    with ExitStack() as kept_here:

        def original(kind: str, files: Files, settings: Settings) -> Store:
            asked = (kind, tuple(sorted(files.items())), repr(settings))
            if asked not in found:
                elsewhere = kind == "postgres"
                server, kept = request.getfixturevalue("kept_on_postgres") if elsewhere else (None, kept_here)
                made = kept.enter_context(new_store(tmp_path_factory.mktemp("once"), server, settings))
                report = load(made, write(tmp_path_factory.mktemp("files") / "in", files), "somebody")
                assert report.error is None, report.error
                made.close()
                found[asked] = made
            return found[asked]

        yield original


@pytest.fixture(params=KINDS)
def kind(request) -> str:
    return request.param


@pytest.fixture
def holding(kind, request, tmp_path, loaded_once) -> Iterator[Callable[..., Store]]:
    """Give the function that opens a store of each kind with some files in it: a copy, the load was done once."""
    server = request.getfixturevalue("postgres_server") if kind == "postgres" else None
    with ExitStack() as open_till_the_end:

        def opened(files: Files, settings: Settings | None = None) -> Store:
            original = loaded_once(kind, files, settings or Settings())
            return open_till_the_end.enter_context(copy_of(original, tmp_path, server))

        yield opened


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
