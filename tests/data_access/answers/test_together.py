"""Areas counted together: sums of their rows divided once, by an oracle in plain Python; nothing told by difference."""

from collections import defaultdict
from datetime import date
from itertools import combinations, pairwise
from typing import Any

import pytest

from data_access.answers.answer import Question, answer
from data_access.answers.reader import Reader
from data_access.scope import Scope
from data_access.store import Store
from metrics import indicator, indicators_of
from metrics.levels import Level, together
from metrics.officers import TOO_FEW

MONTHS = (date(2024, 9, 1), date(2024, 10, 1))
TEAMS = Scope(viewer="v", force=True, people="team")
NOBODY = Scope(viewer="v", force=True, people="none")
# Durations have no sums, and parts of a ratio of two rates are rates.
SUMMED = tuple(one.id for one in indicators_of() if one.numerator.unit != "duration" and one.relative_to is None)
Row = dict[str, Any]
Figure = tuple[str, str | None, date]


def asked(
    store: Store, scope: Scope, level: Level, codes: tuple[str, ...] = (), *ids: str, apart: bool = False
) -> list[Row]:
    within = ((level, together(codes)),) if codes else ()
    question = Question(
        indicators=ids or SUMMED, level=level, since=MONTHS[0], until=MONTHS[1], within=within, apart=apart
    )
    return answer(Reader.open(store, scope), question).to_dicts()


def figure(row: Row) -> Figure:
    return row["indicator_id"], row["category"], row["month"]


def codes_at(store: Store, level: Level) -> list[str]:
    return sorted({row["area_code"] for row in asked(store, TEAMS, level, (), "ASB-01")})


def oracle(rows: list[Row]) -> dict[Figure, float | None]:
    """Add up numerators and denominators, and divide once."""
    above: dict[Figure, float] = {}
    below: dict[Figure, float] = defaultdict(float)
    for row in rows:
        if row["numerator"] is not None:  # else of this area nothing is known
            above[figure(row)] = above.get(figure(row), 0) + row["numerator"]
        below[figure(row)] += row["denominator"] or 0
    expected: dict[Figure, float | None] = {}
    for key, amount in above.items():
        one = indicator(key[0])
        if one.denominator is None:
            expected[key] = one.scale * amount
        else:
            expected[key] = one.scale * amount / below[key] if below[key] else None
    return expected


@pytest.mark.parametrize("level", ["lpa", "sector", "neighbourhood"])
def test_a_figure_of_several_areas_is_their_sums_divided_once(example_store: Store, level: Level) -> None:
    compared = 0
    for pair in pairwise(codes_at(example_store, level)):
        apart = asked(example_store, TEAMS, level, pair, apart=True)
        assert {row["area_code"] for row in apart} <= set(pair)
        expected = oracle(apart)
        withheld = {figure(row) for row in apart if str(row["note"]).startswith("withheld")}
        for row in asked(example_store, TEAMS, level, pair):
            assert row["area_code"] == together(pair)
            if figure(row) in withheld or str(row["note"]).startswith("withheld"):
                continue
            wanted = expected.get(figure(row))
            assert row["value"] == (wanted if wanted is None else pytest.approx(wanted, rel=1e-12)), row
            compared += row["value"] is not None
    assert compared > 20


def test_it_is_no_mean_of_ratios(example_store: Store) -> None:
    (together_,) = [
        row for row in asked(example_store, TEAMS, "lpa", ("L1", "L2"), "ABS-01") if row["month"] == MONTHS[1]
    ]
    apart = [
        row["value"]
        for row in asked(example_store, TEAMS, "lpa", ("L1", "L2"), "ABS-01", apart=True)
        if row["month"] == MONTHS[1]
    ]
    assert together_["value"] == pytest.approx(100 * together_["numerator"] / together_["denominator"])
    assert min(apart) < together_["value"] < max(apart)
    assert abs(together_["value"] - sum(apart) / 2) > 1e-3


def test_all_neighbourhoods_of_an_lpa_together_are_the_lpa(example_store: Store) -> None:
    ids = ("ASB-01", "ASB-02", "ASB-03", "HRM-01", "HRM-03", "VIS-01", "VIS-03")
    of_l1 = Question(
        indicators=("ASB-01",), level="neighbourhood", since=MONTHS[1], until=MONTHS[1], within=(("lpa", "L1"),)
    )
    codes = tuple(answer(Reader.open(example_store, TEAMS), of_l1)["area_code"])
    assert len(codes) > 2
    whole = {figure(row): row for row in asked(example_store, TEAMS, "lpa", ("L1",), *ids) if row["area_code"] == "L1"}
    parts = {figure(row): row for row in asked(example_store, TEAMS, "neighbourhood", codes, *ids)}
    assert whole.keys() == parts.keys()
    for key, row in whole.items():
        for column in ("value", "numerator", "denominator", "year_to_date", "change"):
            assert parts[key][column] == (row[column] if row[column] is None else pytest.approx(row[column])), key


def test_they_have_no_rank_and_the_name_of_all(example_store: Store) -> None:
    rows = asked(example_store, TEAMS, "lpa", ("L1", "L2"))
    assert {row["area_name"] for row in rows} == {"LPA L1 and LPA L2"}
    assert {row["rank"] for row in rows} == {row["ranked_of"] for row in rows} == {None}


@pytest.mark.parametrize("level", ["lpa", "sector", "neighbourhood"])
def test_what_one_of_them_withholds_is_withheld_of_all(example_store: Store, level: Level) -> None:
    """Else the figure together less those shown would be the one withheld."""
    hidden = defaultdict(set)
    for row in asked(example_store, NOBODY, level):
        if row["note"] == TOO_FEW:
            hidden[figure(row)].add(row["area_code"])
    seen = 0
    for pair in combinations(codes_at(example_store, level)[:5], 2):
        for row in asked(example_store, NOBODY, level, pair):
            if hidden[figure(row)] & set(pair):
                assert (row["numerator"], row["denominator"], row["value"]) == (None, None, None), row
                seen += 1
    assert seen or level == "lpa"


@pytest.mark.parametrize("by", [("family", "category"), ("weekday", "hour")])
def test_nor_is_it_told_by_a_breakdown(example_store: Store, by: tuple[str, ...]) -> None:
    def cells(codes: tuple[str, ...], *, apart: bool) -> list[Row]:
        question = Question(
            indicators=("ABS-04",), level="sector", since=MONTHS[1], until=MONTHS[1], by=by, apart=apart,
            within=(("sector", together(codes)),),
        )  # fmt: skip
        return answer(Reader.open(example_store, NOBODY), question).to_dicts()

    codes = tuple(codes_at(example_store, "sector")[:2])
    hidden = {tuple(row[one] for one in by) for row in cells(codes, apart=True) if row["note"] == TOO_FEW}
    assert hidden
    told = [row for row in cells(codes, apart=False) if tuple(row[one] for one in by) in hidden]
    assert told
    assert {row["value"] for row in told} == {None}


@pytest.mark.parametrize("level", ["lpa", "sector", "neighbourhood"])
def test_nobody_counts_their_areas_together_with_those_of_others(example_store: Store, level: Level) -> None:
    own, other = (
        answer(
            Reader.open(example_store, TEAMS),
            Question(
                indicators=("ASB-01",),
                level=level,
                since=MONTHS[1],
                until=MONTHS[1],
                within=(("lpa", lpa),),
                apart=True,
            ),
        )["area_code"][0]
        for lpa in ("L1", "L2")
    )
    commander = Scope(viewer="v", lpas=frozenset({"L1"}))
    assert asked(example_store, commander, level, (own,), "ASB-01")
    with pytest.raises(PermissionError):
        asked(example_store, commander, level, (own, other), "ASB-01")
