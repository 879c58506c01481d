"""What viewers write: the audit trail, sign-ins, and dip-sample verdicts with what takes them back.

On SQLite these lie in a file of their own beside the store: there is one writer to a file, and a nightly load must
never make a viewer wait. On PostgreSQL they are tables of the store's database.
"""

from datetime import UTC, datetime

import polars as pl
from sqlalchemy import Engine, func, insert, select, union_all
from sqlalchemy.engine import make_url

from data_access.database.connection import read_frame, reading, writing
from data_access.database.schema import metadata
from data_access.database.trail import Entry, append_within
from metrics.levels import local_date

verdicts, withdrawals = metadata.tables["verdicts"], metadata.tables["withdrawals"]


def desk_url(store_url: str) -> str:
    """Return the URL of the database that viewers write to."""
    parsed = make_url(store_url)
    if parsed.drivername != "sqlite":
        return store_url
    return parsed.set(database=f"{parsed.database}.desk").render_as_string(hide_password=False)


def judge(
    engine: Engine, secret: bytes, viewer: str, incident_id: str, *, correct: bool, should_be_crime: bool, reason: str
) -> None:
    """Record a dip-sample verdict; an earlier one of the same incident stays in the store but no longer counts."""
    if not reason.strip():
        raise ValueError("a verdict needs a reason; none was given: write one")
    now = datetime.now(UTC)
    values = {
        "correct": correct,
        "should_be_crime": should_be_crime,
        "reason": reason.strip(),
        "auditor": viewer,
    }
    on = local_date(now)
    entry = Entry(viewer=viewer, what="judged", whom=incident_id, reason=reason.strip())
    with writing(engine) as connection:
        connection.execute(insert(verdicts).values(incident_id=incident_id, judged_at=now, audited_on=on, **values))
        append_within(connection, secret, [entry])


def withdraw(engine: Engine, secret: bytes, viewer: str, incident_id: str, reason: str) -> None:
    """Record that the verdict on an incident no longer counts; it stays in the store, and a later one counts again."""
    if not reason.strip():
        raise ValueError("a withdrawal needs a reason; none was given: write one")
    told = {"incident_id": incident_id, "reason": reason.strip(), "viewer": viewer}
    entry = Entry(viewer=viewer, what="withdrew verdict", whom=incident_id, reason=reason.strip())
    with writing(engine) as connection:
        connection.execute(insert(withdrawals).values(withdrawn_at=datetime.now(UTC), **told))
        append_within(connection, secret, [entry])


def read_verdicts(engine: Engine, until: datetime) -> pl.DataFrame:
    """Return the state of each incident judged here, as of `until`: its newest verdict, or that this was withdrawn.

    Columns as the feed `asb_audits` has them, and `withdrawn`: true where the incident has no verdict that counts.
    """
    own = verdicts.c
    query = select(
        own.incident_id,
        own.judged_at,
        own.audited_on,
        own.correct,
        own.should_be_crime,
        own.reason,
        own.auditor,
    ).where(own.judged_at <= until)
    taken = withdrawals.c
    back = select(taken.incident_id, taken.withdrawn_at.label("judged_at")).where(taken.withdrawn_at <= until)
    with reading(engine) as connection:
        judged = read_frame(connection, query).with_columns(withdrawn=pl.lit(False))
        withdrawn = read_frame(connection, back).with_columns(withdrawn=pl.lit(True))
    rows = pl.concat([judged, withdrawn], how="diagonal").sort("judged_at", maintain_order=True)
    return rows.unique("incident_id", keep="last", maintain_order=True).drop("judged_at")


def newest_verdict(engine: Engine) -> datetime | None:
    """Return when the newest verdict was recorded or withdrawn; None: there is none."""
    newest = union_all(select(verdicts.c.judged_at.label("at")), select(withdrawals.c.withdrawn_at)).subquery()
    with reading(engine) as connection:
        return connection.execute(select(func.max(newest.c.at))).scalar_one()
