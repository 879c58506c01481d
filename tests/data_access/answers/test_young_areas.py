"""Impact Areas that are too young to compare with the year before."""

import json
from datetime import date
from pathlib import Path

import pytest

from data_access.answers.harm import young_areas
from data_access.answers.reader import Reader
from data_access.load.ingest import load
from data_access.scope import Scope
from data_access.store import Store

SQUARE = {"type": "Polygon", "coordinates": [[[-2, 52], [-1.9, 52], [-1.9, 52.1], [-2, 52.1], [-2, 52]]]}


def collection(*rows: dict[str, str]) -> str:
    features = [{"type": "Feature", "geometry": SQUARE, "properties": row} for row in rows]
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Load an old area, one since March 2024, one redrawn in June 2024, and a hotspot of June 2024."""
    place = {"lpa_code": "L1", "kind": "impact_area"}
    names = {"sector_code": "S1", "sector_name": "Sector", "lpa_name": "LPA"}
    neighbourhood = {"neighbourhood_code": "N1", "neighbourhood_name": "N", "lpa_code": "L1", **names}
    (tmp_path / "neighbourhoods.geojson").write_text(collection(neighbourhood))
    hotspots = (
        {"hotspot_id": "A", "name": "old", **place},
        {"hotspot_id": "B", "name": "new", "valid_from": "2024-03-01", **place},
        {"hotspot_id": "C", "name": "redrawn", "valid_from": "2023-01-01", **place},
        {"hotspot_id": "C", "name": "redrawn", "valid_from": "2024-06-15", **place},
        {"hotspot_id": "D", "name": "hotspot", "valid_from": "2024-06-15", "lpa_code": "L1", "kind": "asb"},
    )
    (tmp_path / "hotspots.geojson").write_text(collection(*hotspots))
    opened = Store.open(f"sqlite:///{tmp_path}/npd.sqlite")
    assert not load(opened, tmp_path, by="tests").error
    return opened


@pytest.mark.parametrize(
    ("month", "young"),
    [
        (date(2024, 2, 1), {}),
        (date(2024, 5, 1), {"B": date(2024, 3, 1)}),
        (date(2024, 6, 1), {"B": date(2024, 3, 1), "C": date(2024, 6, 15)}),
        (date(2025, 2, 1), {"C": date(2024, 6, 15)}),
        (date(2025, 6, 1), {}),
    ],
)
def test_an_area_is_young_for_the_twelve_months_from_its_first_day(
    store: Store, month: date, young: dict[str, date]
) -> None:
    assert young_areas(Reader.open(store, Scope(viewer="chief", force=True)), month) == young


def test_another_lpas_areas_are_not_told(store: Store) -> None:
    assert young_areas(Reader.open(store, Scope(viewer="other", lpas=frozenset({"L2"}))), date(2024, 6, 1)) == {}
