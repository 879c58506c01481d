"""The duties of some days are found by the index alone, which has their ends, too."""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Put the index of starts and ends in the place of that of starts, where the table was not made with it."""
    op.create_index("ix_duties_starts_at_ends_at", "duties", ["starts_at", "ends_at"], if_not_exists=True)
    op.drop_index("ix_duties_starts_at", "duties", if_exists=True)
