"""Areas in square kilometres, against a figure worked out on paper."""

import json

import polars as pl
import pytest

from metrics.extent import per_square_kilometre, square_kilometres

# 0.02 degrees of longitude by 0.02 of latitude at 52.45 N: 1,359.7 m by 2,225.5 m, so 3.0261 km².
SQUARE = [[-1.95, 52.44], [-1.93, 52.44], [-1.93, 52.46], [-1.95, 52.46], [-1.95, 52.44]]
HOLE = [[-1.945, 52.445], [-1.935, 52.445], [-1.935, 52.455], [-1.945, 52.455], [-1.945, 52.445]]


def test_a_square_is_as_large_as_on_paper_and_a_hole_is_not_in_it():
    whole, holed = square_kilometres(
        [json.dumps({"type": "Polygon", "coordinates": rings}) for rings in ([SQUARE], [SQUARE, HOLE])]
    )
    assert whole == pytest.approx(3.0261, rel=1e-4)
    assert holed == pytest.approx(whole * 3 / 4, rel=1e-4)


def test_a_value_is_divided_by_its_own_area():
    tidy = pl.DataFrame({"area_code": ["A", "B", "C"], "value": [6.0, None, 5.0]})
    extents = pl.DataFrame({"area_code": ["A", "B"], "km2": [3.0, 2.0]})
    assert per_square_kilometre(tidy, extents)["per_km2"].to_list() == [2.0, None, None]
