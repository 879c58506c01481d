"""What became of patrols in words: every tasking is in the sentence, whatever became of it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pages.wording import patrols

RESULTS = ("compliant", "short", "outside_window", "missed")
few = some.integers(0, 30)


def row(compliant: int, short: int, outside_window: int, missed: int) -> dict[str, int]:
    counts = dict(zip(RESULTS, (compliant, short, outside_window, missed), strict=True))
    return counts | {"taskings": sum(counts.values())}


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((0, 0, 9, 2), "0 of 11 kept: nine visits missed the window, two never happened"),
        ((3, 1, 1, 0), "3 of 5 kept: one visit missed the window, one was too short"),
        ((4, 0, 0, 0), "4 of 4 kept"),
        ((0, 0, 0, 0), "no patrol was tasked"),
    ],
)
def test_a_sentence_for_each_case(counts: tuple[int, ...], said: str) -> None:
    assert patrols.kept(row(*counts)) == said


@given(few, few, few, few)
def test_every_tasking_is_in_the_sentence(compliant: int, short: int, outside: int, missed: int) -> None:
    found = row(compliant, short, outside, missed)
    said = patrols.kept(found)
    if not found["taskings"]:
        return
    failed = re.sub(r"\b(one|two|three|four|five|six|seven|eight|nine)\b", lambda it: str(_NUMBER[it[0]]), said)
    counts = [int(one) for one in re.findall(r"\d+", failed)]
    assert counts[:2] == [compliant, found["taskings"]]
    assert counts[0] + sum(counts[2:]) == counts[1]


_NUMBER = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
