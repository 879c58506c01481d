"""Sums of parts, divided once: areas without rows, months without data, null places, other denominators, `by`."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from metrics import INDICATORS, indicator
from metrics.compute import compute, reads_empty_sources
from metrics.sources import SOURCES, empty_source

MAY, JUNE = date(2024, 5, 1), date(2024, 6, 1)


def source(name: str, *rows: dict) -> pl.LazyFrame:
    schema = dict(SOURCES[name])
    return pl.LazyFrame([dict.fromkeys(schema) | row for row in rows], schema=schema)


def crime(number: int, day: date = MAY, **more) -> dict:
    return {"crime_id": f"C{number}", "day": day, "day_known": True, **more}


N1 = {"lpa_code": "L1", "sector_code": "S1", "neighbourhood_code": "N1"}
N2 = {"lpa_code": "L1", "sector_code": "S1", "neighbourhood_code": "N2"}
N3 = {"lpa_code": "L2", "sector_code": "S2", "neighbourhood_code": "N3"}
CRIMES = source(
    "crimes",
    crime(1, date(2024, 5, 4), **N1, weight=2.0, impact_areas=["I1"]),
    crime(2, date(2024, 5, 31), **N2, weight=4.0),
    crime(3, date(2024, 5, 6), **N3, impact_areas=["I1", "I2"]),
    crime(4, date(2024, 5, 7), weight=8.0),
    crime(5, date(2024, 6, 1), **N1, weight=1.0),
)
RESIDENTS = source(
    "residents",
    {"day": MAY, **N1, "residents": 1000},
    {"day": MAY, **N2, "residents": 3000},
    {"day": MAY, **N3, "residents": 0},
)


def ask(indicator_id: str, level: str, by: tuple = (), **options) -> pl.DataFrame:
    facts = {"crimes": CRIMES, "residents": RESIDENTS}
    return compute(facts, [indicator(indicator_id)], level, by, force_code="F", **options).collect()


def values(indicator_id: str, level: str, month: date = MAY, **options) -> dict:
    rows = ask(indicator_id, level, **options).filter(pl.col("month") == month)
    return dict(rows.select("area_code", "value").rows())


def test_a_row_without_a_place_counts_in_the_force_only():
    assert values("HRM-01", "force") == {"F": 4}
    assert values("HRM-01", "lpa") == {"L1": 2, "L2": 1}
    assert values("HRM-01", "neighbourhood") == {"N1": 1, "N2": 1, "N3": 1}


def test_a_row_in_two_polygons_counts_in_each():
    assert values("HRM-01", "impact_area") == {"I1": 2, "I2": 1}


def test_a_ratio_divides_sums_once():
    assert values("HRM-03", "force") == {"F": 14 / 3}
    assert values("HRM-07", "lpa") == {"L1": 1000 * 6 / 4000, "L2": None}


def test_areas_counted_together_are_one_whose_sums_are_divided_once():
    assert values("HRM-07", "neighbourhood", together=("N2", "N1")) == {"N1 + N2": 1000 * 6 / 4000}
    assert values("HRM-03", "lpa", together=("L1", "L2")) == {"L1 + L2": 6 / 2}  # C3 has no weight


def test_a_figure_that_arrives_added_up_is_known_of_areas_together_when_that_of_each_arrived():
    members = {"L1": 4.0, "L2": 3.0}
    measures = [{"indicator_id": "ENG-05", "lpa_code": lpa, "day": MAY, "numerator": n} for lpa, n in members.items()]
    facts = {"measures": source("measures", *measures)}
    for areas, expected in ((("L1", "L2"), 7.0), (("L1", "L3"), None)):
        rows = compute(facts, [indicator("ENG-05")], "lpa", force_code="F", together=areas).collect()
        assert rows["value"].to_list() == [expected]


def test_a_denominator_of_zero_gives_null():
    assert values("HRM-03", "neighbourhood") == {"N1": 2, "N2": 4, "N3": None}


def members(**lives: tuple[date | None, date | None]) -> pl.LazyFrame:
    rows = [(code, *life) for code, life in lives.items()]
    schema = {"area_code": pl.String, "valid_from": pl.Date, "valid_to": pl.Date}
    return pl.LazyFrame(rows, schema=schema, orient="row")


def always(*codes: str) -> pl.LazyFrame:
    return members(**dict.fromkeys(codes, (None, None)))


def test_an_area_has_no_zero_before_or_after_its_time():
    july = date(2024, 7, 1)
    lives = members(GONE=(None, JUNE), TO_COME=(july, None), FOR_A_DAY=(date(2024, 6, 30), july), L1=(None, MAY))
    found = values("HRM-01", "lpa", JUNE, members=lives)
    assert found == {"GONE": None, "TO_COME": None, "FOR_A_DAY": 0, "L1": 1}
    assert set(ask("HRM-01", "lpa", members=lives)["numerator"]) == {0, 1, 2}


def test_a_code_that_is_no_area_has_a_row_where_something_happened():
    assert values("HRM-01", "lpa", MAY, members=always("L1")) == {"L1": 2, "L2": 1}


def test_where_nothing_happened_in_a_loaded_month_the_count_is_zero():
    found = values("HRM-01", "lpa", JUNE, members=always("L1", "L2", "L3"))
    assert found == {"L1": 1, "L2": 0, "L3": 0}


def test_a_month_without_any_rows_is_left_out():
    assert ask("HRM-01", "lpa", members=always("L1"))["month"].unique().sort().to_list() == [MAY, JUNE]


def test_a_scope_without_rows_still_knows_which_months_are_loaded():
    loaded = pl.LazyFrame({"source": ["crimes"], "month": [MAY]})
    facts = {"crimes": CRIMES.filter(pl.lit(False))}
    found = compute(facts, [indicator("HRM-01")], "sector", force_code="F", members=always("S9"), loaded=loaded)
    assert found.select("area_code", "month", "value").collect().rows() == [("S9", MAY, 0.0)]


def test_a_month_whose_denominator_is_not_loaded_is_unknown():
    rows = ask("HRM-07", "lpa").filter(pl.col("month") == JUNE)
    assert rows.select("area_code", "numerator", "denominator", "value").rows() == [
        ("L1", 1, None, None),
        ("L2", 0, None, None),
    ]


def test_by_splits_the_numerator_and_the_denominator_that_has_the_column():
    found = ask("HRM-03", "force", ("weekday",)).filter(pl.col("month") == MAY)
    assert found.select("weekday", "value").rows() == [(1, None), (2, 8), (5, 4), (6, 2)]


def test_residents_have_no_weekday_and_divide_all_of_them():
    found = ask("HRM-07", "lpa", ("weekday",)).filter(pl.col("month") == MAY, pl.col("area_code") == "L1")
    assert found.select("weekday", "value").rows() == [(5, 1), (6, 0.5)]


def test_an_unknown_day_has_no_weekday():
    unknown = source("crimes", {**crime(1), "day_known": False})
    found = compute({"crimes": unknown}, [indicator("HRM-01")], "force", ("weekday",), force_code="F").collect()
    assert found["weekday"].to_list() == [None]


def test_a_mix_has_a_row_for_every_category_seen_anywhere():
    asb = source(
        "asb",
        {"day": MAY, "incident_id": "1", "category": "personal", "lpa_code": "L1", "day_known": True},
        {"day": MAY, "incident_id": "2", "category": "nuisance", "lpa_code": "L2", "day_known": True},
    )
    found = compute({"asb": asb}, [indicator("ASB-03")], "lpa", force_code="F").collect()
    assert found.select("indicator_id", "category", "area_code", "value").rows() == [
        ("ASB-03", "nuisance", "L1", 0),
        ("ASB-03", "nuisance", "L2", 100),
        ("ASB-03", "personal", "L1", 100),
        ("ASB-03", "personal", "L2", 0),
    ]


def test_weeks_begin_on_monday():
    found = ask("HRM-01", "force", grain="1w")
    assert found.select("month", "value").rows() == [
        (date(2024, 4, 29), 1),
        (date(2024, 5, 6), 2),
        (date(2024, 5, 27), 2),
    ]


def test_seconds_of_a_force_month_do_not_wrap_around():
    row = {"day": MAY, "family": "demand", "department": "NPT", "seconds": 2_000_000_000}
    found = compute({"duty": source("duty", row, row, row)}, [indicator("ABS-04")], "force", force_code="F").collect()
    assert found["value"].to_list() == [6_000_000_000 / 3600]


def test_an_indicator_that_does_not_exist_at_a_level_is_left_out():
    assert ask("HRM-04", "lpa").is_empty()


def test_a_level_that_a_source_has_not_is_refused_in_words():
    people = replace(indicator("HRM-01"), levels=("officer",))
    with pytest.raises(ValueError, match="'crimes' has no level 'officer': ask for a level its columns have"):
        compute({"crimes": CRIMES}, [people], "officer", force_code="F")


def test_facts_that_were_not_given_are_named():
    with pytest.raises(ValueError, match=r"no facts of 'crimes' given, only of \['duty'\]"):
        compute({"duty": source("duty")}, [indicator("HRM-01")], "force", force_code="F")


def parts():
    return [(one.id, part) for one in INDICATORS for part in (one.numerator, one.denominator) if part is not None]


@pytest.mark.parametrize(("indicator_id", "part"), parts())
def test_a_formula_reads_columns_of_its_source(indicator_id, part):
    missing = set(part.rows.meta.root_names()) - set(SOURCES[part.source])
    assert not missing, f"{indicator_id} reads {missing}, which {part.source} has not"


@pytest.mark.parametrize("one", INDICATORS, ids=lambda one: one.id)
def test_every_indicator_computes_on_no_rows(one):
    facts = {part.source: empty_source(part.source) for part in (one.numerator, one.denominator) if part}
    for level in one.levels:
        assert compute(facts, [one], level, force_code="F").collect().is_empty()


@pytest.mark.parametrize(("by", "grain"), [((), "1mo"), (("weekday",), "1mo"), ((), "1w")])
@pytest.mark.parametrize("level", ["force", "neighbourhood", "team", "hotspot"])
@pytest.mark.parametrize("given", [{"crimes": CRIMES, "residents": RESIDENTS}, {"residents": RESIDENTS}, {}])
def test_a_source_known_to_be_empty_gives_what_one_does_that_is_seen_to_be(given, level, by, grain):
    empty = SOURCES.keys() - given.keys()
    facts = {name: empty_source(name) for name in empty} | given
    asked = {"force_code": "F", "members": always("N1", "N9"), "grain": grain}
    seen, known = (compute(facts, INDICATORS, level, by, **asked, empty=names).collect() for names in ((), empty))
    assert_frame_equal(known, seen, check_exact=True)
    if not reads_empty_sources(by, grain):
        rows, schema = [(name, MAY) for name in given], {"source": pl.String, "month": pl.Date}
        asked |= {"empty": empty, "loaded": pl.LazyFrame(rows, schema, orient="row")}
        without, with_all = (compute(one, INDICATORS, level, by, **asked).collect() for one in (given, facts))
        assert_frame_equal(without, with_all, check_exact=True)


def test_a_mix_by_hour_has_the_categories_that_occur_in_it():
    day = {"day": MAY, "department": "NPT"}
    duty = source(
        "duty",
        day | {"hour": 8, "category": "court", "family": "mandatory", "seconds": 3600},
        day | {"hour": 8, "category": "patrol", "family": "core", "seconds": 3600},
        day | {"hour": 9, "category": "patrol", "family": "core", "seconds": 3600},
    )
    found = compute({"duty": duty}, [indicator("ABS-05")], "force", ("hour",), force_code="F").collect()
    assert found.select("category", "hour", "value").rows() == [("court", 8, 100)]


def test_a_count_by_the_column_that_is_also_a_mix():
    asb = source("asb", {"day": MAY, "incident_id": "1", "category": "personal", "day_known": True})
    asked = [indicator("ASB-01"), indicator("ASB-03")]
    found = compute({"asb": asb}, asked, "force", ("category",), force_code="F").collect()
    assert found.select("indicator_id", "category", "value").rows() == [
        ("ASB-01", "personal", 1),
        ("ASB-03", "personal", 100),
    ]
