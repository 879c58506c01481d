"""Facts to sums: every part of every indicator added up by area and month, one pass over each source."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

from metrics.indicator import Indicator, Part
from metrics.levels import POLYGONS, Level, level_code, together

SECONDS_AN_HOUR = 3600
AS_DEFINED = "as defined"
WHOLE_PERIOD = date(1, 1, 1)  # stands as the month of a figure over the whole period
Grain = Literal["1mo", "1w", "1d", "period"]
Side = Literal["numerator", "denominator", "sample"]
Facts = Mapping[str, pl.LazyFrame]

# Sources whose older months are folded, without an hour: of such a row no day and no week is known.
BY_MONTH = ("duty", "visibility_home", "visibility_place", "presence")
WEEKDAY, HOUR = "weekday", "hour"
TIMES = frozenset({WEEKDAY, HOUR, "day"})  # a stock, such as residents, is there at all of them
BILLIONTHS = 10**9  # of a score: the finest weight, and room for nine thousand million in all
_SQUARE_MILLIMETRES = 10**12  # in a km²: room for nine million km²
_WHOLE = ("seconds", "count", "people")
_NO_AMOUNT = pl.DataFrame(
    schema={"area_code": pl.String, "month": pl.Date, "_category": pl.String, "_part": pl.String, "amount": pl.Float64}
)


@dataclass(frozen=True, kw_only=True)
class Cut:
    """How rows are cut: at which level, by which columns, of which home department, by which length of time.

    `together` are the areas of the level that are counted as one; nothing: each stands for itself.
    """

    level: Level
    by: tuple[str, ...]
    force_code: str
    department: str | None
    grain: Grain
    together: tuple[str, ...] = ()

    def home(self, indicator: Indicator) -> str | None:
        """Return the home department counted; None: everyone."""
        return indicator.department if self.department == AS_DEFINED else self.department


@dataclass(frozen=True, kw_only=True)
class _Pass:
    """What the parts of one pass over a source share."""

    source: str
    home: str | None
    category: str | None
    stock: bool


def sums(
    facts: Facts, indicators: Sequence[Indicator], cut: Cut, empty: Collection[str] = ()
) -> dict[Side, pl.LazyFrame]:
    """Return, per side, its amounts by indicator_id, area_code, month and *by (null where the source lacks the column).

    Both have `_category` too, which is null but for a mix; of a denominator, but for one that is split as its mix is.
    `empty` names sources that have no row: nothing of them is summed.
    """
    passes: defaultdict[str, defaultdict[_Pass, list[tuple[str, Part]]]] = defaultdict(lambda: defaultdict(list))
    for one in indicators:
        below = one.split if one.split_both else None
        sides = (
            (one.numerator, "numerator", one.split),
            (one.denominator, "denominator", below),
            (one.sample, "sample", None),
        )
        for part, side, category in sides:
            if part is not None:
                key = _Pass(source=part.source, home=cut.home(one), category=category, stock=part.stock)
                passes[part.source][key].append((f"{one.id}|{side}", part))
    amounts = [
        one
        for source, of_source in passes.items()
        if source not in empty
        for one in _of_source(facts, source, of_source, cut)
    ]
    tall = pl.concat([_NO_AMOUNT, *amounts] if empty else amounts, how="diagonal_relaxed")
    return {side: _side(tall.lazy(), side) for side in ("numerator", "denominator", "sample")}


def _of_source(
    facts: Facts, source: str, passes: Mapping[_Pass, list[tuple[str, Part]]], cut: Cut
) -> list[pl.DataFrame]:
    """Return the amounts of each pass over a source, whose rows are read once for all of them.

    Source by source: Polars plans some small steps in half the time of one plan of all figures, and finds in them what
    is read twice.
    """
    return pl.collect_all(
        [_amounts(placed(facts, source, cut, key.home), key, parts, cut) for key, parts in passes.items()]
    )


def _amounts(rows: pl.LazyFrame, key: _Pass, parts: list[tuple[str, Part]], cut: Cut) -> pl.LazyFrame:
    columns = splitting(cut.by, rows.collect_schema().names(), key.stock)
    keys = ["area_code", "month", *columns]
    category = pl.lit(None, pl.String) if key.category is None else pl.col(key.category)
    # All parts of a pass side by side, then turned: one group-by for many indicators instead of one for each.
    totals = rows.group_by(*keys, category.alias("_category")).agg(
        _amount(part, cut).alias(name) for name, part in parts
    )
    tall = totals.unpivot(index=[*keys, "_category"], variable_name="_part", value_name="amount")
    return tall.with_columns(pl.lit(None).alias(name) for name in cut.by if name not in columns)


def _amount(part: Part, cut: Cut) -> pl.Expr:
    """Sum a part as Int64, and give Float64: a sum of floats would depend on the order of its rows.

    Whole hours, people and units stay whole: only what is left over is divided.
    """
    finest = _SQUARE_MILLIMETRES if part.unit == "km2" else BILLIONTHS
    per = SECONDS_AN_HOUR if part.unit == "seconds" else 1 if part.unit in _WHOLE else finest
    rows = part.rows.cast(pl.Int64) if part.unit in _WHOLE else (part.rows * finest).round().cast(pl.Int64)
    if part.stock and cut.grain == "period":
        rows = rows.filter(pl.col("day") == pl.col("day").max())  # residents do not add over months: the newest count
    total = rows.sum()
    amount = (total // per).cast(pl.Float64) + (total % per).cast(pl.Float64) / per
    return pl.when(_arrived(rows, cut)).then(amount) if part.unit == "number" else amount


def _arrived(rows: pl.Expr, cut: Cut) -> pl.Expr:
    """Tell whether a figure that arrives already added up is there: of areas counted together, that of every one."""
    if not cut.together:
        return rows.count() > 0
    return pl.col(f"{cut.level}_code").filter(rows.is_not_null()).n_unique() == len(cut.together)


def _side(tall: pl.LazyFrame, side: Side) -> pl.LazyFrame:
    part = pl.col("_part").str.split("|").list
    amounts = tall.filter(part.last() == side).with_columns(indicator_id=part.first())
    return amounts.rename({"amount": side}).drop("_part")


def splitting(by: Iterable[str], columns: Iterable[str], stock: bool) -> tuple[str, ...]:
    """Return those of `by` that split a part of a source with these columns."""
    known = {*columns, "weekday"}
    return tuple(name for name in by if name in known and not (stock and name in TIMES))


def placed(facts: Facts, source: str, cut: Cut, home: str | None) -> pl.LazyFrame:
    """Return a source's rows of the home department with `area_code`, `month` and `weekday` (null: day unknown).

    Rows without a place at the level are left out; one in several polygons is there for each, and then in that one
    alone, whichever column lists it.
    """
    rows = rows_of(facts, source)
    schema = rows.collect_schema()
    code = level_code(cut.level, schema.names(), cut.force_code)
    if code is None:
        raise ValueError(f"{source!r} has no level {cut.level!r}: ask for a level its columns have: {schema.names()}")
    in_several = any(schema[name] == pl.List(pl.String) for name in code.meta.root_names())
    if cut.together:
        code = pl.when(code.is_in(cut.together)).then(pl.lit(together(cut.together)))
    weekday = weekday_of(source, schema.names())
    if source in BY_MONTH:
        rows = rows.filter(pl.col("hour").is_not_null()) if cut.grain in ("1w", "1d") else rows
    if home is not None and "department" in schema:
        rows = rows.filter(pl.col("department") == home)
    coded = rows.with_columns(area_code=code, month=month_of_row(cut.grain), weekday=weekday)
    if in_several:
        coded = coded.explode("area_code").with_columns(_in_that_one(cut.level, schema.names()))
    return coded.filter(pl.col("area_code").is_not_null())


def weekday_of(source: str, columns: Iterable[str]) -> pl.Expr:
    """Return the weekday (1 = Monday) of a source's rows; null where only their month is known."""
    weekday = pl.col("day").dt.weekday()
    if "day_known" in set(columns):
        weekday = pl.when("day_known").then(weekday)
    return pl.when(pl.col(HOUR).is_not_null()).then(weekday) if source in BY_MONTH else weekday


def _in_that_one(level: Level, columns: Iterable[str]) -> list[pl.Expr]:
    this_one = pl.concat_list("area_code")
    return [pl.col(name).list.set_intersection(this_one) for name in POLYGONS[level] if name in set(columns)]


def rows_of(facts: Facts, source: str) -> pl.LazyFrame:
    """Return the rows of a source; a plain ValueError where they were not given."""
    if source not in facts:
        raise ValueError(f"no facts of {source!r} given, only of {sorted(facts)}: ask the store for them too")
    return facts[source]


def month_of_row(grain: Grain) -> pl.Expr:
    """Return the first day of the month (week, day) that a row counts in."""
    return pl.lit(WHOLE_PERIOD) if grain == "period" else pl.col("day").dt.truncate(grain)
