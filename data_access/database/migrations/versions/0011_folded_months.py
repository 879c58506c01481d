"""Months older than facts about people are kept for are folded; who was erased is not taken in again."""

import sqlalchemy as sa
from alembic import op

from data_access.feeds.columns import Instant

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the tables of folded months and of erased people."""
    op.create_table(
        "folded",
        sa.Column("dataset", sa.Text(), primary_key=True, nullable=False),
        sa.Column("month", sa.Date(), primary_key=True, nullable=False, autoincrement=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("came", sa.Boolean(), nullable=False),
        sa.Column("load_id", sa.BigInteger(), sa.ForeignKey("loads.load_id", name="fk_folded_load_id"), nullable=False),
    )
    op.create_table(
        "erased",
        sa.Column("person", sa.Text(), primary_key=True, nullable=False),
        sa.Column("erased_at", Instant(), nullable=False),
    )
