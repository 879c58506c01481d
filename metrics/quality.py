"""How good the data is: records that no map and no area can hold, and fixes dropped by reason (definitions §2-§5)."""

import polars as pl

from metrics.beat import DROPPED

REASONS = {
    "bad_position": "no position, or far outside the country",
    "duplicate": "same officer and same instant as another",
    "off_duty": "outside the officer's duty time",
    "spike": "a jump faster than 180 km/h both ways",
}


def located(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Count in one row: records, without_position (no coordinates), outside (a position, but in no neighbourhood), and
    percent_unlocated (both, of all; null without records).

    `rows` has lon, lat and neighbourhood_code. These records count in the force, but in no area below it.
    """
    placed = pl.col("lon").is_not_null() & pl.col("lat").is_not_null()
    nowhere = pl.col("neighbourhood_code").is_null()
    counted = rows.select(
        records=pl.len().cast(pl.Int64),
        without_position=(~placed & nowhere).cast(pl.Int64).sum(),
        outside=(placed & nowhere).cast(pl.Int64).sum(),
    )
    share = 100 * (pl.col("without_position") + pl.col("outside")) / pl.col("records")
    return counted.with_columns(percent_unlocated=pl.when(pl.col("records") > 0).then(share))


def drops(summary: pl.DataFrame) -> pl.DataFrame:
    """Turn metrics.beat.fix_summary's row into reason, meaning, fixes dropped and percent of all fixes read.

    The percentage is null where no fix was read.
    """
    read = summary.select("fixes").item()
    long = summary.select(DROPPED).unpivot(variable_name="reason", value_name="dropped")
    share = (100 * pl.col("dropped") / read) if read else pl.lit(None, pl.Float64)
    return long.select("reason", "dropped", meaning=pl.col("reason").replace_strict(REASONS), percent=share).select(
        "reason", "meaning", "dropped", "percent"
    )
