"""Facts to tidy rows: numerators and denominators summed by area and month, then divided once."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import polars as pl

from metrics.durations import QUANTILES, quantiles
from metrics.indicator import Indicator
from metrics.levels import Level, in_force_in_month
from metrics.ratio import ADDED, relative
from metrics.sums import (
    AS_DEFINED,
    SECONDS_AN_HOUR,
    WHOLE_PERIOD,
    Cut,
    Facts,
    Grain,
    Side,
    month_of_row,
    placed,
    rows_of,
    splitting,
    sums,
)

__all__ = ["AS_DEFINED", "SECONDS_AN_HOUR", "WHOLE_PERIOD", "Grain", "compute", "reads_empty_sources"]

CATEGORY = "category"
_KEYS = ("indicator_id", "area_code", "month")


def compute(
    facts: Facts,
    indicators: Sequence[Indicator],
    level: Level,
    by: Sequence[str] = (),
    *,
    force_code: str,
    members: pl.LazyFrame | None = None,
    loaded: pl.LazyFrame | None = None,
    empty: Collection[str] = (),
    department: str | None = AS_DEFINED,
    grain: Grain = "1mo",
    together: Sequence[str] = (),
) -> pl.LazyFrame:
    """Return indicator_id, category, area_level, area_code, month, *by, numerator, denominator, value: a row each.

    `members` (area_code, valid_from, valid_to: [first, last) day, null: open) get a row even where nothing happened: 0
    in a month for which the source has rows and in which the area was valid on some day, else null. Codes that only
    the rows know (a posting to an LPA without a neighbourhood) get a row where something happened.
    `loaded` (source, month) says which months those are; without it, they are read off the facts given. A month in
    which the numerator's source has none is left out. `empty` names sources known to have no row, such as feeds
    that a force does not send: no sum of them is planned, and their facts need not be given where they are not read
    (`reads_empty_sources`). `by` adds columns of the source, or `weekday` (1 = Monday);
    only combinations that occur are given then. `department` overrides the home department counted (None: everyone).
    `together` are areas of one of AREA_LEVELS that are counted as one, and all that is counted: sums of their rows
    divided once. `members` then names what they are together.
    `grain` is the length of a `month`; 'period' sums all rows given. Rows without a place at `level` are left out;
    the force counts them all. A denominator of 0 gives a null value. `category` is null but for a mix and for
    durations, whose categories are 'median' and 'p90' (of a mix its own, for the median, and 'own:p90'), with their
    count as denominator; where `by` names the column `category`, it is that of the source, by which the mixes that
    have it are split. A ratio to a reference group comes with `note`, `interval_lower` and `interval_upper`, a share
    of a sample with `sample`, the effective number asked. Indicators that do not exist at `level` are left out.
    """
    cut = Cut(
        level=level,
        by=tuple(by),
        force_code=force_code,
        department=department,
        grain=grain,
        together=tuple(together),
    )
    known = [indicator for indicator in indicators if level in indicator.levels]
    durations = [indicator for indicator in known if indicator.numerator.unit == "duration"]
    ratios = [indicator for indicator in known if indicator not in durations]
    empty = () if reads_empty_sources(by, grain) else empty
    pieces = [_quantile_rows(facts, one, cut) for one in durations if one.numerator.source not in empty]
    if ratios and by:
        pieces.append(_divide(_occurring(facts, ratios, cut), ratios, cut))
    elif ratios:
        months = _loaded_months(facts, ratios, grain) if loaded is None or grain != "1mo" else loaded
        pieces.append(_divide(_every_member(facts, ratios, cut, months, members, empty), ratios, cut))
    return pl.concat([_nothing(by), *pieces], how="diagonal_relaxed")


def reads_empty_sources(by: Sequence[str], grain: Grain) -> bool:
    """Tell whether the facts of a source are read also where it has no rows.

    What a figure is broken down by has its type from every source, weeks and days their months from the rows.
    """
    return bool(by) or grain != "1mo"


def _quantile_rows(facts: Facts, indicator: Indicator, cut: Cut) -> pl.LazyFrame:
    """Return the median and the 90th percentile of a duration from the rows of each area, and of each category."""
    part = indicator.numerator
    category = pl.lit("") if indicator.split is None else pl.col(indicator.split)
    rows = placed(facts, part.source, cut, cut.home(indicator)).with_columns(_category=category)
    found = quantiles(
        rows.filter(pl.col("_category").is_not_null()), part.rows, ["area_code", "month", "_category", *cut.by]
    )
    pieces = [
        found.with_columns(
            indicator_id=pl.lit(indicator.id),
            _category=_quantile_category(indicator, name),
            area_level=pl.lit(cut.level),
            numerator=pl.lit(None, pl.Float64),
            denominator=pl.col("count").cast(pl.Float64),
            value=name,
        )
        for name in QUANTILES
    ]
    return _in_order(pl.concat(pieces), cut)


def _quantile_category(indicator: Indicator, quantile: str) -> pl.Expr:
    """Name a row: by its quantile; of a mix by its category, whose own row is the median, and the 90th beside it."""
    if indicator.split is None:
        return pl.lit(quantile)
    suffix = "" if quantile == "median" else f":{quantile}"
    return pl.concat_str("_category", pl.lit(suffix))


def _loaded_months(facts: Facts, indicators: Sequence[Indicator], grain: Grain) -> pl.LazyFrame:
    parts = (part for i in indicators for part in (i.numerator, i.denominator) if part is not None)
    month = month_of_row(grain).alias("month")
    return pl.concat(
        rows_of(facts, source).select(month).unique().select(pl.lit(source).alias("source"), "month")
        for source in sorted({part.source for part in parts})
    )


def _every_member(
    facts: Facts,
    indicators: Sequence[Indicator],
    cut: Cut,
    loaded: pl.LazyFrame,
    members: pl.LazyFrame | None,
    empty: Collection[str],
) -> pl.LazyFrame:
    """Join both sides onto indicator x member x loaded month x category, so that nothing happened is 0.

    A figure that arrives already added up is unknown, not 0, where it did not arrive. `shown` is false in a month
    before or after an area's time: such a month has no figure of its own, and counts as 0 in the year to date.
    """
    sides = sums(facts, indicators, cut, empty)
    areas = _areas(members, pl.concat([side.select("area_code") for side in sides.values()]).unique())
    under = loaded.select("month", below="source", below_loaded=pl.lit(True)).unique()
    # The spine is made whole before anything is joined to it: a group-by gives no row where nothing happened, and then
    # a month without an incident would be missing, not 0.
    spine = (
        _sources(indicators)
        .join(loaded.unique(), on="source")
        .join(under, on=["below", "month"], how="left")
        .join(areas, how="cross")
        .join(_categories(indicators, sides), on="indicator_id")
        .with_columns(_below_category=_below_category(indicators))
    )
    joined = spine.join(sides["numerator"], on=[*_KEYS, "_category"], how="left", nulls_equal=True)
    divisors = sides["denominator"].rename({"_category": "_below_category"})
    sums_by_area = joined.join(divisors, on=[*_KEYS, "_below_category"], how="left", nulls_equal=True)
    if any(one.sample for one in indicators):
        sums_by_area = sums_by_area.join(sides["sample"].drop("_category"), on=_KEYS, how="left")
    below = pl.col("denominator").fill_null(0)
    happened = pl.col("numerator").is_not_null() | (below != 0)
    return sums_by_area.filter(pl.col("listed") | happened).with_columns(
        shown=in_force_in_month(pl.col("month"), "valid_from", "valid_to") | happened,
        numerator=pl.when("arrives").then("numerator").otherwise(pl.col("numerator").fill_null(0)),
        denominator=pl.when(pl.col("below_loaded") & ~pl.col("arrives")).then(below).otherwise("denominator"),
    )


def _areas(members: pl.LazyFrame | None, occurring: pl.LazyFrame) -> pl.LazyFrame:
    """Return area_code, listed, valid_from, valid_to of the members and of the codes that occur."""
    schema = {"area_code": pl.String, "valid_from": pl.Date, "valid_to": pl.Date}
    given = pl.LazyFrame(schema=schema) if members is None else members.select(*schema).cast(schema)
    listed = given.unique("area_code").with_columns(listed=pl.lit(True))
    joined = occurring.join(listed, on="area_code", how="full", coalesce=True)
    return joined.with_columns(pl.col("listed").fill_null(members is None))


def _sources(indicators: Sequence[Indicator]) -> pl.LazyFrame:
    rows = [
        (i.id, i.numerator.source, i.denominator and i.denominator.source, i.numerator.unit == "number")
        for i in indicators
    ]
    schema = {"indicator_id": pl.String, "source": pl.String, "below": pl.String, "arrives": pl.Boolean}
    return pl.LazyFrame(rows, schema=schema, orient="row")


def _below_category(indicators: Sequence[Indicator]) -> pl.Expr:
    """Return the category by which the denominator of a row is found: its own, or none."""
    return pl.when(pl.col("indicator_id").is_in([i.id for i in indicators if i.split_both])).then("_category")


def _categories(indicators: Sequence[Indicator], sides: Mapping[Side, pl.LazyFrame]) -> pl.LazyFrame:
    """Return for a mix every category that occurs anywhere in the rows asked for, and for the rest one row without."""
    whole = [i.id for i in indicators if i.split is None]
    plain = pl.LazyFrame({"indicator_id": whole, "_category": [None] * len(whole)}, schema=dict(_CATEGORY))
    mixes = ~pl.col("indicator_id").is_in(whole)
    above = sides["numerator"].filter(mixes, pl.col("numerator") != 0).select(*_CATEGORY)
    under = sides["denominator"].filter(mixes, pl.col("denominator") != 0, pl.col("_category").is_not_null())
    return pl.concat([plain, pl.concat([above, under.select(*_CATEGORY)]).unique()])


_CATEGORY = {"indicator_id": pl.String, "_category": pl.String}


def _occurring(facts: Facts, indicators: Sequence[Indicator], cut: Cut) -> pl.LazyFrame:
    """Join the sides on those of `by` that the denominator has (residents have no hour), where either occurs.

    A mix has the categories that occur in the cut.
    """
    sides = sums(facts, indicators, cut)
    groups: defaultdict[tuple[tuple[str, ...], bool, bool], list[str]] = defaultdict(list)
    for one in indicators:
        part = one.denominator or one.numerator
        shared = splitting(cut.by, facts[part.source].collect_schema().names(), part.stock)
        groups[shared, one.split is not None, one.split_both].append(one.id)
    pieces = []
    for (shared, mix, both), ids in groups.items():
        mine = pl.col("indicator_id").is_in(ids)
        above = sides["numerator"].filter(mine, (pl.col("numerator") != 0) | pl.lit(not mix or both))
        under = sides["denominator"].filter(mine).drop(name for name in cut.by if name not in shared)
        how = "left" if (mix and not both) or shared != cut.by else "full"
        keys = [*_KEYS, *shared, *(["_category"] if both else [])]
        divisors = under if both else under.drop("_category")
        pieces.append(above.join(divisors, on=keys, how=how, nulls_equal=True, coalesce=True))
    return pl.concat(pieces, how="diagonal_relaxed").with_columns(pl.col("numerator").fill_null(0), shown=True)


def _divide(joined: pl.LazyFrame, indicators: Sequence[Indicator], cut: Cut) -> pl.LazyFrame:
    rows = [(i.id, float(i.scale), i.denominator is None) for i in indicators]
    schema = {"indicator_id": pl.String, "scale": pl.Float64, "total": pl.Boolean}
    recipe = pl.LazyFrame(rows, schema=schema, orient="row")
    per = pl.when("total").then(1.0).when(pl.col("denominator") != 0).then("denominator")
    divided = joined.join(recipe, on="indicator_id").with_columns(
        value=pl.when("shown").then(pl.col("scale") * pl.col("numerator") / per),
        area_level=pl.lit(cut.level),
    )
    ratios = relative(divided, [one for one in indicators if one.relative_to], ["area_code", "month", *cut.by])
    return _in_order(ratios, cut)


def _in_order(rows: pl.LazyFrame, cut: Cut) -> pl.LazyFrame:
    broken_down = CATEGORY in cut.by  # then the column is the source's, and stands with the others of `by`
    category = pl.coalesce(CATEGORY, "_category") if broken_down else pl.col("_category")
    keys = ["indicator_id", *(() if broken_down else (CATEGORY,)), "area_level", "area_code", "month", *cut.by]
    columns = rows.collect_schema()
    told = [name for name in (*ADDED, "sample") if name in columns]
    named = rows.with_columns(category.alias(CATEGORY))
    return named.select(*keys, "numerator", "denominator", "value", *told).sort(keys)


def _nothing(by: Sequence[str]) -> pl.LazyFrame:
    texts = dict.fromkeys(["indicator_id", CATEGORY, "area_level", "area_code"], pl.String)
    numbers = dict.fromkeys(["numerator", "denominator", "value"], pl.Float64)
    return pl.LazyFrame(schema={**texts, "month": pl.Date, **dict.fromkeys(by, pl.Null), **numbers})
