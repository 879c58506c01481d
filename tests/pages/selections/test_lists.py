"""The lists of the filters show what the address says, and are set anew only where the browser has something else."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

Run = Callable[..., AppTest]
AT_FIRST = {"choose_period", "choose_month", "choose_lpa", "choose_sector", "choose_neighbourhood", "choose_compare"}


def set_anew(app: AppTest) -> dict[str, list[str]]:
    """The words that the lists of a page are told to show, by the key of a list."""
    told = {one.key: [one.proto.raw_value] for one in app.selectbox if one.proto.set_value}
    told |= {one.key: list(one.proto.raw_values) for one in app.multiselect if one.proto.set_value}
    return told


@pytest.fixture
def app(shell: Run) -> AppTest:
    return shell("chief", "abstractions", month="2024-10")


def test_at_first_every_list_is_set(app: AppTest) -> None:
    assert AT_FIRST | {"viewer", "go_abs_map"} == set(set_anew(app))


def test_a_run_that_changes_nothing_sets_no_list(app: AppTest) -> None:
    assert set_anew(app.run()) == {}


def test_an_address_that_changes_sets_what_it_changes(app: AppTest) -> None:
    app.query_params["month"] = "2024-09"
    told = set_anew(app.run())
    assert told == {"choose_month": ["Sep 2024"]}


def test_what_a_viewer_chose_in_a_list_is_not_set_again(app: AppTest) -> None:
    app.selectbox(key="choose_month").set_value("2024-09").run()
    assert app.query_params["month"] == "2024-09"
    assert "choose_month" not in set_anew(app)


def test_a_list_is_set_where_the_same_choice_has_other_words(app: AppTest) -> None:
    """The browser knows what is chosen by its words: 'last month' is compared with as 'last year' in a period."""
    app.query_params["period"] = "ytd"
    told = set_anew(app.run())
    assert told["choose_compare"] == ["against last year"]
    assert told["choose_month"] == ["to Oct 2024"]


def test_a_list_that_comes_back_is_set_again(app: AppTest) -> None:
    app.query_params = {"month": "2024-10", "period": "range", "from": "2024-09"}
    assert set_anew(app.run())["choose_from"] == ["from Sep 2024"]
    app.query_params = {"month": "2024-10"}
    assert "choose_from" not in {one.key for one in app.run().selectbox}
    app.query_params = {"month": "2024-10", "period": "range", "from": "2024-09"}
    assert set_anew(app.run())["choose_from"] == ["from Sep 2024"]


def test_a_browser_that_sends_what_a_list_was_before_back_chooses_nothing(shell: Run) -> None:
    app = shell(lpa="L1,L2")
    app.query_params = {"lpa": "L1"}
    app.run()
    app.query_params = {}
    app.multiselect(key="choose_lpa").set_value(["L1", "L2"]).run()  # as it still was when Back was pressed again
    assert "lpa" not in app.query_params
    assert app.multiselect(key="choose_lpa").value == []


def test_what_was_undone_by_back_can_be_chosen_again(shell: Run) -> None:
    app = shell(lpa="L1,L2")
    app.query_params = {"lpa": "L1"}
    app.run()
    app.multiselect(key="choose_lpa").set_value(["L1", "L2"]).run()
    assert app.query_params["lpa"] == "L1,L2"


def test_nor_does_a_browser_that_sends_a_switch_of_before_turn_it(shell: Run) -> None:
    app = shell("chief", "impact_areas", without_homicide="yes")
    (name,) = [one.key for one in app.toggle if one.value]
    app.query_params = {"lpa": "L1"}
    app.run()
    app.query_params = {}
    app.toggle(key=name).set_value(True).run()
    assert app.query_params == {}
    assert not app.toggle(key=name).value
