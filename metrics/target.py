"""A target beside what to expect: met whatever chance brings, never met, or now and then, as NHS assurance has it."""

import polars as pl

PASS, FAIL, HIT_AND_MISS = "pass", "fail", "hit and miss"


def with_assurance(rows: pl.DataFrame) -> pl.DataFrame:
    """Add `assurance` to rows of `target`, `better`, `lower_limit` and `upper_limit`.

    pass: the whole expected range is on the better side of the target, or on it; fail: the whole range is on the other
    side; hit and miss: the target lies inside the range, so that chance decides. Null where there is no expected range
    or neither direction is better.
    """
    target, low, high = (pl.col(name) for name in ("target", "lower_limit", "upper_limit"))
    higher = pl.col("better") == "higher"
    met = pl.when(higher).then(low >= target).otherwise(high <= target)
    missed = pl.when(higher).then(high < target).otherwise(low > target)
    assurance = pl.when(met).then(pl.lit(PASS)).when(missed).then(pl.lit(FAIL)).otherwise(pl.lit(HIT_AND_MISS))
    judged = (pl.col("better") != "neither") & low.is_not_null() & high.is_not_null()
    return rows.with_columns(assurance=pl.when(judged).then(assurance))
