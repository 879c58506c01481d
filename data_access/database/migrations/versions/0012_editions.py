"""What public editions told is kept; of those before this version nothing is known."""

from alembic import op

from data_access.database.schema import metadata

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the table of editions."""
    metadata.tables["editions"].create(op.get_bind(), checkfirst=True)
