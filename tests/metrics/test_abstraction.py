"""Definitions §2: hand-worked tables, loops as oracle, and laws."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from metrics import abstraction, indicator
from metrics.compute import compute
from tests.laws import examples
from tests.oracle import abstractions as oracle

CODES = {
    "C1": ("neighbourhood", "core"),
    "D1": ("constant observations", "demand"),
    "D2": ("response backfill", "demand"),
    "A1": ("football aid", "aid"),
    "M1": ("court", "mandatory"),
    "L1": ("leave", "absence"),
}
EMPTY_DATE = pl.lit(None, pl.Date)


def at(text: str) -> datetime:
    """Read '03-05 08:30' as a UTC instant of 2024."""
    return datetime.strptime(f"2024-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def activity_codes() -> pl.LazyFrame:
    rows = [(code, category, family) for code, (category, family) in CODES.items()]
    frame = pl.LazyFrame(rows, schema=["activity_code", "category", "family"], orient="row")
    return frame.with_columns(valid_from=pl.lit(date(2020, 1, 1)), valid_to=EMPTY_DATE)


def duties(*segments: tuple) -> pl.LazyFrame:
    names = {
        "officer_id": pl.String,
        "shift_id": pl.String,
        "starts_at": pl.Datetime("us", "UTC"),
        "ends_at": pl.Datetime("us", "UTC"),
        "activity_code": pl.String,
    }
    frame = pl.LazyFrame(list(segments), schema=names, orient="row")
    return frame.with_columns(worked_area=pl.lit(None, pl.String))


def one_shift(*pieces: tuple[str, str, str]) -> pl.LazyFrame:
    return duties(*(("O1", "S1", at(start), at(end), code) for start, end, code in pieces))


def postings(*rows: tuple) -> pl.LazyFrame:
    names = ["officer_id", "department", "team", "lpa_code", "sector_code", "neighbourhood_code", "start_date"]
    rows = rows or tuple((o, "NPT", "A", "L1", "S1", "N1", date(2020, 1, 1)) for o in ("O1", "O2"))
    return pl.LazyFrame(rows, schema=names, orient="row").with_columns(end_date=EMPTY_DATE)


def neighbourhoods() -> pl.LazyFrame:
    areas = {"neighbourhood_code": ["N1", "N2"], "sector_code": ["S1", "S2"], "lpa_code": ["L1", "L2"]}
    return pl.LazyFrame(areas).with_columns(valid_from=EMPTY_DATE, valid_to=EMPTY_DATE)


def officers() -> pl.LazyFrame:
    return pl.LazyFrame({"officer_id": ["O1", "O2"], "role": "officer", "uniformed": True})


def facts(segments: pl.LazyFrame, posted: pl.LazyFrame | None = None) -> pl.DataFrame:
    posted = postings() if posted is None else posted
    return abstraction.duty_facts(segments, activity_codes(), posted, officers(), neighbourhoods()).collect()


def by_code(segments: pl.LazyFrame) -> dict[str, int]:
    return dict(facts(segments).group_by("activity_code").agg(pl.col("seconds").sum()).rows())


def test_one_inside_two_ends_and_the_outer_one_goes_on():
    found = by_code(
        one_shift(
            ("03-05 08:00", "03-05 16:00", "C1"),
            ("03-05 09:00", "03-05 12:00", "D1"),
            ("03-05 10:00", "03-05 11:00", "M1"),
        )
    )
    assert found == {"C1": 5 * 3600, "D1": 2 * 3600, "M1": 3600}


def hours(segments: pl.LazyFrame) -> dict[tuple[date, int], int]:
    return dict(
        ((day, hour), seconds)
        for day, hour, seconds in facts(segments).group_by("day", "hour").agg(pl.col("seconds").sum()).rows()
    )


def test_the_hour_that_happens_twice_holds_two_hours():
    found = hours(one_shift(("10-26 23:00", "10-27 03:00", "C1")))
    assert found == {(date(2024, 10, 27), hour): s for hour, s in [(0, 3600), (1, 7200), (2, 3600)]}


def test_the_hour_that_does_not_happen_holds_none():
    found = hours(one_shift(("03-31 00:00", "03-31 02:00", "C1")))
    assert found == {(date(2024, 3, 31), 0): 3600, (date(2024, 3, 31), 2): 3600}


def test_of_two_postings_the_latest_start_holds_while_it_lasts():
    posted = postings(
        ("O1", "NPT", "A", "L1", "S1", "N1", date(2020, 1, 1)),
        ("O1", "PCT", "Q", "L2", None, None, date(2024, 3, 5)),
    ).with_columns(end_date=pl.when(pl.col("team") == "Q").then(pl.lit(date(2024, 3, 6))))
    found = facts(
        one_shift(
            ("03-04 08:00", "03-04 09:00", "C1"),
            ("03-05 08:00", "03-05 09:00", "C1"),
            ("03-06 08:00", "03-06 09:00", "C1"),
        ),
        posted,
    )
    assert [row[0] for row in found.sort("day").select("team").rows()] == ["A", "Q", "A"]


def test_a_posting_without_a_sector_takes_its_neighbourhoods():
    posted = postings(("O1", "NPT", "A", "L1", None, "N1", date(2020, 1, 1)))
    found = facts(one_shift(("03-05 08:00", "03-05 09:00", "C1")), posted)
    assert found["sector_code"].to_list() == ["S1"]


def test_a_code_is_read_as_it_stood_on_the_local_day():
    versions = pl.LazyFrame(
        {
            "activity_code": ["D1", "D1"],
            "category": ["old", "new"],
            "family": ["core", "demand"],
            "valid_from": [date(2020, 1, 1), date(2024, 3, 6)],
            "valid_to": [date(2024, 3, 6), None],
        }
    )
    segments = one_shift(("03-05 22:00", "03-06 01:00", "D1"))
    found = abstraction.duty_facts(segments, versions, postings(), officers(), neighbourhoods()).collect()
    assert dict(found.group_by("category").agg(pl.col("seconds").sum()).rows()) == {"old": 7200, "new": 3600}
    assert found.filter(pl.col("episodes") == 1)["day"].to_list() == [date(2024, 3, 6)]


def test_touching_duty_makes_one_interval_and_absence_makes_a_gap():
    segments = one_shift(
        ("03-05 08:00", "03-05 10:00", "C1"),
        ("03-05 10:00", "03-05 12:00", "D1"),
        ("03-05 12:00", "03-05 13:00", "L1"),
        ("03-05 13:00", "03-05 16:00", "C1"),
    )
    found = abstraction.duty_intervals(abstraction.resolve(segments, activity_codes())).collect()
    assert found.rows() == [
        ("O1", at("03-05 08:00"), at("03-05 12:00")),
        ("O1", at("03-05 13:00"), at("03-05 16:00")),
    ]


def test_only_neighbourhood_officers_count_unless_the_question_says_so():
    posted = postings(
        ("O1", "NPT", "A", "L1", "S1", "N1", date(2020, 1, 1)),
        ("O2", "Response", "R", "L1", None, None, date(2020, 1, 1)),
    )
    segments = duties(
        ("O1", "S1", at("03-05 08:00"), at("03-05 12:00"), "C1"),
        ("O2", "S2", at("03-05 08:00"), at("03-05 12:00"), "D1"),
    )
    asked = [indicator("ABS-01")]
    duty = {"duty": facts(segments, posted).lazy()}
    assert compute(duty, asked, "lpa", force_code="F").collect()["value"].to_list() == [0]
    everyone = compute(duty, asked, "lpa", force_code="F", department=None).collect()
    assert everyone["value"].to_list() == [50]
    response = compute(duty, asked, "lpa", force_code="F", department="Response").collect()
    assert response["value"].to_list() == [100]


def test_nothing_in_nothing_out():
    assert facts(duties()).is_empty()


NIGHTS = [
    datetime(2024, 3, 30, 18, tzinfo=UTC),
    datetime(2024, 10, 26, 18, tzinfo=UTC),
    datetime(2024, 7, 1, 18, tzinfo=UTC),
]
segment = st.tuples(
    st.sampled_from(["O1", "O2"]),
    st.sampled_from(["S1", "S2"]),
    st.integers(0, 600),
    st.integers(1, 400),
    st.sampled_from(sorted(CODES)),
)
random_duties = st.tuples(st.sampled_from(NIGHTS), st.lists(segment, max_size=9))


def segments_of(night: datetime, rows: list[tuple]) -> list[tuple]:
    minute = timedelta(minutes=1)
    return [
        (o, s, night + start * minute, night + (start + length) * minute, code) for o, s, start, length, code in rows
    ]


@examples(40)
@given(random_duties)
def test_loops_count_the_same(given_duties):
    segments = segments_of(*given_duties)
    found = facts(duties(*segments))
    keys = ("officer_id", "day", "hour", "activity_code")
    seconds = Counter({row[:-1]: row[-1] for row in found.group_by(keys).agg(pl.col("seconds").sum()).rows()})
    assert seconds == oracle.seconds(segments, CODES)
    shifted = found.group_by("officer_id", "day").agg(pl.col("shifts").sum()).rows()
    assert Counter({row[:-1]: row[-1] for row in shifted if row[-1]}) == oracle.shifts(segments, CODES)
    begun = found.group_by("officer_id", "category", "day").agg(pl.col("episodes").sum()).rows()
    assert Counter({row[:-1]: row[-1] for row in begun if row[-1]}) == oracle.episodes(segments, CODES)


@examples(25)
@given(random_duties, st.randoms())
def test_order_changes_nothing(given_duties, random):
    segments = segments_of(*given_duties)
    shuffled = random.sample(segments, len(segments))
    columns = ["day", "hour", "officer_id", "activity_code", "seconds", "shifts", "episodes"]
    first, second = (facts(duties(*rows)).select(columns).sort(columns) for rows in (segments, shuffled))
    assert first.equals(second)


@examples(25)
@given(random_duties)
def test_splitting_by_day_changes_nothing(given_duties):
    segments = segments_of(*given_duties)
    whole = facts(duties(*segments))
    columns = ["day", "hour", "officer_id", "activity_code", "seconds", "shifts", "episodes"]
    for day in whole["day"].unique().to_list():
        margin = timedelta(days=1)
        near = [s for s in segments if day - margin <= s[3].date() and s[2].date() <= day + margin]
        part = facts(duties(*near)).filter(pl.col("day") == day).select(columns).sort(columns)
        assert part.equals(whole.filter(pl.col("day") == day).select(columns).sort(columns))


@examples(25)
@given(random_duties)
def test_children_add_to_the_parent(given_duties):
    posted = postings(
        ("O1", "NPT", "A", "L1", "S1", "N1", date(2020, 1, 1)),
        ("O2", "NPT", "B", "L2", "S2", "N2", date(2020, 1, 1)),
    )
    duty = {"duty": facts(duties(*segments_of(*given_duties)), posted).lazy()}
    totals = [
        compute(duty, [indicator("ABS-04")], level, force_code="F").collect()["value"].sum()
        for level in ("force", "lpa", "sector", "neighbourhood", "department", "team", "officer")
    ]
    assert all(abs(total - totals[0]) < 1e-9 for total in totals)


def test_hours_lost_are_told_in_standard_shifts():
    assert abstraction.shifts_lost(36.0, 8) == 4.5


def test_shifts_are_counted_by_frequency_and_reason_alone():
    """What counts shifts has neither hour nor cause; what counts time has both."""
    assert abstraction.counts_shifts(indicator("ABS-03"))
    assert not abstraction.counts_shifts(indicator("ABS-01"))
    assert not abstraction.counts_shifts(indicator("ABS-04"))  # a plain total
