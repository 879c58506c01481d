"""The meeting's pack: a slide a finding, everything in its place, and no more than its reader may see."""

import io
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from lxml import etree
from PIL import ImageFont
from pptx import Presentation
from pptx.presentation import Presentation as Deck
from pptx.util import Pt

from data_access.__main__ import main
from data_access.answers.answer import Question, answer
from data_access.answers.explanations import explain
from data_access.answers.reader import Reader
from data_access.database.explanations import Explanation
from data_access.load.ingest import load
from data_access.scope import Scope
from data_access.store import Store
from metrics.levels import add_months
from pages.briefing.material import Area
from pages.pack import boxes, slides
from pages.pack.material import Finding, Pack, gather
from tests.data_access.small_force import FORCE, write

FIRST, LAST, MONTHS = date(2022, 10, 1), date(2024, 10, 1), 25
USUAL, MANY = 60, 160
CHIEF = Scope(viewer="chief", force=True, rights=frozenset({"explain", "export"}))
OF_L1 = Area(level="lpa", code="L1", name="LPA L1")
MADE = datetime(2024, 11, 20, 9, tzinfo=UTC)
SPREADSHEET_DAY_0 = date(1899, 12, 30)
SAID = "Three shops on one street were stolen from nearly every day."
FONTS = Path("/usr/share/fonts/truetype/liberation")
POINTS, MARGIN = 12_700, 0.02  # EMU a point; inches that rounding may take


def crimes() -> str:
    """Return thefts in N1: as many in each of 24 months, then many more; and in N3 always as many."""
    lines = ["crime_id,recorded_on,offence_code,lon,lat"]
    for step in range(MONTHS):
        month = add_months(FIRST, step)
        last = (add_months(month, 1) - timedelta(days=1)).day  # so that the newest month is complete
        for place, lon, count in (("N1", -1.94, MANY if month == LAST else USUAL), ("N3", -1.90, USUAL)):
            days = [f"{month:%Y-%m}-{last - one % 28:02}" for one in range(count)]
            lines += [f"{place}-{step}-{one},{day},45,{lon},52.45" for one, day in enumerate(days)]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("pack")
    targets = "indicator_id,area_code,value,owner,start_date,end_date\nHRM-01,L1,50,Chief of L1,2024-01-01,\n"
    opened = Store.open(f"sqlite:///{folder / 'npd.sqlite'}")
    report = load(opened, write(folder / "in", {**FORCE, "crimes.csv": crimes(), "targets.csv": targets}), "the tests")
    assert report.error is None
    given = {"area_level": "lpa", "area_code": "L1", "month": LAST, "review_on": date(2025, 1, 31)}
    words = {"kind": "explained", "sentence": SAID, "owner": "Inspector, Sector S1"}
    explain(Reader.open(opened, CHIEF), Explanation(indicator_id="HRM-01", **given, **words))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def material(store: Store) -> Pack:
    return gather(Reader.open(store, Scope.one_lpa("briefing", "L1")), OF_L1, LAST)


@pytest.fixture(scope="module")
def file(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack of L1 as the command writes it."""
    out = tmp_path_factory.mktemp("out") / "new" / "l1.pptx"
    url = f"sqlite:///{store.engine.url.database}"
    assert main(["pack", "--month", f"{LAST:%Y-%m}", "--lpa", "L1", "--out", str(out), "--store", url]) == 0
    return out


def of_recorded_crime(deck: Deck):
    return next(slide for slide in deck.slides if slide.shapes.title.text == "LPA L1: recorded crime")


def texts(slide) -> list[str]:
    boxed = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    tables = [shape.table for shape in slide.shapes if shape.has_table]
    return [*boxed, *(cell.text for table in tables for row in table.rows for cell in row.cells)]


def test_every_slide_says_what_it_is_of_and_which_it_is(file: Path, material: Pack) -> None:
    deck = Presentation(str(file))
    assert len(deck.slides) == 3 + len(material.findings) > 4
    for place, slide in enumerate(deck.slides, start=1):
        foot = f"OFFICIAL · LPA L1 · Oct 2024 · data version 1 · slide {place} of {len(deck.slides)}"
        fields = [one.text or "" for one in slide.element.iter("{*}t")]
        assert foot in "".join(fields)
        assert texts(slide)[1] == "OFFICIAL"
        assert slide.element.find(".//{*}fld").get("type") == "slidenum"
    titles = [slide.shapes.title.text for slide in deck.slides]
    assert titles[0] == "Neighbourhood policing: LPA L1, Oct 2024"
    assert all(titles)
    assert deck.core_properties.category == "OFFICIAL"


def test_a_finding_has_its_chart_sentence_explanation_and_owner(file: Path, store: Store) -> None:
    slide = of_recorded_crime(Presentation(str(file)))
    said = "\n".join(texts(slide))
    assert "new in Oct 2024" in said
    assert f"{MANY} against " in said
    assert f"Explained: {SAID} (look again 31 Jan 2025)" in said
    assert "Inspector, Sector S1" in said
    assert "Target 50 (Chief of L1)" in said
    (frame,) = [shape for shape in slide.shapes if shape.has_chart]
    series = {one.name: list(one.values) for one in frame.chart.plots[0].series}
    asked = Question(indicators=("HRM-01",), level="lpa", since=FIRST, until=LAST, within=OF_L1.within)
    expected = answer(Reader.open(store, Scope.one_lpa("briefing", "L1")), asked).sort("month")
    assert series["each month"] == expected["value"].to_list() == [USUAL] * (MONTHS - 1) + [MANY]
    assert series["expected, at most"] == expected["upper_limit"].to_list()
    assert series["concern"] == [None] * (MONTHS - 1) + [MANY]
    assert float(frame.chart.plots[0].categories[-1]) == (LAST - SPREADSHEET_DAY_0).days
    assert f"{MANY} in Oct 2024" in frame._element.nvGraphicFramePr.cNvPr.get("descr")


def test_a_finding_that_nobody_explained_asks_for_it(file: Path) -> None:
    deck = Presentation(str(file))
    others = [slide for slide in deck.slides if any(shape.has_chart for shape in slide.shapes)]
    unexplained = [slide for slide in others if slide.shapes.title.text != "LPA L1: recorded crime"]
    assert unexplained
    for slide in unexplained:
        assert "None yet. To be given at this meeting, or under the figure in the suite." in texts(slide)
        assert "To be named at this meeting." in texts(slide)


def test_an_lpas_pack_tells_of_no_area_inside_another_and_of_no_few_officers(file: Path, material: Pack) -> None:
    assert {one.row["area_code"] for one in material.findings} <= {"L1", "S1", "S2"}
    everything = "\n".join(text for slide in Presentation(str(file)).slides for text in texts(slide))
    assert "L2" not in everything
    headline = texts(Presentation(str(file)).slides[1])
    place = headline.index("Operational abstraction rate")
    assert headline[place + 1 : place + 5] == ["–", "–", "–", "Withheld: fewer than five officers."]


@pytest.mark.parametrize("name", ["One\x0bTwo\x00\x1f", "A very long name " * 40])
def test_no_name_of_an_extract_breaks_the_file(material: Pack, name: str) -> None:
    area = replace(OF_L1, name=name)
    told = slides.write(replace(material, briefing=replace(material.briefing, area=area)), MADE)
    deck = Presentation(io.BytesIO(told))
    assert len(deck.slides) > 4
    assert deck.core_properties.title.startswith(f"Neighbourhood policing: {name[:3]}")


def test_the_trail_says_who_took_it_away(file: Path, store: Store) -> None:
    entry = store.trail(1).row(0, named=True)
    assert (entry["what"], entry["whom"], entry["reason"]) == ("exported", "l1.pptx", "pack of LPA L1, 2024-10")
    assert entry["viewer"].startswith("command line: ")


def test_it_refers_to_nothing_outside_and_every_part_is_xml(file: Path) -> None:
    with zipfile.ZipFile(file) as parts:
        assert parts.testzip() is None
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                tree = etree.fromstring(parts.read(name))
                assert "External" not in tree.xpath("//@TargetMode"), name


def lines_of(paragraph, width: float) -> float:
    """Return the height in points that a paragraph takes, broken at blanks as any program breaks it."""
    height, room = 0.0, width
    runs = [(run.text, run.font.size, run.font.bold) for run in paragraph.runs]
    size = runs[0][1] if runs else Pt(12)
    face = "Bold" if runs and runs[0][2] else "Regular"
    font = ImageFont.truetype(str(FONTS / f"LiberationSans-{face}.ttf"), 100)
    scale = size / POINTS / 100
    for word in "".join(text for text, *_ in runs).split(" "):
        needed = font.getlength(f"{word} ") * scale
        if room < font.getlength(word) * scale and room < width:
            height, room = height + 1.2 * size / POINTS, width
        room -= needed
    return height + 1.2 * size / POINTS


def overflowing(deck: Deck) -> list[str]:
    """List the texts that are higher than the box or the cell that they stand in."""
    found = []
    for slide in deck.slides:
        for shape in slide.shapes:
            boxed = [(shape.text_frame, shape.width, shape.height)] if shape.has_text_frame else []
            if shape.has_table:
                table = shape.table
                boxed = [
                    (cell.text_frame, column.width - 2 * cell.margin_left, row.height - 2 * cell.margin_top)
                    for row in table.rows
                    for column, cell in zip(table.columns, row.cells, strict=True)
                ]
            for frame, width, height in boxed:
                taken = sum(lines_of(one, width / POINTS) for one in frame.paragraphs)
                if taken > height / POINTS + MARGIN * 72:
                    found.append(frame.text)
    return found


def long_worded(material: Pack) -> Pack:
    """Return the pack with the longest words that a force may hand over or a viewer may write."""
    finding = next(one for one in material.findings if one.said)
    said = {**finding.said[0], "sentence": "Much has been said of this. " * 14 + "It ends.", "owner": "A chief " * 12}
    name = "Sutton Coldfield and the neighbourhoods around it, with all of its wards and town centres"
    named = replace(material.briefing.area, name=name)
    row = {**finding.row, "area_name": f"{name} ({name})"}
    longest = Finding(row=row, series=finding.series, said=(said, said, said), target=finding.target)
    standing = pl.DataFrame([{**finding.row, **row, "since": FIRST, "level_change": 12.0} for _ in range(8)])
    own = replace(material.briefing, area=named)
    return replace(material, briefing=own, findings=(longest, *material.findings), standing=standing)


def test_every_text_fits_the_box_that_it_stands_in(file: Path, material: Pack) -> None:
    assert overflowing(Presentation(str(file))) == []
    longest = Presentation(io.BytesIO(slides.write(long_worded(material), MADE)))
    assert overflowing(longest) == []
    assert any(text.endswith("…") for slide in longest.slides for text in texts(slide))


def test_the_measure_finds_a_text_that_does_not_fit(file: Path) -> None:
    deck = Presentation(str(file))
    boxes.fill(of_recorded_crime(deck).shapes[-1].text_frame, "much too long " * 60, 16)
    assert len(overflowing(deck)) == 1


def test_nothing_stands_on_anything_else_or_off_the_slide(file: Path) -> None:
    deck = Presentation(str(file))
    for slide in deck.slides:
        placed = [(one.left, one.top, one.left + one.width, one.top + one.height) for one in slide.shapes]
        for step, (left, top, right, bottom) in enumerate(placed):
            assert 0 <= left < right <= deck.slide_width
            assert 0 <= top < bottom <= deck.slide_height
            for other in placed[step + 1 :]:
                apart = right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
                assert apart, (slide.shapes.title.text, placed[step], other)


def test_libreoffice_opens_it_and_draws_every_slide(file: Path, tmp_path: Path) -> None:
    own = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    convert = ["soffice", own, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(file)]
    subprocess.run(convert, check=True, capture_output=True, timeout=180)
    told = subprocess.run(["pdftotext", "-layout", str(tmp_path / "l1.pdf"), "-"], capture_output=True, check=True)
    pages = told.stdout.decode().split("\f")[:-1]
    deck = Presentation(str(file))
    assert len(pages) == len(deck.slides)
    for place, (page, slide) in enumerate(zip(pages, deck.slides, strict=True), start=1):
        assert slide.shapes.title.text in page
        assert f"slide {place} of {len(pages)}" in page
        if any(shape.has_chart for shape in slide.shapes):
            assert "expected, at most" in page
            assert "Oct 22" in page


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--month", "2031-01"), "no month 2031-01: the store holds"),
        (("--month", "2024-10", "--lpa", "X"), "no LPA 'X': the store holds L1, L2"),
    ],
)
def test_an_unknown_month_or_lpa_is_refused_in_a_sentence(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], sentence: str
) -> None:
    url, out = f"sqlite:///{store.engine.url.database}", tmp_path / "none.pptx"
    assert main(["pack", *arguments, "--out", str(out), "--store", url]) == 2
    assert sentence in capsys.readouterr().err
    assert not out.exists()
