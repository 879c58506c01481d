"""Harm and membership through the store, against loops: dated polygons, borders, holes, overlaps, parts that add up."""

import json
import random
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
import shapely

from data_access.answers import harm as answers_harm
from data_access.answers.answer import Question, answer
from data_access.answers.harm import HarmQuestion
from data_access.answers.reader import Reader
from data_access.load.ingest import load
from data_access.scope import Scope
from data_access.settings import ForceSettings, HarmSettings, Settings
from data_access.store import Store

MAY = date(2024, 5, 1)
FORCE = Scope(viewer="chief", force=True)
WEIGHTS = {"A": 100.5, "B": 10.25, "H": 5000.0}  # X has none
OUTER = [(0.0, 0.0), (0.04, 0.0), (0.04, 0.04), (0.0, 0.04)]
HOLE = [(0.015, 0.015), (0.025, 0.015), (0.025, 0.025), (0.015, 0.025)]
SHIFTED = [(0.03, 0.03), (0.06, 0.03), (0.06, 0.06), (0.03, 0.06)]
# hotspot_id, kind, rings, valid_from, valid_to: I2 overlaps I1; I3 moves on 15 May; T1 ends on 10 May.
SPOTS = (
    ("I1", "impact_area", (OUTER, HOLE), None, None),
    ("I2", "impact_area", (SHIFTED,), date(2024, 4, 20), None),
    ("I3", "impact_area", ([(0.07, 0.0), (0.09, 0.0), (0.09, 0.02), (0.07, 0.02)],), date(2024, 5, 15), None),
    ("T1", "asb", (OUTER,), None, date(2024, 5, 10)),
)
Crime = tuple[str, date, str, float | None, float | None]


def crimes() -> list[Crime]:
    """Make crimes on a grid that hits borders, corners and holes, from last April to this May; some have no place."""
    chance = random.Random(7)
    rows: list[Crime] = []
    for number in range(900):
        spread = 60 if number < 600 else 425
        day = date(2024, 5, 31) - timedelta(chance.randrange(spread))
        place = (chance.randrange(21) * 0.005, chance.randrange(21) * 0.005)
        code = chance.choices(["A", "B", "X", "H"], [30, 60, 9, 1])[0]
        lon, lat = place if chance.random() > 0.05 else (None, None)
        rows.append((f"C{number}", day, code, lon, lat))
    return rows


def areas_of(crime: Crime, kind: str) -> set[str]:
    """Say by loops which polygons of a kind hold a crime on its day; a border belongs to its polygon."""
    _, day, _, lon, lat = crime
    if lon is None:
        return set()
    found = set()
    for spot, own, rings, since, until in SPOTS:
        valid = (since is None or since <= day) and (until is None or day < until)
        if own == kind and valid and shapely.Polygon(rings[0], rings[1:]).covers(shapely.Point(lon, lat)):
            found.add(spot)
    return found


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("harm")
    write(folder)
    settings = Settings(force=ForceSettings(code="F", name="Force"), harm=HarmSettings(weight_set="ours"))
    opened = Store.open(settings, url=f"sqlite:///{folder}/npd.sqlite")
    assert not load(opened, folder, by="tests").error
    return opened


def write(folder: Path) -> None:
    box = [(-0.01, -0.01), (0.11, -0.01), (0.11, 0.11), (-0.01, 0.11)]
    area = {"neighbourhood_code": "N1", "neighbourhood_name": "N", "sector_code": "S1", "sector_name": "S"}
    geojson(
        folder / "neighbourhoods.geojson", [({**area, "lpa_code": "L1", "lpa_name": "LPA", "residents": 9}, (box,))]
    )
    spots = []
    for spot, kind, rings, since, until in SPOTS:
        dates = {"valid_from": str(since)} if since else {}
        dates |= {"valid_to": str(until)} if until else {}
        spots.append(({"hotspot_id": spot, "name": spot, "kind": kind, "lpa_code": "L1", **dates}, rings))
    geojson(folder / "hotspots.geojson", spots)
    offences = [f"{code},{code},group {code},{'true' if code == 'H' else ''}" for code in "ABXH"]
    (folder / "offences.csv").write_text("\n".join(["offence_code,offence_name,offence_group,homicide", *offences]))
    weights = [f"ours,{code},{weight},tests" for code, weight in WEIGHTS.items()]
    (folder / "weights.csv").write_text("\n".join(["weight_set,offence_code,weight,source", *weights]))
    rows = [",".join("" if value is None else str(value) for value in crime) for crime in crimes()]
    (folder / "crimes.csv").write_text("\n".join(["crime_id,recorded_on,offence_code,lon,lat", *rows]))


def geojson(path: Path, shapes: list) -> None:
    features = [
        {
            "type": "Feature",
            "properties": properties,
            "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]] for ring in rings]},
        }
        for properties, rings in shapes
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))


def harm_of(chosen: list[Crime]) -> float:
    return sum(WEIGHTS.get(crime[2], 0.0) for crime in chosen)


def in_months(since: date, until: date) -> list[Crime]:
    return [crime for crime in crimes() if since <= crime[1] < until]


def test_membership_is_by_position_in_the_polygon_of_the_day(store: Store) -> None:
    rows = Reader.open(store, FORCE).facts("crimes", date(2023, 1, 1), date(2025, 1, 1)).collect().to_dicts()
    found = {row["crime_id"]: row for row in rows}
    for crime in crimes():
        row = found[crime[0]]
        assert set(row["impact_areas"]) == areas_of(crime, "impact_area"), crime
        assert set(row["hotspots"]) == areas_of(crime, "asb"), crime
        assert row["in_impact_areas"] == bool(areas_of(crime, "impact_area"))
        assert row["in_hotspots"] == bool(areas_of(crime, "asb"))
        assert row["weight"] == WEIGHTS.get(crime[2])


def test_harm_of_each_area_and_month_is_the_loop_s(store: Store) -> None:
    asked = Question(indicators=("HRM-01", "HRM-02", "HRM-03"), level="impact_area", since=MAY, until=MAY)
    rows = {
        (row["indicator_id"], row["area_code"]): row["value"]
        for row in answer(Reader.open(store, FORCE), asked).to_dicts()
    }
    month = in_months(MAY, date(2024, 6, 1))
    for spot in ("I1", "I2", "I3"):
        own = [crime for crime in month if spot in areas_of(crime, "impact_area")]
        weighed = [crime for crime in own if crime[2] in WEIGHTS]
        assert rows["HRM-01", spot] == len(own) > 0
        assert rows["HRM-02", spot] == pytest.approx(harm_of(own), rel=1e-12)
        assert rows["HRM-03", spot] == pytest.approx(harm_of(own) / len(weighed), rel=1e-12)


def test_inside_counts_an_overlap_once_and_adds_up_with_the_rest(store: Store) -> None:
    rows = {
        (row["part"], row["area_level"]): row
        for row in answers_harm.side_by_side(Reader.open(store, FORCE), HarmQuestion(month=MAY)).to_dicts()
    }
    month = in_months(MAY, date(2024, 6, 1))
    inside = [crime for crime in month if areas_of(crime, "impact_area")]
    assert sum(len(areas_of(crime, "impact_area")) for crime in month) > len(inside)  # the areas do overlap
    assert rows["inside", "force"]["crimes"] == len(inside)
    assert rows["inside", "force"]["harm"] == pytest.approx(harm_of(inside))
    assert rows["whole", "force"]["crimes"] == len(month)
    assert rows["rest", "force"]["crimes"] == len(month) - len(inside)
    placed = [crime for crime in month if crime[3] is not None]
    assert rows["rest", "lpa"]["crimes"] == len(placed) - len(inside)
    share = answer(Reader.open(store, FORCE), Question(indicators=("HRM-04",), level="force", since=MAY, until=MAY))
    assert rows["inside", "force"]["share_of_force_harm"] == pytest.approx(share["value"].item(), rel=1e-12)


@pytest.mark.parametrize("part", ["whole", "inside", "rest"])
@pytest.mark.parametrize("without", [False, True])
def test_what_moved_the_harm_adds_up(store: Store, part: str, without: bool) -> None:
    question = HarmQuestion(month=MAY, part=part, without_homicide=without)
    wanted = {"whole": (True, False), "inside": (True,), "rest": (False,)}[part]
    chosen = [
        crime
        for crime in crimes()
        if bool(areas_of(crime, "impact_area")) in wanted and not (without and crime[2] == "H")
    ]
    this = harm_of([crime for crime in chosen if date(2024, 4, 1) <= crime[1] < date(2024, 6, 1)])
    last = harm_of([crime for crime in chosen if date(2023, 4, 1) <= crime[1] < date(2023, 6, 1)])
    steps = answers_harm.harm_steps(Reader.open(store, FORCE), question)
    assert steps["harm"][0] == pytest.approx(last)
    assert steps["harm"][-1] == pytest.approx(this)
    assert steps["harm"][:-1].sum() == pytest.approx(this)
    assert "group H" not in steps["step"] or not without


def test_what_is_left_out_is_counted(store: Store) -> None:
    year = in_months(date(2024, 4, 1), date(2024, 6, 1))
    found = answers_harm.left_out(Reader.open(store, FORCE), HarmQuestion(month=MAY)).row(0, named=True)
    nowhere = [crime for crime in year if crime[3] is None]
    assert found["crimes"] == len(year)
    assert found["unplaced"] == len(nowhere) > 0
    assert found["unplaced_harm"] == pytest.approx(harm_of(nowhere))
    assert found["unweighted"] == sum(crime[2] == "X" for crime in year) > 0
    codes = answers_harm.unweighted_codes(Reader.open(store, FORCE), HarmQuestion(month=MAY))
    assert codes.rows() == [("X", "X", found["unweighted"])]


def test_weight_sets_lie_beside_each_other_with_their_source(store: Store) -> None:
    sets = answers_harm.weight_sets(Reader.open(store, FORCE))
    assert sets.filter(pl.col("weight_set") == "ours").row(0) == ("ours", "tests", len(WEIGHTS))
    assert "ons-2020" in sets["weight_set"]
    by_ons = answers_harm.side_by_side(Reader.open(store, FORCE), HarmQuestion(month=MAY, weight_set="ons-2020"))
    ours = answers_harm.side_by_side(Reader.open(store, FORCE), HarmQuestion(month=MAY))
    assert by_ons["crimes"].to_list() == ours["crimes"].to_list()
    assert by_ons["harm"].to_list() != ours["harm"].to_list()


def test_a_scope_sees_its_own_areas_and_the_force_s_total(store: Store) -> None:
    commander = Scope(viewer="commander", lpas=frozenset({"L1"}))
    rows = answers_harm.side_by_side(Reader.open(store, commander), HarmQuestion(month=MAY))
    assert set(rows["area_level"]) == {"force", "impact_area", "lpa"}
    assert rows.row(0, named=True)["crimes"] == len(in_months(MAY, date(2024, 6, 1)))
    elsewhere = Scope(viewer="elsewhere", lpas=frozenset({"L9"}))
    assert set(answers_harm.side_by_side(Reader.open(store, elsewhere), HarmQuestion(month=MAY))["area_level"]) == {
        "force"
    }
