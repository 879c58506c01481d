"""Values set aside no longer tell of people, and the reports of loads keep none."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
PERSONAL = (
    "officer_id", "display_name", "caller_ref", "location_ref", "reason", "auditor", "title", "action", "owner_role",
    "owner", "note", "victim_age", "self_defined_ethnicity", "officer_defined_ethnicity", "age_range", "lon", "lat",
)  # fmt: skip
rejected = sa.table("rejected", sa.column("column_name"), sa.column("value"))
loads = sa.table("loads", sa.column("load_id"), sa.column("report"))


def upgrade() -> None:
    """Blank the values of personal columns, of keys with one and of broken rows; and every value in a report."""
    connection, column = op.get_bind(), rejected.c.column_name
    tells = sa.or_(column.is_(None), column.in_(PERSONAL), *(column.contains(name) for name in PERSONAL[:3]))
    connection.execute(sa.update(rejected).where(tells).values(value=None))
    for load_id, text in connection.execute(sa.select(loads.c.load_id, loads.c.report)).all():
        report = json.loads(text)
        for one in report.get("set_aside", ()):
            one["value"] = None
        written = json.dumps(report, indent=2, ensure_ascii=False)
        connection.execute(sa.update(loads).where(loads.c.load_id == load_id).values(report=written))
