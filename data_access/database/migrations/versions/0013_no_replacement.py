"""An embedded store refuses a row put in place of one that is kept; PostgreSQL has refused it from the first."""

import sqlalchemy as sa
from alembic import op

from data_access.database import append_only
from data_access.database.schema import APPEND_ONLY

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the triggers of the tables that are there."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    there = set(sa.inspect(connection).get_table_names())
    for table in APPEND_ONLY:
        if table.name in there:
            connection.execute(sa.text(append_only.against_replacement(table)))
