"""How many officers a figure rests on: counted, withheld below five, and not to be had by subtraction."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from metrics import INDICATORS, indicator
from metrics.compute import compute
from metrics.officers import (
    TOO_FEW,
    few_behind,
    made_of_officers_time,
    months_of_officers,
    officers_behind,
    quantity_of,
    sources_of_officers,
    withhold_few,
)
from metrics.sources import SOURCES
from metrics.sums import AS_DEFINED, Cut
from metrics.too_few import SMALLEST_GROUP, too_few
from tests.laws import examples

MAY = date(2024, 5, 1)
TREE = {"L1": "F", "L2": "F", "S1": "L1", "S2": "L1", "S3": "L2", "N1": "S1", "N2": "S1", "N3": "S2", "N4": "S3"}
LEVEL = {"F": "force", "L": "lpa", "S": "sector", "N": "neighbourhood"}
LEVELS = ("force", "lpa", "sector", "neighbourhood")
DUTY = [indicator(f"ABS-0{number}") for number in range(1, 6)]


def duty(rows: list[tuple]) -> pl.LazyFrame:
    """Read (officer, neighbourhood, category, family, seconds, hour or 9)."""
    full = [
        {
            **dict.fromkeys(SOURCES["duty"]),
            "day": MAY,
            "hour": hour[0] if hour else 9,
            "officer_id": officer,
            "uniformed": True,
            "department": "NPT",
            "neighbourhood_code": area,
            "sector_code": TREE[area],
            "lpa_code": TREE[TREE[area]],
            "category": category,
            "family": family,
            "seconds": seconds,
            "shifts": 1,
            "episodes": int(family == "demand"),
        }
        for officer, area, category, family, seconds, *hour in rows
    ]
    return pl.LazyFrame(full, schema=dict(SOURCES["duty"]), orient="row")


def parents() -> pl.DataFrame:
    rows = [(LEVEL[code[0]], code, MAY, LEVEL[above[0]], above) for code, above in TREE.items()]
    names = ["area_level", "area_code", "month", "parent_level", "parent_code"]
    return pl.DataFrame(rows, schema=names, orient="row")


def cut(level: str, by: tuple[str, ...] = ()) -> Cut:
    return Cut(level=level, by=by, force_code="F", department=AS_DEFINED, grain="1mo")


def behind(facts: dict[str, pl.LazyFrame], by: tuple[str, ...] = (), indicators=DUTY) -> pl.DataFrame:
    pieces = [officers_behind(facts, indicators, cut(level, by)) for level in LEVELS]
    return pl.concat([piece.collect() for piece in pieces], how="diagonal_relaxed")


def shown(rows: list[tuple], level: str, *ids: str, by: tuple[str, ...] = ()) -> dict[tuple, float | None]:
    """Give what is left of some indicators' figures at a level, by id and area."""
    facts = {"duty": duty(rows)}
    hidden = too_few(behind(facts, by), parents(), by)
    asked = [indicator(one) for one in ids]
    tidy = compute(facts, asked, level, by, force_code="F").collect()
    left = withhold_few(tidy, asked, hidden, cut(level, by))
    empty = left.filter(note=TOO_FEW).select(pl.col("numerator", "denominator", "value").is_null().all())
    assert empty.row(0) == (True, True, True)
    named = left.with_columns(name=pl.concat_str("indicator_id", "category", separator=":", ignore_nulls=True))
    return {(row["name"], row["area_code"], *(row[b] for b in by)): row["value"] for row in named.to_dicts()}


def patrol(area: str, officers: int, first: int = 0) -> list[tuple]:
    """Put so many officers on patrol and backfill in an area."""
    named = [f"{area}-{number}" for number in range(first, first + officers)]
    return [row for one in named for row in ((one, area, "patrol", "core", 50), (one, area, "backfill", "demand", 10))]


def test_what_is_made_of_officers_time_is_read_off_its_sources():
    made = {one.id for one in INDICATORS if made_of_officers_time(one)}
    assert {f"ABS-0{n}" for n in range(1, 8)} | {f"VIS-0{n}" for n in range(1, 6)} | {"WRK-02"} <= made
    assert made.isdisjoint({"ASB-01", "HRM-01", "WRK-01", "ENG-04", "PS-01"})


def test_who_is_behind_a_figure_is_read_off_the_sources_that_name_officers():
    assert sources_of_officers(DUTY) == ["duty"]
    assert sources_of_officers([indicator("VIS-03"), indicator("ASB-01")]) == ["visibility_place"]


def test_of_what_happened_per_hour_of_duty_the_hours_alone_are_officers_time():
    hours = indicator("ABS-01").denominator
    crimes_per_hour = replace(indicator("HRM-01"), denominator=hours)
    found = behind({"duty": duty(patrol("N1", 4))}, indicators=[crimes_per_hour])
    assert found["quantity"].unique().to_list() == [quantity_of(hours, None)]
    assert found["officers"].list.len().unique().to_list() == [4]


def test_four_officers_are_withheld_and_five_are_shown():
    rows = [*patrol("N1", 4), *patrol("N2", 6), *patrol("N3", 5), *patrol("N4", 9)]
    found = shown(rows, "neighbourhood", "ABS-01", "ABS-04")
    assert found["ABS-01", "N1"] is None
    assert found["ABS-01", "N2"] is None  # else S1 less N2 is N1
    assert found["ABS-01", "N3"] == pytest.approx(100 / 6)
    assert found["ABS-04", "N4"] == 90 / 3600


def test_a_figure_of_nobody_is_shown_and_one_of_nobody_known_is_not():
    rows = [*patrol("N3", 7), (None, "N4", "patrol", "core", 60)]
    found = shown(rows, "neighbourhood", "ABS-04", "ABS-02")
    assert found["ABS-04", "N3"] is not None
    assert found["ABS-02", "N4"] is None


def test_the_time_of_one_officer_of_many_is_withheld_with_what_gives_it_away():
    rows = [*patrol("N1", 8), *patrol("N2", 8), ("N1-0", "N1", "football", "aid", 30)]
    found = shown(rows, "neighbourhood", "ABS-05", "ABS-02", "ABS-04")
    assert found["ABS-05:football", "N1"] is None
    assert found["ABS-05:backfill", "N1"] is None
    assert found["ABS-02", "N1"] is not None
    assert found["ABS-04", "N1"] is not None


def test_the_rest_of_a_share_is_not_one_officers_time():
    rows = [(f"N1-{n}", "N1", "backfill", "demand", 10) for n in range(6)] + [("N1-0", "N1", "patrol", "core", 50)]
    assert shown(rows, "force", "ABS-01") == {("ABS-01", "F"): None}


def test_hours_of_the_day_are_withheld_and_cannot_be_had_from_the_others():
    rows = [(f"N1-{n}", "N1", "backfill", "demand", 10, hour) for n in range(9) for hour in (9, 10, 11)]
    rows += [("N1-0", "N1", "backfill", "demand", 10, 3)]
    found = shown(rows, "neighbourhood", "ABS-04", by=("hour",))
    assert found["ABS-04", "N1", 3] is None
    assert [found["ABS-04", "N1", hour] is None for hour in (9, 10, 11)].count(True) == 1


def test_presence_names_its_officers_by_who_was_visible_there():
    place = {"place_kind": "visible", "uniformed": True, "neighbourhood_code": "N1", "sector_code": "S1"}
    seen = [{**dict.fromkeys(SOURCES["visibility_place"]), **place, "lpa_code": "L1", "day": MAY, "officer_id": f"O{n}",
             "seconds": 60} for n in range(4)]  # fmt: skip
    here = {"day": MAY, "hour": 9, "neighbourhood_code": "N1", "sector_code": "S1", "lpa_code": "L1", "seconds": 90}
    facts = {
        "visibility_place": pl.LazyFrame(seen, schema=dict(SOURCES["visibility_place"])),
        "presence": pl.LazyFrame([here], schema=dict(SOURCES["presence"])),
    }
    asked = [indicator("VIS-03")]
    hidden = too_few(behind(facts, indicators=asked), parents())
    tidy = compute(facts, asked, "neighbourhood", force_code="F").collect()
    assert withhold_few(tidy, asked, hidden, cut("neighbourhood"))["note"].to_list() == [TOO_FEW]


# How many officers were taken from an area for what. Neither the sums of the areas alone nor those of the categories
# give away fewer than five; both together do.
CROSSING = {
    **{("N1", "court"): 8, ("N1", "backfill"): 5, ("N1", "football"): 5, ("N2", "backfill"): 8, ("N2", "court"): 8},
    **{("N3", "football"): 7, ("N3", "court"): 5, ("N4", "court"): 2, ("N4", "football"): 1},
}
CELLS = list(product(["N1", "N2", "N3", "N4"], ["backfill", "court", "football"]))


def taken(officers: dict[tuple[str, str], range]) -> list[tuple]:
    """List (officer of the area, area, category) of the officers in each cell."""
    return [(number, *cell) for cell, numbers in officers.items() for number in numbers]


def nearly_crossing(cell: tuple[str, str]) -> st.SearchStrategy[range]:
    """Draw as many as in CROSSING, or one more or fewer."""
    officers = CROSSING.get(cell, 0)
    return st.sampled_from([range(officers + step) for step in (0, 1, -1)])


CROSSED = taken({cell: range(officers) for cell, officers in CROSSING.items()})
# Enough, few or nobody, partly the officers of another category.
CROWD = st.sampled_from([range(8), range(2), range(2, 4), range(4), range(3, 8), range(0)])
FORCES = [
    st.fixed_dictionaries(dict.fromkeys(CELLS, CROWD)).map(taken),
    st.fixed_dictionaries({cell: nearly_crossing(cell) for cell in CELLS}).map(taken),
    st.lists(st.builds(lambda number, cell: (number, *cell), st.integers(0, 9), st.sampled_from(CELLS)), max_size=60),
]


@examples(150)
@given(st.one_of(FORCES))
@example(CROSSED)
def test_no_sum_of_what_is_withheld_rests_on_fewer_than_five(drawn):
    """Whatever of the withheld can be worked out from areas and categories rests on five officers or more."""
    counted = behind({"duty": lost(drawn)}, indicators=[indicator("ABS-05")]).filter(~pl.col("beyond"))
    hidden = set(too_few(counted, parents()).select("mix", "area_code").iter_rows())
    officers = {(row["mix"], row["area_code"]): set(row["officers"]) for row in counted.to_dicts()}
    assert {cell for cell, names in officers.items() if len(names) < SMALLEST_GROUP} <= hidden
    unknown = sorted(hidden)
    for relation in relations(officers):
        left = [cell for cell in relation if cell in hidden]
        whole, parts = relation[0], relation[1:]
        if left and whole not in hidden:
            assert len(set().union(*(officers[cell] for cell in left))) >= SMALLEST_GROUP, relation
            assert len(left) >= 2, parts
    assert_undetermined(unknown, officers)


def lost(drawn):
    families = {"backfill": "demand", "football": "aid", "court": "mandatory"}
    return duty([(f"{area}-{n}", area, category, families[category], 10) for n, area, category in drawn])


def test_of_two_months_each_is_withheld_as_if_it_were_alone():
    def hidden(facts, above):
        counted = behind({"duty": facts}, indicators=[indicator("ABS-05")]).filter(~pl.col("beyond"))
        return set(too_few(counted, above).select("mix", "area_code", "month").iter_rows())

    june = MAY.replace(month=6)
    may, later = lost(CROSSED), lost(CROSSED[:2]).with_columns(day=pl.lit(june))
    above = parents(), parents().with_columns(month=pl.lit(june))
    assert hidden(may, above[0]) != set() != hidden(later, above[1])
    assert hidden(pl.concat([may, later]), pl.concat(above)) == hidden(may, above[0]) | hidden(later, above[1])


def relations(officers):
    """List every sum that a reader knows: the whole first, then its parts."""
    categories = sorted({category for category, _ in officers})
    for category in categories:
        for whole in sorted(set(TREE.values())):
            parts = [
                (category, code) for code, above in TREE.items() if above == whole and (category, code) in officers
            ]
            if parts:
                yield [(category, whole), *parts]
    for area in sorted({area for _, area in officers}):
        parts = [(category, area) for category in categories if category and (category, area) in officers]
        if ("", area) in officers and parts:
            yield [("", area), *parts]


def assert_undetermined(unknown, officers):
    """Check by elimination that no equation of the relations leaves a single withheld cell."""
    place = {cell: step for step, cell in enumerate(unknown)}
    lines = [
        [
            sum((1 if step else -1) * (place.get(cell) == at) for step, cell in enumerate(relation))
            for at in place.values()
        ]
        for relation in relations(officers)
    ]
    matrix = np.array(lines, float).reshape(len(lines), len(unknown))
    rank = np.linalg.matrix_rank(matrix) if matrix.size else 0
    for cell, at in place.items():
        alone = np.zeros((1, len(unknown)))
        alone[0, at] = 1
        if len(officers[cell]) < SMALLEST_GROUP:
            assert np.linalg.matrix_rank(np.vstack([matrix, alone])) == rank + 1, f"{cell} can be worked out"


def test_days_do_not_add_up_to_a_hidden_one():
    days = [MAY + timedelta(days=step) for step in range(4)]
    sizes = {days[0]: 1, days[1]: 6, days[2]: 7, days[3]: 8}
    cells = [
        {"quantity": "q", "mix": "", "area_level": "sector", "area_code": "S1", "month": day, "beyond": False,
         "officers": [f"O{n}" for n in range(size)]} for day, size in sizes.items()
    ]  # fmt: skip
    nobody = parents().clear()
    assert too_few(pl.DataFrame(cells), nobody, months=False)["month"].to_list() == [days[0], days[1]]


def test_nothing_in_nothing_out():
    empty = {"duty": duty([])}
    assert too_few(behind(empty), parents()).is_empty()
    for level, by in product(LEVELS, [(), ("hour",)]):
        tidy = compute(empty, DUTY, level, by, force_code="F").collect()
        assert withhold_few(tidy, DUTY, too_few(behind(empty, by), parents(), by), cut(level, by)).height == tidy.height


def people(officers: int, areas: list[str], **length: int) -> st.SearchStrategy[list[tuple]]:
    return st.lists(
        st.tuples(
            st.sampled_from([f"O{number}" for number in range(officers)]),
            st.sampled_from(areas),
            *[st.sampled_from(of) for of in (["aid", "court"], ["demand", "mandatory", "core"], [0, 60, 3600], [1, 2])],
        ),
        **length,
    )


# As many officers as may be told of, anywhere; and so few that some rows are of one officer, place and cause: those are
# what is summed up.
PEOPLE = people(7, ["N1", "N2", "N3", "N4"], max_size=25) | people(2, ["N1", "N4"], min_size=8, max_size=40)


@examples(60)
@given(PEOPLE)
def test_months_summed_up_have_the_same_officers_behind_every_cell(rows):
    facts = {"duty": duty(rows)}
    once = {"duty": months_of_officers(facts["duty"], "duty", DUTY, cut("force"))}
    keys = ["quantity", "mix", "area_level", "area_code", "month", "beyond"]

    def cells(given: dict[str, pl.LazyFrame]) -> set[tuple]:
        told = behind(given).with_columns(pl.col("officers").list.drop_nulls().list.sort().list.join(" "))
        return set(told.select(*keys, "officers").iter_rows())

    assert cells(once) == cells(facts)
    assert once["duty"].collect().height <= len(rows)


def test_what_is_asked_by_the_hour_is_not_summed_up():
    rows = duty([("O1", "N1", "aid", "demand", 60, 1), ("O1", "N1", "aid", "demand", 60, 2)])
    assert months_of_officers(rows, "duty", DUTY, cut("force", ("hour",))).collect().height == 2
    assert months_of_officers(rows, "duty", DUTY, cut("force")).collect().height == 1
    assert {"role", "category"} <= set(months_of_officers(rows, "duty", DUTY, cut("force", ("role",))).collect_schema())


def test_time_of_several_is_of_few_where_fewer_than_five_are_named_or_numbered():
    names = {"day": pl.Date, "spot": pl.String, "officer_ids": pl.List(pl.String), "heads": pl.List(pl.String)}
    june = date(2024, 6, 1)
    rows = [
        (MAY, "five in two rows", ["A", "B", "C"], None),
        (MAY, "five in two rows", ["C", "D", "E"], None),
        (MAY, "four", ["A", "B", "C", "D"], None),
        (MAY, "numbers of two months may be the same people", None, ["1", "2", "3"]),
        (june, "numbers of two months may be the same people", None, ["4", "5", "6"]),
        (MAY, "five folded", None, ["1", "2", "3", "4", "5"]),
        (MAY, "nobody is known", None, None),
    ]
    few = few_behind(pl.LazyFrame(rows, schema=names, orient="row"), "spot")
    assert set(few["spot"]) == {"four", "numbers of two months may be the same people", "nobody is known"}


def test_patrol_hours_are_officers_time_and_patrols_kept_are_not():
    assert made_of_officers_time(indicator("TGP-02")) and made_of_officers_time(indicator("TGP-06"))
    assert not made_of_officers_time(indicator("TGP-01"))
    schema = {name: SOURCES["taskings"][name] for name in ("day", "lpa_code", "hotspot_id", "officer_s", "officer_ids")}
    rows = [(MAY, "L1", "H1", 60, ["A", "B"]), (MAY, "L1", "H1", 0, []), (MAY, "L1", "H2", 60, ["B"])]
    given_rows = pl.LazyFrame(rows, schema=schema, orient="row").with_columns(heads=pl.lit(None, pl.List(pl.String)))
    found = officers_behind({"taskings": given_rows}, [indicator("TGP-02")], cut("hotspot")).collect()
    told = {code: sorted(who) for code, who in found.select("area_code", "officers").iter_rows()}
    assert told == {"H1": ["A", "B"], "H2": ["B"]}


def test_every_part_of_an_area_that_is_withheld_whole_goes():
    people = [f"O{number}" for number in range(6)]
    rows = [(who, area, "aid", "demand", 60, hour) for who in people for area in ("N1", "N2") for hour in (1, 2)]
    counted = behind({"duty": duty(rows)}, ("hour",), [indicator("ABS-04")])
    assert too_few(counted, parents(), ("hour",)).is_empty()
    quantity = quantity_of(indicator("ABS-04").numerator, "NPT")
    cell = {"quantity": [quantity], "mix": [""], "area_level": ["neighbourhood"], "area_code": ["N1"], "month": [MAY]}
    hidden = too_few(counted, parents(), ("hour",), hidden=[pl.DataFrame(cell)])
    gone = set(hidden.filter(area_level="neighbourhood").select("area_code", "hour").iter_rows())
    assert gone == {("N1", 1), ("N1", 2), ("N2", 1), ("N2", 2)}  # the other too: else the sector gives the one away
