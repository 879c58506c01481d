"""Viewers name views, share them and choose a start page; none did before this version."""

from alembic import op

from data_access.database.own_tables import hidden_views, saved_views, start_views, view_shares

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the tables of saved views."""
    for table in (saved_views, view_shares, hidden_views, start_views):
        table.create(op.get_bind(), checkfirst=True)
