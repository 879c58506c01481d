"""Impact Areas by type of crime: counts by hand, and the interval by the formula written out."""

from datetime import date
from math import exp, log, sqrt

import polars as pl
import pytest

from metrics.scoreboard import ALL_CRIME, TYPES, scoreboard

LAST, THIS = (date(2023, 4, 1), date(2023, 6, 1)), (date(2024, 4, 1), date(2024, 6, 1))
AREAS = pl.DataFrame({"area_code": ["I1", "I2", "I3"], "area_name": ["One", "Two", "Three"]})
SCHEMA = {"day": pl.Date, "impact_areas": pl.List(pl.String), "neighbourhood_crime": pl.String}
SCHEMA |= {"violence_with_injury": pl.Boolean}


def board(*rows: tuple) -> dict[tuple[str, str], dict]:
    """Count `rows`: day, Impact Areas, neighbourhood crime, violence with injury, and how many of them."""
    crimes = [row[:4] for row in rows for _ in range(row[4])]
    found = scoreboard(pl.LazyFrame(crimes, schema=SCHEMA, orient="row"), AREAS, LAST, THIS)
    return {(row["area_code"], row["crime_type"]): row for row in found.to_dicts()}


ROWS = (
    (date(2023, 4, 1), ["I1"], "robbery", None, 100),
    (date(2023, 5, 31), ["I1", "I2"], None, True, 10),
    (date(2023, 6, 1), ["I1"], "robbery", None, 50),  # after last year to date
    (date(2024, 4, 1), ["I1"], "robbery", None, 60),
    (date(2024, 5, 31), ["I2"], None, True, 40),
    (date(2024, 5, 31), ["I9"], None, True, 40),  # no area of ours
    (date(2024, 5, 31), [], "vehicle", None, 40),
)


def test_counts_of_the_year_to_date_and_the_same_months_before():
    found = board(*ROWS)
    assert len(found) == 3 * len(TYPES)
    assert (found["I1", "robbery"]["before"], found["I1", "robbery"]["after"]) == (100, 60)
    assert (found["I1", ALL_CRIME]["before"], found["I1", ALL_CRIME]["after"]) == (110, 60)
    assert (found["I2", "violence with injury"]["before"], found["I2", "violence with injury"]["after"]) == (10, 40)
    assert (found["I3", ALL_CRIME]["before"], found["I3", ALL_CRIME]["after"]) == (0, 0)


@pytest.mark.parametrize(("before", "after", "result"), [
    (100, 60, "fell"), (60, 100, "rose"), (100, 90, "no certain change"), (5, 5, "no certain change"),
    (4, 40, "too few"), (40, 4, "too few"), (0, 0, "too few"),
])  # fmt: skip
def test_a_change_is_certain_where_its_interval_excludes_none(before: int, after: int, result: str):
    rows = [(LAST[0], ["I1"], None, None, before), (THIS[0], ["I1"], None, None, after)]
    found = board(*rows)["I1", ALL_CRIME]
    assert found["result"] == result
    if result == "too few":
        assert found["low"] is found["high"] is None
        return
    width = 1.96 * sqrt(1 / before + 1 / after)
    expected = [100 * (exp(log(after / before) + side * width) - 1) for side in (-1, 0, 1)]
    assert [found[name] for name in ("low", "change_percent", "high")] == pytest.approx(expected)


def test_fewer_crimes_are_certain_in_one_of_two_areas():
    rows = [(LAST[0], ["I1", "I2", "I3"], None, None, 100), (THIS[0], ["I1"], None, None, 50)]
    rows += [(THIS[0], ["I2"], None, None, 95), (THIS[0], ["I3"], None, None, 101)]
    crimes = [row[:4] for row in rows for _ in range(row[4])]
    found = scoreboard(pl.LazyFrame(crimes, schema=SCHEMA, orient="row"), AREAS, LAST, THIS)
    own = found.filter(crime_type=ALL_CRIME).sort("area_code")
    assert own["result"].to_list() == ["fell", "no certain change", "no certain change"]
