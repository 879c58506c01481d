"""How a definition is specified: a small table in, the figure out, in a sentence.

    @spec(
        "ABS-04",
        case(
            "Time on demand and aid is lost; court is not",
            2,
            duties='''
                officer_id | starts_at        | ends_at          | activity_code
                A          | 2024-03-05 08:00 | 2024-03-05 10:00 | BACKFILL
                A          | 2024-03-05 10:00 | 2024-03-05 16:00 | COURT
            ''',
        ),
    )
    def test_hours_lost_to_operational_abstraction(case: Case) -> None:
        assert case.figures(duty=duty(case)) == case.figure

Every indicator has exactly one such test, in the file of its subject (`test_every_indicator.py` holds it): who adds an
indicator adds its spec there. `./run test -k ABS-04` runs it, `grep -rn ABS-04 tests/specs` finds it.

A table is named after a feed of the input contract or a source of facts, whose columns give the types. A column that
is not written is empty, a table that is not written is the small force's (`force.py`). An instant is what a clock in
London shows ('2024-10-27 01:30 GMT' where it shows it twice), a month is '2024-05', a truth is yes or no, a list has
spaces between its items. Crimes and incidents name their areas, as they do once they are placed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from data_access.feeds.tables import FEED_TABLES
from data_access.feeds.values import dtype_of
from metrics import indicator
from metrics.compute import compute
from metrics.folding import HEADS
from metrics.levels import AREA_COLUMNS, Level
from metrics.sources import ON_READ, SOURCES
from metrics.stays import HOTSPOT_SCHEMA, UTC_INSTANT
from tests.specs.force import FORCE

LONDON = ZoneInfo("Europe/London")
ZONES = {"GMT": UTC, "BST": timezone(timedelta(hours=1))}
FORCE_CODE = "F"
# What is neither a feed nor a source: fixes by the name of a spot, held time in hotspots, the tree of areas.
OTHERS: Mapping[str, Mapping[str, pl.DataType]] = {
    "fixes": {"officer_id": pl.String, "at": UTC_INSTANT, "spot": pl.String},
    "hotspot_stays": HOTSPOT_SCHEMA,
    "members": dict.fromkeys(["level", "code", "parent_level", "parent_code"], pl.String),
}
# What a row that happened somewhere says of it, once it is placed.
PLACED: Mapping[str, pl.DataType] = {
    **dict.fromkeys(AREA_COLUMNS, pl.String),
    **dict.fromkeys(["impact_areas", "hotspots", "syv_robbery_hotspots"], pl.List(pl.String)),
}

Figure = float | None
Figures = Figure | Mapping[str, Figure]
Test = Callable[["Case"], None]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One rule of a definition: tables given by name, and the figure that follows at a level."""

    rule: str
    figure: Figures
    level: Level
    tables: Mapping[str, str]
    indicator_id: str = ""

    def rows(self, name: str) -> pl.LazyFrame:
        """Give a table; where the case has none, that of the small force, which may be without rows."""
        return rows_of(name, self.tables.get(name, FORCE.get(name, "")))

    def figures(self, **facts: pl.LazyFrame) -> Figures:
        """Give the indicator's figures at the case's level, named as in `by_name`."""
        return by_name(self.computed(**facts))

    def computed(self, **facts: pl.LazyFrame) -> pl.DataFrame:
        """Give the indicator's tidy rows at the case's level, of facts that have their source's columns.

        The column of folded months' heads is not among them: publishing adds it.
        """
        given = {source: rows.collect() for source, rows in facts.items()}
        for source, rows in given.items():
            expected = {name: dtype for name, dtype in SOURCES[source].items() if name not in (*ON_READ, HEADS)}
            assert {name: rows.schema[name] for name in expected} == expected, source
        lazily = {source: rows.lazy() for source, rows in given.items()}
        return compute(lazily, [indicator(self.indicator_id)], self.level, force_code=FORCE_CODE).collect()


def case(rule: str, figure: Figures, level: Level = "force", **tables: str) -> Case:
    """Write a case: the rule as a sentence, the figure to 9 decimals, and the tables that it follows from."""
    return Case(rule=rule, figure=_rounded(figure), level=level, tables=tables)


def spec(indicator_id: str, *cases: Case) -> Callable[[Test], Test]:
    """Make a test the specification of an indicator: it runs once for each case."""
    own = [replace(one, indicator_id=indicator_id) for one in cases]
    names = [f"{indicator_id}: {one.rule}" for one in own]

    def specified(test: Test) -> Test:
        test.specifies = indicator_id  # type: ignore[attr-defined]
        return pytest.mark.parametrize("case", own, ids=names)(test)

    return specified


def by_name(tidy: pl.DataFrame) -> Figures:
    """Give the value of one row, or a dict: by category of a mix, by area below the force, by month where several."""
    parts = [pl.col("category").str.replace(":", " ", literal=True)]
    parts += [pl.when(pl.col("area_level") != "force").then("area_code")]
    parts += [pl.col("month").dt.strftime("%b %Y")] if tidy["month"].n_unique() > 1 else []
    named = dict(tidy.select(pl.concat_str(parts, separator=" ", ignore_nulls=True), "value").rows())
    assert len(named) == tidy.height, f"rows that no name tells apart: {tidy}"
    return _rounded(named[""] if list(named) == [""] else named)


def _rounded(figures: Figures) -> Figures:
    """Round to the 9 decimals to which figures must agree: a third has no last one."""
    if isinstance(figures, Mapping):
        return {name: _rounded(figure) for name, figure in figures.items()}
    return None if figures is None else round(figures, 9)


def rows_of(name: str, text: str) -> pl.LazyFrame:
    """Read a table with the columns and types that its name has, and others as text."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.splitlines() if line.strip()]
    header, *written = lines or [[]]
    schema = {**columns(name), **{column: pl.String for column in header if column not in columns(name)}}
    values = [
        {column: _value(cell, schema[column]) for column, cell in zip(header, row, strict=True)} for row in written
    ]
    return pl.LazyFrame([dict.fromkeys(schema) | row for row in values], schema=schema)


def columns(name: str) -> dict[str, pl.DataType]:
    """Give the columns that a table of this name may have."""
    if name in FEED_TABLES:
        feed = {one.name: dtype_of(one) for one in FEED_TABLES[name].columns}
        return {**feed, **PLACED} if "lon" in feed else feed
    assert name in SOURCES or name in OTHERS, f"{name!r} is neither a feed nor a source: name the table after one"
    return dict(SOURCES.get(name) or OTHERS[name])


def _value(cell: str, dtype: pl.DataType) -> object:
    if not cell:
        return None
    if dtype == pl.Boolean:
        return {"yes": True, "no": False}[cell]
    if dtype == pl.Date:
        return datetime.fromisoformat(cell if len(cell) > 7 else f"{cell}-01").date()
    if isinstance(dtype, pl.Datetime):
        return _instant(cell)
    if isinstance(dtype, pl.List):
        return cell.split()
    return {pl.Float64: float, pl.Int64: int, pl.Int8: int}.get(dtype, str)(cell)


def _instant(cell: str) -> datetime:
    """Read what a clock in London shows; refuse a time that it shows twice or never without saying which."""
    zone = cell[-3:]
    if zone in ZONES:
        return datetime.fromisoformat(cell.removesuffix(zone).strip()).replace(tzinfo=ZONES[zone])
    local = datetime.fromisoformat(cell).replace(tzinfo=LONDON)
    assert local.utcoffset() == local.replace(fold=1).utcoffset(), f"{cell!r} is not one instant: write GMT or BST"
    return local
