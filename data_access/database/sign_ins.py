"""Sign-ins as the server knows them: a cookie that was saved, or a tab left open, is worth no more than its sign-in."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, Row, insert, select, text, update

from data_access.database.connection import is_postgres, reading, writing
from data_access.database.schema import metadata
from data_access.database.trail import TRAIL_LOCK, Entry, append_within

sign_ins = metadata.tables["sign_ins"]
SEEN_EVERY = timedelta(minutes=1)  # a write a click would be one too many


def keep(engine: Engine, secret: bytes, sign_in: str, viewer: str, idle: timedelta) -> str | None:
    """Note that a sign-in is used, the first time in the audit trail too. Give what ended it; None: it goes on."""
    now = datetime.now(UTC)
    known = _known(engine, sign_in)
    if known is None:
        _begin(engine, secret, sign_in, viewer, now)
        return None
    if known.ended_at is not None:
        return known.ended_by
    if now - known.seen_at > idle:
        end(engine, secret, sign_in, viewer, "idle")
        return "idle"
    if now - known.seen_at > SEEN_EVERY:
        with writing(engine) as connection:
            connection.execute(update(sign_ins).where(sign_ins.c.sign_in == sign_in).values(seen_at=now))
    return None


def end(engine: Engine, secret: bytes, sign_in: str, viewer: str, why: str) -> None:
    """End a sign-in, in every tab and for every copy of its cookie; what has ended stays as it ended."""
    open_one = (sign_ins.c.sign_in == sign_in) & sign_ins.c.ended_at.is_(None)
    with writing(engine) as connection:
        ended = connection.execute(update(sign_ins).where(open_one).values(ended_at=datetime.now(UTC), ended_by=why))
        if ended.rowcount:
            append_within(connection, secret, [Entry(viewer=viewer, what="signed out", reason=why)])


def _known(engine: Engine, sign_in: str) -> Row | None:
    with reading(engine) as connection:
        return connection.execute(select(sign_ins).where(sign_ins.c.sign_in == sign_in)).first()


def _begin(engine: Engine, secret: bytes, sign_in: str, viewer: str, now: datetime) -> None:
    with writing(engine) as connection:
        if is_postgres(connection):  # two tabs that open at once are one sign-in
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": TRAIL_LOCK})
        if connection.execute(select(sign_ins.c.sign_in).where(sign_ins.c.sign_in == sign_in)).first():
            return
        values = {"sign_in": sign_in, "viewer": viewer, "began_at": now, "seen_at": now}
        connection.execute(insert(sign_ins).values(**values))
        append_within(connection, secret, [Entry(viewer=viewer, what="signed in")])
