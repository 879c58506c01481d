"""The briefing: one page that needs nothing else, with the benchmark's figures and no more than its reader may see."""

import csv
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import polars as pl
import pytest

from data_access import export
from data_access.__main__ import main
from data_access.answers.reader import Reader
from data_access.scope import Scope
from data_access.store import Store
from metrics import DEFINITION_VERSION, headlines, indicator
from metrics.news import News
from pages import briefing
from pages.briefing.material import Area, Material, gather
from pages.parts import drawing
from pages.wording import words

IDS = [one.id for one in headlines()]
OCTOBER = date(2024, 10, 1)
VOID = {"meta", "img", "br", "line", "polyline", "polygon", "circle", "rect"}


class Page(HTMLParser):
    """Collects the text, the attributes that refer to something, and whatever is closed wrongly."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.refers: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.refers += [value for name, value in attrs if name in ("href", "src", "action", "srcset", "data")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.refers += [value for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data):
        self.said.append(data)


def url(store: Store) -> str:
    return f"sqlite:///{store.engine.url.database}"


def parsed(html: str) -> Page:
    page = Page()
    page.feed(html)
    page.close()
    return page


@pytest.fixture(scope="module")
def written(example_store: Store, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The briefing of L1 as the command writes it, into a folder that is not there yet."""
    out = tmp_path_factory.mktemp("out") / "new" / "l1.html"
    arguments = ["--month", "2024-10", "--lpa", "L1", "--out", str(out), "--store", url(example_store)]
    assert main(["briefing", *arguments]) == 0
    assert [file.name for file in out.parent.iterdir()] == ["l1.html"]
    return out.read_text(encoding="utf-8")


def test_it_is_whole_and_refers_to_nothing_outside(written: str) -> None:
    page = parsed(written)
    assert page.wrong == []
    assert page.open == []
    assert page.refers
    assert all(one.startswith("data:image/svg+xml;base64,") for one in page.refers)
    assert not re.search(r"https?:|//[a-z]|url\(|@import|<script", written)


def test_its_figures_are_those_of_the_benchmark(written: str, example_store: Store, tmp_path: Path) -> None:
    assert main(["export", "--month", "2024-10", "--out", str(tmp_path), "--store", url(example_store)]) == 0
    content = (tmp_path / "benchmark-2024-10.csv").read_bytes().decode()
    rows = [row for row in csv.DictReader(StringIO(content, newline="")) if row["area_code"] == "L1"]
    values = {row["indicator_id"]: row["value"] for row in rows if row["area_level"] == "lpa"}
    cards = written.split('<div class="cards">')[1].split("</section>")[0]
    shown = re.findall(r'class="npd-value">([^<]*)<', cards)
    assert shown == [
        words.figure(float(values[one]), indicator(one).unit) if values.get(one) else "no figure" for one in IDS
    ]
    assert sum(one != "no figure" for one in shown) >= 4


def test_it_says_what_it_is_of_which_data_and_how_it_is_worked_out(written: str) -> None:
    said = " ".join(parsed(written).said)
    for wanted in ("L1", "Oct 2024", export.MARKING, "Data version 1", DEFINITION_VERSION, "What counts as a real"):
        assert wanted in said
    for one in IDS:
        assert f"({one})" in said
    assert "SAMPLE DATA" not in said


def test_an_lpa_is_briefed_on_itself_and_on_totals_of_the_others(example_store: Store) -> None:
    scope = Scope(viewer="tests", lpas=frozenset({"L1"}), people="none")
    material = gather(Reader.open(example_store, scope), Area(level="lpa", code="L1", name="one"), OCTOBER)
    assert set(material.own["area_code"]) == {"L1"}
    assert set(material.inside["area_code"]) == {"S1", "S2"}
    assert set(material.totals["area_level"]) == {"force", "lpa"}
    assert {"L1", "L2"} <= set(material.totals["area_code"])
    beyond = gather(Reader.open(example_store, scope), Area(level="sector", code="S3", name="another"), OCTOBER)
    assert beyond.own["value"].is_null().all()
    assert beyond.inside["value"].is_null().all()
    assert (beyond.news.new.height, beyond.news.looked_at) == (0, 0)


def with_news(material: Material, spikes: int, looked_at: int) -> str:
    """Write the briefing with so many concerns among the LPAs' figures looked at, and none of the force's own."""
    one = material.totals.filter(pl.col("area_level") == "lpa", pl.col("value").is_not_null()).head(1)
    spike = one.with_columns(verdict=pl.lit("concern"), signal=pl.lit("spike"), centre=pl.lit(1.0))
    limits = spike.with_columns(lower_limit=pl.lit(0.0), upper_limit=pl.lit(2.0))
    rows = [limits.with_columns(indicator_id=pl.lit(name)) for name in (IDS * 4)[:spikes]]
    told = pl.concat(rows or [limits.clear()])
    own = News(shifts=told.clear(), spikes=told, standing=told.clear(), looked_at=looked_at)
    return briefing.write(replace(material, news=own, news_inside=None), datetime(2024, 11, 20, tzinfo=UTC))


def test_its_title_counts_all_that_is_new_and_the_list_says_what_it_leaves_out(example_store: Store) -> None:
    scope = Scope(viewer="tests", force=True, people="none")
    material = gather(Reader.open(example_store, scope), Area(level="force", code="E23000014", name="Force"), OCTOBER)
    many = with_news(material, 11, 300)
    assert "Force: 11 new concerns" in many
    assert "of 300 figures looked at" in many
    assert "The strongest 4 of 11." in many
    few = with_news(material, 2, 300)
    assert "Force: 2 new concerns" in few
    assert "The strongest" not in few
    assert "Nothing new: every figure judged" in with_news(material, 0, 300)
    unjudged = with_news(material, 0, 0)
    assert "Nothing new: every figure" not in unjudged
    assert "Fewer than 12 months to judge against" in unjudged


def test_names_are_written_as_text(example_store: Store) -> None:
    scope = Scope(viewer="tests", force=True, people="none")
    material = gather(Reader.open(example_store, scope), Area(level="lpa", code="L1", name="<b>&"), OCTOBER)
    html = briefing.write(material, datetime(2024, 11, 4, 9, 30, tzinfo=UTC))
    assert "<b>&:" not in html
    assert "&lt;b&gt;&amp;" in html
    assert "made 4 Nov 2024 09:30" in html


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--month", "2031-01"), "no month 2031-01: the store holds"),
        (("--month", "2024-10", "--lpa", "X"), "no LPA 'X': the store holds L1"),
    ],
)
def test_an_unknown_month_or_lpa_is_refused_in_a_sentence(
    example_store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], sentence: str
) -> None:
    out = tmp_path / "none.html"
    assert main(["briefing", *arguments, "--out", str(out), "--store", url(example_store)]) == 2
    assert sentence in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("low", "high"), [(0, 0), (3.2, 3.9), (0, 1), (17, 2_043), (374_846.2, 525_999.1), (5, 5)])
def test_axes_have_few_round_steps_around_the_values(low: float, high: float) -> None:
    steps = drawing.ticks(low, high)
    assert 2 <= len(steps) <= 6
    assert steps[0] <= low
    assert steps[-1] >= high or low == high


def test_a_trend_breaks_where_a_month_has_no_figure() -> None:
    one = indicator("ASB-01")
    months = [{"month": date(2024, month, 1), "verdict": None, "lower_limit": None} for month in range(1, 6)]
    series = [{**row, "value": value, "centre": None} for row, value in zip(months, (1, 2, None, 4, 5), strict=True)]
    drawn = drawing.trend(one, series)
    assert drawn.count("<polyline") == 2
    assert drawn.count("<circle") == 4
    assert 'role="img"' in drawn
