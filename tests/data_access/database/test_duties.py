"""Duties by time: every duty that touches it and no other, found without looking up those of all years."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from data_access.database.connection import insert_frame, reading, writing
from data_access.database.duties import DUTIES, overlaps, read_duties
from data_access.feeds.values import INSTANT
from data_access.store import Store

MIDNIGHT = datetime(2024, 10, 1, tzinfo=UTC)
SINCE, UNTIL = MIDNIGHT, MIDNIGHT + timedelta(days=1)
# Officer, start and end in hours from midnight; the last two reach over the whole of the day, one of them for a year.
WORKED = [("A", -8, 0), ("F", -8, 1), ("B", 0, 8), ("C", 23, 31), ("C", 24, 32), ("D", -2, 26), ("E", -8000, 800)]


@pytest.fixture
def worked(store: Store) -> pl.DataFrame:
    """The duties, put into the store."""
    rows = [
        {
            "officer_id": officer,
            "shift_id": str(line),
            "starts_at": MIDNIGHT + timedelta(hours=start),
            "ends_at": MIDNIGHT + timedelta(hours=end),
            "activity_code": "P1",
            "worked_area": "S1" if line % 2 else None,
            "file_id": 1,
            "line": line,
        }
        for line, (officer, start, end) in enumerate(WORKED)
    ]
    frame = pl.DataFrame(rows, schema_overrides={"starts_at": INSTANT, "ends_at": INSTANT})
    with writing(store.engine) as connection:
        insert_frame(connection, DUTIES, frame)
    return frame


@pytest.mark.parametrize("days", [-400, -1, 0, 1, 40])
def test_a_duty_is_found_for_every_day_that_it_touches(store: Store, worked: pl.DataFrame, days: int) -> None:
    since, until = SINCE + timedelta(days=days), UNTIL + timedelta(days=days)
    with reading(store.engine) as connection:
        found = read_duties(connection, since, until)
    touching = [row for row in worked.to_dicts() if row["starts_at"] < until and row["ends_at"] > since]
    assert sorted(found["shift_id"]) == sorted(row["shift_id"] for row in touching)
    same = worked.filter(*overlaps(pl.col, since, until)).select(found.columns)
    assert_frame_equal(found, same, check_row_order=False, check_dtypes=False)


def test_sqlite_looks_up_only_the_duties_found(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'npd.sqlite'}")
    asked: list[str] = []
    with reading(store.engine) as connection:
        database = connection.connection.driver_connection
        database.set_trace_callback(asked.append)
        read_duties(connection, SINCE, UNTIL)
        database.set_trace_callback(None)
        (query,) = (one for one in asked if "FROM duties" in one)
        steps = [step for *_, step in database.execute(f"EXPLAIN QUERY PLAN {query}")]
    store.close()
    assert "SEARCH duties USING COVERING INDEX ix_duties_starts_at_ends_at (starts_at<?)" in steps
    assert "SEARCH duties USING PRIMARY KEY (officer_id=? AND starts_at=?)" in steps
