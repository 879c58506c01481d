"""Laws over random rows: no title, caption or empty state names or counts fewer, more or other than its page shows."""

import re
from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from metrics import headlines, indicators_of
from metrics.news import REAL, tally
from pages import benchmark
from pages.parts.charts import _left_out, _trend_words
from pages.wording import findings, sentences

MONTH = date(2026, 5, 1)
LEAD = headlines()[0]
verdicts = st.sampled_from([*REAL, "no real change", None])
gaps = st.integers(-50, 50)


def numbers(said: str) -> list[int]:
    return [int(found) for found in re.findall(r"(?<![\d.])\d+(?!\d|\.\d)", said)]


@given(st.lists(st.tuples(st.sampled_from(["sector", "neighbourhood"]), verdicts)))
def test_nothing_to_act_on_is_said_exactly_where_no_area_is_a_concern_and_counts_the_judged(given_rows) -> None:
    rows = [{"area_level": level, "verdict": verdict} for level, verdict in given_rows]
    said = findings.nothing_first(rows)
    judged = [row for row in rows if row["verdict"]]
    assert (said is None) == any(row["verdict"] == "concern" for row in rows)
    if said is None:
        return
    assert ("not known" in said) == (not judged)
    told = judged or rows
    of_levels = [
        sum(row["area_level"] == level for row in told) for level in dict.fromkeys(r["area_level"] for r in told)
    ]
    unjudged = [len(rows) - len(judged)] if judged and len(judged) < len(rows) else []
    assert numbers(said) == [*of_levels, *unjudged]


@given(st.lists(gaps, min_size=1, max_size=8))
def test_who_gets_least_is_named_or_counted_and_nobody_else(given_gaps) -> None:
    rows = [{"area_name": f"Hood{step}", "gap_hours": gap} for step, gap in enumerate(given_gaps)]
    said = findings.least_served("Town", rows)
    last = {row["area_name"] for row in rows if row["gap_hours"] == min(given_gaps)}
    named = set(re.findall(r"Hood\d+", said))
    assert (min(given_gaps) >= 0) == said.startswith("No neighbourhood")
    if min(given_gaps) < 0:
        assert named == (last if len(last) == 1 else set())
        assert len(last) == 1 or numbers(said) == [len(last)]
    assert len(said.split()) <= 10


@given(st.lists(st.tuples(gaps, st.integers(0, 9)), max_size=8), st.integers(0, 500))
def test_what_a_move_lifts_is_counted_and_its_worst_served_named(given_rows, amount: int) -> None:
    rows = [
        {"area_name": f"Hood{step}", "gap_hours": float(gap), "moved_hours": float(up), "gap_after": float(gap + up)}
        for step, (gap, up) in enumerate(given_rows)
    ]
    said = findings.lifted("Town", rows, amount)
    helped = [row for row in rows if row["moved_hours"] > 0]
    named = re.findall(r"Hood\d+", said)
    if amount and helped:
        assert f"{len(helped)} of {len(rows)} neighbourhoods" in said
        (only,) = named
        assert next(row["gap_hours"] for row in rows if row["area_name"] == only) == min(r["gap_hours"] for r in helped)
    else:
        assert named == []
        assert said == "Nothing moved." if not amount else "no neighbourhood of Town" in said


results = st.sampled_from(["fell", "rose", "no certain change", "too few"])


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), results), max_size=9))
def test_the_scoreboard_s_sentence_counts_every_area_once(given_rows) -> None:
    rows = [{"before": before, "after": after, "result": result} for before, after, result in given_rows]
    said = findings.fell(rows)
    fewer, every, down, up, *others = numbers(said)
    assert (fewer, every) == (sum(row["after"] < row["before"] for row in rows), len(rows))
    assert [down, up] == [sum(row["result"] == one for row in rows) for one in ("fell", "rose")]
    assert down + up + sum(others) == every


@given(st.sets(st.sampled_from([one.id for one in indicators_of()])))
def test_what_is_covered_counts_what_has_a_figure_and_what_there_is(known) -> None:
    every = [one.id for one in indicators_of()]
    said = findings.covered(known, every, "Oct 2026")
    assert said.startswith(f"{len(known)} of {len(every)} indicators ")


@st.composite
def signals(draw):
    """Rows of a month as the news has them, of one indicator in some areas."""
    kinds = draw(st.lists(st.tuples(st.sampled_from(["spike", "shift", None]), verdicts, st.floats(0, 9)), max_size=12))
    return [
        {
            "indicator_id": LEAD.id, "category": None, "area_level": "lpa", "area_code": f"A{step}",
            "area_name": f"Area{step}", "month": MONTH, "value": 9.0, "centre": 4.0, "surprise": surprise,
            "signal": signal if verdict in REAL else None, "verdict": verdict,
            "since": MONTH if signal == "shift" else None, "level_change": 2.0, "level_change_percent": None,
        }
        for step, (signal, verdict, surprise) in enumerate(kinds)
    ]  # fmt: skip


@given(signals())
def test_the_story_names_its_own_area_and_counts_the_rest_of_what_is_new(rows) -> None:
    new = [row for row in rows if row["signal"]]
    for row in new:
        said = sentences.story(LEAD, row, len(new))
        assert re.findall(r"Area\d+", said) == [row["area_name"]]
        assert ("more new" in said) == (len(new) > 1)
        assert f"; {len(new) - 1} more new" in said or len(new) == 1


@given(signals())
def test_the_counts_of_what_is_new_add_up_and_none_is_said_only_of_none(rows) -> None:
    frame = pl.DataFrame(rows, schema={"verdict": pl.String}, strict=False) if rows else pl.DataFrame({"verdict": []})
    counted = tally(frame.filter(pl.col("verdict").is_in(REAL)))
    said = sentences.news_title("Town", counted)
    assert sum(numbers(said)) == sum(counted.values())
    assert said.startswith("Nothing new in") == (not sum(counted.values()))
    *new, looked_at = numbers(sentences.new_of(counted, 99))
    assert (sum(new), looked_at) == (sum(counted.values()), 99)


@given(st.integers(0, 9), st.integers(0, 9))
def test_the_things_to_ask_about_are_counted_with_how_many_are_new(asked: int, new: int) -> None:
    new = min(asked, new)
    said = sentences.asked_title(asked, new)
    assert said.startswith("Nothing") == (asked == 0)
    assert asked == 0 or numbers(said)[0] == asked
    assert ("all new" in said) == (0 < asked == new)
    assert ("none new" in said) == (asked > 0 and new == 0)


@given(signals())
def test_the_benchmark_counts_the_new_and_the_judged_of_its_lpas(rows) -> None:
    schema = ("indicator_id", "area_level", "area_code", "verdict", "signal", "since", "surprise")
    frame = pl.DataFrame(
        [{name: row[name] for name in schema} for row in rows],
        schema={
            name: pl.Date if name == "since" else pl.Float64 if name == "surprise" else pl.String for name in schema
        },
    )
    said = benchmark.sentence(frame, MONTH)
    judged = [row for row in rows if row["verdict"]]
    if not judged:
        assert "too few months" in said
        return
    month, new, of = numbers(said)
    assert (month, of) == (2026, len(judged))
    assert sum(row["signal"] == "shift" for row in judged) <= new <= sum(row["signal"] is not None for row in judged)


@given(st.lists(st.tuples(st.sampled_from([None, 3.0]), st.sampled_from([None, "suppressed", "withheld"])), max_size=9))
def test_every_area_without_a_figure_is_named_or_counted_beside_the_chart(given_rows) -> None:
    rows = [{"area_name": f"Area{step}", "value": value, "note": note} for step, (value, note) in enumerate(given_rows)]
    frame = pl.DataFrame(rows, schema={"area_name": pl.String, "value": pl.Float64, "note": pl.String})
    said = _left_out(frame)
    missing = [row["area_name"] for row in rows if row["value"] is None]
    named = re.findall(r"Area\d+", said)
    counted = sum(int(found) for found in re.findall(r"(?<!\w)\d+(?= \()", said))
    assert set(named) <= set(missing)
    assert len(named) + counted == len(missing)
    assert bool(said) == bool(missing)


@given(st.lists(st.tuples(st.sampled_from([None, 2.0, 3.0]), verdicts), max_size=9))
def test_a_chart_s_words_say_no_real_change_only_where_no_month_has_one(given_rows) -> None:
    rows = [
        {"month": date(2026, step + 1, 1), "value": value, "verdict": verdict if value is not None else None}
        for step, (value, verdict) in enumerate(given_rows)
    ]
    said = _trend_words("Title", rows, "count")
    if any(row["value"] is not None for row in rows):
        assert ("No real change" in said) == all(row["verdict"] not in REAL for row in rows)
    else:
        assert "no month has a value" in said
