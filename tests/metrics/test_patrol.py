"""Definitions §6: windows, unions, reasons, one day in three, check-ins; a loop as oracle."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from metrics import indicator, patrol
from metrics.compute import compute
from tests.laws import examples
from tests.oracle import patrols as oracle

INSTANT = pl.Datetime("us", "UTC")
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    """Read '10-27 08:30' as a UTC instant of 2024."""
    return datetime.strptime(f"2024-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def hotspots(*rows: tuple) -> pl.LazyFrame:
    names = {"hotspot_id": pl.String, "kind": pl.String, "lpa_code": pl.String}
    dated = {"valid_from": pl.Date, "valid_to": pl.Date}
    rows = rows or (("T1", "asb", "L1", None, None), ("I1", "impact_area", "L1", None, None))
    return pl.LazyFrame(list(rows), schema=names | dated, orient="row")


def taskings(*rows: tuple) -> pl.LazyFrame:
    names = {
        "tasking_id": pl.String,
        "hotspot_id": pl.String,
        "window_start": INSTANT,
        "window_end": INSTANT,
        "officer_id": pl.String,
    }
    return pl.LazyFrame(list(rows), schema=names, orient="row")


def stays(*rows: tuple) -> pl.LazyFrame:
    names = {"officer_id": pl.String, "hotspot_id": pl.String, "start": INSTANT, "end": INSTANT}
    return pl.LazyFrame(list(rows), schema=names, orient="row")


def evening(officer: str | None = "O1", hotspot: str = "T1") -> pl.LazyFrame:
    return taskings(("K1", hotspot, at("10-02 18:00"), at("10-02 20:00"), officer))


def facts(asked: pl.LazyFrame, *held: tuple) -> dict:
    found = patrol.tasking_facts(asked, stays(*held), hotspots()).collect()
    assert found.height == 1
    return found.row(0, named=True)


def stay(start: str, end: str, officer: str = "O1", hotspot: str = "T1") -> tuple:
    return (officer, hotspot, at(start), at(end))


def test_presence_is_clipped_to_the_window():
    found = facts(evening(), stay("10-02 17:30", "10-02 18:20"), stay("10-02 19:20", "10-02 21:00"))
    assert (found["visit_s"], found["officer_s"], found["result"]) == (3600, 3600, "compliant")
    assert (found["day"], found["lpa_code"], found["kind"]) == (date(2024, 10, 2), "L1", "asb")


def test_a_tasking_is_its_window_for_those_named_in_it():
    asked = taskings(
        ("K1", "T1", at("10-02 18:00"), at("10-02 20:00"), "O1"),
        ("K1", "T1", at("10-03 18:00"), at("10-03 20:00"), "O2"),
    )
    held = stays(stay("10-02 18:00", "10-02 19:00"), stay("10-03 18:00", "10-03 18:30"))
    found = patrol.tasking_facts(asked, held, hotspots()).collect().sort("day")
    assert found.select("visit_s", "result").rows() == [(3600, "compliant"), (0, "missed")]


def test_a_short_stay_inside_a_long_one_adds_nothing():
    found = facts(
        evening(None),
        stay("10-02 18:00", "10-02 19:00"),
        stay("10-02 18:10", "10-02 18:20", "O2"),
        stay("10-02 18:30", "10-02 18:40", "O3"),
    )
    assert (found["visit_s"], found["officer_s"]) == (3600, 4800)


def test_only_the_officers_named_count():
    named = taskings(*(("K1", "T1", at("10-02 18:00"), at("10-02 20:00"), who) for who in ("O1", "O2")))
    found = facts(named, stay("10-02 18:00", "10-02 20:00", "O3"))
    assert (found["visit_s"], found["officers"], found["tasked_s"], found["result"]) == (0, 2, 14400, "missed")


def test_on_site_that_day_but_not_in_the_window_says_so():
    assert facts(evening(), stay("10-02 09:00", "10-02 10:00"))["result"] == "outside_window"
    assert facts(evening(), stay("10-03 09:00", "10-03 10:00"))["result"] == "missed"
    assert facts(evening(), stay("10-02 18:00", "10-02 20:00", hotspot="I1"))["result"] == "missed"


def months(kept: list[tuple[int, str]], spots: pl.LazyFrame, month: str = "10") -> dict[str, tuple]:
    windows = [
        (f"K{n}", spot, at(f"{month}-{day:02} 12:00"), at(f"{month}-{day:02} 14:00"), None)
        for n, (day, spot) in enumerate(kept)
    ]
    held = [(f"O{n}", spot, start, end) for n, (_, spot, start, end, _) in enumerate(windows)]
    done = patrol.tasking_facts(taskings(*windows), stays(*held), spots)
    found = patrol.hotspot_months(done, spots).collect()
    return {row[0]: row[1:] for row in found.select("hotspot_id", "required", "achieved", "longest_gap_days").rows()}


def test_one_day_in_three_is_rounded_up_and_capped_per_hotspot():
    spots = hotspots(("T1", "asb", "L1", None, None), ("T2", "asb", "L1", None, None))
    every_day = [(day, "T1") for day in range(1, 32)]
    assert months(every_day, spots) == {"T1": (11, 11, 0), "T2": (11, 0, 31)}
    assert months([(1, "T1")], hotspots(), "02") == {"T1": (10, 1, 28)}  # 29 days in 2024


def test_two_patrols_of_one_day_are_one_day():
    assert months([(4, "T1"), (4, "T1"), (20, "T1")], hotspots()) == {"T1": (11, 2, 15)}


def test_a_hotspot_counts_from_the_day_it_is_valid():
    later = hotspots(("T1", "asb", "L1", date(2024, 10, 22), None), ("T2", "asb", "L1", None, date(2024, 10, 1)))
    assert months([(25, "T1")], later) == {"T1": (4, 1, 6)}


def test_a_hotspot_redrawn_in_mid_month_is_one_hotspot_of_its_days():
    redrawn = date(2024, 10, 11)
    spots = hotspots(("T1", "asb", "L1", None, redrawn), ("T1", "asb", "L2", redrawn, None))
    assert months([(4, "T1"), (20, "T1")], spots) == {"T1": (11, 2, 15)}
    asked = [(f"K{day}", "T1", at(f"10-{day} 18:00"), at(f"10-{day} 20:00"), None) for day in ("10", "11")]
    found = patrol.tasking_facts(taskings(*asked), stays(), spots).collect().sort("day")
    assert found["lpa_code"].to_list() == ["L1", "L2"]


def check_ins() -> pl.LazyFrame:
    names = {"patrol_id": pl.String, "hotspot_id": pl.String, "officer_id": pl.String}
    times = {"checked_in_at": INSTANT, "checked_out_at": INSTANT}
    outcomes = dict.fromkeys(patrol.OUTCOMES, pl.Int64)
    rows = [
        ("P1", "T1", "O1", at("10-02 18:00"), at("10-02 19:40"), 1, 0, 2, None),
        ("P2", "T1", "O1", at("10-03 18:00"), at("10-03 19:00"), None, None, None, None),
        ("P3", "T1", "O1", at("10-04 18:00"), None, 0, 0, 0, 0),
    ]
    return pl.LazyFrame(rows, schema=names | times | outcomes, orient="row")


def test_a_check_in_agrees_within_ten_minutes_and_needs_a_check_out():
    held = stays(stay("10-02 18:00", "10-02 19:30"), stay("10-03 18:00", "10-03 18:30"))
    found = patrol.patrol_facts(check_ins(), held, hotspots()).collect().sort("patrol_id")
    columns = ("claimed_s", "visit_s", "agrees")
    assert found.select(columns).rows() == [(6000, 5400, True), (3600, 1800, False), (None, None, None)]


span = st.tuples(st.integers(0, 2000), st.integers(1, 150))
random_stays = st.lists(st.tuples(st.sampled_from(["O1", "O2"]), st.sampled_from(["T1", "T2"]), span), max_size=8)


@examples(50)
@given(random_stays, st.integers(0, 1900), st.sets(st.sampled_from(["O1", "O2", "O3"])))
def test_loops_see_the_same_visits(held, begins, officers):
    base = at("10-26 12:00")
    window = (base + begins * MINUTE, base + (begins + 120) * MINUTE)
    minutes = sorted(
        {(o, h, base + k * MINUTE) for o, h, (start, length) in held for k in range(start, start + length)}
    )
    apart = [(o, h, t, t + MINUTE) for o, h, t in minutes]  # an officer is held once at a time
    rows = [("K1", "T1", *window, who) for who in sorted(officers) or [None]]
    found = facts(taskings(*rows), *apart)
    expected = oracle.visit("T1", *window, officers, apart)
    assert (found["visit_s"], found["officer_s"], found["result"]) == expected


def test_nothing_in_nothing_out():
    found = patrol.tasking_facts(taskings(), stays(), hotspots())
    assert found.collect().is_empty()
    assert patrol.hotspot_months(found, hotspots()).collect().is_empty()


CRIMES = {"crime_id": pl.String, "day": pl.Date, "lpa_code": pl.String, "neighbourhood_crime": pl.String}
CRIMES |= {"violence_with_injury": pl.Boolean}
CRIMES |= dict.fromkeys(("hotspots", "syv_robbery_hotspots"), pl.List(pl.String))


def crimes() -> pl.LazyFrame:
    """A and B are tasked for violence and robbery and overlap; C is an ASB hotspot that overlaps B."""
    may = date(2024, 5, 10)
    rows = [
        ("1", may, "L1", None, True, ["A"], ["A"]),
        ("2", may, "L1", "robbery", None, ["A", "B"], ["A", "B"]),
        ("3", may, "L1", "vehicle", False, ["A"], ["A"]),
        ("4", may, "L1", None, True, ["B", "C"], ["B"]),
        ("5", may, "L2", None, True, ["C"], []),
        ("6", may, "L2", "robbery", None, ["C"], []),
        ("7", may, "L2", None, True, [], []),
        ("8", may, None, None, True, None, None),
    ]
    return pl.LazyFrame(rows, schema=CRIMES, orient="row")


def of_crimes(indicator_id: str, level: str) -> dict:
    found = compute({"crimes": crimes()}, [indicator(indicator_id)], level, force_code="F").collect()
    return dict(found.select("area_code", "value").rows())


def test_violence_and_robbery_in_their_hotspots_count_once_in_an_area_and_in_each_hotspot_of_that_kind():
    assert of_crimes("TGP-07", "force") == {"F": 3}
    assert of_crimes("TGP-07", "lpa") == {"L1": 3, "L2": 0}
    assert of_crimes("TGP-07", "hotspot") == {"A": 2, "B": 2, "C": 0}  # crime 4 is in C too, but not C's


def test_the_hotspots_share_of_violence_with_injury():
    assert of_crimes("TGP-08", "force") == {"F": 60}  # 1, 4 and 5 of 1, 4, 5, 7 and 8: robbery is not in it
    assert of_crimes("TGP-08", "lpa") == {"L1": 100, "L2": 50}
