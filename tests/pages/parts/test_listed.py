"""A table's rows as plain HTML: formatted as its columns say, nothing hidden shown, nothing of the data obeyed."""

from datetime import date
from html import unescape

import polars as pl
import pytest
import streamlit as st
from hypothesis import given
from hypothesis import strategies as some

from pages.parts import listed

number, day = st.column_config.NumberColumn, st.column_config.DateColumn


@pytest.mark.parametrize(
    ("value", "column", "said"),
    [
        (1234, None, "1,234"),
        (-3.14159, None, "−3.1"),
        (12.345, number("x", format="%+.1f %%"), "+12.3 %"),
        (-1234.5, number("x", format="%+,.0f"), "−1,234"),
        (2500.4, number("x", format="£%,.0f"), "£2,500"),
        (7, number("x", format="%d"), "7"),
        (True, "x", "yes"),
        (None, number("x", format="%d"), ""),
        (date(2024, 10, 3), day("x", format="D MMM YYYY"), "3 Oct 2024"),
        (date(2024, 10, 1), day("x", format="MMM YYYY"), "Oct 2024"),
        ("a word", "x", "a word"),
    ],
)
def test_a_cell_is_written_in_its_columns_format(value: object, column: object, said: str) -> None:
    assert listed.written(value, column) == said


def test_hidden_columns_stay_out_and_heads_are_the_columns_names() -> None:
    frame = pl.DataFrame({"area_code": ["S1"], "area_name": ["Sector S1"], "value": [50.0]})
    told = listed.html(
        frame, {"area_code": None, "area_name": "Sector", "value": number("Share", format="%.1f %%")}, "t"
    )
    assert "S1</td>" in told
    assert ">S1</td>" not in told
    assert '<th scope="col">Sector</th><th scope="col">Share</th>' in told
    assert 'data-head="Share" class="npd-number">50.0 %</td>' in told


@given(some.lists(some.text(), min_size=1, max_size=5), some.text())
def test_whatever_a_name_holds_is_text(names: list[str], head: str) -> None:
    told = listed.html(pl.DataFrame({"name": names}), {"name": head}, head)
    cells = [part.split("</td>")[0] for part in told.split("<td ")[1:]]
    assert [unescape(cell.split(">", 1)[1]) for cell in cells] == names
    assert told.count("<") == 12 + 4 * len(names)


def test_a_long_table_says_where_the_others_are() -> None:
    frame = pl.DataFrame({"step": list(range(listed.MOST_ROWS + 5))})
    told = listed.html(frame, {}, "t")
    assert told.count("<tr>") == 1 + listed.MOST_ROWS
    assert f"The first {listed.MOST_ROWS} of {frame.height}" in told
