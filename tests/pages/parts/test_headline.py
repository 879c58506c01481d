"""The title's sentence: made by rules, at most ten words."""

import pytest

from pages.parts.headline import MOST_WORDS, sentence


def row(name: str, value: float | None = 5.0, verdict: str | None = "no real change", level: str = "lpa") -> dict:
    return {"area_name": name, "area_level": level, "value": value, "centre": 4.0, "verdict": verdict}


FORCE = row("West Midlands Police")


@pytest.mark.parametrize(
    ("own", "parts", "said"),
    [
        (
            FORCE,
            [row("Coventry", 9, "concern"), row("Dudley")],
            "Abstraction rose in Coventry; no real change elsewhere",
        ),
        (
            FORCE,
            [row("Coventry", 1, "improvement"), row("Dudley")],
            "Abstraction fell in Coventry; no real change elsewhere",
        ),
        (FORCE, [row("Dudley")], "No real change in abstraction in West Midlands Police"),
        (None, [], "No abstraction figure for West Midlands Police"),
        (row("W", None), [], "No abstraction figure for West Midlands Police"),
        (row("W", verdict=None), [], "Abstraction: too few months for a verdict"),
        (row("W", 9, "concern"), [], "Abstraction rose in West Midlands Police"),
        (
            FORCE,
            [row(name, 9, "concern") for name in "ABCDE"] + [row("F", 1, "improvement")],
            "Abstraction rose in 5, fell in 1 of 6 LPAs",
        ),
    ],
)
def test_the_sentence_says_where_it_really_changed(own: dict | None, parts: list[dict], said: str) -> None:
    assert sentence("Abstraction", "West Midlands Police", own, parts) == said


def test_an_abbreviation_keeps_its_capitals() -> None:
    assert sentence("ASB", "Coventry", row("Coventry"), []) == "No real change in ASB in Coventry"


@pytest.mark.parametrize("changed", range(8))
def test_never_more_than_ten_words(changed: int) -> None:
    long = "Castle Bromwich and Water Orton sector"
    parts = [row(long, 9, "concern", "sector") for _ in range(changed)] + [row(long, level="sector")]
    for own in (row(long), row(long, 9, "concern")):
        assert len(sentence("Operational abstraction", long, own, parts).split()) <= MOST_WORDS
