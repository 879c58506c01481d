"""The real files as they were published: every record in the ward that contains its point."""

import csv
import json
from collections import Counter

import polars as pl
import pytest
import shapely

from data_access.answers.reader import Reader
from data_access.load.ingest import load
from data_access.store import Store
from tests.data_access.small_force import WHOLE, facts, write
from tests.places import OPEN_DATA, WARDS, needs_open_data

pytestmark = needs_open_data

RECORDS = 9448


@pytest.fixture(scope="module")
def streets():
    return sorted(OPEN_DATA.glob("police_uk/*/*-street.csv"))


@pytest.fixture(scope="module")
def real(tmp_path_factory, streets):
    opened = Store.open(f"sqlite:///{tmp_path_factory.mktemp('real') / 'npd.sqlite'}")
    report = load(opened, OPEN_DATA, "the tests")
    assert report.exit_code == 0
    assert sum(one.rows_read for one in report.files if one.feed == "street") == RECORDS
    yield opened
    opened.close()


def wards_of(points):
    """The ward of each point, by asking every ward."""
    wards = sorted(json.loads(WARDS.read_text())["features"], key=lambda ward: ward["properties"]["WD25CD"])
    shapes = [shapely.from_geojson(json.dumps(ward["geometry"])) for ward in wards]
    codes = [ward["properties"]["WD25CD"] for ward in wards]
    holding = [
        next((code for code, shape in zip(codes, shapes, strict=True) if shape.covers(point)), None) for point in points
    ]
    return holding


def test_every_record_lands_in_the_ward_that_contains_its_point(real, streets):
    placed = pl.concat([facts(real, name).select("lon", "lat", "neighbourhood_code") for name in ("asb", "crimes")])
    assert len(placed) == RECORDS
    points = placed.select("lon", "lat").unique()
    expected = dict(zip(points.rows(), wards_of([shapely.Point(*point) for point in points.rows()]), strict=True))
    assert placed["neighbourhood_code"].null_count() == 0
    assert all(expected[lon, lat] == ward for lon, lat, ward in placed.rows())


def test_months_and_categories_are_those_of_the_files(real, streets):
    published = Counter()
    for path in streets:
        with path.open(encoding="utf-8") as file:
            published.update((row["Month"], row["Crime type"]) for row in csv.DictReader(file))
    crimes = facts(real, "crimes").select(pl.col("day").dt.strftime("%Y-%m"), "offence_code").rows()
    asb = facts(real, "asb").select(pl.col("day").dt.strftime("%Y-%m"), pl.lit("Anti-social behaviour")).rows()
    assert Counter([*crimes, *asb]) == published


def test_what_is_not_known_is_said(real):
    asb = facts(real, "asb")
    assert set(asb["category"]) == {"unknown"}
    assert set(asb["provenance"]) == {"data.police.uk"}
    assert not asb["day_known"].any()
    assert asb["hour"].null_count() == len(asb)
    crimes = facts(real, "crimes")
    assert crimes["weight"].null_count() == 0
    assert set(crimes["day"].dt.day()) == {1}


def test_a_ward_is_its_own_sector_until_sectors_come(real, tmp_path):
    members = facts(real, "residents")
    assert (members["sector_code"] == members["neighbourhood_code"]).all()
    own = Store.open(f"sqlite:///{tmp_path / 'npd.sqlite'}")
    some = write(tmp_path / "in", {"wards.geojson": WARDS.read_bytes()})
    load(own, some, "somebody")
    code = json.loads(WARDS.read_text())["features"][0]["properties"]["WD25CD"]
    write(some, {"sectors.csv": f"neighbourhood_code,sector_code,sector_name\n{code},SX,Sector X\n"})
    assert load(own, some, "somebody").exit_code == 0
    sectors = Reader.open(own, WHOLE).members().filter(pl.col("level") == "neighbourhood", pl.col("code") == code)
    assert sectors["parent_code"].to_list() == ["SX"]
    own.close()


def test_a_street_file_loaded_again_replaces_its_month_and_no_other(tmp_path, streets):
    own = Store.open(f"sqlite:///{tmp_path / 'npd.sqlite'}")
    january, february = streets[:2]
    files = {
        WARDS.name: WARDS.read_bytes(),
        january.name: january.read_bytes(),
        february.name: february.read_bytes(),
    }
    load(own, write(tmp_path / "a", files), "somebody")
    lines = january.read_bytes().splitlines(keepends=True)
    load(own, write(tmp_path / "b", {january.name: b"".join(lines[:101])}), "somebody")
    months = Counter(day.month for name in ("asb", "crimes") for day in facts(own, name)["day"].to_list())
    assert months == {1: 100, 2: len(february.read_bytes().splitlines()) - 1}
    own.close()
