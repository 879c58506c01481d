"""The period of a page: read from the address, counted by hand, named wherever its figure stands, and undone."""

import csv
from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from metrics.levels import add_months, months_between
from pages.selections.selection import read, write
from pages.wording import words
from tests.pages.selections.test_areas_named import PLACES
from tests.pages.test_shell import linked_rows, text
from tests.places import EXAMPLE

Run = Callable[..., AppTest]
KNOWN = months_between(date(2024, 5, 1), date(2026, 9, 1))
named = st.sampled_from(KNOWN)


def chosen(**address: str) -> tuple[tuple[date, ...], list[str]]:
    selection, problems = read(address, PLACES, KNOWN, KNOWN[-1])
    assert selection.month == selection.months[-1]
    assert selection.spans == (len(selection.months) > 1)
    return selection.months, problems


def written(month: date) -> str:
    return f"{month:%Y-%m}"


@given(named)
def test_a_month_the_year_to_date_and_twelve_months_end_with_the_month(last: date) -> None:
    month = written(last)
    assert chosen(month=month) == ((last,), [])
    to_date, said = chosen(month=month, period="ytd")
    assert (to_date[0].month, to_date[-1], said) == (4, last, [])
    assert len(to_date) <= 12
    assert chosen(month=month, period="rolling12") == (tuple(months_between(add_months(last, -11), last)), [])


@given(named, named)
def test_a_range_runs_from_its_first_month_to_its_last(first: date, last: date) -> None:
    months, said = chosen(month=written(last), period="range", **{"from": written(first)})
    assert months == (tuple(months_between(first, last)) if first <= last else (last,))
    assert len(said) == (first > last)


@given(st.sets(named, min_size=1), st.randoms())
def test_several_months_are_counted_once_each_and_in_order(given_: set[date], random) -> None:
    mixed = [written(month) for month in given_]
    random.shuffle(mixed)
    assert chosen(month=",".join(mixed)) == (tuple(sorted(given_)), [])
    assert write({"month": "2024-05"}, "month", *mixed) == {"month": ",".join(sorted(mixed))}


@pytest.mark.parametrize(
    ("address", "months", "said"),
    [
        ({"period": "week"}, 1, "There is no period “week”"),
        ({"month": "2026-08,2031-01"}, 1, "There is no data for the month “2031-01”"),
        ({"month": "x", "period": "ytd"}, 6, "There is no data for the month “x”"),
        ({"period": "range", "from": "2031-01"}, 1, "There is no data for the month “2031-01”"),
        ({"month": "2026-08,2026-09", "period": "ytd"}, 2, "several months, and a period"),
    ],
)
def test_what_an_address_cannot_mean_is_said(address: dict[str, str], months: int, said: str) -> None:
    found, problems = chosen(**address)
    assert len(found) == months
    assert any(said in problem for problem in problems)


def test_a_range_goes_with_its_first_month() -> None:
    address = {"month": "2026-09", "period": "range", "from": "2026-02", "lpa": "L1"}
    assert write(address, "period") == {"month": "2026-09", "lpa": "L1"}


@pytest.mark.parametrize(
    ("months", "said"),
    [
        (KNOWN[:1], "May 2024"),
        (KNOWN[:3], "May to July 2024"),
        (KNOWN[5:12], "October 2024 to April 2025"),
        ([KNOWN[0], KNOWN[2], KNOWN[8]], "May 2024, Jul 2024 and Jan 2025"),
        (KNOWN[:20:2], "10 months from May 2024 to November 2025"),
    ],
)
def test_months_counted_as_one_are_named(months: list[date], said: str) -> None:
    assert words.span(months) == said


SEPTEMBER_TO_OCTOBER = {"period": "range", "from": "2024-09", "month": "2024-10"}


def asb_by_month() -> Counter[str]:
    """Count the incidents of the extract by hand: those with an ASB code, by local month."""
    with (EXAMPLE / "extracts" / "closure_codes.csv").open() as file:
        codes = {row["closure_code"] for row in csv.DictReader(file) if row["asb_category"]}
    with (EXAMPLE / "extracts" / "incidents.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if codes.intersection(row["closing_codes"].split(";"))]
    assert not [row for row in rows if "T23" in row["reported_at"] and row["reported_at"].startswith("2024-09-30")]
    return Counter(row["reported_at"][:7] for row in rows)


@pytest.mark.parametrize(
    ("address", "counted", "named_"),
    [
        (SEPTEMBER_TO_OCTOBER, ("2024-09", "2024-10"), "September to October 2024"),
        ({"month": "2024-08,2024-10"}, ("2024-08", "2024-10"), "Aug 2024 and Oct 2024"),
        (
            {"month": "2024-10", "period": "ytd"},
            [f"2024-{month:02d}" for month in range(4, 11)],
            "April to October 2024",
        ),
        ({"month": "2024-10", "period": "rolling12"}, None, "November 2023 to October 2024"),
    ],
)
def test_the_cards_count_the_incidents_of_the_period(shell: Run, address, counted, named_) -> None:
    by_month = asb_by_month()
    assert by_month["2024-10"] == 99
    app = shell(page="asb", **address)
    assert not app.exception
    cards = [str(one.proto.body) for one in app.get("html") if 'class="npd-card"' in str(one.proto.body)]
    if counted is None:  # the example begins later: then there is no figure, and it says so
        assert min(by_month) > "2023-11"
        assert "no figure" in cards[0]
        assert "No data" in cards[0]
    else:
        assert f'<p class="npd-value">{sum(by_month[month] for month in counted)}<' in cards[0]
        assert "Judged by its months. Oct 2024:" in cards[0]
    assert f"ASB incidents · West Midlands Police · {named_} · judged by its months" in text(app)


def test_areas_are_listed_by_the_figure_of_the_period_and_the_title_says_so(shell: Run) -> None:
    app = shell(page="asb", asb_tab="every", **SEPTEMBER_TO_OCTOBER)
    each = [
        {row["area_name"]: row["value"] for row in linked_rows(shell(page="asb", asb_tab="every", month=one), "value")}
        for one in ("2024-09", "2024-10")
    ]
    rows = linked_rows(app, "value")
    assert rows
    for row in rows:
        assert row["value"] == sum(one[row["area_name"]] for one in each)
        assert "period=range" in str(row["leads to"])
    assert "ASB incidents, every LPA, September to October 2024" in text(app)


@pytest.mark.parametrize("page", ["overview", "framework", "abstractions", "visibility", "impact_areas", "patrols"])
@pytest.mark.parametrize("viewer", ["chief", "commander"])
def test_pages_name_the_period_and_what_is_of_its_last_month(shell: Run, page: str, viewer: str) -> None:
    app = shell(viewer, page, **SEPTEMBER_TO_OCTOBER)
    assert not app.exception
    assert not app.error
    assert "September to October 2024" in text(app)


@pytest.mark.parametrize("page", ["benchmark", "hotspot", "need"])
def test_pages_of_a_month_say_so(shell: Run, page: str) -> None:
    app = shell(page=page, **SEPTEMBER_TO_OCTOBER)
    assert not app.exception
    of_month = "Of Oct 2024 alone, not of September to October 2024."
    assert of_month in text(app) or "No need index yet" in text(app)


def chips(app: AppTest) -> dict[str, str]:
    return {str(one.key): one.label for one in app.button if str(one.key).startswith("chip_")}


def test_a_period_is_a_chip_that_takes_it_away(shell: Run) -> None:
    app = shell(page="asb", **SEPTEMBER_TO_OCTOBER)
    assert "September to October 2024" in chips(app)["chip_period"]
    app.button(key="chip_period").click().run()
    assert "period" not in app.query_params
    assert "from" not in app.query_params
    assert app.query_params["month"] in (["2024-10"], "2024-10")


def test_one_of_several_months_is_taken_away_by_its_chip(shell: Run) -> None:
    app = shell(page="asb", month="2024-08,2024-09,2024-10")
    app.button(key="chip_month_2024-09").click().run()
    assert app.query_params["month"] in (["2024-08,2024-10"], "2024-08,2024-10")


def test_a_period_is_chosen_in_the_bar(shell: Run) -> None:
    app = shell(page="asb", month="2024-10")
    app.selectbox(key="choose_period").select("range").run()
    assert app.selectbox(key="choose_from").value == "2024-08"
    assert "August to October 2024" in text(app)
    app.selectbox(key="choose_period").select("months").run()
    app.multiselect(key="choose_month").select("2024-08").run()
    assert "Aug 2024 and Oct 2024" in text(app)
    app.selectbox(key="choose_period").select("month").run()
    assert app.selectbox(key="choose_month").value == "2024-10"
    assert "judged by its months" not in text(app)
