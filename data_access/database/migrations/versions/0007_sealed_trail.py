"""The audit trail is numbered, sealed and kept by the database, people under pseudonyms; sign-ins are known."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from data_access.database import append_only
from data_access.database.schema import metadata
from data_access.database.secret import pseudonym
from data_access.database.trail import START, sealed
from data_access.feeds.columns import Instant

revision = "0007"
down_revision = "0006"
THINGS = ("repeat ASB callers", "ASB dip sample")  # what was viewed that is no single person


def upgrade() -> None:
    """Make the trail anew and enter what it held, in the order of time; nothing of it is lost."""
    connection = op.get_bind()
    names = ("at", "viewer", "what", "whom", "reason")
    old = sa.table("trail", sa.column("entry_id"), sa.column("at", Instant), *(sa.column(name) for name in names[1:]))
    kept = connection.execute(sa.select(old).order_by(old.c.at, old.c.entry_id)).mappings().all()
    op.drop_table("trail")
    secret, seal = op.get_context().config.attributes["secret"], START
    trail = metadata.tables["trail"]
    trail.create(connection)
    for number, row in enumerate(kept, start=1):
        told = {name: row[name] for name in names[1:]} | {"whom": _whom(secret, row)}
        seal = sealed(secret, seal, number, row["at"], **told)
        connection.execute(trail.insert().values(number=number, at=row["at"], **told, seal=seal))
    for name in ("verdicts", "explanations", "decisions"):
        for statement in append_only.statements(name, connection.dialect.name):
            connection.execute(sa.text(statement))
    metadata.tables["sign_ins"].create(connection)


def _whom(secret: bytes, row: Any) -> str | None:
    about_a_person = row["what"] in ("viewed", "revealed") and row["whom"] not in THINGS
    return pseudonym(secret, row["whom"]) if about_a_person else row["whom"]
