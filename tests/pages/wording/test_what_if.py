"""What if, in words: two ends, or why there are none."""

from pages.wording import what_if

AREA = {"area_name": "L1", "left_low": 8000.0, "left_high": 9000.0, "left_after_low": 7000.0, "left_after_high": 8100.0}
RATES = {"rate_low": 20.0, "rate_high": 25.0, "rate_after_low": 20.0, "rate_after_high": 27.8}


def area(name: str, low: float | None, moved: float | None) -> dict:
    high = None if low is None else low + 20
    after = (None, None) if low is None or moved is None else (low + moved, low + moved + 20)
    return {"area_name": name, "low": low, "high": high, "low_after": after[0], "high_after": after[1], "moved": moved}


def test_both_ranges_are_said_before_and_after() -> None:
    assert what_if.hours_moved([area("A", 70, -10), area("B", 7, 10)], 10) == (
        "Moving 10.0 h a week from A: A would have 60.0 to 80.0 h a week instead of 70.0 to 90.0 h; "
        "B would have 17.0 to 37.0 h a week instead of 7.0 to 27.0 h."
    )
    assert "from A (10.0 h are all it usually has)" in what_if.hours_moved([area("A", 70, -10), area("B", 7, 10)], 50)


def test_without_a_range_the_reason_is_said() -> None:
    assert what_if.hours_moved([area("A", None, None), area("B", 7, None)], 10).startswith("No range: one of the two")
    assert what_if.hours_moved([area("A", 70, -10)], 10).startswith("No range")
    assert "fewer than six months" in what_if.posts_lost({**AREA, **RATES, "left_after_low": None}, 5)
    assert what_if.span(None, 3.0, "h") == "no range"


def test_what_posts_fewer_leave() -> None:
    assert what_if.posts_lost({**AREA, **RATES}, 5) == (
        "L1 with 5 posts fewer: 7,000 to 8,100 h a month left for neighbourhoods instead of 8,000 to 9,000 h, "
        "an abstraction rate of 20.0 to 27.8 % instead of 20.0 to 25.0 %."
    )
    assert what_if.span(20.0, 20.0, "%") == "20.0 %"
