"""Individuals on the Visibility page: nobody without a reason, under pseudonyms, and not for the next viewer."""

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

Run = Callable[..., AppTest]
TEAM = "NPT / A"


def ask(app: AppTest, reason: str) -> AppTest:
    app.selectbox(key="individuals_team").set_value(TEAM)
    app.text_input(key="individuals_reason").set_value(reason)
    (submit,) = [button for button in app.button if button.label == "Show this team's officers"]
    return submit.click().run()


def people(app: AppTest) -> list[str]:
    return [name for one in app.dataframe if "person" in one.value.columns for name in one.value["person"]]


def test_without_a_reason_nobody_is_shown(shell: Run) -> None:
    app = ask(shell("analyst", page="visibility", lpa="L1", visibility_tab="people"), "  ")
    assert people(app) == []
    assert any("write a reason" in one.value for one in app.warning)


def test_a_look_gives_pseudonyms_and_ends_with_the_viewer_or_the_selection(shell: Run) -> None:
    app = ask(shell("analyst", page="visibility", lpa="L1", visibility_tab="people"), "kit check")
    assert people(app)
    assert not any(name.startswith("O0") for name in people(app))
    app.session_state["viewer"] = "sergeant"
    assert people(app.run()) == []
    app.session_state["viewer"] = "analyst"
    app.query_params["sector"] = "S1"
    assert people(app.run()) == []


def test_a_viewer_without_individuals_is_not_offered_them(shell: Run) -> None:
    app = shell("chief", page="visibility", lpa="L1", visibility_tab="people")
    assert not [one for one in app.markdown if one.value == "### Individuals"]
