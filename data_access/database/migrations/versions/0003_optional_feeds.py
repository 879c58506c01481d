"""Feeds and columns that a force may hand over later: empty in a store of before, where they are not known."""

import sqlalchemy as sa
from alembic import op

from data_access.feeds.columns import Instant

revision = "0003"
down_revision = "0001"

_TEXT, _DAY, _WHOLE, _NUMBER = sa.Text(), sa.Date(), sa.BigInteger(), sa.Float(53)
_FLAG, _INSTANT = sa.Boolean(create_constraint=False), Instant()
KEY, REQUIRED, OPTIONAL = "key", "required", "optional"
# As they were when they came: a later version that changes one of them has a script of its own.
TABLES = {
    "outcome_codes": {
        "outcome_code": (_TEXT, KEY),
        "outcome_name": (_TEXT, REQUIRED),
        "positive": (_FLAG, REQUIRED),
    },
    "response_standards": {
        "grade": (_TEXT, KEY),
        "minutes": (_NUMBER, REQUIRED),
        "valid_from": (_DAY, KEY),
        "valid_to": (_DAY, OPTIONAL),
        "source": (_TEXT, REQUIRED),
    },
    "handovers": {
        "handover_id": (_TEXT, KEY),
        "detained_at": (_INSTANT, REQUIRED),
        "handed_over_at": (_INSTANT, OPTIONAL),
        "lon": (_NUMBER, OPTIONAL),
        "lat": (_NUMBER, OPTIONAL),
        "neighbourhood_code": (_TEXT, OPTIONAL),
    },
    "population": {
        "area_code": (_TEXT, KEY),
        "ethnic_group": (_TEXT, KEY),
        "residents": (_WHOLE, REQUIRED),
        "valid_from": (_DAY, KEY),
    },
    "asb_powers": {
        "power_id": (_TEXT, KEY),
        "power": (_TEXT, REQUIRED),
        "issued_on": (_DAY, REQUIRED),
        "lon": (_NUMBER, OPTIONAL),
        "lat": (_NUMBER, OPTIONAL),
        "neighbourhood_code": (_TEXT, OPTIONAL),
        "breached_on": (_DAY, OPTIONAL),
    },
    "case_reviews": {
        "review_id": (_TEXT, KEY),
        "lpa_code": (_TEXT, REQUIRED),
        "requested_on": (_DAY, REQUIRED),
        "threshold_met": (_FLAG, OPTIONAL),
        "held_on": (_DAY, OPTIONAL),
        "recommendations": (_WHOLE, OPTIONAL),
        "accepted": (_WHOLE, OPTIONAL),
    },
    "surveys": {
        "survey": (_TEXT, KEY),
        "question": (_TEXT, KEY),
        "area_code": (_TEXT, KEY),
        "period_start": (_DAY, KEY),
        "period_end": (_DAY, REQUIRED),
        "asked": (_WHOLE, REQUIRED),
        "yes": (_WHOLE, REQUIRED),
        "design_effect": (_NUMBER, OPTIONAL),
    },
    "plan_actions": {
        "action_id": (_TEXT, KEY),
        "problem_id": (_TEXT, OPTIONAL),
        "source": (_TEXT, REQUIRED),
        "neighbourhood_code": (_TEXT, OPTIONAL),
        "action": (_TEXT, REQUIRED),
        "owner_role": (_TEXT, REQUIRED),
        "due_on": (_DAY, REQUIRED),
        "done_on": (_DAY, OPTIONAL),
        "told_public": (_FLAG, OPTIONAL),
    },
}
INDEXED = {"handovers": "detained_at", "asb_powers": "issued_on", "plan_actions": "due_on"}
COLUMNS = {
    "incidents": (
        ("arrived_at", _INSTANT),
        ("attended", _FLAG),
        ("resource", _TEXT),
        ("officer_minutes", _NUMBER),
    ),
    "crimes": (("flags", _TEXT),),
    "stop_searches": (
        ("officer_defined_ethnicity", _TEXT),
        ("age_range", _TEXT),
        ("linked_outcome", _FLAG),
    ),
    "targets": (("area_level", _TEXT), ("kind", _TEXT), ("source", sa.Text())),
}


def upgrade() -> None:
    """Add the tables, and the columns at the end of those that are there."""
    for name, columns in TABLES.items():
        _create(name, columns)
    for table, columns in COLUMNS.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))


def _create(name: str, columns: dict[str, tuple[sa.types.TypeEngine, str]]) -> None:
    """Create a feed's table: its own columns, and which line of which file each row came from."""
    own = [
        sa.Column(column, kind, primary_key=how == KEY, nullable=how == OPTIONAL, autoincrement=False)
        for column, (kind, how) in columns.items()
    ]
    came = [sa.Column(column, sa.BigInteger(), nullable=False) for column in ("file_id", "line")]
    op.create_table(name, *own, *came, sqlite_with_rowid=False)
    if name in INDEXED:
        op.create_index(f"ix_{name}_{INDEXED[name]}", name, [INDEXED[name]])
