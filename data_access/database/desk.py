"""What viewers write: the audit trail, sign-ins, and dip-sample verdicts.

On SQLite these lie in a file of their own beside the store: there is one writer to a file, and a nightly load must
never make a viewer wait. On PostgreSQL they are tables of the store's database.
"""

from datetime import UTC, datetime

import polars as pl
from sqlalchemy import Engine, func, insert, select
from sqlalchemy.engine import make_url

from data_access.database.connection import read_frame, reading, writing
from data_access.database.schema import metadata
from data_access.database.trail import Entry, append_within
from metrics.levels import local_date

verdicts = metadata.tables["verdicts"]


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


def read_verdicts(engine: Engine, until: datetime) -> pl.DataFrame:
    """Return the newest verdict of each incident recorded up to `until`, with the columns of the feed `asb_audits`."""
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
    with reading(engine) as connection:
        rows = read_frame(connection, query.order_by(own.judged_at))
    return rows.unique("incident_id", keep="last", maintain_order=True).drop("judged_at")


def newest_verdict(engine: Engine) -> datetime | None:
    """Return when the newest verdict was recorded; None: there is none."""
    with reading(engine) as connection:
        return connection.execute(select(func.max(verdicts.c.judged_at))).scalar_one()
