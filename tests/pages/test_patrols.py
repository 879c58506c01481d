"""The Patrols page without a browser: kept or not, why not, what stands beside, what it says without data."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.test_shell import linked_rows, text

Run = Callable[..., AppTest]


@pytest.fixture
def page(shell: Run) -> Run:
    """Open the page as the address does."""

    def run(viewer: str = "chief", **address: str) -> AppTest:
        return shell(viewer, page="patrols", **{"month": "2024-10", **address})

    return run


def table(app: AppTest, column: str) -> list[dict]:
    """Give the rows of the table that has a column."""
    frames = [element.value for element in app.dataframe if column in element.value.columns]
    return frames[0].to_dict("records")


def test_hotspots_are_listed_with_why_patrols_failed(page: Run) -> None:
    app = page()
    assert not app.exception
    rows = {row["area_name"]: row for row in linked_rows(app, "longest_gap_days")}
    assert set(rows) == {"Place T1", "Place T2"}
    for row in rows.values():
        assert row["taskings"] == row["compliant"] + row["short"] + row["outside_window"] + row["missed"]
        assert row["required"] == 11
        assert row["achieved"] <= row["compliant"]
    assert sum(row["taskings"] for row in rows.values()) == 28  # 33 rows, five of them a second officer


def test_a_kind_of_hotspot_is_chosen_and_kept_in_the_address(page: Run) -> None:
    app = page()
    app.selectbox(key="own_kind").set_value("asb").run()
    assert not app.exception
    assert app.query_params["kind"] == "asb"
    assert [row["area_name"] for row in linked_rows(app, "longest_gap_days")] == ["Place T2"]


def test_a_hotspot_is_opened_by_the_address(page: Run) -> None:
    app = page(hotspot="T1")
    assert not app.exception
    assert [row["area_name"] for row in linked_rows(app, "longest_gap_days")] == ["Place T1"]


def test_crime_in_hotspots_stands_beside_the_rest_with_the_note(page: Run) -> None:
    app = page(patrols_tab="violence")
    names = [row["area_name"] for row in table(app, "crimes_change_percent")]
    assert "All hotspots of LPA L1" in names
    assert "LPA L1 outside hotspots" in names
    assert "regression to the mean" in text(app)


def test_patrol_time_is_an_association_and_says_that_no_cost_is_configured(page: Run) -> None:
    app = page(patrols_tab="time", time_in="hotspot:T1")
    assert not app.exception
    said = text(app)
    assert "Association, never effect" in said
    assert "No cost is shown: no price of an hour is configured" in said
    weeks = table(app, "officer_hours")
    assert sum(week["officer_hours"] for week in weeks if week["officer_hours"] > 0) > 0
    assert "stop and searches not loaded" in said
    later = table(page(patrols_tab="time", time_in="hotspot:T1", lag="2"), "officer_hours")
    assert [week["crimes"] for week in later[-6:-2]] == [week["crimes"] for week in weeks[-4:]]  # October


def test_a_month_without_taskings_says_so(page: Run) -> None:
    app = page(month="2024-09")
    assert not app.exception
    assert "No tasking is loaded for this month" in text(app)


def test_a_commander_sees_no_other_lpa_s_hotspots(page: Run) -> None:
    app = page("commander")
    assert not app.exception
    assert [row["area_name"] for row in linked_rows(app, "longest_gap_days")] == ["Place T1"]
    assert app.selectbox(key="own_hotspot").options == ["Place T1"]
