"""Point in area: equal to asking shapely about every area for every position."""

import json
import warnings
from datetime import date

import numpy as np
import polars as pl
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj.transformer import TransformerGroup

from metrics import compiled, edges, grid, kernels
from metrics.grid import MAX_COARSE, SUB, lattice_over
from metrics.location import AreaIndex, every, lowest, place, place_all
from tests.laws import examples
from tests.places import WARDS, needs_open_data

DAY = date(2024, 10, 8)
UNIT = 0.004  # degrees; the drawn shapes have corners on this lattice so that borders are shared and crossed
ORIGIN = np.array([-1.95, 52.44])

corner = st.tuples(st.integers(0, 6), st.integers(0, 6))
box = st.tuples(corner, corner).filter(lambda c: c[0][0] != c[1][0] and c[0][1] != c[1][1])


@st.composite
def shape(draw):
    (x0, y0), (x1, y1) = draw(box)
    outer = shapely.box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
    if draw(st.booleans()):
        outer = outer.difference(shapely.Point(*draw(corner)).buffer(draw(st.sampled_from([0.3, 1.0])), 3))
    if draw(st.booleans()):
        outer = shapely.union(outer, shapely.Polygon([(0, 0), (draw(st.integers(1, 6)), 1), (1, 5)]))
    parts = [p for p in shapely.get_parts(outer) if p.geom_type == "Polygon" and p.area > 0]
    return shapely.transform(shapely.MultiPolygon(parts), lambda xy: ORIGIN + xy * UNIT)


def features(shapes, **columns):
    codes = [f"N{number:02}" for number in range(len(shapes))]
    return pl.DataFrame(
        {
            "neighbourhood_code": codes,
            "geometry": shapely.to_wkb(np.array(shapes, dtype=object)).tolist(),
            **columns,
        }
    )


def positions_around(shapes, seed):
    """Corners, middles of sides, points just beside them, and points anywhere."""
    corners = shapely.get_coordinates(np.array(shapes, dtype=object))
    middles = (corners[1:] + corners[:-1]) / 2
    random = np.random.default_rng(seed)
    anywhere = ORIGIN + random.uniform(-1, 8, size=(200, 2)) * UNIT
    beside = np.nextafter(corners, random.uniform(-90, 90, size=corners.shape))
    return np.concatenate([corners, middles, beside, anywhere]).T


@examples(60)
@given(st.lists(shape().filter(lambda s: not s.is_empty), min_size=1, max_size=5), st.integers(0, 2**16))
def test_every_position_is_in_exactly_the_areas_that_shapely_says(shapes, seed):
    lon, lat = positions_around(shapes, seed)
    index = AreaIndex.from_features(features(shapes))
    truth = np.array([shapely.intersects_xy(s, lon, lat) for s in shapes])

    point, area = every(index, lon, lat, DAY)
    got = np.zeros_like(truth)
    got[area, point] = True
    assert (got == truth).all()
    first = np.where(truth.any(axis=0), truth.argmax(axis=0), -1)
    assert (lowest(index, lon, lat, DAY) == first).all()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "MANY", 0)
        assert (lowest(index, lon, lat, DAY) == first).all()


def test_only_what_is_on_a_border_is_left_to_the_exact_test():
    """A slanted border: positions on it to the last bit, one step of floating point off it, and well beside it."""
    slanted = shapely.Polygon([(-2.0, 52.5), (-1.875, 52.5625), (-1.9375, 52.625)])
    index = AreaIndex.from_features(features([slanted]))
    share = np.arange(1, 500) / 512
    on = np.column_stack([-2 + share / 8, 52.5 + share / 16])
    off = np.column_stack([on[:, 0], np.nextafter(on[:, 1], np.where(np.arange(len(on)) % 2, 0, 90))])
    beside = np.array([0, 1e-6])
    lon, lat = np.concatenate([on, off, on + beside, on - beside]).T
    truth = shapely.intersects_xy(slanted, lon, lat)
    lowest(index, lon[:1], lat[:1], DAY)
    (cells,) = (one for one in index.grids.values() if one is not None)
    taken = lon, lat, *grid.cells_of(cells), grid.sets_of(cells), grid.outlines_of(cells)
    found, unsure, _ = kernels.lowest_held(*taken)
    assert unsure.tolist() == list(range(len(on)))
    assert truth[unsure].all()
    assert 0 < truth[len(on) : 2 * len(on)].sum() < len(on)
    assert ((found == 0) == truth)[len(on) :].all()


@examples(25)
@given(st.lists(box, min_size=1, max_size=4), st.integers(0, 2**16))
def test_premises_are_near_within_the_buffer_and_police_comes_first(boxes, seed):
    footprints = [
        shapely.box(*(ORIGIN + np.min(b, axis=0) * 3e-4), *(ORIGIN + np.max(b, axis=0) * 3e-4)) for b in boxes
    ]
    kinds = ["hospital", "police_building", "court", "police_building"][: len(boxes)]
    frame = features(footprints, kind=kinds)
    random = np.random.default_rng(seed)
    lon, lat = (ORIGIN + random.uniform(-2, 9, size=(400, 2)) * 3e-4).T
    index = AreaIndex.from_premises(frame)

    shift = pyproj.Transformer.from_pipeline(edges.NATIONAL_GRID)
    metric = [shapely.transform(f, lambda xy: np.column_stack(shift.transform(*xy.T))) for f in footprints]
    away = np.array([shapely.distance(m, shapely.points(*shift.transform(lon, lat))) for m in metric])
    near = away <= 20.0
    police = np.array([kind == "police_building" for kind in kinds])
    truth = np.where(near[police].any(axis=0), "police_building", np.where(near.any(axis=0), "other_premises", ""))
    found = lowest(index, lon, lat, DAY)
    assert [index.codes[n] if n >= 0 else "" for n in found] == truth.tolist()


def test_a_footprint_as_large_as_a_town_has_its_rim_where_the_distance_says():
    town = shapely.Polygon([(-2.1, 52.4), (-1.8, 52.4), (-1.7, 52.6), (-2.0, 52.55)])
    index = AreaIndex.from_premises(features([town], kind=["council"]))
    shift = pyproj.Transformer.from_pipeline(edges.NATIONAL_GRID)
    metric = shapely.transform(town, lambda xy: np.column_stack(shift.transform(*xy.T)))
    random = np.random.default_rng(5)
    along = shapely.line_interpolate_point(town.exterior, random.uniform(0, 1, 3000), normalized=True)
    lon, lat = (shapely.get_coordinates(along) + random.normal(0, 3e-4, (3000, 2))).T
    truth = shapely.distance(metric, shapely.points(*shift.transform(lon, lat))) <= 20
    assert 500 < truth.sum() < 2500
    assert ((lowest(index, lon, lat, DAY) == 0) == truth).all()


def test_a_footprint_without_an_outline_is_refused_in_words():
    court = features([shapely.box(*ORIGIN, *(ORIGIN + UNIT))], kind=["court"])
    with pytest.raises(ValueError, match="give each footprint a geometry"):
        AreaIndex.from_premises(court.with_columns(geometry=pl.lit(None, pl.String)))


def test_a_layer_spread_over_the_world_gets_larger_cells_not_more_memory():
    world = lattice_over((-180.0, -60.0, 180.0, 60.0), 20.0)
    assert world.columns * world.rows <= MAX_COARSE
    assert world.west + world.columns * SUB * world.lon_step >= 180


@needs_open_data
def test_the_real_wards_agree_at_every_vertex_and_at_random_positions():
    wards = json.loads(WARDS.read_text())["features"]
    frame = pl.DataFrame(
        {
            "neighbourhood_code": [ward["properties"]["WD25CD"] for ward in wards],
            "geometry": [json.dumps(ward["geometry"]) for ward in wards],
        }
    )
    index = AreaIndex.from_features(frame)
    west, south, east, north = shapely.total_bounds(index.geometries)
    anywhere = np.random.default_rng(7).uniform((west, south), (east, north), size=(20_000, 2))
    lon, lat = np.concatenate([anywhere, shapely.get_coordinates(index.geometries)]).T
    point, area = shapely.STRtree(index.geometries).query(shapely.points(lon, lat), predicate="intersects")
    times = 7  # more positions than are looked up at once
    found_point, found_area = every(index, np.tile(lon, times), np.tile(lat, times), DAY)
    order = np.lexsort((area, point))
    assert (found_area == np.tile(area[order], times)).all()
    assert (found_point == np.concatenate([point[order] + n * len(lon) for n in range(times)])).all()
    truth = np.full(len(lon), len(wards))
    np.minimum.at(truth, point, area)
    assert (lowest(index, lon, lat, DAY) == np.where(truth == len(wards), -1, truth)).all()


def test_the_national_grid_is_what_pyproj_gives_for_epsg_27700_without_a_grid_file():
    ours = pyproj.Transformer.from_pipeline(edges.NATIONAL_GRID).transform(-1.9, 52.45)
    with warnings.catch_warnings(action="ignore"):  # it warns that the better, gridded way is not installed
        ways = TransformerGroup("EPSG:4326", "EPSG:27700", always_xy=True).transformers
    helmert = [t for t in ways if "OSGB36 to WGS 84 (6)" in t.description]
    assert helmert[0].transform(-1.9, 52.45) == pytest.approx(ours, abs=1e-6)
    assert ours == pytest.approx((406893.2, 283564.8), abs=0.1)


square = shapely.box(-1.95, 52.44, -1.93, 52.46)
next_door = shapely.box(-1.93, 52.44, -1.91, 52.46)


def test_boundaries_are_dated_from_inclusive_to_exclusive():
    frame = pl.DataFrame(
        {
            "neighbourhood_code": ["OLD", "NEW"],
            "geometry": [shapely.to_geojson(square)] * 2,
            "valid_from": [None, date(2024, 4, 1)],
            "valid_to": [date(2024, 4, 1), None],
        }
    )
    days = [date(2024, 3, 31), date(2024, 4, 1), date(2019, 1, 1)]
    rows = pl.LazyFrame({"lon": [-1.94] * 3, "lat": [52.45] * 3, "day": days})
    placed = place(rows, AreaIndex.from_features(frame)).collect()
    assert placed["neighbourhood_code"].to_list() == ["OLD", "NEW", "OLD"]


def test_a_position_decides_and_a_given_code_stands_only_without_one():
    rows = pl.LazyFrame(
        {
            "lon": [-1.92, None, 0.5, None],
            "lat": [52.45, None, 51.0, 52.45],
            "day": [DAY] * 4,
            "neighbourhood_code": ["N07", "N08", "N09", None],
        }
    )
    placed = place(rows, AreaIndex.from_features(features([square, next_door]))).collect()
    assert placed["neighbourhood_code"].to_list() == ["N01", "N08", None, None]


def test_overlapping_layers_list_every_member():
    rows = pl.LazyFrame({"lon": [-1.94, -1.93, 1.0, None], "lat": [52.45, 52.45, 52.45, None], "day": [DAY] * 4})
    index = AreaIndex.from_features(features([square, next_door]).rename({"neighbourhood_code": "id"}), code="id")
    placed = place_all(rows, index, into="hotspots").collect()
    assert placed["hotspots"].to_list() == [["N00"], ["N00", "N01"], [], []]


def test_no_areas_and_no_rows_are_fine():
    nothing = features([]).cast({"neighbourhood_code": pl.String, "geometry": pl.Binary})
    rows = pl.LazyFrame({"lon": [-1.94], "lat": [52.45], "day": [DAY]})
    assert place(rows, AreaIndex.from_features(nothing)).collect()["neighbourhood_code"].to_list() == [None]
    placed = place(rows.clear(), AreaIndex.from_features(features([square]))).collect()
    assert placed.schema["neighbourhood_code"] == pl.String
    premises = nothing.with_columns(kind=pl.lit("court"))
    assert lowest(AreaIndex.from_premises(premises), np.array([-1.94]), np.array([52.45]), DAY).tolist() == [-1]


def test_a_line_is_not_an_area():
    line = features([shapely.LineString([(0, 0), (1, 1)])])
    with pytest.raises(ValueError, match="give a Polygon"):
        AreaIndex.from_features(line)
