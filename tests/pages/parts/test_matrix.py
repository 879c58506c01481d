"""What a cell of a table of areas holds: its n within its width, and a trend beside its figure alone; its sections."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from metrics.period import BESIDE
from pages.parts import matrix


@pytest.mark.parametrize(
    ("made_of", "written"),
    [
        ("5,123 of 20,968 h", "5,123 of 20,968 h"),
        ("28,221 of 44,520 h", "28,221\nof 44,520 h"),
        ("417,003 for 345,300", "417,003\nfor 345,300"),
        ("of 50", "of 50"),
        ("", ""),
    ],
)
def test_an_n_that_is_longer_than_its_cell_stands_on_two_lines(made_of: str, written: str) -> None:
    assert matrix._in_its_cell(made_of) == written


SEP, OCT = date(2024, 9, 1), date(2024, 10, 1)


@pytest.mark.parametrize(
    ("values", "drawn"),
    [
        ((5.0, 4.0, 6.0), [5.0, 4.0, 6.0]),
        ((5.0, None, 6.0), [5.0, None, 6.0]),
        ((5.0, 4.0, None), []),  # no figure of this month, whatever is known of those before
        ((5.0, 4.0), []),  # the series ends before this month
    ],
)
def test_a_cell_has_a_trend_where_it_has_a_figure(values: tuple[float | None, ...], drawn: list[float | None]) -> None:
    months = [date(2024, 8, 1), SEP, OCT]
    series = [{"month": month, "value": value} for month, value in zip(months, values, strict=False)]
    assert matrix.trend(series, OCT) == drawn


def test_a_cell_of_a_period_without_a_figure_has_no_trend() -> None:
    unknown = {f"period_{name}": None for name in BESIDE}
    series = [{"month": month, "value": 5.0, **unknown} for month in (SEP, OCT)]
    assert matrix.trend(series, OCT) == []


def test_every_section_is_a_table_of_its_own_with_the_same_columns(shell: Callable[..., AppTest]) -> None:
    app = shell("chief", "framework", month="2024-10")
    (body,) = [str(one.proto.body) for one in app.get("html") if 'class="npd-matrix"' in str(one.proto.body)]
    tables = re.findall("<table.*?</table>", body, re.DOTALL)
    assert len(tables) == body.count('scope="rowgroup"') > 1
    columns = [re.findall(r'<th scope="col">(?:<a [^>]*>)?([^<]*)', table) for table in tables]
    assert all(one == columns[0] for one in columns)
    assert "<a" in re.findall("<thead>.*?</thead>", tables[0])[0], "the first table's names lead to their areas"
    assert all("<a" not in re.findall("<thead>.*?</thead>", table)[0] for table in tables[1:])
    for table in tables:
        (lines,) = re.findall("<tbody>.*</tbody>", table, re.DOTALL)
        cells = [line.count("<td>") for line in lines.split("<tr>")[2:]]
        assert set(cells) == {len(columns[0]) - 1}
        assert f'--npd-lines:{len(cells)}"><table class="npd-matrix"><caption>' in body
