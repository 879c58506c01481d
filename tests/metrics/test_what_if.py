"""What if, by hand: hours moved stay hours, posts lost are worth what posts were, and every answer is a range."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from metrics.levels import add_months
from metrics.what_if import losing_posts, moving_hours

NOVEMBER = date(2026, 11, 1)  # 30 days: a week is 7/30 of it


def expected(*rows: tuple[str, float | None, float | None, float | None]) -> pl.DataFrame:
    schema = {"area_code": pl.String, "lower_limit": pl.Float64, "centre": pl.Float64, "upper_limit": pl.Float64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(month=pl.lit(NOVEMBER), area_name=pl.format("Ward {}", "area_code"))


def test_hours_move_from_one_range_to_the_other() -> None:
    rows = moving_hours(expected(("B", 30.0, 60.0, 90.0), ("A", 300.0, 360.0, 420.0)), "A", "B", 10)
    assert rows.select("area_code", "low", "high", "low_after", "high_after", "moved").rows() == [
        ("A", pytest.approx(70.0), pytest.approx(98.0), pytest.approx(60.0), pytest.approx(88.0), -10.0),
        ("B", pytest.approx(7.0), pytest.approx(21.0), pytest.approx(17.0), pytest.approx(31.0), 10.0),
    ]


def test_nobody_gives_more_than_they_usually_have_and_nothing_falls_below_nought() -> None:
    rows = moving_hours(expected(("A", 15.0, 30.0, 45.0), ("B", 0.0, 30.0, 60.0)), "A", "B", 100).to_dicts()
    assert [row["moved"] for row in rows] == pytest.approx([-7.0, 7.0])
    assert (rows[0]["low_after"], rows[0]["high_after"]) == (0.0, pytest.approx(3.5))


def test_without_a_range_of_the_giver_nothing_is_said_to_move() -> None:
    rows = moving_hours(expected(("A", None, None, None), ("B", 15.0, 30.0, 45.0)), "A", "B", 10).to_dicts()
    assert [(row["moved"], row["low_after"]) for row in rows] == [(None, None), (None, None)]
    assert rows[1]["low"] == pytest.approx(3.5)


def test_two_areas_and_hours_that_can_move() -> None:
    for giver, receiver, hours in (("A", "A", 1), ("A", "B", -1)):
        with pytest.raises(ValueError, match="give 0 or more, and two areas"):
            moving_hours(expected(("A", 1.0, 2.0, 3.0)), giver, receiver, hours)


@given(some.floats(0, 500), some.floats(1, 400), some.floats(1, 400))
def test_what_one_loses_the_other_gets(hours: float, mine: float, theirs: float) -> None:
    rows = moving_hours(expected(("A", mine / 2, mine, 2 * mine), ("B", theirs, theirs, theirs)), "A", "B", hours)
    assert rows["moved"].sum() == pytest.approx(0)
    assert (rows["high_after"] >= rows["low_after"]).all()


def months(*rows: tuple[float | None, float, float], area: str = "L1") -> pl.DataFrame:
    """Give fte, duty hours and hours lost of one month after the other."""
    schema = {"fte": pl.Float64, "duty_hours": pl.Float64, "lost_hours": pl.Float64}
    dated = pl.Series([add_months(date(2026, 1, 1), step) for step in range(len(rows))])
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(month=dated, area_code=pl.lit(area), area_name=pl.lit(f"LPA {area}"))


def test_posts_are_worth_the_hours_that_posts_were() -> None:
    """Of 100 FTE with 10,000 h, of which 2,000 lost, 10 posts are 1,000 h; of 12,000 h and 3,000 lost, 1,200."""
    rows = losing_posts(months(*[(100.0, 10_000.0, 2_000.0), (100.0, 12_000.0, 3_000.0)] * 3), 10)
    (row,) = rows.to_dicts()
    assert (row["hours_lost_low"], row["hours_lost_high"]) == pytest.approx((1_000, 1_200))
    assert (row["left_low"], row["left_high"]) == pytest.approx((8_000, 9_000))
    # The same hours asked of fewer: 9,000 - 2,000 and 10,800 - 3,000; the rate kept: 9,000 x 0.8 and 10,800 x 0.75.
    assert (row["left_after_low"], row["left_after_high"]) == pytest.approx((7_000, 8_100))
    assert (row["rate_low"], row["rate_high"]) == pytest.approx((20, 25))
    assert (row["rate_after_low"], row["rate_after_high"]) == pytest.approx((20, 100 * 3_000 / 10_800))
    assert row["months"] == 6


def test_no_post_lost_changes_nothing() -> None:
    (row,) = losing_posts(months(*[(50.0, 5_000.0, 1_000.0), (50.0, 5_500.0, 900.0)] * 4), 0).to_dicts()
    assert (row["hours_lost_low"], row["hours_lost_high"]) == (0, 0)
    assert (row["left_after_low"], row["left_after_high"]) == pytest.approx((row["left_low"], row["left_high"]))
    assert (row["rate_after_low"], row["rate_after_high"]) == pytest.approx((row["rate_low"], row["rate_high"]))


def test_few_months_give_no_range_and_unknown_months_none() -> None:
    given = months(*[(100.0, 10_000.0, 2_000.0)] * 5, (None, 10_000.0, 2_000.0))
    (row,) = losing_posts(given, 10).to_dicts()
    assert (row["months"], row["hours_lost_low"], row["rate_after_high"]) == (5, None, None)


def test_the_newest_twelve_months_count() -> None:
    given = months(*[(100.0, 50_000.0, 2_000.0)] * 3, *[(100.0, 10_000.0, 2_000.0)] * 12)
    (row,) = losing_posts(given, 1).to_dicts()
    assert (row["months"], row["hours_lost_high"]) == (12, pytest.approx(100))


def test_an_area_cannot_lose_more_than_it_has() -> None:
    both = pl.concat([months(*[(10.0, 900.0, 90.0)] * 6), months(*[(100.0, 9_000.0, 900.0)] * 6, area="L2")])
    assert losing_posts(both, 10)["area_code"].to_list() == ["L2"]
    with pytest.raises(ValueError, match="give 0 or more"):
        losing_posts(both, -1)
