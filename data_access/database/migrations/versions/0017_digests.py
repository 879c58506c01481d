"""Viewers subscribe to a digest; none did before this version."""

from alembic import op

from data_access.database.own_tables import mailboxes, outbox, subscriptions, told_news

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Make the tables of subscriptions and of the queue."""
    for table in (subscriptions, mailboxes, told_news, outbox):
        table.create(op.get_bind(), checkfirst=True)
