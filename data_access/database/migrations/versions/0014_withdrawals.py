"""A dip-sample verdict can be withdrawn; none was before this version."""

from alembic import op

from data_access.database.schema import metadata

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the table of withdrawals."""
    metadata.tables["withdrawals"].create(op.get_bind(), checkfirst=True)
