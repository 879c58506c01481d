"""A month of which the extract tells that nothing happened is 0; one of which it tells nothing is no figure."""

import json
from datetime import date
from pathlib import Path

import pytest

from data_access.answers.answer import Question, answer
from data_access.answers.reader import Reader
from data_access.load.ingest import load
from data_access.scope import Scope
from data_access.store import Store

CHIEF = Scope(viewer="chief", force=True, people="team")  # the time of one officer is no figure for anyone else
SQUARE = {"type": "Polygon", "coordinates": [[[-2, 52], [-1.9, 52], [-1.9, 52.1], [-2, 52.1], [-2, 52]]]}
WARD = {
    "neighbourhood_code": "N1",
    "neighbourhood_name": "N",
    "sector_code": "S1",
    "sector_name": "S",
    "lpa_code": "L1",
    "lpa_name": "L",
}
ASB_IN_OCTOBER = "I3,2024-10-08T12:00:00Z,A1,-1.95,52.05"
THEFT_IN_SEPTEMBER = "I2,2024-09-30T22:59:59Z,X1,-1.95,52.05"
FIX_OFF_DUTY = "O1,2024-09-08T12:00:00Z,-1.95,52.05"
FIX_ON_DUTY = "O1,2024-10-08T12:00:00Z,-1.95,52.05"


@pytest.fixture
def extracts(tmp_path: Path) -> Path:
    """Write one ward, one officer on duty in September and October, and the codes."""
    folder = tmp_path / "extracts"
    folder.mkdir()
    feature = {"type": "Feature", "geometry": SQUARE, "properties": WARD}
    (folder / "neighbourhoods.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    tables = {
        "closure_codes": ["closure_code,closure_name,asb_category", "A1,noise,nuisance", "X1,theft,"],
        "officers": ["officer_id,role", "O1,officer"],
        "postings": ["officer_id,department,team,lpa_code,start_date", "O1,NPT,A,L1,2024-01-01"],
        "activity_codes": ["activity_code,activity_name,category,family,valid_from", "P,patrol,patrol,core,2024-01-01"],
        "duties": [
            "officer_id,shift_id,starts_at,ends_at,activity_code",
            "O1,1,2024-09-10T08:00:00Z,2024-09-10T16:00:00Z,P",
            "O1,2,2024-10-08T08:00:00Z,2024-10-08T16:00:00Z,P",
        ],
    }
    for feed, lines in tables.items():
        (folder / f"{feed}.csv").write_text("\n".join(lines) + "\n")
    return folder


def values(extracts: Path, indicator: str, feed: str, header: str, *rows: str) -> dict[date, float | None]:
    (extracts / f"{feed}.csv").write_text("\n".join((header, *rows)) + "\n")
    store = Store.open(f"sqlite:///{extracts.parent}/npd.sqlite")
    assert not load(store, extracts, by="tests").error
    question = Question(indicators=(indicator,), level="lpa", since=date(2024, 9, 1), until=date(2024, 10, 1))
    return dict(answer(Reader.open(store, CHIEF), question).select("month", "value").iter_rows())


def test_incidents_of_which_none_is_asb_are_no_asb(extracts: Path) -> None:
    header = "incident_id,reported_at,closing_codes,lon,lat"
    found = values(extracts, "ASB-01", "incidents", header, THEFT_IN_SEPTEMBER, ASB_IN_OCTOBER)
    assert found == {date(2024, 9, 1): 0, date(2024, 10, 1): 1}


def test_a_month_without_incidents_is_unknown(extracts: Path) -> None:
    header = "incident_id,reported_at,closing_codes,lon,lat"
    august = THEFT_IN_SEPTEMBER.replace("09-30", "08-30")
    found = values(extracts, "ASB-01", "incidents", header, august, ASB_IN_OCTOBER)
    assert found.get(date(2024, 9, 1)) is None
    assert found[date(2024, 10, 1)] == 1


def test_fixes_of_which_none_was_on_duty_are_no_visible_time(extracts: Path) -> None:
    found = values(extracts, "VIS-04", "fixes", "officer_id,at,lon,lat", FIX_OFF_DUTY, FIX_ON_DUTY)
    assert found[date(2024, 9, 1)] == 0
    assert found[date(2024, 10, 1)] > 0
