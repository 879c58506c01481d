"""What may be shown: tidy rows withheld for poor coverage or small groups, and suppressed before publication.

Each pass runs on `compute`'s rows before `compare`, so that no neighbour in time gives a hidden month away.
"""

from collections.abc import Sequence

import polars as pl

from metrics.abstraction import on_duty
from metrics.folding import HEADS
from metrics.indicator import Indicator, Part
from metrics.levels import Level, in_force, level_code
from metrics.officers import TOO_FEW
from metrics.too_few import SMALLEST_GROUP

GROUP_LEVELS = ("department", "team")
SMALLEST_COUNT = 1
LARGEST_SMALL_COUNT = 4
ALWAYS_PUBLISHED = ("force", "lpa")
SUPPRESSED = "suppressed"
NO_DATA = "no data"
LOW_COVERAGE = "withheld: coverage "

_AREA = ["area_level", "area_code"]
_FIGURES = ("numerator", "denominator", "value")
_CELL = ["quantity", "category", *_AREA, "month"]


def withhold(
    tidy: pl.LazyFrame, coverage: pl.LazyFrame, indicators: Sequence[Indicator], min_coverage: float
) -> pl.LazyFrame:
    """Return `tidy` with `coverage_percent` and `note`, and empty what coverage below `min_coverage` % withholds.

    `coverage` holds tidy rows of the same areas and months; those of the indicator whose role is 'coverage' stand
    beside every figure that is read with it, null where it is not known.
    """
    told = [one.id for one in indicators if "coverage" in one.roles]
    known = coverage.filter(pl.col("indicator_id").is_in(told)).select(*_AREA, "month", _coverage="value")
    joined = tidy.join(known, on=[*_AREA, "month"], how="left", maintain_order="left")
    from_fixes = pl.col("indicator_id").is_in([one.id for one in indicators if one.coverage])
    withheld = pl.col("indicator_id").is_in([one.id for one in indicators if one.coverage == "withheld"])
    too_little = withheld & (pl.col("_coverage") < min_coverage)
    percent = pl.col("_coverage").floor().cast(pl.Int64).cast(pl.String)
    reason = pl.concat_str(pl.lit(LOW_COVERAGE), percent, pl.lit(" %"))
    noted = joined.with_columns(coverage_percent=pl.when(from_fixes).then("_coverage"))
    return _empty(_with_note(noted), too_little, reason).drop("_coverage")


def without_hidden_coverage(rows: pl.DataFrame, hidden: pl.DataFrame) -> pl.DataFrame:
    """Empty `coverage_percent`, and the reason that names it, where VIS-04's own figure is withheld.

    `hidden` has the area_level, area_code and month of those figures.
    """
    joined = rows.join(hidden.with_columns(_gone=pl.lit(True)), on=[*_AREA, "month"], how="left", maintain_order="left")
    gone, of_coverage = pl.col("_gone").fill_null(False), pl.col("note").str.starts_with(LOW_COVERAGE)
    return joined.with_columns(
        coverage_percent=pl.when(~gone).then("coverage_percent"),
        note=pl.when(gone & of_coverage).then(pl.lit(TOO_FEW)).otherwise("note"),
    ).drop("_gone")


def headcount(duty: pl.LazyFrame, level: Level, *, force_code: str) -> pl.LazyFrame:
    """Return area_level, area_code, month, officers: how many were on duty in each group."""
    code = level_code(level, duty.collect_schema().names(), force_code)
    working = duty.filter(pl.col("seconds") > 0, on_duty)
    groups = working.with_columns(area_code=code, month=pl.col("day").dt.truncate("1mo"))
    named = pl.col("officer_id").drop_nulls().n_unique()
    folded = pl.col(HEADS).explode().drop_nulls().n_unique() if HEADS in duty.collect_schema() else 0
    counted = groups.group_by("area_code", "month").agg(officers=named + folded)
    return counted.with_columns(area_level=pl.lit(level)).filter(pl.col("area_code").is_not_null())


def withhold_small_groups(tidy: pl.LazyFrame, officers: pl.LazyFrame) -> pl.LazyFrame:
    """Empty the figures of departments and teams in which fewer than five officers worked that month.

    `officers` is `headcount`'s answer; a group that it does not name has nobody on duty.
    """
    joined = tidy.join(officers, on=[*_AREA, "month"], how="left", maintain_order="left")
    small = pl.col("area_level").is_in(GROUP_LEVELS) & (pl.col("officers").fill_null(0) < SMALLEST_GROUP)
    return _empty(_with_note(joined), small, pl.lit(TOO_FEW)).drop("officers")


def explain_missing(rows: pl.DataFrame, indicators: Sequence[Indicator] = ()) -> pl.DataFrame:
    """Say 'no data' where a value is missing and no other reason is noted, and why, where its indicator knows."""
    noted = rows if "note" in rows.columns else rows.with_columns(note=pl.lit(None, pl.String))
    missing = pl.col("value").is_null() & pl.col("note").is_null()
    reasons = {one.id: f"{NO_DATA}: {one.missing}" for one in indicators if one.missing}
    own = pl.col("indicator_id").replace_strict(reasons, default=NO_DATA, return_dtype=pl.String)
    reason = own if reasons else pl.lit(NO_DATA)
    return noted.with_columns(note=pl.when(missing).then(reason).otherwise("note"))


def suppress(tidy: pl.DataFrame, indicators: Sequence[Indicator], members: pl.DataFrame) -> pl.DataFrame:
    """Empty, for the public, what would tell of 1-4 people or events below LPA.

    A row goes if its numerator or denominator is a count of 1-4, or harm of so few crimes; then one more
    sibling (the smallest above 0) where the parent's figure less the others would give the hidden one away,
    or the parent where there is no sibling, until nothing is given away; the same within the categories of a
    mix. The same count is hidden in every indicator it stands in. `members` has level, code, parent_level,
    parent_code, valid_from, valid_to, a row per version: a redrawn area's siblings are those it had at the month's
    end. Force and LPA are always published. `tidy` must hold the whole history that is to be
    published, and every area of a level.
    """
    parts = _parts_of(tidy.with_row_index("_row"), indicators)
    counts = parts.filter("_counted").unique(subset=_CELL, keep="first").select(*_CELL, "amount")
    placed = counts.join(parents_of(counts, members), on=[*_AREA, "month"], how="left").sort(_CELL)
    is_there = pl.col("_there").fill_null(True) | (pl.col("amount") != 0)  # an area outside its time hides nobody
    cells = placed.with_columns(amount=pl.when(is_there).then("amount")).drop("_there")
    hidden = _hide(cells).filter("hidden").select(_CELL)
    rows = parts.join(hidden, on=_CELL, how="semi", nulls_equal=True)["_row"].unique()
    below = ~pl.col("area_level").is_in(ALWAYS_PUBLISHED)
    numbered = _with_note(tidy.lazy()).with_row_index("_row")
    gone = below & pl.col("_row").is_in(rows.to_list())
    return _empty(numbered, gone, pl.lit(SUPPRESSED)).drop("_row").collect()


def parents_of(cells: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Return each area's parent by month, and whether it is `_there`: of the version valid on the month's last day.

    Of an area without one, the parent of the newest.
    """
    versions = members.rename({"level": "area_level", "code": "area_code"}).with_columns(
        pl.col("valid_from", "valid_to").cast(pl.Date)
    )
    dated = cells.select(*_AREA, "month", _end=pl.col("month").dt.month_end()).unique().join(versions, on=_AREA)
    ranked = dated.with_columns(_there=in_force("_end", "valid_from", "valid_to")).sort("_there", "valid_from")
    newest = ranked.unique([*_AREA, "month"], keep="last", maintain_order=True)
    return newest.select(*_AREA, "month", "parent_level", "parent_code", "_there")


def _parts_of(tidy: pl.DataFrame, indicators: Sequence[Indicator]) -> pl.DataFrame:
    """List the cells that each row shows: its numerator and denominator by the name of what they count.

    Of a duration, the cases behind it. A stock or a duration that names no quantity tells of no person: posts, plans.
    """
    pieces = []
    for indicator in indicators:
        rows = tidy.filter(pl.col("indicator_id") == indicator.id)
        for side, part in (("numerator", indicator.numerator), ("denominator", indicator.denominator)):
            if part is None or part.unit == "seconds" or ((part.stock or _lasts(part)) and part.quantity is None):
                continue
            mixed = (side == "numerator" and indicator.split is not None) or indicator.split_both
            category = pl.col("category") if mixed else pl.lit(part.category, pl.String)
            pieces.append(
                rows.select(
                    "_row",
                    quantity=pl.lit(_quantity(part)),
                    category=category.fill_null(""),
                    area_level="area_level",
                    area_code="area_code",
                    month="month",
                    amount="denominator" if _lasts(part) else side,
                    _counted=pl.lit(part.unit in ("count", "people", "duration")),
                )
            )
    return pl.concat(pieces)


def _lasts(part: Part) -> bool:
    return part.unit == "duration"


def _quantity(part: Part) -> str:
    return part.quantity or f"{part.source}: {part.words}"


def _hide(cells: pl.DataFrame) -> pl.DataFrame:
    """Mark small cells as hidden, then one more wherever exactly one can be worked out, until none can."""
    below = ~pl.col("area_level").is_in(ALWAYS_PUBLISHED)
    small = pl.col("amount").is_between(SMALLEST_COUNT, LARGEST_SMALL_COUNT)
    marked = _families(cells).with_columns(_below=below, hidden=(below & small).fill_null(False))
    while True:
        wider = _hide_one_more(
            marked, "_siblings", pl.col("parent_code").is_not_null(), pl.col("hidden").gather("_parent")
        )
        wider = _hide_parents(wider)
        total = (pl.col("hidden") & (pl.col("category") == "")).any().over("_categories")
        wider = _hide_one_more(wider, "_categories", pl.col("category") != "", total)
        if wider["hidden"].sum() == marked["hidden"].sum():
            return wider
        marked = wider


_SIBLINGS = ["quantity", "category", "month", "area_level", "parent_level", "parent_code"]
_CATEGORIES = ["quantity", "month", "area_level", "area_code"]


def _families(cells: pl.DataFrame) -> pl.DataFrame:
    """Add numbers for the groups of cells: siblings under one parent, categories of one area, the row of the parent."""
    first = pl.col("_cell").first()
    numbered = cells.with_row_index("_cell").with_columns(
        _siblings=first.over(_SIBLINGS), _categories=first.over(_CATEGORIES)
    )
    keys = ["quantity", "category", "month", "parent_level", "parent_code"]
    above = numbered.select(*keys[:3], parent_level="area_level", parent_code="area_code", _parent="_cell")
    joined = numbered.join(above, on=keys, how="left", maintain_order="left")
    return joined.with_columns(_only=pl.col("amount").is_not_null().sum().over("_siblings") == 1)


def _hide_one_more(cells: pl.DataFrame, group: str, member: pl.Expr, whole: pl.Expr) -> pl.DataFrame:
    """Hide the smallest visible cell above 0 (else a 0) of a group that, with its whole, hides just one."""
    candidate = member & ~pl.col("hidden") & pl.col("amount").is_not_null()
    zero_last = pl.when(pl.col("amount") > 0).then("amount").otherwise(float("inf"))
    order = pl.when(candidate).then(zero_last).rank("ordinal").over(group)
    hides = (member & pl.col("hidden")).sum().over(group) + whole.fill_null(False).cast(pl.Int64)
    return cells.with_columns(hidden=pl.col("hidden") | (candidate & (hides == 1) & (order == 1)))


def _hide_parents(cells: pl.DataFrame) -> pl.DataFrame:
    """Hide the parent of a hidden cell that is its only child with a figure: they are the same number."""
    parents = cells.filter(pl.col("hidden") & pl.col("_only"))["_parent"].drop_nulls().unique()
    return cells.with_columns(hidden=pl.col("hidden") | (pl.col("_below") & pl.col("_cell").is_in(parents.to_list())))


def _with_note(rows: pl.LazyFrame) -> pl.LazyFrame:
    if "note" in rows.collect_schema().names():
        return rows
    return rows.with_columns(note=pl.lit(None, pl.String))


def _empty(rows: pl.LazyFrame, gone: pl.Expr, reason: pl.Expr) -> pl.LazyFrame:
    gone = gone.fill_null(False)
    kept = [pl.when(~gone).then(name).alias(name) for name in _FIGURES]
    noted = pl.when(gone & pl.col("note").is_null()).then(reason).otherwise("note")
    return rows.with_columns(*kept, note=noted)
