"""What public editions told is kept, in order, and cannot be changed."""

from datetime import date

import polars as pl
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from data_access.database.connection import writing
from data_access.database.editions import EditionMoved
from metrics.counts import CELL

MAY = date(2025, 5, 1)


def cells(*told) -> pl.DataFrame:
    """Read (area, amount or None: hidden) as counts of crimes in May."""
    rows = [("recorded crimes", "", "sector", area, MAY, amount is None, amount) for area, amount in told]
    return pl.DataFrame(rows, [*CELL, "hidden", "amount"], orient="row").with_columns(pl.col("amount").cast(pl.Float64))


def release(store, told, after):
    return store.release(told, [MAY], after=after, by="chief", data_version=1)


def test_every_edition_is_kept_and_the_same_again_is_none(store):
    assert (store.newest_edition(), store.told(9)) == (0, None)
    first, second = cells(("S1", None), ("S2", 9.0)), cells(("S1", None), ("S2", None))
    assert release(store, first, 0) == 1
    assert release(store, first, 1) == 1
    assert release(store, second, 1) == 2
    assert store.newest_edition() == 2
    assert store.told(1).drop("edition").sort("area_code").equals(first)
    told = store.told(2).sort("edition", "area_code").select("edition", "area_code", "hidden", "amount").rows()
    assert told == [(1, "S1", True, None), (1, "S2", False, 9), (2, "S1", True, None), (2, "S2", True, None)]


def test_an_edition_that_does_not_know_the_newest_is_refused(store):
    release(store, cells(("S1", 9.0)), 0)
    with pytest.raises(EditionMoved, match="make this one again"):
        release(store, cells(("S1", 8.0)), 0)
    assert store.newest_edition() == 1


def test_the_same_file_is_given_again_and_a_moved_one_is_not(store):
    """A page is drawn once and clicked twice: the second click knows no more editions than the first."""
    drawn = cells(("S1", None), ("S2", 9.0))
    assert release(store, drawn, 0) == 1
    assert release(store, drawn, 0) == 1
    assert release(store, cells(("S1", None), ("S2", None)), 1) == 2
    assert release(store, drawn, 0) == 1
    with pytest.raises(EditionMoved):
        release(store, cells(("S1", 3.0), ("S2", 9.0)), 1)
    assert store.newest_edition() == 2


@pytest.mark.parametrize("statement", ["UPDATE editions SET months = ''", "DELETE FROM editions"])
def test_nobody_changes_what_was_told(store, statement):
    release(store, cells(("S1", 9.0)), 0)
    with pytest.raises(DatabaseError, match="append-only"), writing(store.desk) as connection:
        connection.execute(text(statement))
