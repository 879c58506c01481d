"""Which feeds count as late, and up to when the data reach."""

from datetime import UTC, date, datetime
from pathlib import Path

from data_access.answers.freshness import data_to, late, provisional_month
from data_access.answers.reader import Reader
from data_access.load.ingest import load
from data_access.scope import Scope
from data_access.store import Store
from pages.briefing.material import Area, gather
from pages.shell import start
from tests.data_access.small_force import FORCE, collection, feature, square, write


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def test_a_nightly_feed_is_late_after_three_days() -> None:
    newest = {"duties": at("2024-10-31T12:00"), "crimes": at("2024-10-28T12:00"), "fixes": at("2024-10-28T11:59")}
    assert late(newest) == {"fixes"}


def test_a_monthly_feed_is_late_a_month_after_the_month_it_lacks_has_ended() -> None:
    of_september = {"establishment": at("2024-09-01")}
    assert late({**of_september, "duties": at("2024-11-30T23:00")}) == frozenset()
    assert late({**of_september, "duties": at("2024-12-02T00:00")}) == {"establishment"}


def test_an_audit_after_the_last_duty_does_not_make_the_duties_late() -> None:
    newest = {"duties": at("2024-10-31T23:00"), "asb_audits": at("2024-11-12")}
    assert data_to(newest) == at("2024-10-31T23:00")
    assert late(newest) == frozenset()


def test_a_store_without_nightly_feeds_reaches_to_its_newest_event() -> None:
    assert data_to({"profiles": at("2024-10-01"), "measures": at("2024-09-01")}) == at("2024-10-01")
    assert data_to({}) is None
    assert late({}) == frozenset()


def test_page_and_briefing_call_the_same_month_provisional(sqlite_store: Store, tmp_path: Path) -> None:
    """The duties, incidents and crimes of the small force end early in October; its measures tell of November."""
    more = {"measures.csv": "indicator_id,area_code,month,numerator,denominator\nSAT-01,L1,2024-11,3,4\n"}
    assert load(sqlite_store, write(tmp_path / "in", {**FORCE, **more}), by="tests").exit_code == 0
    reader = Reader.open(sqlite_store, Scope.whole_force("tests"))
    october, november = date(2024, 10, 1), date(2024, 11, 1)
    assert provisional_month(reader) == october
    assert october in start.frame(reader).provisional
    area = Area(level="lpa", code="L1", name="L1")
    assert gather(reader, area, october).provisional
    assert not gather(reader, area, november).provisional


def test_the_months_to_choose_from_end_with_what_happened(sqlite_store: Store, tmp_path: Path) -> None:
    """A crime on the last day has the next month built too: hotspots and wards have an extent there, nothing more."""
    own = {"hotspot_id": "H1", "kind": "syv_robbery", "name": "One", "lpa_code": "L1", "valid_from": "2024-01-01"}
    spot = feature(square(-1.94, 52.44, 0.001), **own)
    last_day = {
        "crimes.csv": "crime_id,recorded_on,offence_code,lon,lat\nC1,2024-10-31,45,-1.94,52.45\n",
        "hotspots.geojson": collection(spot),
    }
    assert load(sqlite_store, write(tmp_path / "in", {**FORCE, **last_day}), by="tests").exit_code == 0
    assert sqlite_store.version().months == (date(2024, 10, 1), date(2024, 10, 1))
