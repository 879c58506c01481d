"""A load says which key officers and callers are named with; before this version they kept the force's identifiers."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the column."""
    op.add_column("loads", sa.Column("people_key", sa.Text(), nullable=True))
