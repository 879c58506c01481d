"""What really changed: the special-cause rows of many indicators and areas, concerns first, then the strongest."""

import polars as pl

REAL = ("concern", "improvement", "change")  # in the order in which they are told


def real_changes(rows: pl.DataFrame) -> pl.DataFrame:
    """Keep compare's rows whose verdict is a real change, in the order of REAL, the strongest first.

    `strength` is the distance from the centre in half-widths of the expected range: above 1 is outside the limits,
    below it a run. A range without width has no strength and comes last. Ties are in order of indicator and area.
    """
    real = rows.filter(pl.col("verdict").is_in(REAL))
    # A limit clipped to what is possible is nearer than the other: the wider side is the range that was judged by.
    half = pl.max_horizontal(pl.col("upper_limit") - pl.col("centre"), pl.col("centre") - pl.col("lower_limit"))
    strength = (pl.col("value") - pl.col("centre")).abs() / pl.when(half > 0).then(half)
    places = {verdict: place for place, verdict in enumerate(REAL)}
    order = pl.col("verdict").replace_strict(places, return_dtype=pl.Int8)
    told = real.with_columns(strength=strength, _order=order).sort(
        ["_order", "strength", "indicator_id", "area_code"], descending=[False, True, False, False], nulls_last=True
    )
    return told.drop("_order")


def strongest(changes: pl.DataFrame, *, most: int, each: int) -> pl.DataFrame:
    """Keep the first `most` rows of `real_changes`, at most `each` of one indicator: a list of news, not of areas."""
    own = pl.int_range(pl.len()).over("indicator_id")
    return changes.filter(own < each).head(most)


def tally(rows: pl.DataFrame) -> dict[str, int]:
    """Count the rows of each verdict; 0 where there is none. Rows without a verdict are not counted."""
    counted = dict(rows.drop_nulls("verdict").group_by("verdict").len().iter_rows())
    return {verdict: counted.get(verdict, 0) for verdict in (*REAL, "no real change")}
