"""Duties by the time in which they are worked."""

from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import Connection, select, tuple_

from data_access.database.areas import PROVENANCE
from data_access.database.connection import read_frame
from data_access.feeds.tables import FEED_TABLES

DUTIES = FEED_TABLES["duties"]


def overlaps(duty: Any, since: datetime, until: datetime) -> tuple[Any, Any]:
    """Return the conditions of a duty that is worked, at least in part, in [since, until).

    `duty` gives a column by its name: one of SQL, or of Polars.
    """
    return duty("starts_at") < until, duty("ends_at") > since


def read_duties(connection: Connection, since: datetime, until: datetime) -> pl.DataFrame:
    """Read the duties that are worked, at least in part, in [since, until), with the columns of their extract.

    A duty may be as long as two years, so that any earlier one may reach into the time: all their starts and ends are
    gone through in the index, and only the duties found are looked up. SQLite by itself looks each of them up first:
    6.6 s for a week of two years of a whole force, and 0.2 s in this way.
    """
    columns = [one for one in DUTIES.columns if one.name not in PROVENANCE]
    found = select(*DUTIES.primary_key).where(*overlaps(DUTIES.c.__getitem__, since, until))
    return read_frame(connection, select(*columns).where(tuple_(*DUTIES.primary_key).in_(found)))
