"""Public editions: of every count below the LPA that one showed or hid, what it said of it.

An edition of a month is never the last: late rows make another. Where the second shows what the first hid, the two
together tell more than either, so that what was hidden stays hidden; for that it is kept here, and nothing else is.
"""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime

import polars as pl
from sqlalchemy import Connection, Engine, func, insert, select
from sqlalchemy.exc import IntegrityError

from data_access.database.connection import reading, writing
from data_access.database.schema import metadata

editions = metadata.tables["editions"]
_MOVED = "another public edition was released meanwhile: make this one again"


class EditionMoved(Exception):
    """Another edition was released since this one was worked out, which may not know what that one showed."""


def newest(engine: Engine) -> int:
    """Return the number of the newest edition; 0: nothing was published yet."""
    with reading(engine) as connection:
        return _newest(connection)


def read(engine: Engine, until: int) -> pl.DataFrame | None:
    """Return the cells of all editions up to number `until`, with the `edition`; None: there are none."""
    query = select(editions.c.edition, editions.c.cells).where(editions.c.edition <= until)
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(editions.c.edition)).all()
    told = [pl.read_parquet(io.BytesIO(row.cells)).with_columns(edition=pl.lit(row.edition)) for row in rows]
    return pl.concat(told).unique(maintain_order=True) if told else None


def release(
    engine: Engine, cells: pl.DataFrame, months: Sequence[date], *, after: int, by: str, data_version: int
) -> int:
    """Keep what an edition of `months` tells, worked out when `after` was the newest; return the edition's number.

    An edition that was told before, to the last cell, is no new one: who asks for its file again gets it again, and
    learns nothing. Raises EditionMoved where another came in between.
    """
    buffer = io.BytesIO()
    cells.write_parquet(buffer)
    told = {"months": " ".join(f"{month:%Y-%m}" for month in months), "cells": buffer.getvalue()}
    entry = {"edition": after + 1, "released_at": datetime.now(UTC), "released_by": by, "data_version": data_version}
    with writing(engine) as connection:
        same = select(func.max(editions.c.edition)).where(*(editions.c[name] == told[name] for name in told))
        if before := connection.execute(same).scalar_one():
            return before
        if _newest(connection) != after:
            raise EditionMoved(_MOVED)
        try:
            connection.execute(insert(editions).values(**entry, **told))
        except IntegrityError as taken:  # by somebody who released at the same moment
            raise EditionMoved(_MOVED) from taken
    return after + 1


def _newest(connection: Connection) -> int:
    return connection.execute(select(func.max(editions.c.edition))).scalar_one() or 0
