"""Areas as lists side by side: what state each value is in, and what a click on one does to the selection."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.components import given, tell

Run = Callable[..., AppTest]


def opened(app: AppTest) -> AppTest:
    app.session_state["npd_browse"] = True
    return app.run()


def states(app: AppTest) -> dict[str, dict[str, str]]:
    """The state of each value, by level and code."""
    return {one["level"]: {code: state for code, _, state in one["values"]} for one in given(app, "npd_lists")}


def test_every_value_is_selected_possible_or_excluded(shell: Run) -> None:
    drawn = states(opened(shell(lpa="L1")))
    assert drawn["lpa"] == {"L1": "selected", "L2": "possible"}
    assert drawn["sector"] == {"S1": "possible", "S2": "possible", "S3": "excluded", "S4": "excluded"}


def test_the_selected_stands_first_and_the_excluded_last(shell: Run) -> None:
    drawn = states(opened(shell(lpa="L2", sector="S4")))
    assert list(drawn["lpa"].items()) == [("L2", "selected"), ("L1", "excluded")]
    assert next(iter(drawn["sector"])) == "S4"
    assert list(drawn["neighbourhood"].values()) == ["possible"] * 3 + ["excluded"] * 6


@pytest.mark.parametrize(
    ("address", "picked", "then"),
    [
        ({}, "lpa:L1", {"lpa": "L1"}),
        ({"lpa": "L1"}, "lpa:L2", {"lpa": "L1,L2"}),  # another of the same level is counted with it
        ({"lpa": "L1"}, "lpa:L1", {}),
        ({"lpa": "L1"}, "sector:S2", {"lpa": "L1", "sector": "S2"}),
        ({"lpa": "L1"}, "sector:S3", {"lpa": "L2", "sector": "S3"}),  # an excluded one is switched to
        ({"lpa": "L1"}, "lpa:L9", {"lpa": "L1"}),
    ],
)
def test_a_click_selects_adds_switches_or_takes_away(
    shell: Run, address: dict[str, str], picked: str, then: dict[str, str]
) -> None:
    app = tell(opened(shell(**address)), "npd_lists", "picked", picked)
    assert not app.exception
    assert app.query_params == then


def test_a_viewer_is_offered_only_what_is_theirs(shell: Run) -> None:
    app = opened(shell("commander"))
    assert set(states(app)["lpa"]) == {"L1"}
    before = dict(app.query_params)
    for others in ("lpa:L2", "sector:S3", "nothing"):
        assert tell(app, "npd_lists", "picked", others).query_params == before, others
