"""Whether a load was of a sample force becomes a column: it was read out of the report's text."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
MARKER = "SAMPLE.txt"
loads = sa.table("loads", sa.column("load_id"), sa.column("folder"), sa.column("report"), sa.column("sample"))


def upgrade() -> None:
    """Mark the loads whose folder had the marker at its top; what was rebuilt is what was loaded before."""
    comment = "its data are a sample force's: invented, all of them"
    column = sa.Column("sample", sa.Boolean(), nullable=False, server_default=sa.false(), comment=comment)
    op.add_column("loads", column)
    connection, sample = op.get_bind(), True
    for row in connection.execute(sa.select(loads).order_by(loads.c.load_id)).all():
        if row.folder != "rebuild":
            sample = any(file["name"] == MARKER for file in json.loads(row.report).get("files", ()))
        connection.execute(sa.update(loads).where(loads.c.load_id == row.load_id).values(sample=sample))
