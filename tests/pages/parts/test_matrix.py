"""What a cell of a table of areas holds: its n within its width."""

import pytest

from pages.parts import matrix


@pytest.mark.parametrize(
    ("made_of", "written"),
    [
        ("5,123 of 20,968 h", "5,123 of 20,968 h"),
        ("28,221 of 44,520 h", "28,221<br>of 44,520 h"),
        ("417,003 for 345,300", "417,003<br>for 345,300"),
        ("of 50", "of 50"),
        ("", ""),
    ],
)
def test_an_n_that_is_longer_than_its_cell_stands_on_two_lines(made_of: str, written: str) -> None:
    assert matrix._in_its_cell(made_of) == written
