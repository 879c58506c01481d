"""The tables of the first version: a new store has them from schema.py, so there is nothing to change."""

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Start from the tables as they were."""
