"""Rights by viewer: a page offers what a viewer may do, and the server refuses the rest whatever a page offers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from data_access.answers.asb import Draw, Where, dip_sample, judge, repeat_callers
from data_access.answers.quality import trail
from data_access.answers.reader import Reader
from data_access.answers.visibility import Where as Posted
from data_access.answers.visibility import individuals
from data_access.scope import USUAL_RIGHTS, Scope, scope_of
from data_access.settings import PrivacySettings, ViewerSettings, load_settings
from data_access.store import Store
from pages.parts import downloads
from pages.shell import start
from tests.pages.conftest import with_all_opened

Run = Callable[..., AppTest]
OCTOBER = date(2024, 10, 1)


@pytest.fixture
def store(shell: Run) -> Store:
    return start.store()


def analyst(*rights: str) -> Scope:
    return Scope(viewer="analyst", force=True, people="officer", rights=frozenset(rights))


def entries(store: Store) -> int:
    return store.trail().filter(pl.col("what") != "refused").height


def test_what_config_says_nothing_of_is_as_documented(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[[viewers]]\nid = "a"\nname = "A"\nforce = true\nmay_export = false\nmay_approve = true')
    (viewer,) = load_settings(path).viewers
    assert {"judge", "export", "read_text", "open_individuals", "read_trail"} == USUAL_RIGHTS
    assert scope_of(viewer).rights == {"judge", "approve", "open_individuals", "read_trail"}
    assert scope_of(ViewerSettings(id="b", name="B", force=True, people="team")).rights == USUAL_RIGHTS


def test_nothing_leaves_without_the_right_and_nothing_is_entered(store: Store) -> None:
    before = entries(store)
    with pytest.raises(PermissionError, match=r"may not download; .* may_export"):
        downloads.give(Reader.open(store, analyst()), lambda: b"x", name="x.csv", entry="x")
    with pytest.raises(PermissionError, match="may not download rows about individuals"):
        downloads.give(
            Reader.open(store, analyst("export")), lambda: b"x", name="x.csv", entry="x", right="export_individuals"
        )
    assert entries(store) == before
    assert store.trail(1)["what"].to_list() == ["refused"]
    assert downloads.give(Reader.open(store, analyst("export")), lambda: b"x", name="x.csv", entry="x") == b"x"
    assert entries(store) == before + 1


def test_one_viewer_takes_away_so_many_files_an_hour_and_no_more(store: Store) -> None:
    few = replace(store, settings=replace(store.settings, privacy=PrivacySettings(downloads_per_hour=3)))
    greedy, other = (Scope(viewer=f"{name} {store.trail_length()}", force=True) for name in ("greedy", "other"))
    for _ in range(3):
        downloads.give(Reader.open(few, greedy), lambda: b"x", name="x.csv", entry="x")
    with pytest.raises(PermissionError, match="3 downloads in an hour"):
        downloads.give(Reader.open(few, greedy), lambda: b"x", name="x.csv", entry="x")
    assert downloads.give(Reader.open(few, other), lambda: b"x", name="x.csv", entry="x") == b"x"


@pytest.mark.parametrize(
    "rows",
    [
        {"person": ["Officer 1A"]},
        {"caller_ref": ["K1"]},
        {"officer_id": ["O01"]},
        {"area_level": ["team", "officer"]},
    ],
)
def test_rows_about_single_people_need_a_right_of_their_own(rows: dict[str, list[str]]) -> None:
    assert downloads.right_of(pl.DataFrame(rows)) == "export_individuals"
    assert downloads.right_of(pl.DataFrame({"area_level": ["team"], "value": [1]})) == "export"


def test_verdicts_individuals_and_the_trail_are_refused_on_the_server(store: Store) -> None:
    before = entries(store)
    draw = Draw(month=OCTOBER, seed=1, per_stratum=1)
    with pytest.raises(PermissionError, match="may_judge"):
        judge(Reader.open(store, analyst()), draw, "I1", correct=True, should_be_crime=False, reason="r")
    with pytest.raises(PermissionError, match="may_open_individuals"):
        individuals(Reader.open(store, analyst()), Posted(month=OCTOBER), "NPT / A", "kit check")
    with pytest.raises(PermissionError, match="may_open_individuals"):
        repeat_callers(Reader.open(store, analyst()), Where(month=OCTOBER))
    with pytest.raises(PermissionError, match="may_read_trail"):
        trail(Reader.open(store, analyst()))
    assert entries(store) == before
    assert dip_sample(Reader.open(store, analyst("judge")), draw).height


def buttons(app: AppTest) -> set[str]:
    return {button.proto.label for button in app.get("download_button")}


@pytest.fixture
def restricted(example_store: Path, shell: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the shell as viewers who may do nothing but look."""
    rights = "\n".join(f"may_{right} = false" for right in ("judge", "export", "open_individuals", "read_trail"))
    config = example_store / "restricted.toml"
    url = example_store / "npd.sqlite"
    config.write_text(
        f'[store]\nurl = "sqlite:///{url}"\n[[viewers]]\nid = "analyst"\nname = "A"\nforce = true\npeople = "officer"\n'
        f"{rights}\n"
    )
    monkeypatch.setenv("NPD_CONFIG", str(config))
    return shell


@pytest.mark.parametrize("page", ["overview", "abstractions", "visibility", "asb", "benchmark"])
def test_a_viewer_who_may_only_look_is_offered_nothing_more(restricted: Run, page: str) -> None:
    app = with_all_opened(restricted("analyst", page=page))
    assert not app.exception
    assert buttons(app) == set()
    assert "Picture" not in {button.label for button in app.button}
    assert "individuals_team" not in {box.key for box in app.selectbox}
    assert "asb_callers" not in {toggle.key for toggle in app.toggle}


def test_the_trail_is_not_offered_without_the_right(restricted: Run) -> None:
    app = restricted("analyst", page="about")
    assert "Audit trail" not in app.segmented_control(key="about_section").options
