"""Explanations on the pages: written in the dialog, numbered on the chart, waiting on the Overview."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest
from streamlit.testing.v1 import AppTest

from data_access.answers.explanations import explain, explained
from data_access.answers.reader import Reader
from data_access.database.explanations import Explanation
from data_access.scope import Scope
from pages.shell import start
from tests.places import ROOT

RIGHTS = frozenset({"explain", "approve"})
CHIEF = Scope(viewer="chief", force=True, rights=RIGHTS)
VIEWERS = """
[[viewers]]
id = "chief"
name = "Chief officer"
force = true
may_explain = true

[[viewers]]
id = "second"
name = "Performance lead"
force = true
may_approve = true

[[viewers]]
id = "partner"
name = "Partner"
force = true
"""
Run = Callable[..., AppTest]


@pytest.fixture
def desk(example_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The shell on a copy of the example, for each of three viewers."""
    start.settings.cache_clear()
    start.store.cache_clear()
    copytree(example_store, tmp_path / "own")
    (tmp_path / "own" / "config.toml").write_text(f'[store]\nurl = "sqlite:///npd.sqlite"\n{VIEWERS}')
    monkeypatch.setenv("NPD_CONFIG", str(tmp_path / "own" / "config.toml"))
    monkeypatch.delenv("NPD_STORE_URL", raising=False)

    def run(viewer: str, page: str = "overview") -> AppTest:
        app = AppTest.from_file(str(ROOT / "pages" / "_shell.py"), default_timeout=60)
        app.switch_page(f"{page}.py")
        app.session_state["viewer"] = viewer
        app.query_params["month"] = "2024-10"
        return app.run()

    return run


def written(kind: str = "recording change", sentence: str = "<b>New</b> codes & forms.") -> str:
    given = Explanation(
        indicator_id="ABS-01", area_level="force", area_code="E23000014", month=date(2024, 10, 1), kind=kind,
        sentence=sentence, owner="ASB lead", review_on=date(2024, 11, 1),
    )  # fmt: skip
    return explain(Reader.open(start.store(), CHIEF), given)


def html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def test_an_overview_without_explanations_says_nothing_of_them(desk: Run) -> None:
    app = desk("second")
    assert not app.exception
    assert not [one for one in app.expander if "explanation" in one.label]


def test_what_waits_stands_on_the_overview_with_its_words_as_text(desk: Run) -> None:
    desk("chief")
    written()
    app = desk("second")
    assert not app.exception
    assert [one.label for one in app.expander if "review" in one.label] == [
        "1 explanation due for review · 1 recording change to approve"
    ]
    assert "&lt;b&gt;New&lt;/b&gt; codes &amp; forms." in html(app)
    assert "<b>New</b>" not in html(app)


def test_a_second_person_approves_at_a_click_and_withdraws(desk: Run) -> None:
    desk("chief")
    own = written()
    app = desk("second")
    app.button(key=f"Approve_{own}").click().run()
    assert not app.exception
    reader = Reader.open(start.store(), CHIEF)
    assert explained(reader)["decision"].to_list() == ["approved"]
    assert reader.step_changes().height == 1
    app.button(key=f"Withdraw_{own}").click().run()
    assert Reader.open(start.store(), CHIEF).step_changes().is_empty()


def test_nobody_without_the_right_is_offered_a_decision(desk: Run) -> None:
    desk("chief")
    written()
    for viewer in ("chief", "partner"):
        assert not [one for one in desk(viewer).button if one.label in ("Approve", "Withdraw")]


def test_the_chart_carries_the_number_and_the_words_as_text(desk: Run) -> None:
    desk("chief")
    written(kind="explained")
    app = desk("partner", "abstractions")
    assert not app.exception
    drawn = [chart.proto.spec for chart in app.get("plotly_chart")]
    assert any("1. explained: \\u0026lt;b" in one or "1. explained: &lt;b" in one for one in drawn)


def test_a_dialog_of_a_viewer_without_the_right_has_no_form(desk: Run) -> None:
    app = desk("partner", "abstractions")
    app.button(key="how_abs_ABS-01").click().run()
    assert not app.exception
    assert not [one for one in app.button if one.label == "Save"]
