"""Stays by hand: each rule of definitions.md §3 on a few fixes that can be checked with a pencil."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest
import shapely

from metrics import stays as engine
from metrics.levels import stamp_home
from metrics.ordered import blocks
from metrics.presence import in_uniform
from tests.metrics.stays.force import GROUND, SPOTS, WORLD, at, duties_frame, fixes_frame, ground_of
from tests.metrics.stays.oracle import Area

N1, N2, N3 = SPOTS["in N1"], SPOTS["in N2"], SPOTS["in N3"]
STATION, OUTSIDE, FAR = SPOTS["in the police station"], SPOTS["outside"], SPOTS["far outside"]
NOON = at("2024-10-08 11:00")  # 12:00 in London
DUTY = [("A1", NOON, NOON + 8 * 3600)]


def run(fixes, duties=DUTY, **settings):
    settings = {"uniformed": ["A1", "B2"], **settings}
    return engine.stays(fixes_frame(fixes), duties_frame(duties), GROUND, **settings)


def walk(*steps, start=NOON, officer="A1"):
    return [(officer, start + second, *position) for second, position in steps]


def hours(result):
    rows = result.visibility.sort("officer_id", "day", "hour", "place_kind", "place_neighbourhood_code").collect()
    return [(r["day"].isoformat(), r["hour"], r["place_kind"], r["place_neighbourhood_code"], r["seconds"])
            for r in rows.iter_rows(named=True)]  # fmt: skip


def quality(result, **columns):
    row = result.fix_quality.collect().row(0, named=True)
    assert {name: row[name] for name in columns} == columns


def test_a_fix_holds_until_the_next_the_gap_or_the_end_of_duty():
    fixes = walk((0, N1), (300, N2), (2000, N1), (8 * 3600 - 100, N2))
    assert hours(run(fixes)) == [
        ("2024-10-08", 12, "visible", "N1", 300 + 600),
        ("2024-10-08", 12, "visible", "N2", 600),
        ("2024-10-08", 19, "visible", "N2", 100),
    ]


def test_drops_are_counted_by_the_first_reason_that_applies():
    fixes = walk(
        (-60, N1), (0, N1), (0, N3), (60, FAR), (120, N1), (180, (-1.99, 48.0)), (180, (None, None)),
        (8 * 3600, N1),
    )  # fmt: skip
    quality(run(fixes), fixes=8, bad_position=2, duplicate=1, off_duty=2, spike=1, known_seconds=720)


def test_a_duplicate_keeps_the_smallest_position():
    assert hours(run(walk((0, N2), (0, N1))))[0][3] == "N1"


def test_two_spikes_in_a_row_are_judged_at_once_and_stay():
    fixes = walk((0, N1), (60, FAR), (120, FAR), (180, N1))
    quality(run(fixes), spike=0)


def test_a_spike_needs_both_neighbours_within_the_gap():
    quality(run(walk((0, N1), (60, FAR), (661, N1))), spike=0)


@pytest.mark.parametrize(("metres", "spikes"), [(2990, 0), (3010, 1)])
def test_a_spike_is_faster_than_180_km_an_hour(metres, spikes):
    away = (N1[0], N1[1] + metres / 111_195.08)  # a degree on the sphere of the definitions
    quality(run(walk((0, N1), (60, away), (120, N1))), spike=spikes)


def test_one_odd_fix_takes_the_kind_of_its_neighbours_once_on_raw_values():
    kinds = [N1, STATION, N1, STATION, STATION]
    result = run(walk(*((60 * i, place) for i, place in enumerate(kinds))))
    # the second becomes visible and the third police_building, each by what its neighbours were before
    assert hours(result) == [
        ("2024-10-08", 12, "police_building", "N1", 60 + 60 + 600),
        ("2024-10-08", 12, "visible", "N1", 60 + 60),
    ]


def test_out_of_force_is_neither_made_nor_unmade_nor_a_neighbour():
    result = run(walk((0, OUTSIDE), (60, N1), (120, OUTSIDE), (180, N1), (240, OUTSIDE)))
    assert hours(result) == [
        ("2024-10-08", 12, "out_of_force", None, 60 + 60 + 600),
        ("2024-10-08", 12, "visible", "N1", 60 + 60),
    ]


def test_the_night_of_25_hours_has_one_hour_twice_as_long():
    night = at("2024-10-26 23:00")  # midnight in London
    fixes = walk(*((600 * i, N1) for i in range(6 * 4)), start=night)
    rows = hours(run(fixes, [("A1", night, night + 4 * 3600)]))
    assert [(hour, length) for _, hour, _, _, length in rows] == [(0, 3600), (1, 7200), (2, 3600)]


def test_the_night_of_23_hours_has_no_hour_from_one_to_two():
    night = at("2025-03-30 00:00")
    fixes = walk(*((600 * i, N1) for i in range(6 * 3)), start=night)
    rows = hours(run(fixes, [("A1", night, night + 3 * 3600)]))
    assert [(hour, length) for _, hour, _, _, length in rows] == [(0, 3600), (2, 3600), (3, 3600)]


def test_an_interval_across_midnight_and_the_month_is_split_not_lost():
    night = at("2024-10-31 23:55")  # five to midnight: London is on GMT
    rows = hours(run(walk((0, N1), start=night), [("A1", night - 60, night + 3600)]))
    assert rows == [("2024-10-31", 23, "visible", "N1", 300), ("2024-11-01", 0, "visible", "N1", 300)]


def test_boundaries_are_those_of_the_local_day_of_the_fix():
    east = SPOTS["in N2 until redrawn"]
    before, after = at("2024-10-26 22:40"), at("2024-10-26 23:10")
    duties = [("A1", before, after + 3600)]
    fixes = walk((0, east), start=before) + walk((0, east), start=after)
    assert [row[2:4] for row in hours(run(fixes, duties))] == [("visible", "N2"), ("out_of_force", None)]


def test_presence_is_the_union_over_uniformed_officers_and_hours_are_the_sum():
    duties = [(who, NOON, NOON + 3600) for who in ("A1", "B2", "C3")]
    fixes = [fix for who, second in (("A1", 0), ("B2", 100), ("C3", 900)) for fix in walk((second, N1), officer=who)]
    result = run(fixes, duties)
    assert result.presence.collect().rows() == [("N1", date(2024, 10, 8), 12, 700)]
    assert result.visibility.collect()["seconds"].sum() == 1800


def test_only_officers_known_to_be_in_plain_clothes_do_not_count_for_presence():
    officers = pl.DataFrame({"officer_id": ["A1", "B2", "C3"], "uniformed": [True, False, None]})
    on_duty = pl.DataFrame({"officer_id": ["A1", "A1", "B2", "C3", "D4"]})
    assert sorted(in_uniform(on_duty, officers)) == ["A1", "C3", "D4"]


def test_hotspot_stays_ignore_the_place_kind_overlap_and_are_joined_when_touching():
    result = run(walk((0, STATION), (300, N1), (600, N3)))
    stays = result.hotspot_stays.collect()
    bounds = [(row[1], *((b.timestamp() - NOON) for b in row[2:])) for row in stays.rows()]
    assert bounds == [("T1", 0, 600), ("T2", 300, 600)]


def test_the_median_gap_is_between_kept_fixes_of_one_duty_at_most_the_gap_apart():
    fixes = walk((0, N1), (100, N1), (100, N3), (160, FAR), (220, N1), (400, N1), (5000, N1))
    quality(run(fixes), median_gap_seconds=120.0)  # 100, 120, 180; 4600 is a silence


def test_parts_of_a_second_decide_order_and_gaps_and_lengths_run_between_whole_seconds():
    fixes = walk((0.25, N1), (100.75, N2), (200.5, N1))
    assert hours(run(fixes)) == [
        ("2024-10-08", 12, "visible", "N1", 100 + 600),
        ("2024-10-08", 12, "visible", "N2", 100),
    ]


def test_an_officer_who_changes_team_counts_for_each_on_its_days():
    night = at("2024-10-08 22:55")  # 23:55 in London
    result = run(walk((0, N1), start=night), [("A1", night, night + 3600)])
    postings = pl.LazyFrame(
        {
            "officer_id": ["A1", "A1"],
            "department": ["NPT", "Response"],
            "team": ["A", "B"],
            "lpa_code": ["L1", "L1"],
            "sector_code": ["S1", None],
            "neighbourhood_code": ["N1", None],
            "start_date": [date(2024, 1, 1), date(2024, 10, 9)],
            "end_date": [date(2024, 10, 9), None],
        }
    )
    areas = {"neighbourhood_code": ["N1"], "sector_code": ["S1"], "valid_from": [None], "valid_to": [None]}
    neighbourhoods = pl.LazyFrame(areas, schema_overrides={"valid_from": pl.Date, "valid_to": pl.Date})
    officers = pl.LazyFrame({"officer_id": ["A1"], "role": ["officer"], "uniformed": [True]})
    stamped = stamp_home(result.visibility, postings, neighbourhoods, officers).sort("day").collect()
    assert stamped.select("department", "team", "seconds").rows() == [
        ("NPT", "A", 300),
        ("Response", "B", 300),
    ]


def test_days_counted_alone_judge_each_day_by_its_own_fixes_and_duty():
    midnight = at("2024-10-08 23:00")  # in London
    fixes = walk((-300, N1), (-120, N2), (60, FAR), (180, N2), (240, N2), start=midnight)
    days = (date(2024, 10, 8), date(2024, 10, 9))
    args = fixes_frame(fixes), duties_frame([("A1", midnight - 3600, midnight + 210)]), GROUND
    counts = engine.officer_stays(*args, counted=days).fix_counts.sort("day")
    # As one stretch the fix far away would be a spike; on its own day nothing goes before it.
    assert counts.select("day", "fixes", "spike", "off_duty", "median_gap_seconds").rows() == [
        (days[0], 2, 0, 0, 180.0),
        (days[1], 3, 0, 1, 120.0),
    ]
    (alone,) = engine.officer_stays(*args, counted=days[1:] * 2).fix_counts.iter_rows(named=True)
    assert (alone["day"], alone["fixes"], alone["off_duty"]) == (days[1], 3, 1)


def test_a_window_gives_the_time_inside_it_only():
    window = (datetime(2024, 10, 8, 11, 2, tzinfo=UTC), datetime(2024, 10, 8, 11, 4, tzinfo=UTC))
    result = run(walk((0, N1), (180, N2), (600, N1)), window=window)
    assert [row[3:] for row in hours(result)] == [("N1", 60), ("N2", 60)]
    quality(result, fixes=1, known_seconds=120, duty_seconds=120)


def test_a_fix_bears_on_time_as_far_as_three_gaps_later():
    """The farthest reach: whether the first fix is there decides on a spike, which decides how one is smoothed."""
    far_station = (N1[0] + 0.5, N1[1] + 0.3)
    footprint = shapely.box(far_station[0], far_station[1], far_station[0] + 1e-4, far_station[1] + 1e-4)
    premises = [*WORLD.premises, Area(code="P9", shape=footprint, kind="police_building")]
    ground = ground_of(replace(WORLD, premises=premises))
    fixes = fixes_frame(walk((0, N1), (600, far_station), (1200, N1), (1800, STATION)))
    seam = datetime.fromtimestamp(NOON + 1799, UTC)
    window = (seam, seam + timedelta(seconds=1))
    found = engine.stays(fixes, duties_frame(DUTY), ground, uniformed=[], window=window)
    assert [row[2:] for row in hours(found)] == [("visible", "N1", 1)]
    without = fixes.filter(pl.col("at") > seam - timedelta(seconds=1799))
    assert hours(engine.stays(without, duties_frame(DUTY), ground, uniformed=[], window=window))[0][2] != "visible"


def test_nothing_in_nothing_out():
    result = run([], [])
    for frame in (result.visibility, result.presence, result.hotspot_stays, result.fix_quality):
        assert frame.collect().is_empty()
    alone = run([], DUTY).fix_quality.collect()
    assert alone.select("fixes", "known_seconds", "duty_seconds", "median_gap_seconds").rows() == [(0, 0, 28800, None)]


def test_duty_may_come_in_any_order_and_in_touching_pieces():
    pieces = [("A1", NOON + 300, NOON + 900), ("A1", NOON, NOON + 300)]
    assert hours(run(walk((0, N1), (400, N1)), pieces)) == [("2024-10-08", 12, "visible", "N1", 900)]


def test_blocks_of_whole_officers_make_the_same_stays_as_one(monkeypatch):
    chance = random.Random(3)
    spots = [N1, N2, FAR, (None, None)]
    fixes = [(f"Q{chance.randrange(9)}", NOON + chance.randrange(4000), *chance.choice(spots)) for _ in range(500)]
    duty = [(f"Q{n}", NOON + begin, NOON + begin + 900) for n in range(9) for begin in (100, 2000)]
    given = fixes_frame(fixes).collect(), duties_frame(duty).collect()
    assert [len(part.ids) for part in blocks(*given, 1)] == [1] * 9
    assert len(list(blocks(*given, 150))) >= 3
    assert len(list(blocks(*given, 10_000))) == 1

    def found():
        each = engine.officer_stays(fixes_frame(fixes), duties_frame(duty), GROUND)
        return each.visibility, each.visible, each.hotspot_stays.sort("officer_id", "start"), each.fix_counts

    whole = found()
    for block in (1, 150):
        monkeypatch.setattr(engine, "BLOCK_FIXES", block)
        for one, other in zip(found(), whole, strict=True):
            assert one.equals(other)


@pytest.mark.parametrize("coded", [pl.String, pl.Categorical, pl.Enum(["B2", "C3", "A1"])])
def test_fixes_of_officers_in_any_order_of_time_and_in_pieces_come_in_order(coded):
    fixes = [("B2", NOON + 60, *N2), ("A1", NOON + 60, *N1), ("A1", NOON, *N3), ("B2", NOON + 90, None, 52.4)]
    rows = fixes_frame(fixes).collect().with_columns(pl.col("officer_id").cast(coded))
    for given in (rows, pl.concat([rows[:1], rows[1:1], rows[1:]])):
        (ordered,) = blocks(given, duties_frame(DUTY).collect(), 10)
        assert ordered.ids.to_list() == ["A1", "B2"]
        assert ordered.starts.tolist() == [0, 2, 4]
        assert (ordered.at // 1_000_000 - NOON).tolist() == [0, 60, 60, 90]
        assert ordered.lon[:3].tolist() == [N3[0], N1[0], N2[0]]
        assert np.isnan(ordered.lon[3])
        assert (ordered.duty_starts.tolist(), ordered.duty_start.tolist()) == ([0, 1, 1], [NOON * 1_000_000])


def test_instants_decades_apart_are_judged_too():
    far = [("A1", NOON, *N1), ("A1", at("2001-10-08 11:00"), *N1)]
    assert quality_of(run(far)) == [(1, 1), (1, 0)]


def quality_of(result):
    return result.fix_quality.collect().select("fixes", "off_duty").rows()
