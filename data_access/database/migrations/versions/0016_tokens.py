"""Tokens of the HTTP API; there was none before this version."""

from alembic import op

from data_access.database.schema import metadata

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make the table of tokens."""
    metadata.tables["tokens"].create(op.get_bind(), checkfirst=True)
