"""Invented data and a force's own are kept apart: a store that held both would show a figure of neither."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, select

from data_access.database.schema import metadata
from data_access.load.discovery import NothingToLoad
from data_access.sample_mark import is_sample

loads = metadata.tables["loads"]


def of_a_sample(folders: Sequence[Path]) -> bool:
    """Tell whether folders are a sample force's; raise NothingToLoad where one is and another is not."""
    marks = {is_sample(one) for one in folders}
    if len(marks) > 1:
        raise NothingToLoad("one of the folders is a sample force's (SAMPLE.txt) and another is not: load one of them")
    return marks.pop()


def refuse_a_mixture(connection: Connection, sample: bool) -> None:
    """Raise NothingToLoad where the store holds the other kind of data."""
    if not has_loads(connection, sample=not sample):
        return
    if sample:
        raise NothingToLoad(
            "the folder is a sample force's (its SAMPLE.txt says so), and the store holds a force's own data: "
            "load the sample into a store of its own (--store sqlite:///FILE)"
        )
    raise NothingToLoad(
        "the store holds a sample force, all of it invented, and the folder is not a sample's: "
        "load a force's own data into a new store (--store URL, or [store] url in config.toml)"
    )


def has_loads(connection: Connection, *, sample: bool | None = None) -> bool:
    """Tell whether the store had loads, of a sample force or of a force's own data (None: any)."""
    query = select(loads.c.load_id).limit(1)
    return connection.execute(query if sample is None else query.where(loads.c.sample.is_(sample))).first() is not None
