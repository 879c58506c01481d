"""How many officers a figure rests on, and which figures would tell of fewer than five: those are withheld.

A figure is made of officers' time if its rows name officers, or if another source names the officers of its rows.
What is withheld is decided for the whole force and every level at once, so that no two viewers see different holes.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from metrics.folding import HEADS, OFFICERS
from metrics.indicator import Indicator, Part
from metrics.levels import AREA_COLUMNS
from metrics.sources import SOURCES
from metrics.sums import BY_MONTH, Cut, Facts, placed, splitting
from metrics.too_few import SMALLEST_GROUP

TOO_FEW = "withheld: fewer than five officers"
OFFICER = "officer_id"
_BY_HOUR = frozenset({"weekday", "hour", "day"})
# Presence is a union over officers and names none of them: they are those who were visible there.
_NAMED_BY: Mapping[str, tuple[str, pl.Expr]] = {
    "presence": ("visibility_place", pl.col("uniformed").fill_null(True) & (pl.col("place_kind") == "visible"))
}


@dataclass(frozen=True, kw_only=True, eq=False)
class _Count:
    """Whose time a cell is made of: rows of a source that are not 0, and what the cell is called."""

    quantity: str
    source: str
    rows: pl.Expr
    home: str | None
    split: str | None = None
    beyond: bool = False


def of_officers(part: Part | None) -> bool:
    """Tell whether a part is made of officers' time: of rows that are an officer's, or of hours of several."""
    if part is None:
        return False
    of_several = OFFICERS in SOURCES[part.source] and part.unit == "seconds"
    return OFFICER in SOURCES[part.source] or part.source in _NAMED_BY or of_several


def made_of_officers_time(indicator: Indicator) -> bool:
    """Tell whether an indicator shows officers' time, in either of its parts."""
    return of_officers(indicator.numerator) or of_officers(indicator.denominator)


def sources_of_officers(indicators: Sequence[Indicator]) -> list[str]:
    """Name the sources that `officers_behind` reads for these indicators."""
    parts = [part for one in indicators for part in (one.numerator, one.denominator) if of_officers(part)]
    return sorted({_named_by(part)[0] for part in parts if part is not None})


def quantity_of(part: Part, home: str | None) -> str:
    """Name what a part of officers' time counts, and of whom: the same wherever it stands."""
    return f"{home or 'everyone'}, {part.quantity or f'{part.source}: {part.words}'}"


def _rest(part: Part, home: str | None) -> str:
    """Name what a part has beyond the one that it holds."""
    return f"{quantity_of(part, home)}, the rest"


def months_of_officers(rows: pl.LazyFrame, source: str, indicators: Sequence[Indicator], cut: Cut) -> pl.LazyFrame:
    """Return the rows of officers' time with days and hours summed up: for `officers_behind` of months, much fewer.

    Rows are added up that no count of these indicators tells apart, and of which none or each is 0. What asks for days
    or hours, and sources without seconds, are given back as they are.
    """
    columns = rows.collect_schema()
    if source not in BY_MONTH or cut.grain not in ("1mo", "period") or not _BY_HOUR.isdisjoint(cut.by):
        return rows
    counts = [one for each in indicators for one in _counts(each, cut) if one.source == source]
    told = {name for one in counts for name in (*one.rows.meta.root_names(), one.split)}
    kept = {*told, *cut.by, "department", "team", *AREA_COLUMNS, OFFICER} - {"seconds"}
    keys = [name for name in columns if name in kept]
    month, any_time = pl.col("day").dt.truncate("1mo").alias("day"), (pl.col("seconds") != 0).alias("_any")
    # Only folded rows have heads: to look for them in the others took five times as long as to add those up.
    named = rows.filter(pl.col(HEADS).is_null()).group_by(*keys, month, any_time).agg(pl.col("seconds").sum())
    heads = pl.col(HEADS).explode().drop_nulls().unique()
    folded = rows.filter(pl.col(HEADS).is_not_null()).group_by(*keys, month, any_time)
    summed = pl.concat([named, folded.agg(pl.col("seconds").sum(), heads)], how="diagonal")
    return summed.with_columns(hour=pl.lit(None, columns["hour"]))


def officers_behind(facts: Facts, indicators: Sequence[Indicator], cut: Cut) -> pl.LazyFrame:
    """Return quantity, mix, area_level, area_code, month, *by, officers: who has a part in each cell.

    A cell is what a numerator or denominator shows; `officers` lists those whose rows in it are not 0. The officers of
    what a denominator has beyond its numerator stand under the numerator's name with `beyond` true, since the one
    gives the other away.
    """
    counts = {(one.quantity, one.split, one.beyond): one for each in indicators for one in _counts(each, cut)}
    pieces = [_behind(facts, count, cut) for count in counts.values()]
    schema = {"quantity": pl.String, "mix": pl.String, "area_level": pl.String, "area_code": pl.String}
    nothing = {**schema, "month": pl.Date, **dict.fromkeys(cut.by, pl.Null), "beyond": pl.Boolean}
    return pl.concat(
        [pl.LazyFrame(schema={**nothing, "officers": pl.List(pl.String)}), *pieces], how="diagonal_relaxed"
    )


def _counts(indicator: Indicator, cut: Cut) -> list[_Count]:
    home, upper, below = cut.home(indicator), indicator.numerator, indicator.denominator
    found = [_beyond_held(part, home) for part in _parts(indicator) if part.holds is not None]
    found += [] if below is None or not of_officers(below) else [_count(below, home, None)]
    if not of_officers(upper):
        return found
    found.append(_count(upper, home, indicator.split))
    if below is not None and below.source == upper.source and indicator.split is None:
        found.append(replace(found[-1], rows=_difference(below, upper), beyond=True))
    return found


def _beyond_held(part: Part, home: str | None) -> _Count:
    """Return the count of what a part has beyond the one that it holds: a quantity of its own, shown by subtraction."""
    assert part.holds is not None
    return _Count(quantity=_rest(part, home), source=part.source, rows=_difference(part, part.holds), home=home)


def _difference(whole: Part, part: Part) -> pl.Expr:
    return whole.rows.cast(pl.Float64).fill_null(0) - part.rows.cast(pl.Float64).fill_null(0)


def _count(part: Part, home: str | None, split: str | None) -> _Count:
    source, rows = _named_by(part)
    return _Count(quantity=quantity_of(part, home), source=source, rows=rows, home=home, split=split)


def _named_by(part: Part) -> tuple[str, pl.Expr]:
    return _NAMED_BY.get(part.source, (part.source, part.rows))


def _behind(facts: Facts, count: _Count, cut: Cut) -> pl.LazyFrame:
    rows = placed(facts, count.source, cut, count.home)
    category = pl.lit("") if count.split is None else pl.col(count.split).fill_null("")
    keys = ["area_code", "month", *_splitting(count.source, cut)]
    takes_part = rows.filter(count.rows.cast(pl.Float64).fill_null(0) != 0)
    named = takes_part.group_by(*keys, category.alias("mix")).agg(officers=_everybody(cut, SOURCES[count.source]))
    return named.with_columns(
        quantity=pl.lit(count.quantity), area_level=pl.lit(cut.level), beyond=pl.lit(count.beyond)
    )


def _everybody(cut: Cut, columns: Collection[str]) -> pl.Expr:
    """List the officers of some rows: those named, and the heads of folded ones.

    The numbers of two months do not say who is in both, so a longer time counts the heads of its newest month alone,
    and none where its newest rows name officers: never more than there are.
    """
    officers = pl.col(OFFICER) if OFFICER in columns else pl.col(OFFICERS).explode()
    named, heads = officers.drop_nulls().unique().implode(), pl.col(HEADS)
    of_month = heads.filter(pl.col("day") == pl.col("day").max()) if cut.grain == "period" else heads
    return pl.concat_list(named, of_month.explode().drop_nulls().unique().implode())


def few_behind(rows: pl.LazyFrame, *keys: str | pl.Expr) -> pl.DataFrame:
    """Return the groups of rows that are the time of fewer than five officers; who is not known counts for nobody.

    `rows` have OFFICERS, and HEADS where a month is folded: numbers of two months may be of the same officers.
    """
    known = [pl.col(name).explode().drop_nulls() for name in (OFFICERS, HEADS)]
    in_month = pl.col("day").dt.truncate("1mo").alias("_month")
    monthly = rows.group_by(*keys, in_month).agg(known[0].unique(), known[1].n_unique())
    names = [name for name in monthly.collect_schema() if name not in ("_month", OFFICERS, HEADS)]
    number = pl.col(OFFICERS).explode().drop_nulls().n_unique() + pl.col(HEADS).max()
    return (
        monthly.group_by(names).agg(_number=number).filter(pl.col("_number") < SMALLEST_GROUP).select(names).collect()
    )


def _splitting(source: str, cut: Cut) -> tuple[str, ...]:
    return splitting(cut.by, SOURCES[source], stock=False)


def withhold_few(rows: pl.DataFrame, indicators: Sequence[Indicator], hidden: pl.DataFrame, cut: Cut) -> pl.DataFrame:
    """Empty the figures of compute's rows that show a cell of `hidden`, `too_few`'s answer, and say why."""
    noted = rows if "note" in rows.columns else rows.with_columns(note=pl.lit(None, pl.String))
    numbered = noted.with_row_index("_row")
    row_numbers = [_showing(numbered, one, part, hidden, cut) for one in indicators for part in _parts(one)]
    gone = pl.col("_row").is_in(pl.concat([pl.Series(dtype=pl.UInt32), *row_numbers]).unique().to_list())
    kept = [pl.when(~gone).then(name).alias(name) for name in ("numerator", "denominator", "value")]
    return numbered.with_columns(*kept, note=pl.when(gone).then(pl.lit(TOO_FEW)).otherwise("note")).drop("_row")


def _parts(indicator: Indicator) -> list[Part]:
    return [part for part in (indicator.numerator, indicator.denominator) if part is not None and of_officers(part)]


def _showing(rows: pl.DataFrame, indicator: Indicator, part: Part, hidden: pl.DataFrame, cut: Cut) -> pl.Series:
    """Return the numbers of an indicator's rows in which a part's hidden cells stand."""
    mixed = indicator.split is not None and part is indicator.numerator
    category = pl.col("category").fill_null("") if mixed else pl.lit("")
    of_indicator = rows.filter(pl.col("indicator_id") == indicator.id).with_columns(mix=category)
    on = ["mix", "area_level", "area_code", "month", *_splitting(_named_by(part)[0], cut)]
    home = cut.home(indicator)
    shown = [quantity_of(part, home), *([_rest(part, home)] if part.holds else [])]
    cells = hidden.filter(pl.col("quantity").is_in(shown)).select(on).unique()
    return of_indicator.join(cells, on=on, how="semi", nulls_equal=True)["_row"]
