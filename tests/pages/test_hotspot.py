"""The page of one hotspot: its finding, its windows, who was there for those who may see it, and crime."""

from collections.abc import Callable
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from data_access.answers import patrol as answers_patrol
from data_access.answers.patrol import PatrolQuestion
from data_access.answers.reader import Reader
from data_access.scope import Scope
from pages.shell import start
from tests.pages.test_shell import text

OCTOBER = date(2024, 10, 1)
Run = Callable[..., AppTest]
RESULTS = {"Compliant": "compliant", "Short": "short", "Outside the window": "outside_window", "Missed": "missed"}


@pytest.fixture
def page(shell: Run) -> Run:
    def run(viewer: str = "chief", **address: str) -> AppTest:
        return shell(viewer, page="hotspot", **{"month": "2024-10", **address})

    return run


def windows(app: AppTest) -> list[dict]:
    (table,) = (one.value for one in app.dataframe if "minutes" in one.value.columns)
    return table.to_dict("records")


def test_the_furthest_behind_opens_first_and_the_title_counts_its_windows(page: Run) -> None:
    app = page()
    assert not app.exception
    month = PatrolQuestion(month=OCTOBER)
    behind = answers_patrol.hotspots(Reader.open(start.store(), Scope(viewer="tests", force=True)), month)
    worst = behind.row(0, named=True)
    (title,) = [one.value for one in app.markdown if one.value.startswith("# ")]
    assert title.startswith(f"# {worst['area_name']}: {worst['compliant']} of {worst['taskings']} kept")
    rows = windows(app)
    assert len(rows) == worst["taskings"]
    for said, result in RESULTS.items():
        assert sum(row["result"] == said for row in rows) == worst[result]
    assert all((row["minutes"] >= 60) == (row["result"] == "Compliant") for row in rows)
    assert "Who was there, tasked or not" in text(app)
    assert "Officer-hours in" in text(app)
    pictures = " ".join(one.proto.spec for one in app.get("plotly_chart"))
    assert "PCSO" in pictures and "pcso" not in pictures


def test_who_was_there_is_not_for_every_viewer(page: Run) -> None:
    app = page("commander")
    assert not app.exception
    assert "Who was there is shown to viewers who may see teams" in text(app)
    tables = [one.value.columns for one in app.dataframe]
    assert any("window" in columns for columns in tables)
    assert not any({"minutes", "officer_minutes", "officers"} & set(columns) for columns in tables)
    reader = Reader.open(start.store(), Scope(viewer="tests", lpas=("L1",), people="none"))
    with pytest.raises(PermissionError):
        answers_patrol.hours_by_role(reader, PatrolQuestion(month=OCTOBER))


def test_patrols_tells_the_worst_in_words_and_leads_there(shell: Run) -> None:
    app = shell("chief", "patrols", month="2024-10")
    told = [one.proto.body for one in app.get("html") if "hotspot?month=2024-10&amp;hotspot=T" in one.proto.body]
    assert len(told) == 1
    assert " kept" in told[0]
