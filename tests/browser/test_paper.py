"""What leaves the suite on paper, printed by a real browser: the briefing on two sides, a page with its margins."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Browser, Page, expect

from data_access.answers.reader import Reader
from data_access.scope import Scope
from data_access.store import Store
from metrics.news import News
from pages import briefing
from pages.briefing.material import Area, Material, gather
from tests.browser.test_shell import opened
from tests.pages.briefing.test_briefing import OCTOBER

CHIEF = Scope(viewer="tests", force=True, people="none")
ALL_SECTORS, LONG = 16, "Ladywood, Edgbaston and Quinton"  # as many as the largest LPA has, and a long name
SHEET, INSIDE = 1122, {"width": 1047, "height": 673}  # A4 across at 96 dpi: its width, and what its margins leave
PICTURES = """() => [...document.querySelectorAll(
    '.stPlotlyChart .main-svg:first-of-type, [data-testid=stDeckGlJsonChart] canvas')]
  .filter(one => one.checkVisibility())
  .map(one => [one.getBoundingClientRect(), one.closest('[data-testid=stElementContainer]').getBoundingClientRect()])
  .map(([drawn, room]) => [drawn.width, drawn.height, room.height])"""


@pytest.fixture(scope="module")
def reader(example_store: Path) -> Reader:
    return Reader.open(Store.open(f"sqlite:///{example_store}/npd.sqlite"), CHIEF)


def sides(pdf: bytes) -> int:
    """Count the pages of a PDF by their objects: Chromium writes them uncompressed."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def printed(browser: Browser, html: str) -> int:
    page = browser.new_page()
    page.set_content(html)
    pdf = page.pdf(prefer_css_page_size=True)
    page.close()
    return sides(pdf)


@pytest.mark.parametrize(
    "area",
    [
        Area(level="lpa", code="L1", name="LPA L1"),
        Area(level="lpa", code="L2", name="LPA L2"),
        Area(level="force", code="E23000014", name="West Midlands Police"),
    ],
    ids=lambda area: area.code,
)
def test_a_briefing_is_two_sides_of_a4(browser: Browser, reader: Reader, area: Area) -> None:
    html = briefing.write(gather(reader, area, OCTOBER), datetime(2024, 11, 20, tzinfo=UTC))
    assert printed(browser, html) == 2


def test_a_briefing_of_the_largest_lpa_with_all_the_news_that_it_lists_is_two_sides_too(
    browser: Browser, reader: Reader
) -> None:
    material = gather(reader, Area(level="lpa", code="L1", name=LONG), OCTOBER)
    many = pl.concat(_sector(material, number) for number in range(ALL_SECTORS))
    lpas = pl.concat([material.totals, *(_sector(material, number, "L") for number in range(3, 8))])
    own, inside = _news(material.own), _news(many.filter(pl.col("month") == OCTOBER))
    html = briefing.write(
        replace(material, inside=many, totals=lpas, news=own, news_inside=inside), datetime(2024, 11, 20, tzinfo=UTC)
    )
    assert html.count(LONG) > ALL_SECTORS
    assert printed(browser, html) == 2


def _sector(material: Material, number: int, kind: str = "S") -> pl.DataFrame:
    one = material.inside.filter(pl.col("area_code") == material.inside["area_code"][0])
    return one.with_columns(
        area_code=pl.lit(f"{kind}{number}"), area_name=pl.lit(f"{LONG} {number}"),
        area_level=pl.lit("lpa" if kind == "L" else "sector"),
    )  # fmt: skip


def _news(rows: pl.DataFrame) -> News:
    """Make every known figure of some rows a new spike."""
    told = rows.filter(pl.col("value").is_not_null()).with_columns(
        verdict=pl.lit("concern"), signal=pl.lit("spike"), centre=pl.lit(1.0), lower_limit=pl.lit(0.0),
        upper_limit=pl.lit(2.0),
    )  # fmt: skip
    return News(shifts=told.clear(), spikes=told, standing=told.clear(), looked_at=300)


def test_every_sheet_says_what_it_is_of_which_area_month_and_version(browser: Browser, reader: Reader) -> None:
    material = gather(reader, Area(level="lpa", code="L1", name="LPA L1"), OCTOBER)
    html = briefing.write(material, datetime(2024, 11, 20, tzinfo=UTC))
    page = browser.new_page()
    page.set_content(html)
    boxes = _margin_boxes(page)
    page.close()
    assert "OFFICIAL" in boxes["top-left"]
    assert "L1" in boxes["top-left"]
    assert "Oct 2024" in boxes["top-left"]
    assert "Data version 1" in boxes["bottom-left"]
    assert "counter(page)" in boxes["bottom-right"]


def test_a_page_on_paper_has_its_margins_and_pictures_as_large_as_the_sheet(page: Page) -> None:
    opened(page, "/abstractions?lpa=L1&month=2024-10")
    boxes = _margin_boxes(page)
    assert "OFFICIAL" in boxes["top-left"]
    assert "L1" in boxes["top-left"]
    assert "Oct 2024" in boxes["top-left"]
    assert "Data version 1" in boxes["bottom-left"]
    assert "counter(page)" in boxes["bottom-right"]
    # The map below the screen waits; until it is drawn, its canvas has the size of any empty one.
    canvas = page.locator("[data-testid=stDeckGlJsonChart] canvas")
    expect(canvas).to_be_visible()
    expect(canvas).to_have_attribute("width", re.compile(r"\d"))
    on_paper(page)
    pictures = page.evaluate(PICTURES)
    assert len(pictures) > 1
    for width, height, room in pictures:
        assert width <= INSIDE["width"]
        assert width >= 0.9 * SHEET or height >= 0.85 * INSIDE["height"]
        assert room >= height  # else the next lies over it


@pytest.mark.parametrize("side", ["", "&explore_turned=yes"], ids=["months down", "months across"])
def test_a_table_of_any_two_things_fits_a_telephone_and_a_sheet(page: Page, side: str) -> None:
    asked = "explore=ABS-01,ASB-01,HRM-02,VIS-06,TGP-01,ABS-03&explore_level=lpa&explore_over=months"
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, f"/explore?{asked}&month=2024-10{side}")
    table = page.locator(".npd-cross")
    columns = table.locator("thead th").count()
    assert columns > (2 if side else 10)  # of LPAs and figures, of months
    room = page.locator(".npd-scroll:has(.npd-cross)")
    assert room.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
    expect(table.locator("td a").first).to_be_visible()
    on_paper(page)
    assert table.evaluate("one => one.getBoundingClientRect().right") <= INSIDE["width"]


def on_paper(page: Page) -> None:
    """Show a page as its sheets do, within their margins."""
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size(INSIDE)


def _margin_boxes(page: Page) -> dict[str, str]:
    """Return what the browser itself has understood of the paper's margins: by box, its content."""
    rules = page.evaluate(
        "() => [...document.styleSheets].flatMap(sheet => [...sheet.cssRules])"
        ".filter(rule => rule instanceof CSSPageRule).map(rule => rule.cssText).join(' ')"
    )
    return dict(re.findall(r"@([a-z-]+) \{ content: (.*?);", rules))
