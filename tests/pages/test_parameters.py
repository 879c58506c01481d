"""What a force chose in [parameters] is what every page and the briefing say; no page prints a constant of its own."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data_access.answers.reader import Reader
from data_access.scope import Scope
from metrics import INDICATORS
from metrics.parameters import Parameters, said, worded
from pages import briefing
from pages.briefing.material import Area, gather
from pages.shell import start
from pages.shell.order import PAGES
from tests.pages.conftest import VIEWERS
from tests.pages.test_shell import text

NAMES = [module.__name__.rsplit(".", 1)[-1] for module in PAGES]
CHOSEN = """
[parameters]
standard_shift_hours = 9
max_gap = 540
min_coverage = 73
repeat_n = 5
repeat_days = 91
"""
USUAL = re.compile(r"(below|than) 60 %|holds for at most (ten|10) minutes|at least 3 in|3 or more|\b183\b|of 8 hours")
Run = Callable[..., AppTest]


@pytest.fixture
def chosen(shell: Run, example_store: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the shell with the choices of another force on the same data."""
    config = example_store / "chosen.toml"
    config.write_text(f'[store]\nurl = "sqlite:///{example_store}/npd.sqlite"\n{CHOSEN}{VIEWERS}')
    monkeypatch.setenv("NPD_CONFIG", str(config))
    return shell


@pytest.mark.parametrize("page", NAMES)
def test_no_page_says_the_usual_choice(chosen: Run, page: str) -> None:
    app = chosen("chief", page, month="2024-10")
    assert not app.exception
    assert USUAL.findall(text(app)) == []


def test_about_says_every_choice_in_the_definitions_and_in_the_verdicts(chosen: Run) -> None:
    app = chosen("chief", "about", month="2024-10")
    defined = text(app)
    for wanted in ("coverage is below 73 %", "at most 9 minutes", "at least 5 in 91 days"):
        assert wanted in defined
    app.segmented_control(key="about_section").set_value("Verdicts and words").run()
    assert "less than 73 %" in text(app)


def test_visibility_and_abstractions_say_the_gap_and_the_shift(chosen: Run) -> None:
    assert "at most 9 minutes" in text(chosen("chief", "visibility", month="2024-10"))
    assert "shifts of 9 hours" in text(chosen("chief", "abstractions", month="2024-10"))


def test_the_briefing_says_them_too(chosen: Run) -> None:
    chosen("chief", "about")
    area = Area(level="force", code="E23000014", name="the force")
    material = gather(Reader.open(start.store(), Scope(viewer="chief", force=True)), area, date(2024, 10, 1))
    written = briefing.write(material, datetime(2024, 11, 2, tzinfo=UTC))
    assert "coverage is below 73 %" in written
    assert USUAL.findall(written) == []


@pytest.mark.parametrize("one", INDICATORS, ids=lambda one: one.id)
def test_no_text_is_left_with_a_name_in_braces(one) -> None:
    told = worded(one, Parameters())
    texts = [told.why, told.caveat, told.numerator.words, told.denominator.words if told.denominator else ""]
    assert not any("{" in words for words in texts)


def test_a_gap_is_said_in_minutes_and_a_share_without_needless_decimals() -> None:
    parameters = Parameters(max_gap=90, min_coverage=62.5)
    assert said("{max_gap} minutes, {min_coverage} %", parameters) == "1.5 minutes, 62.5 %"
