"""Records without a place and fixes dropped, counted by hand."""

import polars as pl
import pytest

from metrics.beat import DROPPED
from metrics.quality import REASONS, drops, located

ROWS = {"lon": pl.Float64, "lat": pl.Float64, "neighbourhood_code": pl.String}


def test_records_without_coordinates_and_outside_every_neighbourhood_are_told_apart() -> None:
    given = [(-1.5, 52.4, "N1"), (-1.5, 52.4, None), (None, None, None), (None, None, "N2"), (None, 52.4, None)]
    row = located(pl.LazyFrame(given, schema=ROWS, orient="row")).collect().row(0, named=True)
    assert row == {"records": 5, "without_position": 2, "outside": 1, "percent_unlocated": pytest.approx(60)}


def test_no_records_have_no_share() -> None:
    row = located(pl.LazyFrame(schema=ROWS)).collect().row(0, named=True)
    assert row == {"records": 0, "without_position": 0, "outside": 0, "percent_unlocated": None}


def test_drops_are_shares_of_all_fixes_read() -> None:
    told = drops(pl.DataFrame({"fixes": [200], "bad_position": [1], "duplicate": [4], "off_duty": [0], "spike": [2]}))
    assert told["dropped"].to_list() == [1, 4, 0, 2]
    assert told["percent"].to_list() == pytest.approx([0.5, 2.0, 0.0, 1.0])


def test_without_fixes_there_is_no_share() -> None:
    told = drops(pl.DataFrame({name: [0] for name in ("fixes", *DROPPED)}))
    assert told["percent"].is_null().all()


def test_every_reason_is_explained() -> None:
    assert set(REASONS) == set(DROPPED)
