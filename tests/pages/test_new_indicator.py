"""What is known of an indicator stands in it: one that is added shows everywhere, without a list of ids elsewhere."""

import ast
import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

import metrics
from data_access import export
from data_access.answers.reader import Reader
from data_access.scope import Scope
from metrics.__main__ import catalogue
from metrics.indicator import Indicator, Part
from pages.shell import start
from pages.wording import words
from tests.pages.test_shell import text
from tests.places import ROOT

Run = Callable[..., AppTest]
ADDED = Indicator(
    id="ABS-90",
    name="hours of court",
    unit="h",
    better="lower",
    numerator=Part(
        words="time that the code calls court",
        source="duty",
        rows=pl.when(pl.col("category") == "court").then(pl.col("seconds")),
        unit="seconds",
    ),
    why="How much of the time goes to court.",
    caveat="Made for a test.",
    reference="S1",
    principle="Developing and sharing learning",
    pillar="Safer town centres",
    subject="Abstraction",
    page="abstractions",
    roles=("card",),
)


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> Iterator[Indicator]:
    """Add one indicator to the registry: the one line that adding takes."""
    monkeypatch.setattr(metrics, "INDICATORS", (*metrics.INDICATORS, ADDED))
    yield ADDED


def in_october(shell: Run, added: Indicator) -> dict[str, str]:
    """The force's row of the benchmark."""
    shell()
    scope = Scope(viewer="chief", force=True, people="none")
    rows = export.benchmark(Reader.open(start.store(), scope), date(2024, 10, 1))
    lines = csv.DictReader(StringIO(export.csv_bytes(rows).decode()))
    return next(row for row in lines if row["indicator_id"] == added.id and row["area_level"] == "force")


def test_it_is_in_the_csv(shell: Run, added: Indicator) -> None:
    row = in_october(shell, added)
    assert (row["indicator_name"], row["unit"]) == ("hours of court", "h")
    assert float(row["value"]) > 0


def test_it_has_a_card_on_its_page(shell: Run, added: Indicator) -> None:
    value = words.figure(float(in_october(shell, added)["value"]), "h")
    app = shell("chief", "abstractions", month="2024-10")
    assert not app.exception
    cards = [str(one.proto.body) for one in app.get("html") if added.name in str(one.proto.body)]
    assert len(cards) == 1
    assert value in cards[0]
    assert app.button(key=f"how_abs_{added.id}")


def test_it_is_in_the_framework_table_under_its_principle_and_leads_to_its_page(shell: Run, added: Indicator) -> None:
    app = shell("chief", "framework", month="2024-10")
    tables = [str(one.proto.body) for one in app.get("html") if added.name in str(one.proto.body)]
    assert len(tables) == 1
    (section,) = [one for one in tables[0].split('scope="rowgroup"') if f">{added.principle}<" in one]
    assert added.name in section
    assert re.search(rf'href="abstractions\?[^"]*"[^>]*>{added.name}<', tables[0])


def test_it_is_defined_on_the_about_page(shell: Run, added: Indicator) -> None:
    app = shell("chief", "about", month="2024-10")
    assert added.id in [one.label.split(" · ")[0] for one in app.expander]
    app.selectbox(key="about_subject").set_value("Abstraction").run()
    said = text(app)
    assert added.why in said
    assert added.numerator.words in said


def test_it_is_in_the_catalogue(added: Indicator) -> None:
    assert any(line.startswith("| ABS-90 | hours of court |") for line in catalogue().splitlines())


def test_as_a_headline_it_has_a_card_on_the_overview_in_the_place_it_asks_for(
    shell: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = replace(ADDED, headline=2)
    monkeypatch.setattr(metrics, "INDICATORS", (*metrics.INDICATORS, second))
    app = shell("chief", "overview", month="2024-10")
    assert not app.exception
    cards = [one.key for one in app.button if (one.key or "").startswith("how_overview_")]
    assert cards[0] == "how_overview_ABS-01"
    assert "how_overview_ABS-90" in cards[1:3]


def test_what_names_an_engagement_figure_leads_to_engagement(shell: Run) -> None:
    app = shell("chief", "framework", month="2024-10")
    links = re.findall(
        r'<a href="(\w+)[^"]*"[^>]*>([^<]+)</a><small>(\w+)-', "".join(str(one.proto.body) for one in app.get("html"))
    )
    assert {page for page, _, subject in links if subject in ("ENG", "PS", "SAT")} == {"engagement"}


ID = re.compile(r"[A-Z]+-\d\d")
DEFINED = {ROOT / "metrics" / f"{name}.py" for name in ("workforce", "engagement")}  # `measures` are read by id


def literals(path: Path) -> Iterator[str]:
    """The strings of a file that are an indicator's id, but for those that define one."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    defining = {
        id(keyword.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "id"
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in defining and ID.fullmatch(str(node.value)):
            yield str(node.value)


@pytest.mark.parametrize("room", ["metrics", "data_access", "pages"])
def test_no_list_of_ids_is_kept_outside_the_definitions(room: str) -> None:
    files = [path for path in (ROOT / room).rglob("*.py") if path not in DEFINED and "sample" not in path.parts]
    assert files
    assert {str(path.relative_to(ROOT)): kept for path in files if (kept := list(literals(path)))} == {}
