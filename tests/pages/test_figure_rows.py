"""From a figure to its rows, on the page of any figure."""

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

Run = Callable[..., AppTest]
ABOUT = {"indicator": "ASB-01", "lpa": "L1", "month": "2024-10"}


def said(app: AppTest) -> str:
    return " ".join(one.value for one in (*app.caption, *app.info, *app.markdown))


def test_rows_are_read_when_they_are_asked_for(shell: Run) -> None:
    app = shell(page="figure", **ABOUT)
    assert "rows are counted" not in said(app)


def test_what_is_counted_stands_in_a_sentence_above_the_rows(shell: Run) -> None:
    app = shell("chief", "figure", **ABOUT, rows="numerator")
    assert not app.exception
    assert "rows are counted" in said(app)
    assert "Rows, " in said(app)


def test_whoever_sees_no_teams_is_told_so(shell: Run) -> None:
    app = shell("commander", "figure", **ABOUT, rows="numerator")
    assert "Single rows are for viewers who may see teams" in said(app)
    app = shell("commander", "figure", **{**ABOUT, "indicator": "ABS-01"}, rows="denominator")
    assert "No rows: these rows are officers' time" in said(app).replace("\\", "")


def test_a_figure_and_its_rows_are_narrowed_as_the_page_of_its_indicator_is(shell: Run) -> None:
    narrowed = {**ABOUT, "category": "nuisance", "rows": "numerator"}
    app = shell("chief", "figure", **narrowed)
    assert not app.exception
    assert "Rows, LPA L1, Oct 2024, nuisance" in said(app)
    assert [one.label for one in app.button if one.key == "chip_category"] == ["Category: nuisance ✕"]
    counted, whole = (
        said(one).split(" rows are counted")[0].split()[-1]
        for one in (app, shell("chief", "figure", **{**ABOUT, "rows": "numerator"}))
    )
    assert int(counted) < int(whole)


def test_what_a_figure_cannot_be_narrowed_by_is_said_on_its_chip(shell: Run) -> None:
    app = shell("chief", "figure", **{**ABOUT, "indicator": "HRM-01", "category": "nuisance"})
    assert [one.label for one in app.button if one.key == "chip_category"] == ["Category: nuisance (on ASB) ✕"]
    assert "nuisance" not in said(app)
