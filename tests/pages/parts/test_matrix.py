"""What a cell of a table of areas holds: its n within its width, and a trend beside its figure alone."""

from datetime import date

import pytest

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
