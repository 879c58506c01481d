"""What commanders read row by row about ASB: repeat locations and callers, closing codes, what audits found."""

from collections.abc import Sequence
from typing import Literal

import polars as pl

from metrics.asb import codes, wilson
from metrics.indicator import Indicator
from metrics.levels import AREA_COLUMNS


def repeats(asb: pl.LazyFrame, by: Literal["location_ref", "caller_ref"], *, at_least: int) -> pl.LazyFrame:
    """Return the locations (or callers) with at least `at_least` of the incidents given, the most first.

    Columns: the reference, the areas of its latest placed incident, `incidents`, `last` (its latest day) and
    `categories` ('4 nuisance, 1 personal'). Incidents without the reference are left out.
    """
    known = asb.filter(pl.col(by).is_not_null()).sort("day", "incident_id")
    places = known.group_by(by).agg(
        pl.col(AREA_COLUMNS).drop_nulls().last(), incidents=pl.len().cast(pl.Int64), last=pl.col("day").last()
    )
    counted = known.group_by(by, "category").len().sort("len", "category", descending=[True, False])
    said = pl.concat_str(pl.col("len").cast(pl.String), pl.lit(" "), "category")
    kinds = counted.group_by(by, maintain_order=True).agg(categories=said.str.join(", "))
    often = places.filter(pl.col("incidents") >= at_least).join(kinds, on=by)
    return often.sort("incidents", "last", by, descending=[True, True, False])


def closing_codes(asb: pl.LazyFrame, closure_codes: pl.LazyFrame) -> pl.LazyFrame:
    """Count the incidents given by closing code: closure_code, closure_name, asb_category, incidents, deciding.

    `incidents` carry the code; of `deciding` it is the last ASB code, which makes the category. An incident with two
    codes stands in two rows of `incidents` and in one of `deciding`. A code that is not listed has no name.
    """
    coded = codes(asb).drop_nulls("closure_code").join(closure_codes, on="closure_code", how="left")
    nsir = pl.col("asb_category").is_not_null()
    last = pl.col("position") == pl.when(nsir).then("position").max().over("incident_id")
    counted = coded.with_columns(_last=last.fill_null(False)).group_by("closure_code", "closure_name", "asb_category")
    counts = counted.agg(
        incidents=pl.col("incident_id").n_unique().cast(pl.Int64), deciding=pl.col("_last").sum().cast(pl.Int64)
    )
    return counts.sort("incidents", "closure_code", descending=[True, False])


def with_code_names(asb: pl.DataFrame, closure_codes: pl.DataFrame) -> pl.DataFrame:
    """Add `closed_as`: the names of an incident's closing codes in order; null where it has none."""
    named = codes(asb.lazy()).drop_nulls("closure_code").join(closure_codes.lazy(), on="closure_code", how="left")
    name = pl.coalesce("closure_name", "closure_code").sort_by("position")
    said = named.group_by("incident_id").agg(closed_as=name.str.join("; ")).collect()
    return asb.join(said, on="incident_id", how="left", maintain_order="left")


def sample_results(tidy: pl.DataFrame, findings: Sequence[Indicator]) -> pl.DataFrame:
    """Return what the dip sample found with its 95 % limits, an area a row.

    `findings` are the two indicators of the sample (ASB-06, ASB-07), `tidy` their rows of one period. Columns:
    area_level, area_code, area_name, audited, then value, lower and upper limit in % of each: correct, correct_lower,
    correct_upper, crime, crime_lower, crime_upper. Areas without an audit are left out.
    """
    area = ["area_level", "area_code", "area_name"]
    lower, upper = wilson(pl.col("numerator"), pl.col("denominator"))
    audited = tidy.filter(pl.col("denominator") > 0)
    sides = {
        one.column: audited.filter(pl.col("indicator_id") == one.id).select(
            *area,
            audited="denominator",
            **{f"{one.column}": "value", f"{one.column}_lower": lower, f"{one.column}_upper": upper},
        )
        for one in findings
    }
    return sides["correct"].join(sides["crime"].drop("audited"), on=area).sort("area_name")
