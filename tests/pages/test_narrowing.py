"""Pages narrowed by the address: every figure that has the field is of that value, and what has not says so."""

from collections.abc import Callable, Iterator
from datetime import date

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from data_access.answers.reader import Reader
from data_access.scope import Scope
from pages.shell import start
from tests.pages.test_asb import cards
from tests.pages.test_shell import text

Run = Callable[..., AppTest]
OCTOBER = date(2024, 10, 1)


def rows(source: str) -> pl.DataFrame:
    """Read October's facts as a viewer does who may see everything."""
    reader = Reader.open(start.store(), Scope(viewer="tests", force=True, people="officer"))
    return reader.facts(source, OCTOBER, date(2024, 11, 1)).collect()


def warned(app: AppTest) -> Iterator[str]:
    return (one.value for one in app.warning)


@pytest.mark.parametrize("category", ["nuisance", "personal", "environmental"])
def test_a_category_of_asb_narrows_cards_trend_and_areas(shell: Run, category: str) -> None:
    app = shell(page="asb", category=category, lpa="L1", asb_tab="every")
    assert not app.exception
    said = text(app)
    own = rows("asb").filter(category=category, lpa_code="L1")
    assert cards(app)["asb incidents"] == str(own.height)
    for title in (
        "ASB incidents by month",
        "When ASB is reported, 12 months to Oct 2024",
        "ASB incidents, every sector",
    ):
        assert f"### {title}, {category}" in said
    assert app.button(key="chip_category").label.startswith(f"Category: {category}")


def test_an_hour_of_the_week_and_a_category_narrow_together(shell: Run) -> None:
    app = shell(page="asb", category="nuisance", when="mon-10")
    own = rows("asb").filter(pl.col("day").dt.weekday() == 1, pl.col("hour") == 10, pl.col("category") == "nuisance")
    assert cards(app)["asb incidents"] == str(own.height)
    assert "ASB incidents by month, nuisance, Mon 10:00 to 10:59" in text(app)


def test_what_has_not_the_field_says_that_it_is_not_narrowed(shell: Run) -> None:
    for tab, what in (("powers", "Powers and case reviews"), ("codes", "Closing codes"), ("again", "Repeat locations")):
        narrowed, whole = shell(page="asb", category="nuisance", asb_tab=tab), shell(page="asb", asb_tab=tab)
        assert f"{what}" in text(narrowed) and ": not narrowed to nuisance." in text(narrowed)
        assert "not narrowed" not in text(whole)
        assert [one.value.to_dict() for one in narrowed.dataframe] == [one.value.to_dict() for one in whole.dataframe]


@pytest.mark.parametrize(
    ("dimension", "value"),
    [("category", "nonsense"), ("category", "<b>"), ("when", "sat-25"), ("when", ""), ("cause", "x"), ("offence", "1")],
)
def test_a_value_that_there_is_not_is_said_and_left_out(shell: Run, dimension: str, value: str) -> None:
    app, whole = shell(page="asb", **{dimension: value}), shell(page="asb")
    assert not app.exception
    assert any("that figures can be narrowed to" in said for said in warned(app))
    assert cards(app) == cards(whole)
    assert f"chip_{dimension}" not in [button.key for button in app.button]


def test_a_chip_takes_its_narrowing_away_and_leaves_the_other(shell: Run) -> None:
    app = shell(page="asb", category="nuisance", when="mon-10")
    app.button(key="chip_when").click().run()
    assert app.query_params["category"] == "nuisance"
    assert "when" not in app.query_params
    assert cards(app)["asb incidents"] == str(rows("asb").filter(category="nuisance").height)


def test_a_chip_of_another_page_says_which_and_narrows_nothing_here(shell: Run) -> None:
    app = shell(page="workforce", category="nuisance")
    assert app.button(key="chip_category").label.startswith("Category: nuisance (on ASB)")
    assert cards(app) == cards(shell(page="workforce"))


def test_a_cause_is_its_share_of_abstraction_and_no_rate_of_100_percent(shell: Run) -> None:
    duty = rows("duty").filter(pl.col("department") == "NPT", pl.col("family").is_in(["demand", "aid", "mandatory"]))
    hours = dict(duty.group_by("category").agg(pl.col("seconds").sum()).rows())
    for cause, seconds in hours.items():
        app = shell(page="abstractions", cause=cause)
        assert not app.exception
        share = f"{100 * seconds / sum(hours.values()):.1f} %"
        assert cards(app) == {f"share of abstraction: {cause}": share}
        assert f"Share of abstraction by month, {cause}" in text(app)


def test_an_hour_of_officers_time_is_for_whoever_may_see_teams(shell: Run) -> None:
    week = rows("duty").filter(pl.col("department") == "NPT", pl.col("day").dt.weekday() == 1, pl.col("hour") == 10)
    lost, worked = (
        week.filter(pl.col("family").is_in(families))["seconds"].sum()
        for families in (["demand", "aid"], ["demand", "aid", "mandatory", "core"])
    )
    assert cards(shell(page="abstractions", when="mon-10"))["operational abstraction rate"] == (
        f"{100 * lost / worked:.1f} %"
    )
    for page in ("abstractions", "visibility"):
        partner, whole = shell("commander", page=page, when="mon-10"), shell("commander", page=page)
        assert "Not narrowed to Mon 10:00 to 10:59: one hour of few officers" in text(partner)
        assert cards(partner) == cards(whole)


def test_a_team_is_narrowed_to_by_whoever_may_see_it(shell: Run) -> None:
    duty = rows("duty").filter(pl.col("department") == "NPT")
    for (team,), own in duty.group_by("team"):
        name, worked = f"NPT / {team}", own.filter(pl.col("family") != "absence")["seconds"].sum()
        lost = own.filter(pl.col("family").is_in(["demand", "aid"]))["seconds"].sum()
        size = own.filter(pl.col("seconds") > 0)["officer_id"].n_unique()
        seen = shell("analyst", page="abstractions", team=name, abstractions_tab="whose")
        assert not seen.exception
        rate = seen.get("html") and cards(seen)["operational abstraction rate"]
        if size >= 5:
            assert rate == f"{100 * lost / worked:.1f} %"
            assert f"Abstraction rate by month, {name}" in text(seen)
        for viewer in ("commander", "chief", "elsewhere")[: 1 if size >= 5 else 2]:
            hidden = shell(viewer, page="abstractions", team=name)
            assert any("is no team (any more)" in said for said in warned(hidden))
            assert cards(hidden) == cards(shell(viewer, page="abstractions"))


def test_an_offence_group_narrows_harm_and_crime(shell: Run) -> None:
    crimes = rows("crimes").filter(pl.col("in_impact_areas"))
    for group in crimes["offence_group"].unique():
        app = shell(page="impact_areas", offence=group)
        assert not app.exception
        assert cards(app)["recorded crime"] == str(crimes.filter(offence_group=group).height)
        assert f"Crime harm by month, Impact Areas, West Midlands Police, {group}" in text(app)
    other = shell(page="impact_areas", offence="Robbery", impact_areas_tab="outcomes")
    assert "Outcomes: not narrowed to Robbery." in text(other)
