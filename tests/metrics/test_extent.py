"""Areas in square kilometres, against a figure worked out on paper."""

import json
from datetime import date

import numpy as np
import polars as pl
import pyproj
import pytest
import shapely

from metrics import indicator
from metrics.compute import compute
from metrics.extent import extent_facts, per_square_kilometre, square_kilometres
from tests.metrics import example

TO_DEGREES = pyproj.Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)

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


def box(west: float, south: float, east: float, north: float) -> str:
    """Give a rectangle of British National Grid metres as GeoJSON in degrees."""
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return json.dumps({"type": "Polygon", "coordinates": [[TO_DEGREES.transform(*corner) for corner in corners]]})


def polygons(*rows: tuple) -> pl.DataFrame:
    names = {"lpa_code": pl.String, "kind": pl.String, "valid_from": pl.Date, "valid_to": pl.Date}
    return pl.DataFrame(list(rows), schema=names | {"geometry": pl.String}, orient="row")


# Metres of the grid from a corner near Birmingham: L1 is 2 km by 1 km, L2 beside it 1 km by 1 km.
X, Y = 405_000, 286_000
WARDS = polygons(
    ("L1", None, None, None, box(X, Y, X + 2000, Y + 1000)),
    ("L2", None, None, None, box(X + 2000, Y, X + 3000, Y + 1000)),
)
# 500 m squares; the second overlaps the first by half, the third reaches over the border of the LPAs into the fourth.
SPOTS = polygons(
    ("L1", "asb", None, None, box(X, Y, X + 500, Y + 500)),
    ("L1", "syv_robbery", None, date(2024, 6, 1), box(X + 250, Y, X + 750, Y + 500)),
    ("L1", "asb", None, None, box(X + 1600, Y, X + 2100, Y + 500)),
    ("L2", "syv_robbery", date(2024, 5, 31), None, box(X + 2000, Y, X + 2500, Y + 500)),
    ("L1", "impact_area", None, None, box(X, Y, X + 2000, Y + 1000)),
)


def covered(months: list[date], spots: pl.DataFrame = SPOTS) -> dict:
    facts = {"extents": extent_facts(WARDS, spots, months)}
    rows = [compute(facts, [indicator("TGP-09")], level, force_code="F").collect() for level in ("force", "lpa")]
    return {
        (month.month, code): (above, under)
        for code, month, above, under in pl.concat(rows)
        .select("area_code", "month", "numerator", "denominator")
        .iter_rows()
    }


def test_what_two_hotspots_cover_counts_once_in_an_lpa_and_in_the_force():
    found = covered([date(2024, 4, 1), date(2024, 5, 1), date(2024, 6, 1)])
    # April: 0.25 + 0.25 - 0.125 + 0.25 in L1. On 31 May the fourth begins; in June the second has ended.
    expected = {
        (4, "L1"): (0.625, 2), (4, "L2"): (0, 1), (4, "F"): (0.625, 3),
        (5, "L1"): (0.625, 2), (5, "L2"): (0.25, 1), (5, "F"): (0.625 + 0.25 - 0.05, 3),
        (6, "L1"): (0.5, 2), (6, "L2"): (0.25, 1), (6, "F"): (0.5 + 0.25 - 0.05, 3),
    }  # fmt: skip
    assert found.keys() == expected.keys()
    for key, both in expected.items():
        assert found[key] == pytest.approx(both, abs=1e-8), key  # the way to degrees and back is that exact


def test_without_any_hotspot_the_share_is_unknown():
    assert covered([date(2024, 5, 1)], SPOTS.filter(kind="impact_area")) == {}


def test_the_worked_example_s_share_is_that_of_the_registered_grid():
    """The same share by pyproj's own EPSG:27700 and shapely, polygon by polygon (none of the example's overlap)."""
    spots = [f for f in example.features("hotspots") if f["properties"]["kind"] != "impact_area"]
    wards = example.features("neighbourhoods")
    shapes = [
        shapely.union_all([shapely.transform(shapely.geometry.shape(f["geometry"]), to_metres) for f in features])
        for features in (spots, wards)
    ]
    frames = [
        pl.DataFrame([{**f["properties"], "geometry": json.dumps(f["geometry"])} for f in features]).with_columns(
            valid_from=pl.lit(None, pl.Date), valid_to=pl.lit(None, pl.Date)
        )
        for features in (wards, spots)
    ]
    facts = {"extents": extent_facts(*frames, [example.OCTOBER])}
    found = compute(facts, [indicator("TGP-09")], "force", force_code="F").collect()
    assert found["value"].item() == pytest.approx(100 * shapes[0].area / shapes[1].area, rel=1e-9)


def to_metres(degrees: np.ndarray) -> np.ndarray:
    return np.column_stack(TO_DEGREES.transform(degrees[:, 0], degrees[:, 1], direction="INVERSE"))
