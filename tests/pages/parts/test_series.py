"""What a trend says beside its line: every spike and shift dated, what is provisional or not known yet, n, the axis."""

from datetime import date, timedelta
from typing import Any

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import indicator, indicators_of
from pages.parts import series
from pages.wording import words

RATE = indicator("ABS-01")
MONTHS = [date(2025 + step // 12, step % 12 + 1, 1) for step in range(18)]


def row(month: date, value: float | None = 20.0, **more: Any) -> dict[str, Any]:
    known = {"month": month, "value": value, "numerator": 200.0, "denominator": 1_000.0, "centre": 20.0}
    judged = {"lower_limit": 15.0, "upper_limit": 25.0, "verdict": "no real change", "signal": None, "since": None}
    return {**known, **judged, "level_change": None, "level_change_percent": None, "note": None, **more}


def notes(figure: go.Figure) -> list[str]:
    return [one.text for one in figure.layout.annotations]


@given(st.lists(st.sampled_from(["usual", "high", "low", "shift"]), min_size=4, max_size=18))
def test_every_spike_and_shift_found_is_dated_once_and_no_other_month(kinds) -> None:
    made = {
        "usual": {},
        "high": {"value": 40.0, "signal": "spike", "verdict": "concern"},
        "low": {"value": 2.0, "signal": "spike", "verdict": "improvement"},
        "shift": {"signal": "shift", "since": MONTHS[1], "level_change": 3.0, "verdict": "concern"},
    }
    rows = [row(month, **made[kind]) for month, kind in zip(MONTHS, kinds, strict=False)]
    figure = go.Figure()
    series.shifts(figure, rows, RATE)
    series.spikes(figure, rows)
    spikes, run = [], []  # months that follow each other share a note: two would lie on each other
    for at, kind in enumerate(kinds):
        run = [*run, MONTHS[at]] if kind in ("high", "low") else []
        if run and kinds[at + 1 : at + 2] != [kind]:
            spikes.append(f"{words.span(run)}: unusually {kind}")
            run = []
    said = notes(figure)
    assert [one for one in said if "unusually" in one] == spikes
    assert sum("since Feb 2025" in one for one in said) == kinds.count("shift")
    assert len(said) == len(spikes) + kinds.count("shift")


def test_the_axis_begins_lower_where_a_low_month_and_a_shift_are_both_noted_below_the_line() -> None:
    low = {"value": 2.0, "signal": "spike", "verdict": "improvement"}
    shift = {"signal": "shift", "since": MONTHS[0], "level_change": 3.0, "verdict": "concern"}
    begins = []
    for found in ([row(MONTHS[0]), row(MONTHS[1], **low)], [row(MONTHS[0], **shift), row(MONTHS[1], **low)]):
        figure = go.Figure()
        series.shifts(figure, found, RATE)
        series.spikes(figure, found)
        begins.append(figure.layout.yaxis.autorangeoptions.include)
    assert begins == [None, 0]  # 23 of 25 % are two notes of a fifth each: below 0, where no rate is
    below = [{**one, "value": one["value"] - 100, "lower_limit": -90.0, "upper_limit": -70.0} for one in found]
    figure = go.Figure()
    series.spikes(figure, below)
    assert figure.layout.yaxis.autorangeoptions.include == pytest.approx(-98 - 0.2 * 28 * 2)


def test_months_not_known_yet_are_hatched_with_the_reason() -> None:
    rows = [row(month) for month in MONTHS[:6]] + [row(MONTHS[6], None, note="known 90 days after the month's end")]
    figure = go.Figure()
    series.unknown(figure, rows)
    (hatch,) = figure.data
    assert hatch.marker.pattern.shape == "/"
    assert hatch.x[0] - timedelta(milliseconds=hatch.width[0] / 2) == MONTHS[6]
    assert notes(figure) == ["hatched: known 90 days after the month's end"]


def test_a_line_without_a_gap_at_its_end_has_no_hatching() -> None:
    figure = go.Figure()
    series.unknown(figure, [row(MONTHS[0], None), *(row(month) for month in MONTHS[1:6])])
    assert not figure.data


def test_the_line_is_dotted_into_provisional_months_and_says_so() -> None:
    rows = [row(month) for month in MONTHS[:6]]
    figure = go.Figure(layout={"margin": {"r": 8}})
    series.lines(figure, [("Town", rows)], RATE, {MONTHS[5]})
    series.marks(figure, rows, RATE, {MONTHS[5]})
    settled, dotted = (one for one in figure.data if one.mode and one.mode.startswith("lines"))
    assert list(settled.x) == MONTHS[:5]
    assert list(dotted.x) == MONTHS[4:6]
    assert dotted.line.dash == "dot"
    assert "dotted: provisional, may still change" in notes(figure)


def test_a_hover_says_what_a_percentage_is_of() -> None:
    figure = go.Figure(layout={"margin": {"r": 8}})
    series.lines(figure, [("Town", [row(month) for month in MONTHS[:5]])], RATE, frozenset())
    assert figure.data[0].text[0] == "20.0 %, 200 of 1,000 h"


@pytest.mark.parametrize(
    ("value", "unit", "top"), [(0.0, "%", 10), (0.0, "count", 1), (100.0, "%", 125), (8.0, "count", 10)]
)
def test_a_flat_line_has_an_axis_from_nothing_up(value: float, unit: str, top: float) -> None:
    flat = {"lower_limit": value, "upper_limit": value, "centre": value}
    figure = go.Figure()
    series.flat(figure, [row(month, value, **flat) for month in MONTHS[:4]], unit)
    assert list(figure.layout.yaxis.range) == [0, top]


@pytest.mark.parametrize(
    ("id_", "said"),
    [
        ("ABS-01", "Operational abstraction rate, % of duty time"),
        ("ABS-04", "Hours lost to operational abstraction"),
        ("ASB-01", "ASB incidents"),
        ("ASB-02", "ASB incidents per 1,000 residents"),
        ("ABS-03", "Abstraction frequency, per 100 shifts with duty time"),
        ("TGP-01", "Compliant patrols, % of taskings"),
    ],
)
def test_an_axis_says_what_is_counted_never_only_a_sign(id_: str, said: str) -> None:
    assert words.axis(indicator(id_)) == said


def test_no_axis_is_a_percent_sign_or_number_alone() -> None:
    for one in indicators_of():
        assert not words.axis(one).endswith(("%", "number"))
        assert words.unit_of(one) not in ("%", "number", "")
