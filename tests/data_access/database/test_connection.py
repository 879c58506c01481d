"""Frames in and out of both stores, also those of more rows than are handed over at once."""

from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from sqlalchemy import select

from data_access.database.connection import ROWS_AT_ONCE, insert_frame, read_frame, reading, writing
from data_access.database.schema import metadata
from data_access.store import Store

FIX_QUALITY = metadata.tables["fix_quality"]
DAY = date(2024, 10, 1)


@pytest.mark.parametrize("rows", [0, 1, ROWS_AT_ONCE, 2 * ROWS_AT_ONCE + 1])
def test_every_row_comes_back_as_it_was_put(store: Store, rows: int) -> None:
    number = pl.int_range(rows, eager=True)
    counts = dict.fromkeys(("fixes", "bad_position", "duplicate", "off_duty", "spike", "median_gap_seconds"), number)
    put = pl.DataFrame({"officer_id": number.cast(pl.String), **counts}).with_columns(day=DAY)
    with writing(store.engine) as connection:
        insert_frame(connection, FIX_QUALITY, put)
    with reading(store.engine) as connection:
        found = read_frame(connection, select(FIX_QUALITY))
    assert_frame_equal(found.sort("fixes"), put.select(found.columns), check_dtypes=False)
