"""Saved views: their owner's alone to change, shared by name, and gone with their viewer; on both stores."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from data_access.__main__ import main
from data_access.answers import views
from data_access.answers.reader import Reader
from data_access.database import views as desk
from data_access.database.connection import reading
from data_access.database.own_tables import OWN
from data_access.database.views import LONGEST_ADDRESS, LONGEST_NAME, MOST
from data_access.erase import forget
from data_access.load.ingest import NothingToErase
from data_access.scope import scope_of
from data_access.settings import Settings, ViewerSettings
from data_access.store import Store

VIEWERS = (
    ViewerSettings(id="Chief", name="Chief officer", force=True, people="team"),
    ViewerSettings(id="commander", name="Commander of L1", lpas=("L1",), people="officer", groups=("NPT-L1",)),
    ViewerSettings(id="partner", name="Partner", force=True, people="none"),
)
CHIEF, COMMANDER, PARTNER = VIEWERS


@pytest.fixture
def desks(store: Store) -> Store:
    return replace(store, settings=Settings(viewers=VIEWERS))


def of(store: Store, viewer: ViewerSettings) -> Reader:
    return Reader.open(store, scope_of(viewer))


def names(store: Store, viewer: ViewerSettings) -> list[str]:
    return [one.name for one in views.listed(of(store, viewer))]


def test_a_view_is_its_owners_until_it_is_shared(desks: Store) -> None:
    chief = of(desks, CHIEF)
    view_id = views.save(chief, "  ASB,\n my sector ", "asb?lpa=L1&period=rolling12")
    assert names(desks, CHIEF) == ["ASB, my sector"]
    assert names(desks, COMMANDER) == names(desks, PARTNER) == []
    views.change(chief, view_id, "ASB", ["viewer:commander"])
    assert (names(desks, COMMANDER), names(desks, PARTNER)) == (["ASB"], [])
    (seen,) = views.listed(of(desks, COMMANDER))
    assert (seen.address, seen.audiences) == ("asb?lpa=L1&period=rolling12", ())
    assert views.owner_name(of(desks, COMMANDER), seen) == "Chief officer"
    views.change(chief, view_id, "ASB", ["everybody"])
    assert names(desks, COMMANDER) == names(desks, PARTNER) == ["ASB"]
    views.change(chief, view_id, "ASB", [])
    assert names(desks, COMMANDER) == []


def test_a_view_shared_with_a_group_reaches_who_comes_in_by_it(desks: Store) -> None:
    views.save(of(desks, CHIEF), "Team", "overview", ["group:npt-l1"])
    member = replace(COMMANDER, id="somebody of the group")
    assert (names(desks, member), names(desks, PARTNER)) == (["Team"], [])


def test_nobody_but_its_owner_changes_or_removes_a_view(desks: Store) -> None:
    view_id = views.save(of(desks, CHIEF), "Mine", "asb", ["everybody"])
    other = of(desks, COMMANDER)
    with pytest.raises(PermissionError, match="no such view"):
        views.change(other, view_id, "Taken", [])
    with pytest.raises(PermissionError, match="no such view"):
        views.remove(other, view_id)
    assert names(desks, CHIEF) == names(desks, COMMANDER) == ["Mine"]
    views.remove(of(desks, CHIEF), view_id)
    assert names(desks, CHIEF) == names(desks, COMMANDER) == []


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/asb", "//evil.example", "asb?x=<script>", "asb?month=2026-09 ", "javascript:alert(1)",
        "asb/../x", "", "asb?", "?month=2026-09", "asb#x", f"asb?month={'9' * LONGEST_ADDRESS}", 'asb?x="y"', "ASB",
    ],
)  # fmt: skip
def test_only_an_address_of_the_suite_is_kept(address: str) -> None:
    with pytest.raises(ValueError, match="a page of the suite"):
        desk.checked_address(address)


@pytest.mark.parametrize("name", ["", "  \n ", "x" * (LONGEST_NAME + 1), "turned \N{RIGHT-TO-LEFT OVERRIDE}", "bell\a"])
def test_a_name_is_a_line_of_text(name: str) -> None:
    with pytest.raises(ValueError, match="a view's name is"):
        desk.checked_name(name)


def test_what_cannot_be_kept_is_not(desks: Store) -> None:
    chief = of(desks, CHIEF)
    for name, address in (("", "asb"), ("Other", "https://evil.example/asb")):
        with pytest.raises(ValueError, match="view"):
            views.save(chief, name, address)
    assert names(desks, CHIEF) == []
    assert desks.trail_length() == 0


def test_a_name_is_used_once_and_views_are_not_without_end(desks: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    chief = of(desks, CHIEF)
    first = views.save(chief, "One", "asb")
    with pytest.raises(ValueError, match="of this name already"):
        views.save(chief, "ONE", "need")
    views.change(chief, first, "one", [])
    monkeypatch.setattr(desk, "MOST", 2)
    views.save(chief, "Two", "asb")
    with pytest.raises(ValueError, match="2 views are the most"):
        views.save(chief, "Three", "asb")
    views.save(of(desks, COMMANDER), "One", "asb")
    assert MOST > 2


def test_a_partner_is_not_told_who_else_looks(desks: Store) -> None:
    assert list(views.audiences_offered(of(desks, PARTNER))) == ["everybody"]
    assert list(views.audiences_offered(of(desks, CHIEF))) == [
        "everybody", "group:npt-l1", "viewer:commander", "viewer:partner"
    ]  # fmt: skip
    with pytest.raises(ValueError, match=r"that config\.toml lists"):
        views.save(of(desks, PARTNER), "View", "asb", ["viewer:chief"])


def test_an_audience_that_config_lost_stays_until_the_owner_takes_it_away(desks: Store) -> None:
    view_id = views.save(of(desks, CHIEF), "View", "asb", ["viewer:partner"])
    fewer = replace(desks, settings=Settings(viewers=VIEWERS[:2]))
    views.change(of(fewer, CHIEF), view_id, "Renamed", ["viewer:partner"])
    views.change(of(fewer, CHIEF), view_id, "Renamed", [])
    with pytest.raises(ValueError, match=r"that config\.toml lists"):
        views.change(of(fewer, CHIEF), view_id, "Renamed", ["viewer:partner"])


def test_a_shared_view_is_hidden_shown_again_and_opens_first(desks: Store) -> None:
    view_id = views.save(of(desks, CHIEF), "Shared", "asb", ["viewer:commander"])
    own = of(desks, COMMANDER)
    for reader, words in ((of(desks, PARTNER), "not shared"), (own, None)):
        for act in (lambda it: views.hide(it, view_id, hidden=True), lambda it: views.open_first(it, view_id)):
            if words:
                with pytest.raises(PermissionError, match=words):
                    act(reader)
            else:
                act(reader)
    (seen,) = views.listed(own)
    assert seen.hidden and seen.first
    views.hide(own, view_id, hidden=False)
    views.open_first(own, None)
    (seen,) = views.listed(own)
    assert not seen.hidden and not seen.first
    assert not views.listed(of(desks, CHIEF))[0].first


def test_what_is_done_is_entered_without_any_name(desks: Store) -> None:
    chief = of(desks, CHIEF)
    view_id = views.save(chief, "About PC Smith", "asb?lpa=L1", ["everybody"])
    views.change(chief, view_id, "About Ann Smith", [])
    views.remove(chief, view_id)
    entered = desks.trail().sort("number")
    assert entered["what"].to_list() == ["saved view", "changed view", "removed view"]
    assert set(entered["whom"]) == {view_id}
    assert "Smith" not in str(entered.rows())


def test_a_viewer_who_leaves_takes_their_views_with_them(desks: Store) -> None:
    chief, commander = of(desks, CHIEF), of(desks, COMMANDER)
    views.open_first(commander, views.save(chief, "Of the chief", "asb", ["viewer:commander", "everybody"]))
    mine = views.save(commander, "Of the commander", "need", ["viewer:chief"])
    views.hide(chief, mine, hidden=True)
    views.open_first(chief, mine)
    removed = forget(desks, "commander", "tests", "has left")
    assert removed == {"saved_views": 1, "view_shares": 1, "start_views": 1}
    assert names(desks, COMMANDER) == ["Of the chief"]  # as everybody has it
    assert names(desks, CHIEF) == ["Of the chief"]
    with reading(desks.desk) as connection:
        left = {table.name: connection.execute(select(table)).all() for table in OWN}
    assert "commander" not in str(left)
    with pytest.raises(NothingToErase, match="viewer's own"):
        forget(desks, "commander", "tests", "has left")
    with pytest.raises(ValueError, match="needs a reason"):
        forget(desks, "Chief", "tests", " ")
    assert desks.verify_trail()[0] is None
    assert "commander" not in str(desks.trail().filter(what="erased").rows())


def test_the_command_takes_a_viewer_out_and_says_what_went(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"sqlite:///{tmp_path / 'npd.sqlite'}"
    store = Store.open(Settings(viewers=VIEWERS), url=url)
    views.save(of(store, CHIEF), "Mine", "asb")
    store.close()
    command = ["erase", "--viewer", "Chief", "--reason", "has left", "--store", url]
    assert (main(command), capsys.readouterr().out) == (0, "Removed: 1 of saved_views.\n")
    assert main(command) == 3
    assert "viewer's own" in capsys.readouterr().err
