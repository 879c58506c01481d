"""A copy of a loaded store, to load into and to judge in, while the others go on reading the original."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import URL

from data_access.settings import Settings
from data_access.store import Store
from tests.postgres import database


def copied(store: Store, folder: Path) -> Store:
    """Copy an SQLite store, with what viewers wrote and its facts, into a folder of its own."""
    original = Path(str(store.engine.url.database))
    shutil.copytree(original.parent, folder / "copy")
    return Store.open(f"sqlite:///{folder / 'copy' / original.name}")


@contextmanager
def copy_of(original: Store, folder: Path, server: URL | None) -> Iterator[Store]:
    """Open a copy of a closed store whose facts lie in `facts` of its folder, on `server` if it is of PostgreSQL."""
    name = str(original.engine.url.database)
    here = shutil.copytree(original.facts_dir.parent, folder / "copy")
    with database(server, name) if server else nullcontext(f"sqlite:///{here / Path(name).name}") as url:
        store = Store.open(original.settings, here / "facts", url=url)
        yield store
        store.close()


@contextmanager
def new_store(folder: Path, server: URL | None, settings: Settings | None = None) -> Iterator[Store]:
    """Open a store of the kind that `copy_of` copies, in an empty folder."""
    with database(server) if server else nullcontext(f"sqlite:///{folder / 'npd.sqlite'}") as url:
        yield Store.open(settings or Settings(), folder / "facts", url=url)
