"""Days that were judged by what has been corrected since are marked; no mark is known of loads before this version."""

from alembic import op

from data_access.database.schema import metadata

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the table of marks."""
    metadata.tables["judged_earlier"].create(op.get_bind(), checkfirst=True)
