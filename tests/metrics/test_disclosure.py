"""What is withheld, and what is suppressed before publication: nothing small may be worked out."""

from datetime import date
from itertools import product

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import INDICATORS, indicator
from metrics.compare import compare
from metrics.disclosure import (
    LOW_COVERAGE,
    explain_missing,
    headcount,
    with_note,
    withhold,
    withhold_small_groups,
    without_hidden_coverage,
)
from metrics.officers import TOO_FEW
from metrics.suppression import suppress
from tests.laws import examples

MAY, JUNE = date(2024, 5, 1), date(2024, 6, 1)
SCHEMA = {
    "indicator_id": pl.String,
    "category": pl.String,
    "area_level": pl.String,
    "area_code": pl.String,
    "month": pl.Date,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "value": pl.Float64,
}
TREE = {"S1": "L1", "S2": "L1", "N1": "S1", "N2": "S1", "N3": "S1", "N4": "S2", "N5": "S2"}
LEVEL = {"F": "force", "L": "lpa", "S": "sector", "N": "neighbourhood"}


def tidy(*rows: tuple) -> pl.DataFrame:
    """Read (indicator, of a mix with its category, area, numerator, denominator or None, month or none)."""
    full = []
    for name, area, numerator, denominator, *month in rows:
        indicator_id, _, category = name.partition(":")
        scale = indicator(indicator_id).scale
        value = numerator if denominator is None else scale * numerator / denominator if denominator else None
        key = (indicator_id, category or None, LEVEL[area[0]], area, *(month or [MAY]))
        full.append((*key, numerator, denominator, value))
    return pl.DataFrame(full, schema=SCHEMA, orient="row")


def members(**moved: tuple[str, date]) -> pl.DataFrame:
    """Give the areas of TREE; of those moved, to which parent (none: abolished) and from when."""
    rows = [(code, parent, None, moved[code][1] if code in moved else None) for code, parent in TREE.items()]
    rows += [(code, parent, since, None) for code, (parent, since) in moved.items() if parent]
    full = [(LEVEL[code[0]], code, LEVEL[parent[0]], parent, *life) for code, parent, *life in rows]
    names = ["level", "code", "parent_level", "parent_code", "valid_from", "valid_to"]
    return pl.DataFrame(full, schema=names, orient="row", infer_schema_length=None)


def counts(leaves: dict[str, float], indicator_id: str = "ASB-01") -> pl.DataFrame:
    """Give the counts of neighbourhoods and of everything above them."""
    totals: dict[str, float] = {}
    for leaf, count in leaves.items():
        area: str | None = leaf
        while area:
            totals[area] = totals.get(area, 0) + count
            area = TREE.get(area)
    return tidy(*((indicator_id, area, count, None) for area, count in totals.items()))


def hidden(frame: pl.DataFrame) -> set[str]:
    gone = suppress(frame, INDICATORS, members()).rows.filter(pl.col("note") == "suppressed")
    assert gone.select(pl.col("numerator", "denominator", "value").is_null().all()).row(0) == (True,) * 3
    return set(gone["area_code"])


def test_visible_share_is_withheld_where_coverage_is_poor():
    rows = tidy(("VIS-02", "N1", 8.0, 10.0), ("VIS-01", "N1", 8.0, None), ("VIS-02", "N2", 8.0, 10.0))
    coverage = tidy(("VIS-04", "N1", 41.9, 100.0), ("VIS-04", "N2", 60.0, 100.0))
    found = withhold(rows.lazy(), coverage.lazy(), INDICATORS, 60).collect()
    assert found.select("indicator_id", "area_code", "value", "coverage_percent", "note").rows() == [
        ("VIS-02", "N1", None, 41.9, "withheld: coverage 41 %"),
        ("VIS-01", "N1", 8, 41.9, None),
        ("VIS-02", "N2", 80, 60, None),
    ]
    assert found["numerator"].to_list() == [None, 8, 8]


def test_the_next_month_does_not_tell_what_was_withheld():
    rows = tidy(("VIS-02", "N1", 8.0, 10.0, MAY), ("VIS-02", "N1", 9.0, 10.0, JUNE))
    coverage = tidy(("VIS-04", "N1", 41.0, 100.0, MAY), ("VIS-04", "N1", 90.0, 100.0, JUNE))
    found = compare(withhold(rows.lazy(), coverage.lazy(), INDICATORS, 60), INDICATORS, [MAY, JUNE]).sort("month")
    assert found.select("value", "previous_month", "change", "year_to_date", "note").rows() == [
        (None, None, None, None, "withheld: coverage 41 %"),
        (90, None, None, None, None),
    ]


def test_a_missing_value_says_why():
    found = explain_missing(tidy(("ASB-05", "N1", 0.0, 0.0), ("ASB-05", "N2", 1.0, 2.0)))
    assert found["note"].to_list() == ["no data", None]


def test_groups_under_five_officers_are_not_averaged():
    rows = [(f"O{k}", team, MAY, 60, "core") for team, size in (("A", 4), ("B", 5)) for k in range(size)]
    names = ["officer_id", "team", "day", "seconds", "family"]
    duty = pl.LazyFrame(rows, schema=names, orient="row").with_columns(department=pl.lit("NPT"))
    asked = pl.LazyFrame(
        [("ABS-01", None, "team", f"NPT / {team}", MAY, 1.0, 4.0, 25.0) for team in "ABC"], schema=SCHEMA, orient="row"
    )
    found = withhold_small_groups(asked, headcount(duty, "team", force_code="F")).collect()
    reason = "withheld: fewer than five officers"
    assert found.select("area_code", "value", "note").rows() == [
        ("NPT / A", None, reason),
        ("NPT / B", 25, None),
        ("NPT / C", None, reason),
    ]


def test_a_hidden_coverage_is_in_no_other_figures_reason():
    rows = pl.DataFrame(
        {
            "area_level": ["lpa"] * 3,
            "area_code": ["L1", "L1", "L2"],
            "month": [MAY] * 3,
            "coverage_percent": [41.0, 80.0, 45.0],
            "note": [f"{LOW_COVERAGE}41 %", None, f"{LOW_COVERAGE}45 %"],
        }
    )
    hidden = pl.DataFrame({"area_level": ["lpa"], "area_code": ["L1"], "month": [MAY]})
    told = without_hidden_coverage(rows, hidden)
    assert told["coverage_percent"].to_list() == [None, None, 45.0]
    assert told["note"].to_list() == [TOO_FEW, None, f"{LOW_COVERAGE}45 %"]


def test_a_reason_that_is_there_already_stays():
    noted = pl.LazyFrame({"note": ["a reason"]})
    assert with_note(with_note(noted)).collect()["note"].to_list() == ["a reason"]


def test_a_small_count_goes_and_the_smallest_sibling_with_it():
    assert hidden(counts({"N1": 3, "N2": 9, "N3": 7, "N4": 8, "N5": 6})) == {"N1", "N3"}


def test_a_redrawn_areas_siblings_are_those_it_had_then():
    small = {"N1": 9, "N2": 8, "N3": 3, "N4": 7, "N5": 6}
    later = members(N3=("S2", JUNE))
    gone = suppress(counts(small), INDICATORS, later).rows.filter(pl.col("note") == "suppressed")
    assert set(gone["area_code"]) == {"N3", "N2"}
    in_june = counts(small | {"N3": 0}).vstack(tidy(("ASB-01", "N3", 3.0, None))).with_columns(month=pl.lit(JUNE))
    june = suppress(in_june.unique(["area_code"], keep="last"), INDICATORS, later).rows
    assert set(june.filter(pl.col("note") == "suppressed")["area_code"]) == {"N3", "N5"}


def test_an_area_outside_its_time_hides_nobody():
    rows = counts({"N1": 0, "N2": 0, "N3": 3, "N4": 7, "N5": 6})
    found = suppress(rows, INDICATORS, members(N1=(None, MAY), N2=(None, MAY))).rows
    assert set(found.filter(pl.col("note") == "suppressed")["area_code"]) == {"N3", "S1", "S2", "N5"}


def test_zero_and_five_are_no_small_counts():
    assert hidden(counts({"N1": 0, "N2": 5, "N3": 7, "N4": 8, "N5": 6})) == set()


def test_two_small_counts_hide_each_other():
    assert hidden(counts({"N1": 3, "N2": 4, "N3": 7, "N4": 8, "N5": 6})) == {"N1", "N2"}


def test_a_sibling_of_zero_is_the_last_choice():
    assert hidden(counts({"N1": 3, "N2": 0, "N3": 9, "N4": 8, "N5": 6})) == {"N1", "N3"}
    assert hidden(counts({"N1": 6, "N2": 0, "N3": 0, "N4": 2, "N5": 0})) == {"N4", "S2", "S1", "N1"}


def test_an_only_child_takes_its_parent_along_and_the_parent_a_sibling():
    assert hidden(counts({"N1": 9, "N2": 8, "N4": 3})) == {"N4", "S2", "S1", "N2"}


def test_force_and_lpa_are_always_published():
    assert hidden(tidy(("ASB-01", "L1", 2.0, None), ("ASB-01", "F", 2.0, None))) == set()


def test_a_small_numerator_hides_the_rate():
    rows = tidy(("ASB-02", "N1", 3.0, 900.0), ("ASB-02", "N2", 30.0, 900.0), ("ASB-02", "N3", 20.0, 900.0))
    assert hidden(rows) == {"N1", "N3"}


def test_the_same_count_is_hidden_wherever_it_stands():
    incidents = counts({"N1": 3, "N2": 9, "N3": 7, "N4": 8, "N5": 6})
    shares = tidy(*(("ASB-03:personal", area, 0.0, n) for area, n in (("N1", 3.0), ("N2", 9.0), ("N3", 7.0))))
    found = suppress(pl.concat([incidents, shares]), INDICATORS, members()).rows
    gone = found.filter(pl.col("note") == "suppressed").select("indicator_id", "area_code").rows()
    assert set(gone) == set(product(["ASB-01", "ASB-03"], ["N1", "N3"]))


def test_a_mix_does_not_give_its_hidden_category_away():
    mix = [("personal", 2.0), ("nuisance", 12.0), ("environmental", 8.0)]
    rows = tidy(*((f"ASB-03:{name}", "N1", n, 22.0) for name, n in mix))
    found = suppress(rows, INDICATORS, members()).rows
    gone = found.filter(pl.col("note") == "suppressed")["category"].to_list()
    assert gone == ["personal", "environmental"]


def test_harm_of_few_crimes_is_hidden_with_their_count():
    crimes = counts({"N1": 1, "N2": 9, "N3": 7, "N4": 8, "N5": 6}, "HRM-01")
    weights = tidy(*(("HRM-02", area, 8000.0, None) for area in ("N1", "N2", "N3")))
    found = suppress(pl.concat([crimes, weights]), INDICATORS, members()).rows
    gone = found.filter(pl.col("note") == "suppressed", pl.col("indicator_id") == "HRM-02")["area_code"]
    assert gone.to_list() == ["N1", "N3"]


def test_hours_are_not_counts_of_people():
    assert hidden(tidy(("ABS-04", "N1", 3.0, None), ("ABS-01", "N1", 3.0, 40.0))) == set()


def test_the_next_month_does_not_tell_what_was_suppressed():
    months = [(MAY, 3.0), (JUNE, 30.0)]
    rows = tidy(*(("ASB-01", "N1", n, None, month) for month, n in months))
    found = compare(suppress(rows, INDICATORS, members()).rows, INDICATORS, [MAY, JUNE]).sort("month")
    assert found.select("value", "previous_month", "change", "year_to_date", "centre").rows() == [
        (None,) * 5,
        (30, None, None, None, None),
    ]


leaf_counts = st.fixed_dictionaries({leaf: st.integers(0, 12).map(float) for leaf in ("N1", "N2", "N3", "N4", "N5")})


@examples(60)
@given(leaf_counts)
def test_no_small_count_can_be_worked_out(leaves):
    rows = counts(leaves)
    gone = hidden(rows)
    truth = dict(rows.select("area_code", "value").rows())
    known = {area: value for area, value in truth.items() if area not in gone}
    for area in gone & set(leaves) | gone & {"S1", "S2"}:
        assert area not in worked_out(known), f"{area} = {truth[area]} can be worked out"
    small = {area for area, value in truth.items() if 1 <= value <= 4 and area != "L1"}
    assert small <= gone


def worked_out(known: dict[str, float]) -> dict[str, float]:
    """Subtract the known children from the known parent until nothing new is learnt."""
    known = dict(known)
    while True:
        learnt = {}
        for parent in set(TREE.values()):
            children = [child for child, above in TREE.items() if above == parent]
            missing = [child for child in children if child not in known]
            if parent in known and len(missing) == 1:
                learnt[missing[0]] = known[parent] - sum(known[c] for c in children if c != missing[0])
            if parent not in known and not missing:
                learnt[parent] = sum(known[child] for child in children)
        if not learnt:
            return known
        known |= learnt


def test_nothing_in_nothing_out():
    empty = tidy()
    assert suppress(empty, INDICATORS, members()).rows.is_empty()
    assert withhold(empty.lazy(), empty.lazy(), INDICATORS, 60).collect().is_empty()


@pytest.mark.parametrize("level", ["sector", "neighbourhood"])
def test_public_levels_are_those_of_definitions(level):
    rows = pl.DataFrame([("ASB-01", None, level, "X", MAY, 4.0, None, 4.0)], schema=SCHEMA, orient="row")
    assert suppress(rows, INDICATORS, members()).rows["note"].to_list() == ["suppressed"]
