"""The published arithmetic of the force's paper, where it is read: on the page, in its CSV and in the benchmark."""

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data_access.answers import harm as answers_harm
from data_access.answers.harm import HarmQuestion
from data_access.answers.reader import Reader
from data_access.export import benchmark
from data_access.load.ingest import load
from data_access.scope import Scope
from data_access.store import Store
from pages.parts import tables
from tests.metrics import published
from tests.pages.conftest import for_the_demo
from tests.pages.test_shell import text

SEPTEMBER = date(published.THIS, 9, 1)
CHIEF = Scope(viewer="chief", force=True)


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load a force that reads as the paper does; give the folder with its config.toml."""
    folder = tmp_path_factory.mktemp("paper")
    published.write_extracts(folder / "extracts")
    config = '[store]\nurl = "sqlite:///npd.sqlite"\n[harm]\nweight_set = "paper"\n'
    viewer = '[[viewers]]\nid = "chief"\nname = "Chief officer"\nforce = true\npeople = "none"\n'
    (folder / "config.toml").write_text(config + viewer)
    store = Store.open(f"sqlite:///{folder}/npd.sqlite")
    assert not load(store, folder / "extracts", by="tests").error
    for_the_demo(store)
    return folder


def test_the_page_says_the_published_figures(
    paper: Path, monkeypatch: pytest.MonkeyPatch, shell: Callable[..., AppTest]
) -> None:
    monkeypatch.setenv("NPD_CONFIG", str(paper / "config.toml"))
    app = shell(page="impact_areas", month="2021-09")
    assert not app.exception
    said = text(app)
    assert "Force: crime −4.3 %" in said
    assert "all Impact Areas: crime −4.0 %, harm −13.2 %" in said
    assert "April to September 2021 against the same months from April 2020" in said


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_the_page_s_csv_has_the_published_figures(paper: Path) -> None:
    store = Store.open(f"sqlite:///{paper}/npd.sqlite")
    question = HarmQuestion(month=SEPTEMBER, weight_set="paper")
    frame = answers_harm.side_by_side(Reader.open(store, CHIEF), question)
    by_part = {(row["part"], row["area_level"]): row for row in rows_of(tables.csv(frame, store.version().number))}
    assert f"{float(by_part['whole', 'force']['crimes_change_percent']):.1f}" == "-4.3"
    for place in (("inside", "force"), ("whole", "impact_area")):
        assert f"{float(by_part[place]['crimes_change_percent']):.1f}" == "-4.0"
        assert f"{float(by_part[place]['harm_change_percent']):.1f}" == "-13.2"


def test_the_benchmark_has_the_published_years_to_date(paper: Path) -> None:
    store = Store.open(f"sqlite:///{paper}/npd.sqlite")
    rows = benchmark(Reader.open(store, CHIEF), SEPTEMBER, weight_set="paper").to_dicts()
    found = {(row["indicator_id"], row["area_level"]): row for row in rows}

    def change(*key: str) -> str:
        row = found[key]
        return f"{100 * (row['year_to_date'] / row['year_to_date_last_year'] - 1):.1f}"

    assert change("HRM-01", "force") == "-4.3"
    assert change("HRM-01", "impact_area") == "-4.0"
    assert change("HRM-02", "impact_area") == "-13.2"
