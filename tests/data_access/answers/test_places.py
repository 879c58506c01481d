"""Patrols' effect and place through the store, on a force drawn on the national grid and counted by loops."""

import json
from datetime import date
from pathlib import Path

import pyproj
import pytest

from data_access.answers import places
from data_access.answers.places import PlacesQuestion
from data_access.answers.reader import Reader
from data_access.load.ingest import load
from data_access.scope import Scope
from data_access.settings import CostSettings, Settings
from data_access.store import Store

TO_DEGREES = pyproj.Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
X, Y = 405_000, 286_000  # metres of the grid, whole squares
JUNE = date(2024, 6, 1)
CHIEF = Scope(viewer="chief", force=True, people="team")
# The hotspot is two squares, patrolled from April; the worst squares far from it are at (1500, 1500).
HOTSPOT, COMPARABLE = (200, 200, 400, 300), (1500, 1500)


def degrees(x: float, y: float) -> tuple[float, float]:
    return TO_DEGREES.transform(X + x, Y + y)


def box(west: float, south: float, east: float, north: float) -> dict:
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return {"type": "Polygon", "coordinates": [[degrees(*corner) for corner in corners]]}


# Robberies by (month, place) and how many: in the hotspot, in its ring, in the comparable squares, in theirs.
ROBBERIES = {
    "hotspot": ((250, 250), (10, 10, 10, 4, 4, 4)),
    "ring": ((150, 250), (2, 2, 2, 3, 3, 3)),
    "comparable": ((1550, 1550), (8, 8, 8, 7, 7, 7)),
    "beside": ((1650, 1550), (3, 3, 3, 3, 3, 3)),
    "their ring": ((1550, 1650), (1, 1, 1, 1, 1, 1)),
}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    folder = tmp_path_factory.mktemp("places")
    write(folder / "extracts")
    store = Store.open(f"sqlite:///{folder}/npd.sqlite")
    assert load(store, folder / "extracts", by="tests").error is None
    return Reader.open(store, CHIEF)


def write(folder: Path) -> None:
    folder.mkdir()
    ward = {"neighbourhood_code": "N1", "neighbourhood_name": "Ward", "sector_code": "S1", "sector_name": "Sector"}
    ward |= {"lpa_code": "L1", "lpa_name": "LPA"}
    spot = {"hotspot_id": "T1", "name": "T1", "kind": "syv_robbery", "lpa_code": "L1"}
    drawn = {"neighbourhoods": (ward, (0, 0, 2000, 2000)), "hotspots": (spot, HOTSPOT)}
    for name, (properties, sides) in drawn.items():
        feature = {"type": "Feature", "properties": properties, "geometry": box(*sides)}
        text = json.dumps({"type": "FeatureCollection", "features": [feature]})
        (folder / f"{name}.geojson").write_text(text)
    (folder / "offences.csv").write_text(
        "offence_code,offence_name,offence_group,neighbourhood_crime\n34B,Robbery,Robbery,robbery\n45,Theft,Theft,\n"
    )
    (folder / "weights.csv").write_text("weight_set,offence_code,weight,source\nons-2020,34B,100,tests\n")
    lines = ["crime_id,recorded_on,offence_code,lon,lat"]
    for name, (place, counts) in ROBBERIES.items():
        lon, lat = degrees(*place)
        for month, count in enumerate(counts, 1):
            lines += [f"{name}-{month}-{n},2024-{month:02}-15,34B,{lon},{lat}" for n in range(count)]
    (folder / "crimes.csv").write_text("\n".join(lines))
    windows = [f"K{month},T1,2024-{month:02}-02T18:00:00Z,2024-{month:02}-02T20:00:00Z" for month in (4, 5, 6)]
    (folder / "taskings.csv").write_text("\n".join(["tasking_id,hotspot_id,window_start,window_end", *windows]))
    write_patrols(folder)


def write_patrols(folder: Path) -> None:
    """An officer and a PCSO, together in the hotspot for an hour of one tasking."""
    (folder / "officers.csv").write_text("officer_id,role,uniformed\nO1,officer,true\nO2,pcso,true\n")
    (folder / "activity_codes.csv").write_text(
        "activity_code,activity_name,category,family,valid_from,valid_to\nC1,patrol,neighbourhood,core,2020-01-01,\n"
    )
    duty = "2024-04-02T17:00:00Z,2024-04-02T21:00:00Z,C1"
    (folder / "duties.csv").write_text(
        f"officer_id,shift_id,starts_at,ends_at,activity_code\nO1,A,{duty}\nO2,B,{duty}\n"
    )
    lon, lat = degrees(300, 250)
    times = [f"2024-04-02T18:{minute:02}:00Z" for minute in range(0, 60, 5)]
    fixes = [f"{officer},{at},{lon},{lat}" for officer in ("O1", "O2") for at in times]
    (folder / "fixes.csv").write_text("\n".join(["officer_id,at,lon,lat", *fixes]))


def test_what_changed_beside_comparable_places(reader: Reader):
    question = PlacesQuestion(month=JUNE)
    (start,) = places.starts(reader, question)
    assert (start.month, start.hotspots, start.months) == (date(2024, 4, 1), ("T1",), 3)
    found = places.evaluation(reader, question, start, "violence")
    rows = {row[0]: row[1:4] for row in found.counts.rows()}
    assert rows == {
        "hotspots": (30, 12, -18),
        "comparable places": (33, 30, -3),
        "100 m around the hotspots": (6, 9, 3),
        "100 m around the comparable places": (3, 3, 0),
    }
    assert (found.difference.estimate, found.difference.variance) == (-18 + 3 + 3 - 0, 126)
    assert found.difference.could_be_chance
    assert found.comparable["name"].to_list() == ["Comparable place 1, Ward"]
    assert found.comparable["harm"].to_list() == [3300]


def test_patrols_cost_nothing_known_without_prices(reader: Reader):
    question = PlacesQuestion(month=JUNE)
    found = places.evaluation(reader, question, *places.starts(reader, question), "violence")
    assert found.patrol_hours > 0
    assert (found.cost, found.prevented) == (None, None)


def test_hours_of_few_on_patrol_are_told_to_nobody_who_may_not_see_teams(reader: Reader):
    """One officer and one PCSO: neither their hours nor, from a cost by role, each one's."""
    priced = Settings(cost=CostSettings(hour={"officer": 40.0, "pcso": 28.0}))
    store = Store.open(priced, url=reader.store.engine.url.render_as_string(), facts_dir=reader.store.facts_dir)
    nobody, question = Reader.open(store, Scope.whole_force("partner")), PlacesQuestion(month=JUNE)
    found = places.evaluation(nobody, question, *places.starts(nobody, question), "violence")
    assert (found.patrol_hours, found.cost, found.prevented) == (None, None, None)
    assert found.difference.estimate == -12


def test_patrols_cost_the_mean_of_who_was_there_and_what_they_prevented_a_range(reader: Reader):
    priced = Settings(cost=CostSettings(hour={"officer": 40.0, "pcso": 28.0}))
    store = Store.open(priced, url=reader.store.engine.url.render_as_string(), facts_dir=reader.store.facts_dir)
    dear, question = Reader.open(store, CHIEF), PlacesQuestion(month=JUNE)
    found = places.evaluation(dear, question, *places.starts(dear, question), "violence")
    assert found.cost.pounds == pytest.approx(34 * found.patrol_hours)
    assert found.cost.hours == pytest.approx(found.patrol_hours)
    assert found.prevented.estimate == pytest.approx(found.cost.pounds / 12)
    assert found.prevented.low == pytest.approx(found.cost.pounds / (12 + 1.96 * 126**0.5))
    assert found.prevented.high is None


def test_hotspots_patrolled_from_the_first_month_on_have_no_before(reader: Reader):
    assert places.starts(reader, PlacesQuestion(month=date(2024, 5, 1))) == ()
    assert places.starts(reader, PlacesQuestion(month=JUNE, kind="asb")) == ()


def test_whether_these_are_still_the_right_places(reader: Reader):
    found = places.right_places(reader, PlacesQuestion(month=JUNE))
    total = sum(sum(counts) for _, counts in ROBBERIES.values())
    assert found.crime.amount == total == 126
    assert found.crime.holding_half == 2  # 45 in one square and 42 in another are more than 63
    assert (found.hotspots, found.touched) == (1, 0)  # the most harm lies at the comparable squares by now: 63 to 42
    quarter = found.accuracy
    assert (quarter.events, quarter.inside) == (54, 12)
    assert quarter.km2_inside == pytest.approx(0.02, rel=1e-6)
    assert quarter.best == pytest.approx(21 + 12, rel=1e-6)  # the two fullest squares of that quarter
    assert quarter.pei == pytest.approx(12 / 33, rel=1e-6)


def test_without_hotspots_there_is_nothing_to_say(reader: Reader):
    assert places.right_places(reader, PlacesQuestion(month=JUNE, kind="asb")) is None
