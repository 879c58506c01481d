"""The counts that a publication shows, and how they add up: what a reader with a calculator has.

A count is one number (a quantity, of a category, in an area and a month), in however many rows it stands. An equation
says that counts add up to another: areas to the area above, categories to all of them, a numerator and what is left to
the denominator, a part and the others to the whole, twelve months to a year.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.disclosure import parents_of
from metrics.indicator import Indicator, Part

CELL = ["quantity", "category", "area_level", "area_code", "month"]
ALWAYS_PUBLISHED = ("force", "lpa")
YEAR = 12
_COUNTED = ("count", "people", "duration")
_AREA = ["area_level", "area_code"]
_ROUNDING = 1e-6  # of sums of whole numbers


@dataclass(frozen=True, kw_only=True, eq=False)
class Equations:
    """Sums of counts: `sign` is 1 of what is added up, -1 of the sum; a line for each count in each of them.

    `rest` is, for each equation, what the sum has beyond the parts that are published (0: they are all there is).
    """

    equation: np.ndarray
    cell: np.ndarray
    sign: np.ndarray
    rest: np.ndarray


@dataclass(frozen=True, kw_only=True, eq=False)
class Counts:
    """What `counts` returns.

    `cells` has CELL, `amount` (null: not known), `open` (below the LPA: it may be hidden), `lpa` (the LPA it lies in),
    `siblings` and `mix` (numbers of its family of areas and of categories, -1: none), `above` and `total` (the cells
    that these add up to, -1: none).
    `named` lists the cells by every quantity that they are, `rows` tells which stands in which row, `shares` the cells
    of each share: numerator, denominator, what is left.
    """

    cells: pl.DataFrame
    named: pl.DataFrame
    rows: pl.DataFrame
    shares: np.ndarray
    equations: Equations


def counts(tidy: pl.DataFrame, indicators: Sequence[Indicator], members: pl.DataFrame) -> Counts:
    """Return the counts in `tidy`'s rows (`_row` their number), and how they add up.

    `members` has level, code, parent_level, parent_code, valid_from, valid_to, a row per version of an area.
    """
    shown = _one_name(pl.concat(_shown(tidy, indicators)))
    cells = _placed(shown.filter("guarded").unique(subset=CELL, keep="first", maintain_order=True), members)
    numbered = shown.join(cells.select(*CELL, "cell"), on=CELL)
    shares = _shares(numbered)
    named = numbered.select("cell", *CELL[1:], quantity="own").unique()
    pieces = [_of_areas(cells, shares), _of_categories(cells), _of_shares(shares), *_of_wholes(named, indicators)]
    rows = numbered.select("row", "cell").unique()
    return Counts(cells=cells, named=named, rows=rows, shares=shares, equations=_balanced(cells, pieces))


def is_share(indicator: Indicator) -> bool:
    """Tell whether a numerator is some of its denominator, so that the one less the other is a count too."""
    upper, below = indicator.numerator, indicator.denominator
    some_of = indicator.unit == "%" and indicator.most is None and (indicator.split is None or indicator.split_both)
    return some_of and below is not None and below.source == upper.source and _guarded(upper) and _guarded(below)


def _guarded(part: Part) -> bool:
    """Tell whether a part counts people or events.

    A stock or a duration that names no quantity tells of no person: posts, plans.
    """
    unnamed = (part.stock or part.unit == "duration") and part.quantity is None
    return not unnamed and (part.unit in _COUNTED or (part.unit == "number" and not part.stock))


def quantity_of(part: Part) -> str:
    """Name what a part counts."""
    return part.quantity or f"{part.source}: {part.words}"


def _shown(tidy: pl.DataFrame, indicators: Sequence[Indicator]) -> list[pl.DataFrame]:
    """List the counts that each row shows: its numerator, its denominator, and in a share what is left."""
    by_indicator = {key[0]: rows for key, rows in tidy.partition_by("indicator_id", as_dict=True).items()}
    pieces = [_nothing(tidy)]
    for one in indicators:
        rows = by_indicator.get(one.id)
        if rows is None:
            continue
        sides = (("numerator", one.numerator), ("denominator", one.denominator))
        pieces += [_side(rows, one, side, part) for side, part in sides if part and _tells(part)]
        if is_share(one):
            pieces.append(_left(rows, one))
    return pieces


def _tells(part: Part) -> bool:
    """Tell whether a part is hidden where counts are: counts are, and the harm of so few crimes."""
    return _guarded(part) or (part.unit == "score" and part.quantity is not None)


def _nothing(tidy: pl.DataFrame) -> pl.DataFrame:
    schema = {"row": pl.UInt32, "side": pl.String, "quantity": pl.String}
    area = {"category": pl.String, "area_level": pl.String, "area_code": pl.String, "month": tidy.schema["month"]}
    return pl.DataFrame(schema={**schema, **area, "amount": pl.Float64, "guarded": pl.Boolean})


def _side(rows: pl.DataFrame, indicator: Indicator, side: str, part: Part) -> pl.DataFrame:
    lasts = part.unit == "duration"
    amount = pl.col("denominator" if lasts else side)
    mixed = (side == "numerator" and indicator.split is not None) or indicator.split_both
    # The 90th percentile of a mix of durations stands beside its median, which is of the same cases.
    category = pl.col("category").str.strip_suffix(":p90") if mixed else pl.lit(part.category, pl.String)
    return _listed(rows, side, quantity_of(part), category, amount, guarded=_guarded(part))


def _left(rows: pl.DataFrame, indicator: Indicator) -> pl.DataFrame:
    """Return what a share's denominator has beyond its numerator: who was not reached, not satisfied, not in time."""
    category = pl.col("category") if indicator.split_both else pl.lit(None, pl.String)
    amount = pl.col("denominator") - pl.col("numerator")
    return _listed(rows, "left", f"{indicator.id}: what is left", category, amount, guarded=True)


def _listed(
    rows: pl.DataFrame, side: str, quantity: str, category: pl.Expr, amount: pl.Expr, *, guarded: bool
) -> pl.DataFrame:
    return rows.select(
        row="_row",
        side=pl.lit(side),
        quantity=pl.lit(quantity),
        category=category.fill_null(""),
        area_level="area_level",
        area_code="area_code",
        month="month",
        amount=amount,
        guarded=pl.lit(guarded),
    )


def _one_name(shown: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with one name for quantities that are equal in every area of a month: who sees it, knows both.

    Crimes by the day recorded are all crimes, unless `[harm] dated_by` says otherwise.
    """
    no_mix = (pl.col("category") == "").all().over("quantity")
    whole = shown.filter("guarded", no_mix, pl.col("side") != "left", pl.col("amount").is_not_null())
    counted = whole.unique(subset=CELL).sort(CELL)
    said = pl.concat_str("area_level", "area_code", "amount", separator="|").str.join("\n")
    texts = counted.group_by("quantity", "month").agg(said=said, any=pl.col("amount").sum() > 0).filter("any")
    same = texts.sort("quantity").select("quantity", "month", name=pl.col("quantity").first().over("said", "month"))
    named = shown.join(same, on=["quantity", "month"], how="left", maintain_order="left")
    return named.with_columns(own="quantity", quantity=pl.coalesce("name", "quantity")).drop("name")


def _placed(cells: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Return the cells with numbers and what they belong to; an area outside its time hides nobody."""
    parents = parents_of(cells, members)
    placed = cells.join(parents, on=[*_AREA, "month"], how="left").sort(CELL)
    is_there = pl.col("_there").fill_null(True) | (pl.col("amount") != 0)
    numbered = placed.with_columns(
        amount=pl.when(is_there).then("amount"), open=~pl.col("area_level").is_in(ALWAYS_PUBLISHED)
    ).with_row_index("cell")
    keys = ["quantity", "category", "month"]
    above = numbered.select(*keys, parent_level="area_level", parent_code="area_code", above="cell")
    totals = numbered.filter(pl.col("category") == "").select("quantity", *_AREA, "month", total="cell")
    with_above = numbered.join(above, on=[*keys, "parent_level", "parent_code"], how="left", maintain_order="left")
    joined = with_above.join(totals, on=["quantity", *_AREA, "month"], how="left", maintain_order="left")
    return _families(_in_lpa(joined, parents)).select(
        "cell", *CELL, "amount", "open", "lpa", "siblings", "mix", "above", "total"
    )


def _in_lpa(cells: pl.DataFrame, parents: pl.DataFrame) -> pl.DataFrame:
    """Add the LPA that an area lies in: it is the area's parent, or its parent's."""
    upper = parents.select("month", parent_level="area_level", parent_code="area_code", _higher="parent_code")
    joined = cells.join(upper, on=["month", "parent_level", "parent_code"], how="left", maintain_order="left")
    return joined.with_columns(lpa=pl.when(pl.col("parent_level") == "lpa").then("parent_code").otherwise("_higher"))


def _families(cells: pl.DataFrame) -> pl.DataFrame:
    keys = ["quantity", "category", "month", "area_level", "parent_level", "parent_code"]
    first, none = pl.col("cell").cast(pl.Int64).first(), pl.lit(-1, pl.Int64)
    in_mix = pl.col("category") != ""
    return cells.with_columns(
        siblings=pl.when(pl.col("parent_code").is_not_null()).then(first.over(keys)).otherwise(none),
        mix=pl.when(in_mix).then(first.over("quantity", "month", *_AREA, in_mix)).otherwise(none),
        above=pl.col("above").cast(pl.Int64).fill_null(-1),
        total=pl.when(in_mix).then(pl.col("total").cast(pl.Int64)).otherwise(none).fill_null(-1),
    )


def _shares(rows: pl.DataFrame) -> np.ndarray:
    """Return (shares, 3): the cells of the numerator, the denominator and what is left of every row that is a share."""
    left = rows.filter(side="left").select("row", left="cell")
    upper, below = (
        rows.filter(side=one).select("row", pl.col("cell").alias(one)) for one in ("numerator", "denominator")
    )
    joined = left.join(upper, on="row").join(below, on="row")
    return joined.select("numerator", "denominator", "left").unique().to_numpy().astype(np.int64).reshape(-1, 3)


def _of_areas(cells: pl.DataFrame, shares: np.ndarray) -> pl.DataFrame:
    """Return the sums of areas; those of what shares leave follow from their numerators' and denominators'."""
    parts = cells.filter("open", pl.col("above") >= 0, ~pl.col("cell").is_in(shares[:, 2]))
    return parts.select(name=pl.format("areas {}", "siblings"), part="cell", whole="above")


def _of_categories(cells: pl.DataFrame) -> pl.DataFrame:
    parts = cells.filter("open", pl.col("total") >= 0)
    return parts.select(name=pl.format("mix {}", "mix"), part="cell", whole="total")


def _of_shares(shares: np.ndarray) -> pl.DataFrame:
    numbers = [str(number) for number in range(len(shares))]
    whole = shares[:, 1]
    parts = [{"name": [f"share {n}" for n in numbers], "part": shares[:, side], "whole": whole} for side in (0, 2)]
    return pl.concat(pl.DataFrame(one, {"name": pl.String, "part": pl.Int64, "whole": pl.Int64}) for one in parts)


def _of_wholes(named: pl.DataFrame, indicators: Sequence[Indicator]) -> list[pl.DataFrame]:
    """Return the equations that parts declare: they are some of a whole, or twelve months of something."""
    parts = [part for one in indicators for part in (one.numerator, one.denominator) if part is not None]
    among = {(quantity_of(part), part.among) for part in parts if part.among}
    years = {(quantity_of(part), part.year_of) for part in parts if part.year_of}
    found = [_of_whole(named, some, whole) for some, whole in sorted(among)]
    return found + [_of_year(named, year, month) for year, month in sorted(years)]


def _of_whole(named: pl.DataFrame, some: str, whole: str) -> pl.DataFrame:
    keys = [*_AREA, "month"]
    wholes = named.filter(quantity=whole).select(*keys, whole="cell", _of="category")
    of_it = pl.col("_of").is_in([""]) | (pl.col("_of") == pl.col("category"))
    parts = named.filter(quantity=some).join(wholes, on=keys).filter(of_it)
    return parts.select(name=pl.format("among {} {}", "cell", "whole"), part="cell", whole="whole")


def _of_year(named: pl.DataFrame, year: str, month: str) -> pl.DataFrame:
    """Return equations of a year's count and the counts of its twelve months, all categories together."""
    years = named.filter(quantity=year).select(*_AREA, whole="cell", until="month")
    months = named.filter(quantity=month).select(*_AREA, "month", part="cell")
    since = pl.col("until").dt.offset_by(f"-{YEAR - 1}mo")
    within = years.join(months, on=_AREA).filter(pl.col("month").is_between(since, pl.col("until")))
    return within.select(name=pl.format("year {}", "whole"), part="part", whole="whole")


def _balanced(cells: pl.DataFrame, pieces: Sequence[pl.DataFrame]) -> Equations:
    """Keep the equations that hold: of known counts, whose parts are no more than their sum."""
    types = {"part": pl.Int64, "whole": pl.Int64}
    amount = cells.select(cell=pl.col("cell").cast(pl.Int64), amount="amount")
    lines = pl.concat([one.cast(types) for one in pieces]).join(amount, left_on="part", right_on="cell")
    known = lines.join(amount.rename({"amount": "sum"}), left_on="whole", right_on="cell").drop_nulls()
    rest = (pl.col("sum") - pl.col("amount").sum()).over("name")
    # What is only some of the whole leaves an unknown rest even where that is 0: nobody says that it is all there is.
    left = pl.when(pl.col("name").str.starts_with("among")).then(rest.clip(lower_bound=_ROUNDING * 2)).otherwise(rest)
    held = known.with_columns(rest=left, least=rest).filter(pl.col("least") > -_ROUNDING)
    held = held.filter(pl.col("part") != pl.col("whole"))
    numbered = held.with_columns(equation=pl.col("name").rank("dense").cast(pl.Int64) - 1)
    wholes = numbered.unique("equation", maintain_order=True).sort("equation")
    ones, minus = np.ones(numbered.height), -np.ones(wholes.height)
    return Equations(
        equation=np.concatenate([numbered["equation"].to_numpy(), wholes["equation"].to_numpy()]),
        cell=np.concatenate([numbered["part"].to_numpy(), wholes["whole"].to_numpy()]),
        sign=np.concatenate([ones, minus]),
        rest=wholes["rest"].to_numpy(),
    )
