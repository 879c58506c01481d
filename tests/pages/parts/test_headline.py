"""The title's sentence: made by rules from all the rows it speaks of, at most ten words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.parts.headline import MOST_WORDS, sentence

MAY = date(2026, 5, 1)


def row(name: str, value: float | None = 4.0, **more) -> dict:
    known = {"area_name": name, "area_code": name, "area_level": "lpa", "value": value, "centre": 4.0}
    return {**known, "verdict": "no real change", "signal": None, "since": None, "level_change": None, **more}


def spike(name: str, value: float = 9.0) -> dict:
    return row(name, value, verdict="concern", signal="spike")


def shift(name: str, size: float = -1.5, signal: str | None = "shift") -> dict:
    return row(name, verdict="improvement", signal=signal, since=MAY, level_change=size)


FORCE = row("West Midlands Police")


@pytest.mark.parametrize(
    ("own", "parts", "said"),
    [
        (FORCE, [row("Dudley")], "Abstraction as usual in West Midlands Police"),
        (FORCE, [spike("Coventry"), row("Dudley")], "Abstraction as usual in West Midlands Police; new in Coventry"),
        (FORCE, [shift(name) for name in "AB"] + [row("F")], "Abstraction as usual; new in A and B"),
        (FORCE, [shift(f"Area {name}") for name in "ABCDE"], "Abstraction as usual; new in 5 of 5 LPAs"),
        (spike("Coventry"), [], "Abstraction unusually high in Coventry"),
        (spike("Coventry", 1.0), [], "Abstraction unusually low in Coventry"),
        (shift("Coventry"), [], "Abstraction lower since May 2026 in Coventry"),
        (shift("Coventry", 2.0, signal=None), [], "Abstraction higher since May 2026 in Coventry"),
        (row("W", verdict=None, centre=None, since=MAY), [], "Abstraction settling since May 2026 in W"),
        (row("W", verdict=None, centre=None), [], "Abstraction not judged yet: too few months in W"),
        (row("W", verdict=None), [], "Abstraction not judged yet: month not complete in W"),
        (None, [], "No abstraction figure for West Midlands Police"),
        (row("W", None), [], "No abstraction figure for West Midlands Police"),
    ],
)
def test_the_sentence_says_where_it_stands_since_when_and_where_that_is_new(own, parts, said: str) -> None:
    place = own["area_name"] if own and own["value"] else "West Midlands Police"
    assert sentence("Abstraction", place, own, parts) == said


def test_an_abbreviation_keeps_its_capitals() -> None:
    assert sentence("ASB", "Coventry", None, []) == "No ASB figure for Coventry"


parts = st.lists(st.sampled_from(["usual", "spike", "shift", "standing"]), max_size=9)


@given(parts, st.sampled_from(["usual", "spike", "shift", "standing"]))
def test_a_title_names_or_counts_all_the_parts_in_which_something_is_new_and_no_other(kinds, own_kind) -> None:
    make = {"usual": row, "spike": spike, "shift": shift, "standing": lambda name: shift(name, signal=None)}
    rows = [make[kind](f"P{number}") for number, kind in enumerate(kinds)]
    said = sentence("Abstraction", "Town", make[own_kind]("Town"), rows)
    new = [one["area_name"] for one in rows if one["signal"]]
    named = [one["area_name"] for one in rows if one["area_name"] in said.replace(",", " ").split()]
    assert named in ([], new)
    assert bool(new) == ("; new in" in said)
    assert named == new or f"new in {len(new)} of {len(rows)}" in said
    assert len(said.split()) <= MOST_WORDS + 3
