"""A queued digest says by which rights it was made; one without is sent to nobody."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Add the column, where the version before did not make the table with it."""
    if "rights" not in {column["name"] for column in sa.inspect(op.get_bind()).get_columns("outbox")}:
        op.add_column("outbox", sa.Column("rights", sa.Text(), nullable=False, server_default=""))
