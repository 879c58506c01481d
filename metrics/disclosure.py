"""What may be shown: tidy rows withheld for poor coverage or small groups.

Each pass runs on `compute`'s rows before `compare`, so that no neighbour in time gives a hidden month away.
"""

from collections.abc import Sequence

import polars as pl

from metrics.abstraction import on_duty
from metrics.folding import HEADS
from metrics.indicator import Indicator
from metrics.levels import Level, in_force, level_code
from metrics.officers import TOO_FEW
from metrics.too_few import SMALLEST_GROUP

GROUP_LEVELS = ("department", "team")
NO_DATA = "no data"
LOW_COVERAGE = "withheld: coverage "

_AREA = ["area_level", "area_code"]
_FIGURES = ("numerator", "denominator", "value")


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
    return emptied(with_note(noted), too_little, reason).drop("_coverage")


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
    return emptied(with_note(joined), small, pl.lit(TOO_FEW)).drop("officers")


def explain_missing(rows: pl.DataFrame, indicators: Sequence[Indicator] = ()) -> pl.DataFrame:
    """Say 'no data' where a value is missing and no other reason is noted, and why, where its indicator knows."""
    noted = rows if "note" in rows.columns else rows.with_columns(note=pl.lit(None, pl.String))
    missing = pl.col("value").is_null() & pl.col("note").is_null()
    reasons = {one.id: f"{NO_DATA}: {one.missing}" for one in indicators if one.missing}
    own = pl.col("indicator_id").replace_strict(reasons, default=NO_DATA, return_dtype=pl.String)
    reason = own if reasons else pl.lit(NO_DATA)
    return noted.with_columns(note=pl.when(missing).then(reason).otherwise("note"))


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


def with_note(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Add the column `note` where there is none."""
    if "note" in rows.collect_schema().names():
        return rows
    return rows.with_columns(note=pl.lit(None, pl.String))


def emptied(rows: pl.LazyFrame, gone: pl.Expr, reason: pl.Expr) -> pl.LazyFrame:
    """Empty the figures of the rows that are `gone`, and note the reason where none is noted."""
    gone = gone.fill_null(False)
    kept = [pl.when(~gone).then(name).alias(name) for name in _FIGURES]
    noted = pl.when(gone & pl.col("note").is_null()).then(reason).otherwise("note")
    return rows.with_columns(*kept, note=noted)
