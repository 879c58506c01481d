"""The manifest tells a month in which nothing happened from one of which nothing is known."""

import sqlalchemy
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add `came`; it is filled when the store is opened, by what the store holds."""
    with op.batch_alter_table("published") as table:
        table.add_column(sqlalchemy.Column("came", sqlalchemy.Boolean))
