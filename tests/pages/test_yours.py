"""Saved views on the pages: named beside the filters, shared, hidden, and the one that opens first."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree

import pytest
from streamlit.testing.v1 import AppTest

from pages.shell import start
from tests.pages.conftest import running

Run = Callable[..., AppTest]
NAME = "<b>ASB</b> & [L1](//evil.example)"


@pytest.fixture
def shell(example_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """The shell on a copy of the example, in which views can be saved."""
    yield from running(copytree(example_store, tmp_path / "own"), monkeypatch)
    start.store().close()


def html(app: AppTest) -> str:
    return "\n".join(str(element.proto.body) for element in app.get("html"))


def saved(shell: Run, viewer: str, name: str, page: str = "asb", *audiences: str, **address: str) -> AppTest:
    app = shell(viewer, page, **address)
    app.session_state["npd_views"] = True
    app.run()
    (box,) = [one for one in app.text_input if one.label == "Name this view"]
    box.set_value(name)
    app.multiselect(key="npd_share_view").set_value(list(audiences))
    (button,) = [one for one in app.button if one.label == "Save this view"]
    button.click().run()
    assert not app.exception
    return app


def test_a_view_is_saved_shared_hidden_renamed_and_removed(shell: Run) -> None:
    app = saved(shell, "analyst", NAME, "asb", "everybody", lpa="L1", month="2024-10")
    assert [one.value for one in app.success] == ["Saved."]
    line = '<a href="asb?lpa=L1&amp;month=2024-10">&lt;b&gt;ASB&lt;/b&gt; &amp; [L1](//evil.example)</a>'
    assert line in html(app) and "shared with everybody" in html(app)
    assert "Not saved" in saved(shell, "analyst", NAME, "need").error[0].value
    theirs = shell("commander", "yours")
    assert line in html(theirs) and "shared by Performance analyst" in html(theirs)
    assert "# 1 shared with you" in [one.value for one in theirs.markdown]
    (hide,) = [one for one in theirs.button if one.label == "Hide"]
    hide.click().run()
    assert "shared by Performance analyst, hidden" in html(theirs)
    saved(shell, "analyst", "Of L2", "asb", "viewer:commander", lpa="L2")
    assert "Of L2" not in html(shell("commander", "yours")), "an area that they may not see"
    own = shell("analyst", "yours")
    assert "# 2 saved views" in [one.value for one in own.markdown]
    changed = next(one.key for one in own.get("popover") if one.proto.popover.label == "Change")
    own.session_state[changed] = True
    own.run()
    next(one for one in own.text_input if one.label == "Name").set_value("Renamed")
    next(one for one in own.button if one.label == "Save changes").click().run()
    assert "Renamed" in html(own) and not own.exception
    next(one for one in own.button if one.label == "Remove this view").click().run()
    assert "Renamed" not in html(own)
    assert "# 1 saved view" in [one.value for one in own.markdown]


def test_the_chosen_view_opens_where_no_address_is_given_and_nowhere_else(shell: Run) -> None:
    saved(shell, "analyst", "Mine", "asb", lpa="L1")
    page = shell("analyst", "yours")
    page.selectbox(key="yours_start").select("Mine").run()
    assert not page.exception
    led = shell("analyst", "overview")
    assert 'location.replace("asb?lpa=L1")' in html(led)
    assert "location." not in html(shell("analyst", "overview", lpa="L2")) + html(shell("chief", "overview"))
    assert "location." not in html(led.run()), "only at the start of a session"


def test_the_navigation_is_no_longer_for_it(shell: Run) -> None:
    app = shell("chief", "yours")
    (navigation,) = re.findall('<nav class="npd-nav".*?</nav>', html(app))
    linked = re.findall(">([^<]+)</a>", navigation)
    assert "Overview" in linked and "Your views" not in linked
    assert "# No saved views yet" in [one.value for one in app.markdown]


def test_a_viewer_subscribes_by_area_and_subject_and_stops(shell: Run) -> None:
    with_mail(start.settings().folder / "config.toml")
    app = shell("commander", "yours", sector="S2")
    area, about, every = (app.selectbox(key=f"yours_{one}") for one in ("area", "about", "every"))
    assert area.options[0] == "Sector S2 · sector"
    assert not any("L2" in one for one in area.options), "an area that is not theirs"
    area.select("LPA L1 · LPA")
    about.select("Abstraction")
    every.select("Weekly")
    next(one for one in app.button if one.label == "Subscribe").click().run()
    assert not app.exception
    assert "LPA L1: Abstraction, weekly" in html(app)
    assert "nothing is sent to you" in app.warning[0].value
    box = next(one for one in app.text_input if one.label == "Send it to")
    for typed, said in (("x@evil.example", "Not saved: this is no mailbox"), ("x@force.example", "")):
        box.set_value(typed)
        next(one for one in app.button if one.label == "Save address").click().run()
        assert [one.value[: len(said)] for one in app.error] == ([said] if said else [])
        box = next(one for one in app.text_input if one.label == "Send it to")
    assert not app.warning
    next(one for one in app.button if one.label == "Stop").click().run()
    assert "LPA L1: Abstraction, weekly" not in html(app)


def with_mail(config: Path) -> None:
    mail = 'host = "127.0.0.1"\ntls = "none"\nsender = "npd@force.example"\ndomains = ["force.example"]\n'
    config.write_text(f'{config.read_text()}\n[mail]\naddress_of_suite = "https://npd.force.example"\n{mail}')
