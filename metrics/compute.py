"""Facts to tidy rows: numerators and denominators summed by area and month, then divided once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal

import polars as pl

from metrics.indicator import Indicator, Part
from metrics.levels import Level, level_code
from metrics.spread import QUANTILES, spread

SECONDS_AN_HOUR = 3600
AS_DEFINED = "as defined"
Grain = Literal["1mo", "1w", "1d", "period"]
WHOLE_PERIOD = date(1, 1, 1)  # stands as the month of a figure over the whole period
Side = Literal["numerator", "denominator"]
_Group = tuple[str, str | None, str | None]  # source, home department, category column: one pass over the rows
_TIMES = ("weekday", "hour", "day")  # a stock, such as residents, is there at all of them
_WHOLE = ("seconds", "count", "people")
_KEYS = ("indicator_id", "area_code", "month")


def compute(
    facts: Mapping[str, pl.LazyFrame],
    indicators: Sequence[Indicator],
    level: Level,
    by: Sequence[str] = (),
    *,
    force_code: str,
    members: Iterable[str] | None = None,
    loaded: pl.LazyFrame | None = None,
    department: str | None = AS_DEFINED,
    grain: Grain = "1mo",
) -> pl.LazyFrame:
    """Give indicator_id, area_level, area_code, month, *by, numerator, denominator, value; one row per
    combination.

    `members` are the codes that get a row even where nothing happened: 0 in a month for which the source
    has rows. `loaded` (source, month) says which months those are; without it, they are read off the facts
    given. A month in which the numerator's source has none is left out. `by` adds columns of the source, or
    `weekday` (1 = Monday); only combinations that occur are given then. `department` overrides the home
    department counted (None: everyone). `grain` is the length of a `month`; 'period' sums all rows given.
    Rows without a place at `level` are left out; the force counts them all. A denominator of 0 gives a null
    value. Indicators that do not exist at `level` are left out.
    """
    known = [indicator for indicator in indicators if level in indicator.levels]
    durations = [indicator for indicator in known if indicator.numerator.unit == "days"]
    asked = [indicator for indicator in known if indicator not in durations]
    spreads = [_spread(facts, one, level, by, force_code, department, grain) for one in durations]
    if not asked:
        return pl.concat([_nothing(by), *spreads], how="diagonal_relaxed")
    months = _loaded_months(facts, asked, grain) if loaded is None or grain != "1mo" else loaded
    sums = _sums(facts, asked, level, by, force_code, department, grain)
    numerators, denominators = (_side(sums, side) for side in ("numerator", "denominator"))
    if by:
        joined = _occurring(facts, asked, by, numerators, denominators)
    else:
        joined = _every_member(asked, numerators, denominators, months, members)
    return pl.concat([_divide(joined, asked, level, by), *spreads], how="diagonal_relaxed")


def _spread(
    facts: Mapping[str, pl.LazyFrame],
    indicator: Indicator,
    level: Level,
    by: Sequence[str],
    force_code: str,
    department: str | None,
    grain: Grain,
) -> pl.LazyFrame:
    """Give 'PS-03:median' and 'PS-03:p90' of a duration from the rows of each area; denominator: how many there are."""
    part = indicator.numerator
    rows = _of_home(_placed(_rows_of(facts, part.source), part.source, level, force_code, grain), indicator, department)
    found = spread(rows, part.rows, ["area_code", "month", *by])
    pieces = [
        found.select(
            "area_code",
            "month",
            *by,
            indicator_id=pl.lit(f"{indicator.id}:{name}"),
            area_level=pl.lit(level),
            numerator=pl.lit(None, pl.Float64),
            denominator=pl.col("count").cast(pl.Float64),
            value=name,
        )
        for name in QUANTILES
    ]
    columns = ["indicator_id", "area_level", "area_code", "month", *by]
    return pl.concat(pieces).select(*columns, "numerator", "denominator", "value").sort(columns)


def _of_home(rows: pl.LazyFrame, indicator: Indicator, department: str | None) -> pl.LazyFrame:
    home = indicator.department if department == AS_DEFINED else department
    if home is None or "department" not in rows.collect_schema().names():
        return rows
    return rows.filter(pl.col("department") == home)


def _sums(
    facts: Mapping[str, pl.LazyFrame],
    indicators: Sequence[Indicator],
    level: Level,
    by: Sequence[str],
    force_code: str,
    department: str | None,
    grain: Grain,
) -> pl.LazyFrame:
    """Sum every part over area, month, `by` and category, one group_by per source, department and category
    column.
    """
    groups: defaultdict[_Group, list[tuple[str, Part]]] = defaultdict(list)
    for indicator in indicators:
        home = indicator.department if department == AS_DEFINED else department
        above, under = indicator.numerator, indicator.denominator
        groups[above.source, home, indicator.split, above.stock].append((f"{indicator.id}|numerator", above))
        if under is not None:
            groups[under.source, home, None, under.stock].append((f"{indicator.id}|denominator", under))
    pieces = [
        _group_sums(_placed(_rows_of(facts, group[0]), group[0], level, force_code, grain), group, parts, by, grain)
        for group, parts in groups.items()
    ]
    return pl.concat(pieces, how="diagonal_relaxed")


def _group_sums(
    rows: pl.LazyFrame, group: _Group, parts: list[tuple[str, Part]], by: Sequence[str], grain: Grain
) -> pl.LazyFrame:
    """Give area_code, month, *by, _category, _part ('ABS-01|numerator') and amount of one group's parts."""
    _, home, split, stock = group
    columns = rows.collect_schema().names()
    if home is not None and "department" in columns:
        rows = rows.filter(pl.col("department") == home)
    own = _own(by, columns, stock)
    keys = ["area_code", "month", *own]
    category = pl.lit(None, pl.String) if split is None else pl.col(split)
    totals = rows.group_by(*keys, category.alias("_category")).agg(
        _amount(part, grain).alias(name) for name, part in parts
    )
    tall = totals.unpivot(index=[*keys, "_category"], variable_name="_part", value_name="amount")
    return tall.with_columns(pl.lit(None).alias(name) for name in by if name not in own)


def _own(by: Sequence[str], columns: Iterable[str], stock: bool) -> tuple[str, ...]:
    """Give those of `by` that split a part of a source with these columns."""
    known = {*columns, "weekday"}
    return tuple(name for name in by if name in known and not (stock and name in _TIMES))


def _amount(part: Part, grain: Grain) -> pl.Expr:
    """Sum a part as Float64: whole numbers stay exact up to 2**53, and are summed as Int64 before."""
    per = SECONDS_AN_HOUR if part.unit == "seconds" else 1
    rows = part.rows.cast(pl.Int64) if part.unit in _WHOLE else part.rows
    if part.stock and grain == "period":
        rows = rows.filter(pl.col("day") == pl.col("day").max())
    total = rows.sum().cast(pl.Float64) / per
    return pl.when(rows.count() > 0).then(total) if part.unit == "number" else total


def _rows_of(facts: Mapping[str, pl.LazyFrame], source: str) -> pl.LazyFrame:
    if source not in facts:
        raise ValueError(f"no facts of {source!r} given, only of {sorted(facts)}: ask the store for them too")
    return facts[source]


def _placed(rows: pl.LazyFrame, source: str, level: Level, force_code: str, grain: Grain) -> pl.LazyFrame:
    schema = rows.collect_schema()
    code = level_code(level, schema.names(), force_code)
    if code is None:
        raise ValueError(f"{source!r} has no level {level!r}: ask for a level its columns have: {schema.names()}")
    weekday = pl.col("day").dt.weekday()
    if "day_known" in schema:
        weekday = pl.when("day_known").then(weekday)
    placed = rows.with_columns(area_code=code, month=_month(grain), weekday=weekday)
    if placed.collect_schema()["area_code"] == pl.List(pl.String):
        placed = placed.explode("area_code")
    return placed.filter(pl.col("area_code").is_not_null())


def _month(grain: Grain) -> pl.Expr:
    return pl.lit(WHOLE_PERIOD) if grain == "period" else pl.col("day").dt.truncate(grain)


def _side(sums: pl.LazyFrame, side: Side) -> pl.LazyFrame:
    part = pl.col("_part")
    mine = sums.filter(part.str.ends_with(f"|{side}")).with_columns(indicator_id=part.str.split("|").list.first())
    mine = mine.rename({"amount": side}).drop("_part")
    return mine if side == "numerator" else mine.drop("_category")


def _loaded_months(facts: Mapping[str, pl.LazyFrame], indicators: Sequence[Indicator], grain: Grain) -> pl.LazyFrame:
    parts = (part for i in indicators for part in (i.numerator, i.denominator) if part is not None)
    sources = sorted({part.source for part in parts})
    month = _month(grain).alias("month")
    return pl.concat(
        _rows_of(facts, source).select(month).unique().select(pl.lit(source).alias("source"), "month")
        for source in sources
    )


def _every_member(
    indicators: Sequence[Indicator],
    numerators: pl.LazyFrame,
    denominators: pl.LazyFrame,
    loaded: pl.LazyFrame,
    members: Iterable[str] | None,
) -> pl.LazyFrame:
    """Join both sides onto indicator x member x loaded month x category, so that nothing happened is 0.

    A figure that arrives already added up is unknown, not 0, where it did not arrive.
    """
    if members is None:
        areas = pl.concat([numerators.select("area_code"), denominators.select("area_code")]).unique()
    else:
        areas = pl.LazyFrame({"area_code": list(members)}, schema={"area_code": pl.String}).unique()
    sources = pl.LazyFrame(
        {
            "indicator_id": [i.id for i in indicators],
            "source": [i.numerator.source for i in indicators],
            "below": [None if i.denominator is None else i.denominator.source for i in indicators],
            "arrives": [i.numerator.unit == "number" for i in indicators],
        },
        schema={"indicator_id": pl.String, "source": pl.String, "below": pl.String, "arrives": pl.Boolean},
    )
    below = loaded.select(pl.col("source").alias("below"), "month", below_loaded=pl.lit(True)).unique()
    spine = (
        sources.join(loaded.unique(), on="source")
        .join(below, on=["below", "month"], how="left")
        .join(areas, how="cross")
        .join(_categories(indicators, numerators), on="indicator_id")
    )
    joined = spine.join(numerators, on=[*_KEYS, "_category"], how="left", nulls_equal=True)
    return joined.join(denominators, on=_KEYS, how="left").with_columns(
        numerator=pl.when("arrives").then("numerator").otherwise(pl.col("numerator").fill_null(0)),
        denominator=pl.when(pl.col("below_loaded") & ~pl.col("arrives"))
        .then(pl.col("denominator").fill_null(0))
        .otherwise("denominator"),
    )


def _categories(indicators: Sequence[Indicator], numerators: pl.LazyFrame) -> pl.LazyFrame:
    """Give a mix every category that occurs anywhere in the rows asked for, and the rest one row without
    category.
    """
    mixes = [i.id for i in indicators if i.split is not None]
    whole = pl.LazyFrame({"indicator_id": [i.id for i in indicators if i.split is None]})
    whole = whole.select(pl.col("indicator_id").cast(pl.String), _category=pl.lit(None, pl.String))
    seen = numerators.filter(pl.col("indicator_id").is_in(mixes), pl.col("numerator") != 0)
    return pl.concat([whole, seen.select("indicator_id", "_category").unique()])


def _occurring(
    facts: Mapping[str, pl.LazyFrame],
    indicators: Sequence[Indicator],
    by: Sequence[str],
    numerators: pl.LazyFrame,
    denominators: pl.LazyFrame,
) -> pl.LazyFrame:
    """Join the sides on the `by` columns that the denominator has (residents have no hour), where either
    occurs.
    """
    shared: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for indicator in indicators:
        part = indicator.denominator or indicator.numerator
        columns = facts[part.source].collect_schema().names()
        shared[_own(by, columns, part.stock)].append(indicator.id)
    pieces = []
    for names, ids in shared.items():
        above, under = (side.filter(pl.col("indicator_id").is_in(ids)) for side in (numerators, denominators))
        keys = [*_KEYS, *names]
        extra = [name for name in by if name not in names]
        how = "left" if extra else "full"
        joined = above.join(under.drop(extra), on=keys, how=how, nulls_equal=True, coalesce=True)
        pieces.append(joined.with_columns(pl.col("numerator").fill_null(0)))
    return pl.concat(pieces, how="diagonal_relaxed")


def _divide(joined: pl.LazyFrame, indicators: Sequence[Indicator], level: Level, by: Sequence[str]) -> pl.LazyFrame:
    recipe = pl.LazyFrame(
        {
            "indicator_id": [i.id for i in indicators],
            "scale": [float(i.scale) for i in indicators],
            "total": [i.denominator is None for i in indicators],
        }
    )
    per = pl.when("total").then(1.0).when(pl.col("denominator") != 0).then("denominator")
    suffixed = pl.concat_str("indicator_id", pl.lit(":"), "_category")
    divided = joined.join(recipe, on="indicator_id").with_columns(
        value=pl.col("scale") * pl.col("numerator") / per,
        area_level=pl.lit(level),
        indicator_id=pl.coalesce(suffixed, "indicator_id"),
    )
    columns = ["indicator_id", "area_level", "area_code", "month", *by, "numerator", "denominator", "value"]
    return divided.select(columns).sort(columns[:-3])


def _nothing(by: Sequence[str]) -> pl.LazyFrame:
    texts = dict.fromkeys(["indicator_id", "area_level", "area_code"], pl.String)
    numbers = dict.fromkeys(["numerator", "denominator", "value"], pl.Float64)
    return pl.LazyFrame(schema={**texts, "month": pl.Date, **dict.fromkeys(by, pl.String), **numbers})
