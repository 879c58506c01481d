"""A copy of a loaded store, to load into and to judge in, while the others go on reading the original."""

import shutil
from pathlib import Path

from data_access.store import Store


def copied(store: Store, folder: Path) -> Store:
    """Copy an SQLite store, with what viewers wrote and its facts, into a folder of its own."""
    original = Path(str(store.engine.url.database))
    shutil.copytree(original.parent, folder / "copy")
    return Store.open(f"sqlite:///{folder / 'copy' / original.name}")
