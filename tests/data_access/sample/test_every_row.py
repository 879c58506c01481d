"""The rows behind every indicator of the catalogue add up to its figure, on a sample force with all feeds."""

from collections.abc import Iterator
from datetime import date

import polars as pl
import pytest

from data_access.answers.answer import Question, benchmark_rows
from data_access.answers.reader import Reader
from data_access.answers.rows_behind import Figure, rows_of
from data_access.load.ingest import load
from data_access.sample import write_sample
from data_access.scope import Scope
from data_access.store import Store
from metrics import INDICATORS, indicator
from metrics.indicator import Indicator

LEVELS = ("force", "neighbourhood", "hotspot")
ANALYST = Scope(viewer="analyst", force=True, people="officer")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    folder = tmp_path_factory.mktemp("rows")
    write_sample(folder / "in", seed=3, months=4, scale=0.005, until=date(2026, 10, 31))
    store = Store.open(f"sqlite:///{folder / 'npd.sqlite'}")
    assert not load(store, folder / "in", "the tests").error
    yield Reader.open(store, ANALYST)
    store.close()


def largest(reader: Reader) -> list[dict]:
    """Return, of each indicator at each level, the largest figure of its newest month (of outcomes, months ago)."""
    ids = tuple(one.id for one in INDICATORS)
    question = Question(indicators=ids, level="force", since=date.min, until=date.max)
    rows = benchmark_rows(reader, question, LEVELS, public=False).filter(pl.col("value").is_not_null())
    most = rows.sort("month", "denominator", "numerator", descending=True, nulls_last=True)
    return most.unique(["indicator_id", "area_level"], keep="first", maintain_order=True).to_dicts()


def added_up(reader: Reader, one: Indicator, row: dict, side: str, category: str | None) -> float:
    """Return what the rows of a side come to; of a duration, how many they are."""
    named = f"{one.id}:{category}" if category else one.id
    figure = Figure(indicator_id=named, level=row["area_level"], code=row["area_code"], month=row["month"], side=side)
    found = rows_of(reader, figure)
    return found.counted if one.numerator.unit == "duration" else found.total


def test_the_rows_behind_every_figure_add_up_to_it(reader: Reader) -> None:
    figures = largest(reader)
    assert {row["indicator_id"] for row in figures} == {one.id for one in INDICATORS}
    for row in figures:
        one, category = indicator(row["indicator_id"]), row["category"]
        if one.relative_to:  # a rate of its own over the rate of the reference group
            for side, group in (("numerator", category), ("denominator", one.relative_to)):
                above, below = (added_up(reader, one, row, each, group) for each in ("numerator", "denominator"))
                assert above / below == pytest.approx(row[side], rel=1e-9), (one.id, side)
        elif one.numerator.unit == "duration":
            assert added_up(reader, one, row, "numerator", category) == row["denominator"], one.id
        else:
            for side in ("numerator", "denominator"):
                if getattr(one, side) is not None:
                    assert added_up(reader, one, row, side, category) == pytest.approx(row[side], rel=1e-9), (
                        one.id,
                        side,
                    )
