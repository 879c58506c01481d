"""What a viewer does: filter, read, download, go back, print on a telephone; checked where they do it."""

import csv
import io
import re
from contextlib import closing
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from data_access.store import Store
from pages.shell.order import PAGES

WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],  # of what passes, axe need not tell every element
}

NO_WIDER = """() => ![document.documentElement, ...document.querySelectorAll('[data-testid=stMain]')]
  .some(one => one.scrollWidth > one.clientWidth)"""

SCREENS, SCREENS_ON_A_TELEPHONE = 3, 6
HEIGHT = "() => document.querySelector('[data-testid=stMain]').scrollHeight"
SHIFTED = 0.1  # what counts as good; Chromium adds up how far what was drawn moves, unasked, and how much of the view
SHIFTS = """() => new Promise(told => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(one => { if (!one.hadRecentInput) sum += one.value; }))
    .observe({type: 'layout-shift', buffered: true});
  setTimeout(() => told(sum), 100);
})"""
# What a finger must hit; a link within a sentence is as high as its line.
TOO_SMALL = """() => [...document.querySelectorAll(':is(button, summary, input:not([type=hidden]), [role=tab])')]
  .filter(one => one.closest('.stMain'))
  .map(one => [one, one.matches('input') && one.closest('label') || one])
  .map(([one, hit]) => [one, hit.getBoundingClientRect(), getComputedStyle(one)])
  .filter(([one, box, style]) => box.width > 1 && box.height > 1)
  .filter(([one, box, style]) => style.visibility !== 'hidden' && style.opacity !== '0')
  .filter(([one, box]) => box.height < 43.5 && !one.closest('[data-baseweb=select], .npd-areas, [role=combobox]'))
  .map(([one, box]) => `${one.tagName} ${(one.ariaLabel || one.textContent).slice(0, 30)} ${box.height}`)"""

# A name on a map lies close to others: it is a target by itself (WCAG 2.5.8).
LOW_NAMES = "() => [...document.querySelectorAll('.npd-name a')].map(one => one.offsetHeight).filter(high => high < 24)"
# A mark's sign stands in the middle of its shape.
ASTRAY = """() => [...document.querySelectorAll('.npd-mark')].filter(mark => mark.textContent).filter(mark => {
  const sign = document.createRange();
  sign.selectNodeContents(mark);
  const [inner, outer] = [sign, mark].map(one => one.getBoundingClientRect());
  return outer.width && Math.abs(inner.left + inner.right - outer.left - outer.right) > 3;
}).map(mark => mark.parentElement.textContent)"""


def opened(page: Page, address: str = "/abstractions") -> Page:
    page.goto(address)
    expect(page.locator("h1")).to_be_visible()
    at_rest(page)
    return page


def at_rest(page: Page) -> None:
    """Wait until the run has ended and nothing of it is still being fetched or drawn in."""
    expect(page.locator("[data-test-script-state=notRunning]")).to_be_visible()
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label, exact=True).click()
    page.get_by_role("option", name=option, exact=True).click()
    page.keyboard.press("Tab")  # a list of which several may be chosen stays open


def test_a_period_is_chosen_counted_named_and_undone_by_back(page: Page) -> None:
    opened(page, "/asb?month=2024-10")
    value = page.locator(".npd-value").first
    expect(value).to_have_text("99")
    choose(page, "Period", "from … to")
    expect(page).to_have_url("/asb?month=2024-10&period=range&from=2024-08")
    choose(page, "From", "from Sep 2024")
    expect(page).to_have_url("/asb?month=2024-10&period=range&from=2024-09")
    expect(page.locator(".npd-crumbs")).to_contain_text("September to October 2024")
    expect(value).not_to_have_text("99")
    page.go_back()
    expect(page.locator(".npd-crumbs")).to_contain_text("August to October 2024")
    page.go_back()
    expect(value).to_have_text("99")


def test_a_filter_changes_the_figure_and_the_download_has_it(page: Page, example_store: Path) -> None:
    opened(page)
    value = page.locator(".npd-value").first
    expect(value).to_contain_text("10.1 %")
    choose(page, "LPA", "LPA L1")
    choose(page, "Sector", "Sector S1")
    expect(value).to_contain_text("8.6 %")
    expect(page).to_have_url("/abstractions?lpa=L1&sector=S1")
    page.locator(".st-key-twin_abs_trend").get_by_role("button").click()
    with page.expect_download() as download:
        page.get_by_test_id("stPopoverBody").get_by_role("button", name="CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8"))))
    (row,) = [row for row in rows if row["month"] == "2024-10-01"]
    assert f"{float(row['value']):.1f} %" == "8.6 %"
    assert row["area_code"] == "S1"
    assert row["marking"] == "OFFICIAL"
    with closing(Store.open(f"sqlite:///{example_store}/npd.sqlite")) as store:
        (entered,) = store.trail().filter(what="exported", whom=download.value.suggested_filename).to_dicts()
    assert entered["viewer"] == "chief"


def test_two_lpas_are_chosen_one_after_the_other_and_back_undoes_each(page: Page) -> None:
    opened(page)
    value = page.locator(".npd-value").first
    choose(page, "LPA", "LPA L1")
    expect(page).to_have_url("/abstractions?lpa=L1")
    at_rest(page)
    choose(page, "LPA", "LPA L2")
    expect(page).to_have_url("/abstractions?lpa=L1%2CL2")
    expect(value).to_contain_text("10.1 %")
    expect(page.get_by_role("button", name="LPA: LPA L2")).to_be_visible()
    page.go_back()
    expect(page).to_have_url("/abstractions?lpa=L1")
    expect(value).to_contain_text("9.4 %")
    page.go_back()
    expect(value).to_contain_text("10.1 %")
    expect(page.get_by_role("button", name="LPA: LPA L1")).to_have_count(0)


def test_one_box_finds_an_area_and_an_indicator_by_keyboard_and_back_undoes_each(page: Page) -> None:
    opened(page, "/need")
    for typed, address in (("LPA L1", "/need?lpa=L1"), ("ABS-01", "/figure?lpa=L1&indicator=ABS-01")):
        page.get_by_role("combobox", name="Search").focus()
        page.keyboard.type(typed)
        expect(page.get_by_role("option").first).to_contain_text(typed)
        page.keyboard.press("Enter")
        expect(page).to_have_url(address)
        expect(page.locator("h1")).to_be_visible()
        at_rest(page)
        expect(page.get_by_role("combobox", name="Search")).to_have_value("")
    page.go_back()
    expect(page).to_have_url("/need?lpa=L1")
    expect(page.get_by_role("button", name="LPA: LPA L1")).to_be_visible()


def test_the_search_narrows_by_every_word_and_is_left_as_it_was(page: Page) -> None:
    opened(page, "/need")
    box, options = page.get_by_role("combobox", name="Search"), page.get_by_role("option")
    told = page.locator(".st-key-npd_search").get_by_role("status")
    expect(options).to_have_count(0)
    box.click()
    expect(told).to_contain_text("shown: type more of the name")
    box.fill("sector l1 lpa")
    expect(options.first).to_contain_text("sector in LPA L1")
    first = options.first.text_content()
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.last.get_attribute("id"))
    assert Axe().run(page, options=WCAG).response["violations"] == []
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(box).to_have_value("")
    box.fill("no such name")
    expect(told).to_have_text("Nothing has this name.")
    assert Axe().run(page, options=WCAG).response["violations"] == []
    page.keyboard.press("Enter")
    expect(page).to_have_url("/need")
    box.fill("sector l1")
    page.get_by_role("option", name=first, exact=True).click()
    expect(page.get_by_role("button", name="Sector: ")).to_be_visible()
    expect(box).to_have_value("")
    expect(options).to_have_count(0)


def test_a_view_is_named_from_the_keyboard_alone(page: Page) -> None:
    opened(page, "/need?lpa=L1")
    page.get_by_role("button", name="Views").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="All views, start page, e-mails")).to_be_focused()
    at_rest(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name="Name this view")).to_be_focused()
    page.keyboard.type("Need in L1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Need in L1")).to_have_attribute("href", "need?lpa=L1")


def test_a_link_restores_what_was_seen(page: Page) -> None:
    opened(page, "/need?lpa=L1&month=2024-09")
    expect(page.get_by_role("button", name="LPA: LPA L1")).to_be_visible()
    expect(page.get_by_role("combobox", name="Month", exact=True)).to_have_value("Sep 2024")


def test_a_bar_drills_and_the_table_drills(page: Page) -> None:
    opened(page)
    bar = page.locator(".st-key-abs_where .barlayer .point path").first
    bar.scroll_into_view_if_needed()
    at_rest(page)
    box = bar.bounding_box()  # Plotly's drag layer lies over the bars, so the click goes to a place
    assert box is not None
    page.mouse.click(box["x"] + 20, box["y"] + box["height"] / 2)
    expect(page.get_by_role("button", name="LPA: LPA L")).to_be_visible()
    page.evaluate("window.sameSession = true")
    page.get_by_role("tab", name="Every sector").click()
    row = page.locator(".npd-areas tbody tr:visible").first
    name = row.locator("a").inner_text()
    row.scroll_into_view_if_needed()
    at_rest(page)
    place = row.locator("td").last.bounding_box()  # anywhere on the row: the name's link lies over it
    assert place is not None
    page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    expect(page.get_by_role("button", name=f"sector: {name}")).to_be_visible()
    page.locator(".npd-crumbs a").first.click()
    expect(page.get_by_role("button", name="sector: ")).to_have_count(0)
    assert page.evaluate("window.sameSession")


def test_a_map_below_the_screen_waits_until_it_comes_near(page: Page) -> None:
    page.context.new_cdp_session(page).send("Animation.setPlaybackRate", {"playbackRate": 0})  # five seconds never pass
    opened(page, "/asb?lpa=L1")
    canvas = page.locator(".stDeckGlJsonChart canvas")
    expect(canvas).to_have_count(1)
    expect(canvas).to_be_hidden()
    page.locator(".stDeckGlJsonChart").scroll_into_view_if_needed()
    expect(canvas).to_be_visible()


def test_a_figure_opens_its_definition(page: Page) -> None:
    opened(page)
    page.locator(".st-key-how_abs_ABS-01").get_by_role("button", name="How is this worked out?").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("each summed first, divided once")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_the_first_page_answers_to_its_name(page: Page) -> None:
    opened(page, "/overview?lpa=L1")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="LPA: LPA L1")).to_be_visible()


def test_the_navigation_opens_pages_with_the_selection_in_the_same_session(page: Page) -> None:
    opened(page, "/abstractions?lpa=L1")
    page.evaluate("window.sameSession = true")
    pages = page.get_by_role("navigation", name="Pages")
    expect(pages.locator("[aria-current=page]")).to_have_text("Abstractions")
    for title, address in (("ASB", "/asb?lpa=L1"), ("Overview", "/?lpa=L1")):
        pages.get_by_role("link", name=title, exact=True).click()
        expect(page).to_have_url(address)
        expect(pages.locator("[aria-current=page]")).to_have_text(title)
    page.go_back()
    expect(pages.locator("[aria-current=page]")).to_have_text("ASB")
    assert page.evaluate("window.sameSession")


def test_the_keyboard_reaches_and_works_every_filter(page: Page) -> None:
    opened(page, "/need")
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert {"Month", "LPA", "Sector", "Neighbourhood", "Compare with"} <= set(reached)
    page.get_by_role("combobox", name="LPA", exact=True).focus()
    page.keyboard.type("LPA L1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")  # the list stays open for another
    expect(page.get_by_role("button", name="LPA: LPA L1")).to_be_visible()


@pytest.mark.parametrize("name", ["", *(module.__name__.rsplit(".", 1)[-1] for module in PAGES[1:])])
def test_nothing_keeps_anyone_out_and_a_telephone_shows_it_all(page: Page, name: str) -> None:
    opened(page, f"/{name}?lpa=L1&compare=lpa:L2")  # the longer form: two areas side by side
    assert page.evaluate(SHIFTS) < SHIFTED
    assert page.evaluate(HEIGHT) <= SCREENS * 900
    assert _kept_out(page) == []
    assert page.evaluate(ASTRAY) == []
    assert page.evaluate(LOW_NAMES) == []
    page.emulate_media(color_scheme="dark")
    expect(page.locator(".stApp")).to_have_css("background-color", "rgb(20, 20, 20)")
    assert _kept_out(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function(NO_WIDER)
    opened(page, f"/{name}?lpa=L1")
    assert page.evaluate(SHIFTS) < SHIFTED
    assert page.evaluate(HEIGHT) <= SCREENS_ON_A_TELEPHONE * 844
    assert page.locator("h1").bounding_box()["y"] < 300
    assert page.evaluate(TOO_SMALL) == []


def _kept_out(page: Page) -> list[tuple[str, str, str]]:
    """Return what axe finds: rule, impact and the first element."""
    found = Axe().run(page, options=WCAG).response["violations"]
    return [(one["id"], one["impact"], one["nodes"][0]["html"][:120]) for one in found]


def test_a_dark_screen_is_dark_to_the_last_chart_and_paper_stays_light(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    opened(page)
    chart = page.locator(".stPlotlyChart").first
    expect(page.locator(".stApp")).to_have_css("background-color", "rgb(20, 20, 20)")
    expect(chart).to_have_css("filter", re.compile("invert"))
    results = Axe().run(page, options=WCAG)
    assert [one["id"] for one in results.response["violations"]] == []
    page.emulate_media(color_scheme="dark", media="print")
    expect(page.locator(".stApp")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(chart).to_have_css("filter", "none")


def test_a_cell_of_the_week_narrows_the_page_again_clicked_no_longer_and_back_undoes_each(page: Page) -> None:
    opened(page, "/asb?lpa=L1")
    value = page.locator(".npd-value").first
    whole = value.inner_text()

    def click_monday_at_ten() -> None:
        grid = page.locator(".st-key-asb_when .heatmaplayer image").first
        grid.scroll_into_view_if_needed()
        at_rest(page)
        box = grid.bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + box["width"] * 10.5 / 24, box["y"] + box["height"] * 0.5 / 7)

    click_monday_at_ten()
    expect(page).to_have_url("/asb?lpa=L1&when=mon-10")
    expect(page.get_by_role("button", name="When: Mon 10:00 to 10:59")).to_be_visible()
    expect(value).not_to_have_text(whole)
    at_rest(page)
    click_monday_at_ten()
    expect(page).to_have_url("/asb?lpa=L1")
    expect(value).to_have_text(whole)
    page.go_back()
    expect(page.get_by_role("button", name="When: Mon 10:00 to 10:59")).to_be_visible()
    page.go_back()
    expect(page).to_have_url("/asb?lpa=L1")
    expect(value).to_have_text(whole)
