"""The second edition's indicators on the worked example: from extract files to the benchmark CSV, against plain loops.

The example has few crimes in its hotspots: more are laid over them, and a hotspot that overlaps both kinds.
"""

import csv
import json
import random
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pyproj
import pytest
import shapely

from data_access import export
from data_access.answers.reader import Reader
from data_access.load.ingest import load
from data_access.scope import Scope
from data_access.store import Store
from tests.places import EXAMPLE

OCTOBER = date(2024, 10, 1)
CHIEF = Scope(viewer="chief", force=True, people="team")  # also the time of fewer than five officers
GRID = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
HEAD = "crime_id,recorded_on,offence_code,lon,lat,outcome_code,outcome_on"
POSITIVE = ("1", "8")
Key = tuple[str, str, str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("second") / "extracts"
    shutil.copytree(EXAMPLE / "extracts", path)
    across = shapely.geometry.mapping(shapely.affinity.translate(shape_of(path, "T1"), xoff=0.001))
    wide = shapely.geometry.mapping(shapely.affinity.translate(shape_of(path, "T2"), yoff=0.0005))
    more = [feature("T3", "asb", "L1", across), feature("T4", "syv_robbery", "L2", wide)]
    (path / "hotspots-more.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": more}))
    (path / "crimes-more.csv").write_text("\n".join([HEAD, *scattered(path)]))
    return path


def shape_of(folder: Path, spot: str) -> shapely.Geometry:
    return next(shape for own, shape in features(folder, "hotspots") if own["hotspot_id"] == spot)


def feature(spot: str, kind: str, lpa: str, geometry: dict) -> dict:
    own = {"hotspot_id": spot, "name": spot, "kind": kind, "lpa_code": lpa}
    return {"type": "Feature", "properties": own, "geometry": geometry}


def scattered(folder: Path) -> Iterator[str]:
    """Give crimes of every offence in and around the hotspots, some not in October; most have an outcome, dated."""
    chance = random.Random(11)
    codes = [row["offence_code"] for row in rows(folder, "offences")]
    for number in range(400):
        west, south, east, north = shape_of(folder, chance.choice(("T1", "T2"))).bounds
        lon, lat = (chance.uniform(low - 0.001, high + 0.002) for low, high in ((west, east), (south, north)))
        recorded = date(2024, chance.choice((9, 10, 10, 10)), 15)
        outcome, on = chance.choice(("1", "8", "5", "")), recorded + timedelta(chance.randrange(0, 140))
        dated = f"{outcome},{on}" if outcome else ","
        yield f"M{number},{recorded},{chance.choice(codes)},{lon},{lat},{dated}"


@pytest.fixture(scope="module")
def found(folder: Path) -> Iterator[dict[Key, dict]]:
    store = Store.open(f"sqlite:///{folder.parent}/npd.sqlite")
    assert load(store, folder, "the tests").error is None
    rows = export.benchmark(Reader.open(store, CHIEF), OCTOBER).to_dicts()
    yield {(row["indicator_id"], row["area_level"], row["area_code"]): row for row in rows}
    store.close()


def features(folder: Path, name: str) -> list[tuple[dict, shapely.Geometry]]:
    given = [one for file in folder.glob(f"{name}*.geojson") for one in json.loads(file.read_text())["features"]]
    return [(one["properties"], shapely.geometry.shape(one["geometry"])) for one in given]


def rows(folder: Path, name: str) -> list[dict]:
    found = []
    for path in folder.glob(f"{name}*.csv"):
        with path.open() as file:
            found += csv.DictReader(file)
    return found


def crimes(folder: Path) -> Iterator[tuple[dict, str | None, str | None, set[str], set[str]]]:
    """Give October's crimes: offence, neighbourhood, LPA, the hotspots around it, and those tasked for violence."""
    offences = {row["offence_code"]: row for row in rows(folder, "offences")}
    wards = sorted(features(folder, "neighbourhoods"), key=lambda one: one[0]["neighbourhood_code"])
    lpas = {properties["neighbourhood_code"]: properties["lpa_code"] for properties, _ in wards}
    spots = features(folder, "hotspots")
    for row in rows(folder, "crimes"):
        if not row["recorded_on"].startswith("2024-10"):
            continue
        ward, inside, tasked = row.get("neighbourhood_code") or None, set(), set()
        if row["lon"]:
            point = shapely.Point(float(row["lon"]), float(row["lat"]))
            ward = next((own["neighbourhood_code"] for own, shape in wards if shape.covers(point)), None)
            held = [own for own, shape in spots if shape.covers(point)]
            inside = {own["hotspot_id"] for own in held if own["kind"] != "impact_area"}
            tasked = {own["hotspot_id"] for own in held if own["kind"] == "syv_robbery"}
        yield offences[row["offence_code"]], ward, lpas.get(ward or ""), inside, tasked


def injury(offence: dict) -> bool:
    return offence["violence_with_injury"] == "true"


def test_violence_and_robbery_in_the_hotspots_tasked_for_it(folder: Path, found: dict[Key, dict]) -> None:
    expected = dict.fromkeys((key for key in found if key[0] == "TGP-07"), 0)
    for offence, ward, lpa, _, tasked in crimes(folder):
        if tasked and (injury(offence) or offence["neighbourhood_crime"] == "robbery"):
            for key in (("force", "E23000014"), ("lpa", lpa), ("neighbourhood", ward)):
                expected["TGP-07", *key] += 1
            for spot in tasked:
                expected["TGP-07", "hotspot", spot] += 1
    assert expected["TGP-07", "hotspot", "T1"] > 10 < expected["TGP-07", "hotspot", "T4"]
    assert expected["TGP-07", "hotspot", "T3"] == 0  # it overlaps T1 but is not tasked for violence
    for key, value in expected.items():
        if key[1] != "sector":
            assert found[key]["value"] == value, key


def test_the_hotspots_share_of_violence_with_injury(folder: Path, found: dict[Key, dict]) -> None:
    counted: dict[str | None, list[int]] = {}
    for offence, _, lpa, inside, _ in crimes(folder):
        for place in {"E23000014", lpa}:
            own = counted.setdefault(place, [0, 0])
            own[0] += injury(offence) and bool(inside)
            own[1] += injury(offence)
    for level, code in (("force", "E23000014"), ("lpa", "L1"), ("lpa", "L2")):
        value = 100 * counted[code][0] / counted[code][1]
        assert found["TGP-08", level, code]["value"] == pytest.approx(value, rel=1e-12)


def test_the_hotspots_share_of_the_area(folder: Path, found: dict[Key, dict]) -> None:
    def square_metres(name: str, lpas: set[str]) -> float:
        own = [shape for properties, shape in features(folder, name) if properties["lpa_code"] in lpas
               and properties.get("kind") != "impact_area"]  # fmt: skip
        return shapely.union_all([shapely.transform(one, GRID.transform, interleaved=False) for one in own]).area

    for level, code, lpas in (("force", "E23000014", {"L1", "L2"}), ("lpa", "L1", {"L1"}), ("lpa", "L2", {"L2"})):
        share = 100 * square_metres("hotspots", lpas) / square_metres("neighbourhoods", lpas)
        assert found["TGP-09", level, code]["value"] == pytest.approx(share, rel=1e-9, abs=1e-9)


def test_time_in_the_community_agrees_with_time_elsewhere_and_with_duty(found: dict[Key, dict]) -> None:
    """What is not located abstraction (ABS-06) is time in the home sector; duty time is that of ABS-01."""
    told = [key for key in found if key[0] == "VIS-06"]
    assert {level for _, level, _ in told} == {"force", "lpa", "sector", "neighbourhood"}
    shown = [key for key in told if found[key]["value"] is not None]
    assert len(shown) > 10
    for key in shown:
        elsewhere, duty = found["ABS-06", *key[1:]], found["ABS-01", *key[1:]]
        at_home = elsewhere["denominator"] - elsewhere["numerator"]
        assert found[key]["value"] == pytest.approx(100 * at_home / duty["denominator"], rel=1e-12), key
        coverage = found["VIS-04", *key[1:]]["value"]  # unknown where nobody posted there is in uniform
        assert found[key]["coverage_percent"] == coverage
        assert coverage is None or coverage >= 60


def test_positive_outcomes_of_the_month_and_in_the_month(folder: Path, found: dict[Key, dict]) -> None:
    """The newest outcome is of January or later, so October is known."""
    given = rows(folder, "crimes")
    recorded = [row for row in given if row["recorded_on"].startswith("2024-10")]
    positive = [row for row in given if row.get("outcome_code") in POSITIVE]
    soon = [
        row for row in positive if row in recorded
        and (date.fromisoformat(row["outcome_on"]) - date.fromisoformat(row["recorded_on"])).days <= 90
    ]  # fmt: skip
    then = [row for row in positive if row["outcome_on"].startswith("2024-10")]
    assert max(row["outcome_on"] for row in positive) >= "2025-01-29"
    assert 0 < len(soon) < len([row for row in positive if row in recorded])
    force = found["OUT-01", "force", "E23000014"], found["OUT-02", "force", "E23000014"]
    assert [(one["numerator"], one["denominator"]) for one in force] == [
        (len(soon), len(recorded)), (len(then), len(recorded)),
    ]  # fmt: skip
    assert force[0]["value"] == pytest.approx(100 * len(soon) / len(recorded), rel=1e-12)
