"""The published arithmetic of the force's paper, by the pure functions and by hand."""

from datetime import date

import polars as pl
import pytest

from metrics import harm, impact
from metrics.compare import compare
from metrics.compute import compute
from tests.metrics import published

MEASURES = [one for one in harm.INDICATORS if one.column]
SEPTEMBER = date(published.THIS, 9, 1)


def facts() -> pl.LazyFrame:
    rows = [
        (row[0], row[1], row[2], published.WEIGHTS[row[2]], ["I1"] if row[3:] == published.INSIDE else [], [])
        for row in published.crimes()
    ]
    schema = {
        "crime_id": pl.String,
        "day": pl.Date,
        "offence_group": pl.String,
        "weight": pl.Float64,
        "impact_areas": pl.List(pl.String),
        "hotspots": pl.List(pl.String),
    }
    return harm.with_sides(pl.LazyFrame(rows, schema=schema, orient="row"))


def compared(rows: pl.LazyFrame, part: str) -> pl.DataFrame:
    chosen = [one for one in harm.INDICATORS if one.id in ("HRM-01", "HRM-02", "HRM-03")]
    tidy = compute({"crimes": rows}, chosen, "force", force_code="F").collect()
    judged = compare(tidy, harm.INDICATORS, [SEPTEMBER]).with_columns(part=pl.lit(part), area_name=pl.lit(part))
    return judged


def side_by_side() -> dict[str, dict]:
    crimes, inside = facts(), pl.col("in_impact_areas")
    parts = {"whole": crimes, "inside": crimes.filter(inside), "rest": crimes.filter(~inside)}
    rows = impact.side_by_side(pl.concat([compared(rows, part) for part, rows in parts.items()]), MEASURES)
    return {row["part"]: row for row in rows.to_dicts()}


def test_the_first_six_months_read_as_published() -> None:
    rows = side_by_side()
    assert f"{rows['whole']['crimes_change_percent']:.1f}" == "-4.3"
    assert f"{rows['inside']['crimes_change_percent']:.1f}" == "-4.0"
    assert f"{rows['inside']['harm_change_percent']:.1f}" == "-13.2"
    assert (rows["inside"]["harm_year_to_date_last_year"], rows["inside"]["harm_year_to_date"]) == (8850, 7680)
    assert rows["inside"]["share_of_force_harm_year_to_date"] == pytest.approx(100 * 7680 / (7680 + 717 * 15))


def test_inside_and_the_rest_add_up_to_the_force() -> None:
    rows = side_by_side()
    for name in ("crimes_year_to_date", "crimes_year_to_date_last_year", "harm_year_to_date", "harm"):
        assert rows["inside"][name] + rows["rest"][name] == rows["whole"][name]


def test_the_waterfall_adds_up_from_last_year_to_this() -> None:
    before, after = impact.years_to_date(SEPTEMBER)
    assert (before, after) == (
        (date(2020, 4, 1), date(2020, 10, 1)),
        (date(2021, 4, 1), date(2021, 10, 1)),
    )
    rows = facts().filter("in_impact_areas")
    changes = harm.change_by_group(rows, "force", before, after, force_code="F").collect()
    steps = impact.waterfall(changes, "before", "after")
    assert steps.rows() == [
        ("before", 8850, "absolute"),
        (published.ROBBERY, -1200, "relative"),
        (published.THEFT, 30, "relative"),
        ("after", 7680, "total"),
    ]


def test_small_changes_are_one_step_and_nothing_is_lost() -> None:
    moves = [(f"group {step}", 100.0, 100.0 - step, -float(step)) for step in range(12)]
    names = ("offence_group", "harm_before", "harm_after", "harm_change")
    steps = impact.waterfall(pl.DataFrame(moves, schema=names, orient="row"), "before", "after", most=3)
    assert steps["step"].to_list() == ["before", "group 11", "group 10", "group 9", impact.OTHER, "after"]
    assert steps["harm"][0] + steps["harm"][1:-1].sum() == steps["harm"][-1] == 1200 - 66


def test_no_percent_on_fewer_than_twenty_crimes_however_heavy() -> None:
    few = facts().filter(pl.int_range(pl.len()).over(pl.col("day").dt.year()) < 19)
    row = impact.side_by_side(compared(few, "whole"), MEASURES).to_dicts()[0]
    assert row["harm_year_to_date_last_year"] > 20
    assert row["crimes_change_percent"] is None
    assert row["harm_change_percent"] is None


def test_what_is_left_out_is_counted() -> None:
    crimes = pl.LazyFrame(
        {
            "crime_id": ["a", "b", "c", "d"],
            "offence_code": ["1", "X", "X", "Y"],
            "offence_name": ["Homicide", "Odd", "Odd", "Odder"],
            "homicide": [True, None, False, False],
            "weight": [50.0, None, None, None],
            "neighbourhood_code": [None, "N", None, "N"],
        }
    )
    assert impact.left_out(crimes).collect().row(0) == (4, 1, 3, 2, 50.0)
    assert impact.unweighted_codes(crimes).collect().rows() == [("X", "Odd", 2), ("Y", "Odder", 1)]
