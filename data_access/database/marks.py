"""Days that a data version marks: their radio fixes were judged by what has been corrected since."""


import polars as pl
from sqlalchemy import Connection, and_, or_, select

from data_access.database.schema import metadata
from metrics.judged_earlier import MARKS
from metrics.levels import local_date

judged_earlier, loads = (metadata.tables[name] for name in ("judged_earlier", "loads"))


def judged_earlier_days(connection: Connection, version: int) -> pl.DataFrame:
    """List day, feed and known_before, the day of the load that brought the correction, as of a data version."""
    own = judged_earlier.c
    standing = and_(own.load_id <= version, or_(own.cleared_by.is_(None), own.cleared_by > version))
    query = select(own.day, own.feed, loads.c.started_at).join_from(judged_earlier, loads).where(standing)
    rows = [(day, feed, local_date(at)) for day, feed, at in connection.execute(query)]
    return pl.DataFrame(rows, schema=MARKS, orient="row").sort("day", "feed")
