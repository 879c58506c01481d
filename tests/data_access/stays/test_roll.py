"""Officers by number: one for each name, whatever the blanks about it and the order of the rows."""

import polars as pl
import pyarrow as pa
import pytest

from data_access.feeds.pseudonyms import officers
from data_access.stays.roll import NOBODY, Roll

FIRST = ["B2", " A1", None, "B2"]
SECOND = ["A1", " ", "C3", "B2\t"]


@pytest.mark.parametrize("given", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())])
def test_numbers_go_on_from_group_to_group_and_blanks_name_nobody(given):
    roll = Roll(naming=None)
    assert roll.numbers(pa.chunked_array([pa.array(FIRST, pa.string())]).cast(given)).to_list() == [0, 1, NOBODY, 0]
    assert roll.numbers(pa.chunked_array([pa.array(SECOND, pa.string())]).cast(given)).to_list() == [1, NOBODY, 2, 0]
    assert roll.officers.categories.to_list() == ["B2", "A1", "C3"]
    assert roll.numbers(pa.chunked_array([], type=given)).to_list() == []


def test_the_names_are_the_stores_pseudonyms():
    key = b"of this test"
    roll = Roll(naming=key)
    number = roll.numbers(pa.chunked_array([FIRST, SECOND]))
    named = officers(pl.Series([*FIRST, *SECOND]), key).cast(pl.String)
    ours = [None if one == NOBODY else roll.officers.categories[one] for one in number]
    assert ours == named.to_list()
    assert len(set(named.drop_nulls())) == 3
