"""The ledger of loads: which files each brought, how fresh each feed is, and which rows were set aside."""

import json
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import Connection, exists, func, select

from data_access.database.connection import read_frame
from data_access.database.schema import metadata

loads, load_files, rejected_rows = (metadata.tables[name] for name in ("loads", "load_files", "rejected"))
UNFINISHED = "unfinished"  # under this the report of a load that is not at its end has what it has done


def freshness(connection: Connection, version: int) -> pl.DataFrame:
    """Return, for each feed loaded: feed, newest_event (null: it has none), loaded_at, files, rows_set_aside."""
    own = load_files.c
    query = (
        select(
            own.feed,
            func.max(own.newest_event).label("newest_event"),
            func.max(loads.c.finished_at).label("loaded_at"),
            func.count().label("files"),
            func.sum(own.rows_set_aside).label("rows_set_aside"),
        )
        .join_from(load_files, loads)
        .where(own.load_id <= version)
        .group_by(own.feed)
        .order_by(own.feed)
    )
    instant = pl.Datetime("us", "UTC")
    schema = {"feed": pl.String, "newest_event": instant, "loaded_at": instant, "files": pl.Int64}
    rows = [(*row[:4], int(row[4])) for row in connection.execute(query)]
    return pl.DataFrame(rows, schema={**schema, "rows_set_aside": pl.Int64}, orient="row")


def files_of_loads(connection: Connection, version: int) -> pl.DataFrame:
    """List the files of every load up to a data version, the newest first, with the load's own columns."""
    query = (
        select(*loads.c, *(one for one in load_files.c if one.name != "load_id"))
        .join_from(loads, load_files)
        .where(loads.c.load_id <= version)
        .order_by(loads.c.load_id.desc(), load_files.c.file_id)
    )
    return read_frame(connection, query)


def rejected(connection: Connection, limit: int) -> pl.DataFrame:
    """List rows set aside: load_id, feed, file_name, line, rule, column_name, value; the newest load first."""
    query = (
        select(load_files.c.load_id, load_files.c.feed, load_files.c.file_name, *rejected_rows.c)
        .join_from(load_files, rejected_rows)
        .order_by(load_files.c.load_id.desc(), rejected_rows.c.file_id, rejected_rows.c.line)
        .limit(limit)
    )
    return read_frame(connection, query).drop("file_id")


def rejected_by_rule(connection: Connection, version: int) -> pl.DataFrame:
    """Count the rows set aside in all loads: feed, rule, column_name, rows, files; no value of any of them."""
    own, files = rejected_rows.c, load_files.c
    group = (files.feed, own.rule, own.column_name)
    count = func.count().label("rows"), func.count(own.file_id.distinct()).label("files")
    query = select(*group, *count).join_from(load_files, rejected_rows).where(files.load_id <= version)
    counted = [tuple(row) for row in connection.execute(query.group_by(*group).order_by(*group))]
    names = dict.fromkeys(("feed", "rule", "column_name"), pl.String)
    return pl.DataFrame(counted, schema={**names, "rows": pl.Int64, "files": pl.Int64}, orient="row")


def is_unfinished(report: str) -> bool:
    """Tell from its report whether a load is not at its end."""
    return report.startswith(f'{{"{UNFINISHED}"')


def unfinished(connection: Connection) -> dict[str, Any] | None:
    """Return what the store's first load has done, if it is not at its end; None: it is, or there was none."""
    reports = connection.execute(select(loads.c.report).order_by(loads.c.load_id).limit(2)).scalars().all()
    return json.loads(reports[0])[UNFINISHED] if len(reports) == 1 and is_unfinished(reports[0]) else None


def names_of(connection: Connection) -> str | None:
    """Return the fingerprint of the key that the store's people are named with; None: by the force's own ids."""
    newest = select(loads.c.people_key).order_by(loads.c.load_id.desc()).limit(1)
    return connection.execute(newest).scalar()


def is_urgent(connection: Connection, version: int) -> bool:
    """Tell whether a load after a data version was more than new rows: an erasure, a rebuild, other names for people.

    An erasure and a rebuild are the loads that read no file.
    """
    of_a_load = exists().where(load_files.c.load_id == loads.c.load_id)
    without_files = select(loads.c.load_id).where(loads.c.load_id > version, ~of_a_load).limit(1)
    keys = connection.execute(select(loads.c.people_key).where(loads.c.load_id >= version)).scalars()
    return len(set(keys)) > 1 or connection.execute(without_files).first() is not None


def times_of_next(connection: Connection, version: int) -> tuple[datetime, datetime]:
    """Return when the first load after a data version began and ended."""
    own = loads.c
    following = select(own.started_at, own.finished_at).where(own.load_id > version).order_by(own.load_id).limit(1)
    began, ended = connection.execute(following).one()
    return began, ended
