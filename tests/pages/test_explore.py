"""Explore: what is chosen stands in the address, what is shown is the answer, what cannot be says what can."""

import re
from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from tests.pages.test_shell import text

Run = Callable[..., AppTest]
CELL = re.compile(r"<t[dh][^>]*>(.*?)</t[dh]>", re.DOTALL)


def table(app: AppTest) -> list[list[str]]:
    """Return the cells of the page's table line by line, each as the words in it."""
    (found,) = [str(one.proto.body) for one in app.get("html") if 'class="npd-cross' in str(one.proto.body)]
    lines = re.findall(r"<tr>(.*?)</tr>", found, re.DOTALL)
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in CELL.findall(line)] for line in lines]


def title(app: AppTest) -> str:
    (found,) = [one.value for one in app.markdown if one.value.startswith("# ")]
    return found


def test_areas_stand_beside_indicators_and_the_sides_can_be_swapped(shell: Run) -> None:
    asked = {"explore": "ABS-01,ASB-01", "month": "2024-10"}
    plain, turned = table(shell(page="explore", **asked)), table(shell(page="explore", **asked, explore_turned="yes"))
    assert plain[0] == ["", "Operational abstraction rate", "ASB incidents"]
    assert [line[0] for line in plain[1:]] == ["LPA L1", "LPA L2"]
    assert plain[1][1].startswith("9.4 %")
    assert [list(column) for column in zip(*plain, strict=True)] == turned


def test_a_breakdown_has_n_beside_each_percentage_and_a_few_are_written_out(shell: Run) -> None:
    asked = {"explore": "ASB-04", "explore_by": "category", "explore_level": "neighbourhood", "month": "2024-10"}
    cells = [cell for line in table(shell(page="explore", **asked))[1:] for cell in line[1:]]
    assert any(re.fullmatch(r"\d of \d", cell) for cell in cells)
    assert all(re.fullmatch(r"\d of \d|–|no data|[\d.]+ % \d+ of \d\d+", cell) for cell in cells), cells


def test_what_is_withheld_stays_so_for_whoever_sees_no_teams(shell: Run) -> None:
    asked = {"explore": "ABS-04", "explore_by": "weekday", "month": "2024-10"}
    assert any(
        "withheld: fewer than five officers" in cell
        for line in table(shell("commander", "explore", **asked))
        for cell in line
    )
    assert not any("withheld" in cell for line in table(shell("chief", "explore", **asked)) for cell in line)


def test_months_one_by_one_are_of_the_selected_area(shell: Run) -> None:
    app = shell(page="explore", explore="ASB-01", explore_level="own", month="2024-10", lpa="L1")
    assert table(app)[1][0] == "Oct 2024"
    assert title(app).startswith("# ASB incidents")


def test_what_one_of_several_lacks_is_said_with_what_it_has(shell: Run) -> None:
    app = shell(page="explore", explore="ASB-01,HRM-01", explore_by="hour", month="2024-10")
    assert not app.exception
    assert "Recorded crime cannot be broken down by hour of the day; it can by offence group" in text(app)
    assert {cell for cell in table(app)[0] if cell} == {"LPA L1", "LPA L2"}
    app = shell(page="explore", explore="TGP-01", explore_level="sector", month="2024-10")
    assert "What is chosen has no figure by “sector”; it has by force, LPA and hotspot" in text(app)
    app = shell(page="explore", explore="TGP-01", neighbourhood="N001", month="2024-10")
    assert "has no figure for a neighbourhood or below; it has by force, LPA and hotspot" in text(app)
    assert not app.exception


def test_whoever_sees_no_teams_is_told_what_is_possible_of_officers_time(shell: Run) -> None:
    app = shell("commander", "explore", explore="ABS-04,ABS-01", explore_by="weekday", month="2024-10")
    assert "could tell of few officers' time" in text(app)
    app = shell("commander", "explore", explore="ABS-01", explore_level="team", month="2024-10")
    assert "no figure by “team”" in text(app)


def test_a_map_that_cannot_be_says_of_what_there_is_one(shell: Run) -> None:
    app = shell(page="explore", explore="ASB-01", explore_by="weekday", explore_map="yes", month="2024-10")
    assert "A map shows one figure an area" in text(app)
    app = shell(page="explore", explore="ASB-01", explore_level="neighbourhood", explore_map="yes", month="2024-10")
    assert not app.exception
    assert app.get("deck_gl_json_chart")


def test_a_period_and_the_area_compared_with(shell: Run) -> None:
    address = {"explore": "ASB-01", "month": "2024-10", "period": "ytd", "compare": "force", "lpa": "L1"}
    lines = table(shell("commander", "explore", **address))
    assert lines[-1][0] == "West Midlands Police"
    lines = table(shell("commander", "explore", **address, explore_by="weekday"))
    assert any("West Midlands Police" in head for head in lines[0])


def test_months_of_the_area_compared_with_stand_beside(shell: Run) -> None:
    address = {"explore": "ASB-01", "explore_level": "own", "month": "2024-10", "lpa": "L1", "compare": "lpa:L2"}
    app = shell("chief", "explore", **address)
    assert not app.exception
    assert table(app)[0] == ["", "LPA L1", "LPA L2"]
    assert "too few months" in title(app)
