"""Feeds and columns that a force may hand over later: empty in a store of before, where they are not known."""

import sqlalchemy as sa
from alembic import op

from data_access.feeds.columns import Instant
from data_access.feeds.tables import FEED_TABLES

revision = "0003"
down_revision = "0001"

TABLES = (
    "outcome_codes",
    "response_standards",
    "handovers",
    "population",
    "asb_powers",
    "case_reviews",
    "surveys",
    "plan_actions",
)
COLUMNS = {
    "incidents": (
        ("arrived_at", Instant()),
        ("attended", sa.Boolean(create_constraint=False)),
        ("resource", sa.Text()),
        ("officer_minutes", sa.Float(53)),
    ),
    "crimes": (("flags", sa.Text()),),
    "stop_searches": (
        ("officer_defined_ethnicity", sa.Text()),
        ("age_range", sa.Text()),
        ("linked_outcome", sa.Boolean(create_constraint=False)),
    ),
    "targets": (("area_level", sa.Text()), ("kind", sa.Text()), ("source", sa.Text())),
}


def upgrade() -> None:
    """Add the tables, and the columns at the end of those that are there."""
    for name in TABLES:
        FEED_TABLES[name].create(op.get_bind())
    for table, columns in COLUMNS.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))
