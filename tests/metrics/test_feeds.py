"""Definitions §7: the simple feeds, dated and placed, and the ratios made of them."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from metrics import engagement, feeds, indicator, problem_solving, workforce
from metrics.compare import compare
from metrics.compute import compute
from metrics.durations import quantiles
from metrics.indicator import Indicator
from metrics.levels import months_between, residents_by_month
from metrics.sources import SOURCES

MAY, JUNE = date(2024, 5, 1), date(2024, 6, 1)
AREAS = {"N1": "S1", "N2": "S1", "N3": "S2"}


def neighbourhoods() -> pl.LazyFrame:
    rows = [(code, sector, "L" + sector[1], 1000, None, None) for code, sector in AREAS.items()]
    names = {"neighbourhood_code": pl.String, "sector_code": pl.String, "lpa_code": pl.String, "residents": pl.Int64}
    return pl.LazyFrame(rows, schema=names | {"valid_from": pl.Date, "valid_to": pl.Date}, orient="row")


def members() -> pl.LazyFrame:
    rows = [("force", "F", None, None), ("lpa", "L1", "force", "F"), ("lpa", "L2", "force", "F")]
    rows += [("sector", "S1", "lpa", "L1"), ("sector", "S2", "lpa", "L2")]
    rows += [("neighbourhood", code, "sector", sector) for code, sector in AREAS.items()]
    return pl.LazyFrame(rows, schema=["level", "code", "parent_level", "parent_code"], orient="row")


def values(facts: dict, indicator_id: str, level: str = "lpa", month: date = MAY) -> dict:
    found = compute(facts, [indicator(indicator_id)], level, force_code="F").collect()
    rows = found.filter(pl.col("month") == month).select("category", "area_code", "value").rows()
    return {category or code: value for category, code, value in rows}


def residents() -> pl.LazyFrame:
    return residents_by_month(neighbourhoods(), MAY, JUNE)


def test_strength_is_of_the_latest_month_and_may_exceed_the_posts():
    raw = pl.LazyFrame(
        {
            "month": [MAY, MAY, MAY, JUNE],
            "lpa_code": ["L1"] * 4,
            "department": ["NPT"] * 4,
            "role": ["officer", "pcso", "staff", "officer"],
            "establishment_fte": [40.0, 10.0, 7.0, 50.0],
            "strength_fte": [38.5, 6.5, 1.0, 55.0],
            "as_at": [date(2024, 5, 31)] * 4,
        }
    )
    facts = feeds.establishment_facts(raw)
    assert values({"establishment": facts}, "WRK-01") == {"L1": 90}
    tidy = compute({"establishment": facts}, [indicator("WRK-01")], "lpa", force_code="F").collect()
    june = compare(tidy, workforce.INDICATORS, [JUNE])
    assert june.select("value", "previous_month").row(0) == (pytest.approx(110), 90)
    assert workforce.with_vacancies(tidy)["vacancies"].to_list() == pytest.approx([5, -5])


def test_capacity_is_what_abstraction_leaves():
    area = {"area_level": ["lpa"], "area_code": ["L1"], "month": [MAY]}
    strength = pl.DataFrame({"indicator_id": ["WRK-01"], **area, "numerator": [45.0], "value": [90.0]})
    rate = pl.DataFrame({"indicator_id": ["ABS-01"], **area, "numerator": [1.0], "value": [20.0]})
    assert workforce.capacity(strength, rate)["fte_left"].to_list() == pytest.approx([36])


def test_specials_do_not_add_over_months_and_their_mean_hours_are_of_all_returns():
    rows = [("O1", MAY, 10.0), ("O2", MAY, 20.0), ("O1", JUNE, 60.0)]
    names = {"officer_id": pl.String, "day": pl.Date, "hours": pl.Float64}
    returns = pl.LazyFrame(rows, schema=names, orient="row").with_columns(lpa_code=pl.lit("L1"))
    asked = [indicator("SPC-01"), indicator("SPC-02")]
    tidy = compute({"special_hours": returns}, asked, "lpa", force_code="F", grain="period").collect()
    assert tidy.select("indicator_id", "value").rows() == [("SPC-01", 1), ("SPC-02", 30)]


def test_an_abolished_neighbourhood_has_neither_profile_nor_meetings():
    gone = neighbourhoods().with_columns(valid_to=pl.when(pl.col("neighbourhood_code") == "N2").then(date(2024, 5, 20)))
    names = ["neighbourhood_code", "month", "named_officer", "priorities_reviewed_on"]
    told = pl.LazyFrame([("N1", MAY, True, None), ("N2", MAY, True, None)], schema=names, orient="row")
    facts = {"profiles": feeds.profile_facts(told, gone), "residents": residents_by_month(gone, MAY, MAY)}
    assert values(facts, "ENG-01", "force") == {"F": 50}
    met = pl.LazyFrame(
        {"meeting_id": ["1", "2"], "neighbourhood_code": "N2", "held_on": [date(2024, 5, 19), date(2024, 5, 20)]}
    )
    facts["meetings"] = feeds.meeting_facts(met.with_columns(attendees=None), gone)
    assert values(facts, "ENG-03", "force") == {"F": 1}
    placed = facts["meetings"].select("neighbourhood_code", "lpa_code").collect()
    assert set(placed.rows()) == {("N2", "L1"), (None, None)}


def queries() -> pl.LazyFrame:
    came = datetime(2024, 5, 6, 9, tzinfo=UTC)
    hours = [1, 72, 73, None]
    raw = pl.LazyFrame(
        {
            "query_id": ["Q1", "Q2", "Q3", "Q4"],
            "neighbourhood_code": ["N1"] * 4,
            "received_at": [came] * 4,
            "answered_at": [None if wait is None else came + timedelta(hours=wait) for wait in hours],
        },
        schema_overrides=dict.fromkeys(["received_at", "answered_at"], pl.Datetime("us", "UTC")),
    )
    return feeds.query_facts(raw, neighbourhoods())


def test_reply_times_are_a_median_and_a_90th_percentile():
    found = quantiles(queries(), pl.col("reply_hours"), ["lpa_code"]).collect()
    assert found.rows() == [("L1", 3, 72, pytest.approx(72.8))]


def problems() -> pl.LazyFrame:
    raw = pl.LazyFrame(
        [
            ("P1", "N1", "a", date(2024, 5, 2), "response", date(2024, 6, 3), None, None, None),
            ("P2", "N1", "b", date(2024, 4, 1), "assessment", date(2024, 4, 20), date(2024, 5, 31), True, True),
            ("P3", "N2", "c", date(2024, 5, 12), "scanning", date(2024, 5, 12), date(2024, 5, 20), None, None),
            ("P4", "N3", "d", date(2024, 5, 31), "scanning", date(2024, 5, 31), None, None, None),
        ],
        schema={
            "problem_id": pl.String,
            "neighbourhood_code": pl.String,
            "title": pl.String,
            "opened_on": pl.Date,
            "stage": pl.String,
            "stage_on": pl.Date,
            "closed_on": pl.Date,
            "assessed": pl.Boolean,
            "effective": pl.Boolean,
        },
        orient="row",
    )
    return feeds.problem_facts(raw, neighbourhoods(), JUNE)


def test_plans_closed_in_the_last_twelve_months_that_were_judged_effective():
    closed = [
        ("P1", "N1", date(2023, 6, 30), True, True),  # eleven months before May 2024, so in it for the last time
        ("P2", "N1", date(2023, 5, 31), True, True),  # twelve months before: no more
        ("P3", "N2", date(2024, 5, 31), True, False),
        ("P4", "N3", date(2024, 5, 1), None, None),  # closed without an assessment
        ("P5", "N3", date(2024, 6, 1), True, True),  # closed after May
        ("P6", "N3", None, None, None),
    ]
    names = {"problem_id": pl.String, "neighbourhood_code": pl.String, "closed_on": pl.Date}
    raw = pl.LazyFrame(closed, schema=names | {"assessed": pl.Boolean, "effective": pl.Boolean}, orient="row")
    same = {"title": pl.lit("t"), "stage": pl.lit("response"), "opened_on": pl.lit(date(2023, 1, 9))}
    plans = raw.with_columns(**same, stage_on=pl.lit(date(2023, 1, 9)))
    facts = {"problems": feeds.problem_facts(plans, neighbourhoods(), date(2024, 6, 30))}
    assert values(facts, "PS-04", "force") == {"F": 50}
    assert values(facts, "PS-04", "lpa") == {"L1": 50, "L2": None}
    assert values(facts, "PS-04", "lpa", JUNE) == {"L1": 0, "L2": 100}
    assert values(facts, "PS-02", "force") == {"F": 50}  # P3 and P4 closed in May itself
    year = {month: values(facts, "PS-04", "neighbourhood", month)["N1"] for month in months_between(MAY, JUNE)}
    assert year == {MAY: 100, JUNE: None}


def test_days_in_the_present_stage_of_live_plans():
    rows = problems().select("problem_id", "day", "stage", "stage_days").collect().rows()
    assert {row[:2]: row[2:] for row in rows if row[3] is not None} == {
        ("P1", JUNE): ("response", 27),
        ("P2", date(2024, 4, 1)): ("assessment", 10),
        ("P4", MAY): ("scanning", 0),
        ("P4", JUNE): ("scanning", 30),
    }


def test_attendance_is_of_the_meetings_that_say_how_many_came():
    told = pl.LazyFrame({"attendees": [5, None, 7, 30]}, schema={"attendees": pl.Int64})
    assert engagement.attendance(told).collect().row(0, named=True) == {
        "meetings": 4, "counted": 3, "attendees": 42, "median": 7,
    }  # fmt: skip


def test_who_joined_and_who_left_arrive_as_measures_of_their_own():
    facts = measured(
        ("ENG-05", "F", MAY, 122_407.0, None), ("ENG-05:joined", "L1", MAY, 700.0, None),
        ("ENG-05:joined", "L2", MAY, 48.0, None), ("ENG-05:left", "F", MAY, 400.0, None),
    )  # fmt: skip
    assert engagement.joined_and_left(facts["measures"]).collect().row(0) == (748, 400)
    own = facts["measures"].filter(pl.col("lpa_code") == "L1")
    assert engagement.joined_and_left(own).collect().row(0) == (700, None)
    assert values(facts, "ENG-05", "force") == {"F": 122_407}


def test_tours_of_duty_by_lpa_of_specials_with_a_return():
    rows = [*[("L1", 16.0, 3)] * 4, ("L1", 8.0, 1), *[(None, 4.0, 1)] * 4, ("L1", None, 9)]
    names = {"lpa_code": pl.String, "hours": pl.Float64, "duties": pl.Int64}
    found = workforce.tours_of_duty(pl.LazyFrame(rows, schema=names, orient="row"), []).collect()
    columns = ("lpa_code", "specials", "hours", "duties", "mean_hours", "mean_duties")
    assert found.select(columns).rows() == [("L1", 5, 72, 13, 14.4, 2.6), (None, 4, None, None, None, None)]
    withheld = workforce.tours_of_duty(pl.LazyFrame(rows, schema=names, orient="row"), ["L1"]).collect()
    assert withheld["hours"].to_list() == [None, None]


@pytest.mark.parametrize(
    ("specials", "withheld", "hidden"),
    [
        ({"L1": 9, "L2": 4, "L3": 7}, [], {"L2", "L3"}),  # L2 alone would be the force less the two others
        ({"L1": 9, "L2": 2, "L3": 2, "L4": 6}, [], {"L2", "L3", "L4"}),  # two, of four specials together
        ({"L1": 9, "L2": 3, "L3": 4, "L4": 6}, [], {"L2", "L3"}),
        ({"L1": 9, None: 1, "L3": 7}, [], {None, "L3"}),
        ({"L1": 9, "L2": 8, "L3": 7}, ["L1"], {"L1", "L3"}),  # as WRK-02 leaves L1 out
        ({"L1": 9, "L2": 8}, [], set()),
        ({"L1": 3}, [], {"L1"}),
    ],
)
def test_no_single_lpa_of_specials_follows_from_the_force(specials, withheld, hidden):
    rows = [(lpa, 10.0) for lpa, number in specials.items() for _ in range(number)]
    given = pl.LazyFrame(rows, schema={"lpa_code": pl.String, "hours": pl.Float64}, orient="row")
    assert set(workforce.lpas_of_few(given, withheld)) == hidden


def test_the_age_of_live_plans_is_worked_out_at_each_level():
    facts = {"problems": problems()}
    assert values(facts, "PS-03", "force") == {"median": 14.5, "p90": pytest.approx(26.1)}
    found = compute(facts, [indicator("PS-03")], "lpa", force_code="F").collect()
    june = compare(found, problem_solving.INDICATORS, [JUNE]).filter(pl.col("category") == "median")
    columns = ("area_code", "value", "change", "change_percent", "year_to_date", "rolling_12_months")
    assert june.select(columns).rows() == [("L1", 59, 30, None, None, None), ("L2", 30, 30, None, None, None)]


def measured(*rows: tuple) -> dict:
    names = {"indicator_id": pl.String, "area_code": pl.String, "month": pl.Date}
    numbers = {"numerator": pl.Float64, "denominator": pl.Float64}
    raw = pl.LazyFrame(list(rows), schema=names | numbers, orient="row")
    facts = feeds.measure_facts(raw, members())
    return {"measures": facts}


def test_what_did_not_arrive_is_unknown_not_nought():
    facts = measured(("SAT-01", "F", MAY, 80.0, 100.0), ("ENG-05", "F", JUNE, 122_407.0, None))
    found = compute(facts, [indicator("ENG-05"), indicator("SAT-01")], "force", force_code="F").collect()
    assert found.select("indicator_id", "month", "value").rows() == [
        ("ENG-05", MAY, None),
        ("ENG-05", JUNE, 122_407),
        ("SAT-01", MAY, 80),
        ("SAT-01", JUNE, None),
    ]


def test_members_do_not_add_over_months_and_their_net_change_is_the_change():
    facts = measured(("ENG-05", "F", MAY, 122_059.0, None), ("ENG-05", "F", JUNE, 122_407.0, None))
    tidy = compute(facts, [indicator("ENG-05")], "force", force_code="F").collect()
    june = compare(tidy, engagement.INDICATORS, [JUNE])
    assert june.select("change", "year_to_date").row(0) == (348, None)  # April did not arrive


def town(positive: bool | None) -> dict:
    return dict.fromkeys(SOURCES["crimes"]) | {
        "day": MAY,
        "crime_id": "C",
        "town_centre": True,
        "positive_outcome": positive,
    }


def test_positive_outcomes_of_retail_and_street_crime():
    rows = [town(True), town(False), town(None), town(True)]
    elsewhere = town(True) | {"town_centre": None}
    crimes = pl.LazyFrame([*rows, elsewhere], schema=dict(SOURCES["crimes"]))
    assert values({"crimes": crimes}, "TOWN-01", "force") == {"F": 4}
    assert values({"crimes": crimes}, "TOWN-02", "force") == {"F": 50}


@pytest.mark.parametrize("one", [*workforce.INDICATORS, *engagement.INDICATORS], ids=lambda one: one.id)
def test_a_measure_reads_its_own_rows(one: Indicator):
    for part in (one.numerator, one.denominator):
        if part is not None and part.source == "measures":
            assert one.id in str(part.rows)


def test_a_ward_that_is_its_own_sector_is_read_as_the_ward():
    names = ("level", "code", "parent_level", "parent_code")
    areas = [
        ("force", "F", None, None),
        ("lpa", "L1", "force", "F"),
        ("sector", "W1", "lpa", "L1"),
        ("neighbourhood", "W1", "sector", "W1"),
    ]
    raw = {"indicator_id": ["DEV-01"], "area_code": ["W1"], "month": [MAY], "numerator": [3.0], "denominator": [4.0]}
    facts = feeds.measure_facts(pl.LazyFrame(raw), pl.LazyFrame(areas, schema=list(names), orient="row")).collect()
    assert facts.select("lpa_code", "sector_code", "neighbourhood_code", "numerator").rows() == [("L1", "W1", "W1", 3)]
