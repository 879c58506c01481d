"""The Impact areas page without a browser: what it says, what can be chosen, what it leaves out."""

from collections.abc import Callable
from datetime import date

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from tests.metrics import example
from tests.pages.test_shell import linked_rows, text

Run = Callable[..., AppTest]


@pytest.fixture
def page(shell: Run) -> Run:
    """Open the page as the address does."""

    def run(viewer: str = "chief", **address: str) -> AppTest:
        return shell(viewer, page="impact_areas", **address)

    return run


def test_areas_the_rest_and_the_force_stand_side_by_side(page: Run) -> None:
    app = page(weights="acceptance", impact_areas_tab="beside")
    assert not app.exception
    rows = {row["area_name"]: row for row in linked_rows(app, "share_of_force_harm")}
    whole, inside, rest = (rows[name] for name in list(rows)[:3])
    assert whole["crimes"] == inside["crimes"] + rest["crimes"]
    assert whole["harm"] == pytest.approx(inside["harm"] + rest["harm"])
    assert inside["crimes"] == rows["Place I1"]["crimes"]
    assert "LPA L1 outside Impact Areas" in rows


def test_an_area_opens_from_the_address_and_says_its_name(page: Run) -> None:
    app = page(impact_area="I1", weights="acceptance")
    assert not app.exception
    assert "Crime harm by month, Place I1" in text(app)
    assert app.selectbox(key="own_impact_area").value == "I1"


def test_the_weight_set_is_chosen_on_the_page_and_named(page: Run) -> None:
    app = page()
    assert "Weight set “ons-2020”: ONS Crime Severity Score" in text(app)
    app.selectbox(key="own_weights").set_value("acceptance").run()
    assert app.query_params["weights"] == "acceptance"
    assert "Weight set “acceptance”: acceptance case" in text(app)
    beside = page(weights="acceptance", impact_areas_tab="beside")
    assert "in “acceptance”: they count as crimes and add no harm" in text(beside)


def test_without_homicide_takes_its_harm_away(page: Run) -> None:
    app = page(weights="acceptance", month="2024-10", impact_areas_tab="beside")
    with_them = linked_rows(app, "share_of_force_harm")[0]
    app.toggle(key="switch_without_homicide").set_value(True).run()
    without = linked_rows(app, "share_of_force_harm")[0]
    gone = with_them["crimes_year_to_date"] - without["crimes_year_to_date"]
    lost = with_them["harm_year_to_date"] - without["harm_year_to_date"]
    assert gone > 0
    assert lost == pytest.approx(gone * 7973.393423)


def test_what_is_unweighted_or_unplaced_is_counted_and_said(page: Run) -> None:
    said = text(page(weights="acceptance", impact_areas_tab="beside"))
    year_to_date = pl.col("recorded_on").is_between(date(2024, 4, 1), date(2024, 10, 31))
    crimes = example.placed(example.feed("crimes").filter(year_to_date)).collect()
    weighed = example.feed("weights").filter(pl.col("weight_set") == "acceptance").collect()["offence_code"]
    unweighted = crimes.filter(~pl.col("offence_code").is_in(weighed.implode())).height
    unplaced = crimes["neighbourhood_code"].null_count()
    assert f"Of {crimes.height:,} crimes recorded in the year to date" in said
    assert f"{unweighted} have an offence code without a weight" in said
    assert f"{unplaced} have no place in any neighbourhood" in said


def test_a_commander_sees_their_own_areas_beside_the_force_and_no_other_lpa(page: Run) -> None:
    app = page("commander", weights="acceptance", impact_areas_tab="beside")
    assert not app.exception
    names = [row["area_name"] for row in linked_rows(app, "share_of_force_harm")]
    assert "Place I1" in names
    assert not any("LPA L2" in name for name in names)


def test_an_lpa_without_an_impact_area_says_so(page: Run) -> None:
    app = page(lpa="L2")
    assert not app.exception
    assert "No Impact Areas in LPA L2" in text(app)


def test_an_area_that_is_gone_is_said(page: Run) -> None:
    assert "“I9” is no choice here" in text(page(impact_area="I9"))
