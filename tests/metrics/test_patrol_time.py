"""Targeted patrol time and the lists of the Patrols page, by hand tables and loops over minutes."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import patrol, patrol_lists
from metrics.patrol_time import hotspot_time, lagged, together, totals, weekly
from tests.laws import examples
from tests.metrics.test_patrol import MINUTE, hotspots, stays, taskings
from tests.oracle import patrols as oracle

MONDAY = date(2024, 10, 7)
WEEK = timedelta(weeks=1)


def days(*given: date) -> pl.LazyFrame:
    return pl.LazyFrame(
        {"day": list(given), "weight": [2.0] * len(given)}, schema={"day": pl.Date, "weight": pl.Float64}
    )


def spent(*rows: tuple[date, str, int]) -> pl.LazyFrame:
    return pl.LazyFrame(list(rows), schema={"day": pl.Date, "role": pl.String, "seconds": pl.Int64}, orient="row")


def always() -> dict[str, pl.LazyFrame]:
    """Every source is loaded for every day from September to November."""
    span = pl.LazyFrame({"day": pl.date_range(date(2024, 9, 1), date(2024, 11, 30), eager=True)})
    return dict.fromkeys(("hours", "incidents", "stop_searches", "crimes"), span)


def by_week(time: pl.LazyFrame, happened: dict, since: date, until: date, **options) -> pl.DataFrame:
    given = {"pounds_an_hour": {}, "loaded": always(), **options}
    return weekly(time, happened, since, until, **given).collect()


def table(lag: int, prices: dict[str, float]) -> list[tuple]:
    time = spent((MONDAY, "officer", 7200), (MONDAY + timedelta(6), "special", 1800), (MONDAY + WEEK, "pcso", 3600))
    searches = days(MONDAY + WEEK)
    crimes = days(MONDAY, MONDAY + WEEK, MONDAY + WEEK + timedelta(6), MONDAY + 2 * WEEK)
    happened = {"incidents": days(), "stop_searches": searches, "crimes": crimes}
    rows = lagged(by_week(time, happened, MONDAY, MONDAY + 3 * WEEK, pounds_an_hour=prices), lag)
    columns = ("officer_hours", "cost", "unpriced_hours", "incidents", "stop_searches", "crimes", "harm")
    return rows.select(columns).rows()


def test_hours_and_what_happened_by_week():
    assert table(0, {}) == [
        (2.5, None, 2.5, 0, 0, 1, 2),
        (1.0, None, 1.0, 0, 1, 2, 4),
        (0.0, None, 0.0, 0, 0, 1, 2),
    ]


def test_a_lag_sets_later_weeks_beside_the_hours_and_what_is_not_over_is_unknown():
    rows = table(1, {})
    assert [row[5] for row in rows] == [2, 1, None]
    assert [row[0] for row in rows] == [2.5, 1.0, 0.0]


def test_hours_cost_what_their_role_costs_and_roles_without_a_price_are_said():
    rows = table(0, {"officer": 40.0, "pcso": 28.0})
    assert [row[1:3] for row in rows] == [(80.0, 0.5), (28.0, 0.0), (0.0, 0.0)]


def test_only_whole_weeks_count():
    happened = {"incidents": days(), "stop_searches": days(), "crimes": days(date(2024, 10, 1), MONDAY)}
    rows = by_week(spent(), happened, date(2024, 10, 1), date(2024, 11, 1))
    assert rows["week"].to_list() == [MONDAY, MONDAY + WEEK, MONDAY + 2 * WEEK]
    assert rows["crimes"].to_list() == [1, 0, 0]


def test_totals_add_up_and_have_no_cost_where_none_is_configured():
    time, none = (
        spent((MONDAY, "officer", 7200)),
        {"incidents": days(), "stop_searches": days(), "crimes": days(MONDAY)},
    )
    free = totals(by_week(time, none, MONDAY, MONDAY + 2 * WEEK))
    dear = totals(by_week(time, none, MONDAY, MONDAY + 2 * WEEK, pounds_an_hour={"officer": 40}))
    assert free.select("weeks", "officer_hours", "crimes", "cost").row(0) == (2, 2, 1, None)
    assert dear["cost"].item() == 80


def test_what_is_not_loaded_is_unknown_and_not_none():
    nothing = {name: days() for name in ("incidents", "stop_searches", "crimes")}
    loaded = {**always(), "hours": days(MONDAY + WEEK), "crimes": days(MONDAY + WEEK, MONDAY + WEEK + timedelta(3))}
    loaded["stop_searches"] = days()
    rows = by_week(spent(), nothing, MONDAY, MONDAY + 3 * WEEK, loaded=loaded)
    assert rows["officer_hours"].to_list() == [None, 0, None]
    assert rows["crimes"].to_list() == rows["harm"].to_list() == [None, 0, None]
    assert rows["stop_searches"].to_list() == [None, None, None]
    assert rows["incidents"].to_list() == [0, 0, 0]
    assert totals(rows).select("weeks", "crimes", "stop_searches").row(0) == (1, 0, None)


def test_series_move_together_only_on_enough_weeks():
    weeks = pl.DataFrame({"officer_hours": [float(n) for n in range(12)], "crimes": [float(-n) for n in range(12)]})
    full = weeks.with_columns(incidents=1.0, stop_searches="officer_hours", harm=pl.lit(None, pl.Float64))
    found = dict(together(full).select("outcome", "rank_correlation").rows())
    assert found == pytest.approx({"incidents": None, "stop_searches": 1, "crimes": -1, "harm": None})
    assert together(full.head(11))["rank_correlation"].null_count() == 4


def test_time_in_a_hotspot_counts_everyone_on_the_local_day():
    held = stays(
        ("O1", "T1", datetime(2024, 6, 30, 22, 30, tzinfo=UTC), datetime(2024, 6, 30, 23, 0, tzinfo=UTC)),
        ("O2", "T1", datetime(2024, 6, 30, 23, 0, tzinfo=UTC), datetime(2024, 6, 30, 23, 10, tzinfo=UTC)),
    )
    officers = pl.LazyFrame({"officer_id": ["O1", "O2"], "role": ["officer", "pcso"]})
    rows = hotspot_time(held, officers, hotspots()).collect().sort("day")
    assert rows.select("day", "lpa_code", "kind", "role", "seconds").rows() == [
        (date(2024, 6, 30), "L1", "asb", "officer", 1800),
        (date(2024, 7, 1), "L1", "asb", "pcso", 600),
    ]


def judged(*rows: tuple[int, str, int, int, str]) -> pl.LazyFrame:
    """Taskings of T1 on days of October: day, result, officer_s, visit_s, kind."""
    return pl.LazyFrame(
        [(date(2024, 10, day), "T1", kind, "L1", result, o, v, 7200) for day, result, o, v, kind in rows],
        schema=["day", "hotspot_id", "kind", "lpa_code", "result", "officer_s", "visit_s", "tasked_s"],
        orient="row",
    )


def test_a_hotspot_says_what_became_of_its_taskings():
    rows = judged((1, "compliant", 7200, 3600, "asb"), (2, "short", 600, 600, "asb"), (3, "missed", 0, 0, "asb"))
    months = pl.LazyFrame(
        [("T1", "asb", "L1", 11, 1, 30), ("T2", "asb", "L1", 11, 0, 31)],
        schema=["hotspot_id", "kind", "lpa_code", "required", "achieved", "longest_gap_days"],
        orient="row",
    )
    found = patrol_lists.by_hotspot(rows, months).collect().to_dicts()
    assert [row["hotspot_id"] for row in found] == ["T2", "T1"]
    assert (found[0]["taskings"], found[0]["compliant_percent"], found[0]["patrol_hours"]) == (0, None, 0)
    assert [found[1][name] for name in patrol_lists.RESULTS] == [1, 1, 0, 1]
    assert found[1]["compliant_percent"] == pytest.approx(100 / 3)
    assert (found[1]["tasked_hours"], found[1]["patrol_hours"], found[1]["presence_hours"]) == (
        6,
        7800 / 3600,
        4200 / 3600,
    )


def test_a_day_is_as_good_as_its_best_tasking():
    rows = judged((1, "missed", 0, 0, "asb"), (1, "short", 9, 9, "asb"), (2, "outside_window", 0, 0, "asb"))
    assert patrol_lists.calendar(rows).collect().select("day", "result").rows() == [
        (date(2024, 10, 1), "short"),
        (date(2024, 10, 2), "outside_window"),
    ]


def test_check_ins_are_classed_by_how_much_more_they_claim():
    claimed = [(3600, 3600), (3600, 3300), (3600, 2880), (9000, 0), (0, 9000), (None, None)]
    patrols = pl.LazyFrame(claimed, schema={"claimed_s": pl.Int64, "visit_s": pl.Int64}, orient="row")
    agrees = (pl.col("claimed_s") - pl.col("visit_s")).abs() <= 600
    found = patrol_lists.check_ins(patrols.with_columns(agrees=agrees)).collect().rows()
    assert found == [(-60, 1, 0), (0, 2, 2), (10, 1, 0), (60, 1, 0)]


def test_outcomes_are_counted_against_patrol_hours():
    patrols = pl.LazyFrame({"arrests": [1, 1], "stop_searches": [3, 0], "intelligence": [0, 0], "referrals": [0, 1]})
    rows = patrol_lists.outcomes(patrols, judged((1, "compliant", 36000, 3600, "asb"))).collect()
    assert dict(rows.select("outcome", "per_100_hours").rows())["arrests"] == 20
    none = patrol_lists.outcomes(patrols, judged((1, "missed", 0, 0, "asb"))).collect()
    assert none["per_100_hours"].null_count() == 4


NIGHTS = (datetime(2024, 3, 30, 20, tzinfo=UTC), datetime(2024, 10, 26, 20, tzinfo=UTC))
span = st.tuples(st.integers(0, 900), st.integers(1, 200))


@examples(50)
@given(
    st.sampled_from(NIGHTS),
    st.lists(st.tuples(st.sampled_from(["O1", "O2"]), span), max_size=6),
    st.integers(0, 720),
    st.sampled_from([30, 120, 180]),
)
def test_both_clock_changes_leave_windows_as_long_as_they_are(night, held, begins, length):
    window = (night + begins * MINUTE, night + (begins + length) * MINUTE)
    minutes = {(officer, night + k * MINUTE) for officer, (start, count) in held for k in range(start, start + count)}
    apart = [(officer, "T1", at, at + MINUTE) for officer, at in sorted(minutes)]
    asked = taskings(("K1", "T1", *window, None))
    row = patrol.tasking_facts(asked, stays(*apart), hotspots()).collect().row(0, named=True)
    assert (row["visit_s"], row["officer_s"], row["result"]) == oracle.visit("T1", *window, set(), apart)
    assert row["tasked_s"] == length * 60


def test_the_hour_that_does_not_happen_is_no_part_of_a_window():
    window = (datetime(2024, 3, 31, 0, 30, tzinfo=UTC), datetime(2024, 3, 31, 1, 30, tzinfo=UTC))  # to 02:30 local
    held = stays(("O1", "T1", *window))
    row = patrol.tasking_facts(taskings(("K1", "T1", *window, None)), held, hotspots()).collect().row(0, named=True)
    assert (row["visit_s"], row["result"], row["day"]) == (3600, "compliant", date(2024, 3, 31))


def test_hours_are_summed_by_a_column_the_most_tasked_first():
    columns = ("kind", "tasked_s", "officer_s", "visit_s")
    rows = [("asb", 3600, 1800, 900), ("syv_robbery", 7200, 0, 0), ("asb", 1800, 900, 900)]
    found = patrol_lists.hours_tasked(pl.LazyFrame(rows, schema=columns, orient="row"), "kind").collect()
    assert found.columns == ["kind", "tasked_hours", "patrol_hours", "presence_hours"]
    assert found.rows() == [("syv_robbery", 2.0, 0.0, 0.0), ("asb", 1.5, 0.75, 0.5)]


def test_visits_are_listed_by_window_in_whole_minutes():
    start = datetime(2024, 10, 2, 18, tzinfo=UTC)
    rows = [
        {"tasking_id": "K2", "day": date(2024, 10, 3), "window_start": start + timedelta(days=1), "officers": 0},
        {"tasking_id": "K1", "day": date(2024, 10, 2), "window_start": start, "officers": 2},
    ]
    seen = [
        {"visit_s": 0, "officer_s": 0, "result": "missed"},
        {"visit_s": 3629, "officer_s": 7231, "result": "compliant"},
    ]
    taskings = pl.LazyFrame(
        [{**row, **one, "window_end": row["window_start"]} for row, one in zip(rows, seen, strict=True)]
    )
    found = patrol_lists.visits(taskings).collect()
    assert found.select("day", "officers", "minutes", "officer_minutes", "result").rows() == [
        (date(2024, 10, 2), 2, 60, 121, "compliant"),
        (date(2024, 10, 3), 0, 0, 0, "missed"),
    ]


def test_hours_by_role_are_all_that_was_spent_there_the_most_first():
    time = pl.LazyFrame({"role": ["pcso", "officer", "pcso"], "seconds": [1800, 7200, 1800]})
    assert patrol_lists.hours_by_role(time).collect().rows() == [("officer", 2.0), ("pcso", 1.0)]
