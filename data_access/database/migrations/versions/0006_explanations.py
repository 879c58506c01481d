"""Figures can be explained, and recording changes approved."""

from alembic import op

from data_access.database.schema import metadata

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the two tables of what viewers say of figures."""
    for name in ("explanations", "decisions"):
        metadata.tables[name].create(op.get_bind(), checkfirst=True)
