"""Random small forces: the engine agrees with the oracle to the second, however the input is cut or mixed."""

import random
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from metrics import stays as engine
from metrics.fixes import DROPS
from tests.laws import examples
from tests.metrics.stays import oracle
from tests.metrics.stays.force import GROUND, SPOTS, WORLD, at, duties_frame, fixes_frame

OFFICERS = ("A1", "B2", "C3")
UNIFORMED = {"A1", "B2"}
NIGHTS = {
    "the long night": at("2024-10-26 22:20"),
    "the short night": at("2025-03-29 23:10"),
    "a month's end": at("2024-07-31 21:30"),
    "a plain noon": at("2024-10-08 11:00"),
}
STEPS = (0, 1, 7, 60, 300, 450, 599, 600, 601, 1200, 1800, 1801, 4000)
POSITIONS = [
    *SPOTS.values(), (None, 52.4), (-1.99, None), (float("nan"), 52.4), (-9.0001, 52.4), (-1.99, 61.5), (2.0, 49.0),
]  # fmt: skip

step = st.tuples(st.sampled_from(STEPS), st.integers(0, len(POSITIONS) - 1))
walk = st.lists(step, max_size=22)
duty = st.tuples(st.integers(-600, 9000), st.integers(1, 9000))


@st.composite
def force(draw):
    start = draw(st.sampled_from(sorted(NIGHTS.values())))
    fixes, duties = [], []
    for officer in OFFICERS[: draw(st.integers(1, 3))]:
        second = start
        for wait, position in draw(walk):
            second += wait
            fixes.append((officer, second, *POSITIONS[position]))
        for begin, length in draw(st.lists(duty, max_size=3)):
            duties.append((officer, start + begin, start + begin + length))
    return fixes, duties


def joined(duties):
    """Duty intervals with touching and overlapping ones made one, by marking every second."""
    seconds = {(who, second) for who, start, end in duties for second in range(start, end)}
    starts = sorted((who, s) for who, s in seconds if (who, s - 1) not in seconds)
    ends = sorted((who, s + 1) for who, s in seconds if (who, s + 1) not in seconds)
    return [(who, start, end) for (who, start), (_, end) in zip(starts, ends, strict=True)]


def run(fixes, duties, window=None):
    result = engine.stays(fixes_frame(fixes), duties_frame(duties), GROUND, uniformed=sorted(UNIFORMED), window=window)
    return (result.visibility.collect(), result.presence.collect(), result.hotspot_stays.collect(),
            result.fix_quality.collect())  # fmt: skip


def sums(frame, *keys, value="seconds"):
    tally = Counter()
    for row in frame.iter_rows(named=True):
        tally[tuple(row[key] for key in keys)] += row[value]
    return +tally


VISIBILITY = ("officer_id", "day", "hour", "place_kind", "place_neighbourhood_code")
PRESENCE = ("neighbourhood_code", "day", "hour")


def seconds_of(hotspot_stays):
    tally = Counter()
    for row in hotspot_stays.iter_rows(named=True):
        for second in range(int(row["start"].timestamp()), int(row["end"].timestamp())):
            tally[row["officer_id"], row["hotspot_id"], second] += 1
    return tally


def counted(quality):
    tally = Counter()
    for row in quality.iter_rows(named=True):
        for reason in ("fixes", *DROPS):
            tally[row["officer_id"], row["day"], reason] += row[reason]
    return +tally


@examples(150)
@given(force())
def test_the_engine_agrees_with_the_oracle_to_the_second(drawn):
    fixes, duties = drawn
    truth = oracle.stays(fixes, joined(duties), WORLD, UNIFORMED)
    visibility, presence, hotspots, quality = run(fixes, duties)

    assert sums(visibility, *VISIBILITY) == truth.visibility
    assert sums(presence, *PRESENCE) == truth.presence
    assert seconds_of(hotspots) == truth.hotspots
    assert counted(quality) == truth.counts
    found = quality.filter(pl.col("median_gap_seconds").is_not_null())
    medians = {(r["officer_id"], r["day"]): r["median_gap_seconds"] for r in found.iter_rows(named=True)}
    assert medians == oracle.medians(truth)
    duty_seconds = Counter()
    for who, start, end in joined(duties):
        for second in range(start, end):
            duty_seconds[who, oracle.clock(second)[0]] += 1
    assert sums(quality, "officer_id", "day", value="duty_seconds") == duty_seconds
    known = Counter()
    for (who, day, *_), length in truth.visibility.items():
        known[who, day] += length
    assert sums(quality, "officer_id", "day", value="known_seconds") == known


def of_day(duties, day):
    """The seconds of duty that lie on a London day, as intervals."""
    seconds = [(who, second) for who, start, end in duties for second in range(start, end)]
    return joined([(who, second, second + 1) for who, second in seconds if oracle.clock(second)[0] == day])


@examples(60)
@given(force(), st.integers(0, 1))
def test_days_counted_alone_are_those_of_their_own_fixes_and_duty(drawn, first):
    fixes, duties = drawn
    days = sorted({oracle.clock(second)[0] for _, second, *_ in fixes})[first:]
    if not days:
        return
    given_days = (days[0], days[-1])
    result = engine.officer_stays(fixes_frame(fixes), duties_frame(duties), GROUND, counted=given_days)
    truth, gaps = Counter(), {}
    for day in days:
        own = [fix for fix in fixes if oracle.clock(fix[1])[0] == day]
        alone = oracle.stays(own, of_day(duties, day), WORLD, UNIFORMED)
        truth += alone.counts
        gaps |= oracle.medians(alone)
    assert counted(result.fix_counts) == truth
    found = result.fix_counts.drop_nulls("median_gap_seconds")
    assert {(r["officer_id"], r["day"]): r["median_gap_seconds"] for r in found.iter_rows(named=True)} == gaps


@examples(40)
@given(force(), st.integers(0, 2**16))
def test_order_and_a_split_by_officer_change_nothing(drawn, seed):
    fixes, duties = drawn
    whole = run(fixes, duties)
    shuffled = random.Random(seed).sample(fixes, len(fixes))
    for one, other in zip(whole, run(shuffled, duties[::-1]), strict=True):
        assert one.equals(other)

    apart = [run([f for f in fixes if f[0] == who], [d for d in duties if d[0] == who]) for who in OFFICERS]
    for number in (0, 2, 3):  # all but presence, which is about who is there together
        assert pl.concat([part[number] for part in apart]).equals(whole[number])


@examples(40)
@given(force(), st.lists(st.integers(-700, 12_000), min_size=1, max_size=4))
def test_windows_side_by_side_add_up_to_the_whole_from_nearby_fixes_only(drawn, cuts):
    fixes, duties = drawn
    first = min([at("2030-01-01 00:00"), *(row[1] for row in [*fixes, *duties])])
    seconds = sorted({first - 3600, *(first + cut for cut in cuts), first + 200_000})
    whole = run(fixes, duties)
    parts = []
    for begin, end in pairwise(seconds):
        nearby = [fix for fix in fixes if begin - 1800 <= fix[1] < end + 1800]
        window = (datetime.fromtimestamp(begin, UTC), datetime.fromtimestamp(end, UTC))
        parts.append(run(nearby, duties, window))
    together = [pl.concat(frames) for frames in zip(*parts, strict=True)]
    assert sums(together[0], *VISIBILITY) == sums(whole[0], *VISIBILITY)
    assert sums(together[1], *PRESENCE) == sums(whole[1], *PRESENCE)
    assert seconds_of(together[2]) == seconds_of(whole[2])
    assert counted(together[3]) == counted(whole[3])
    for name in ("known_seconds", "duty_seconds"):
        assert sums(together[3], "officer_id", "day", value=name) == sums(whole[3], "officer_id", "day", value=name)
