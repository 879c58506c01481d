"""The force's rows for viewers who see only a part of it: fit to be summed by LPA, and for nothing finer."""

import secrets

import polars as pl

_SECRET = secrets.randbits(63)  # new in each process: a scrambled code means nothing outside it
NOT_NAMED = (
    "lon",
    "lat",
    "reported_at",
    "closed_at",
    "location_ref",
    "caller_ref",
    "closing_codes",
    "committed_on",
)
SCRAMBLED = (
    "sector_code",
    "neighbourhood_code",
    "home_sector_code",
    "home_neighbourhood_code",
    "place_sector_code",
    "place_neighbourhood_code",
    "team",
    "officer_id",
    "incident_id",
    "crime_id",
    "tasking_id",
    "patrol_id",
    "hotspot_id",
    "search_id",
)
SCRAMBLED_LISTS = ("impact_areas", "hotspots")


def scrambled(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Blank positions and moments, and replace every code finer than an LPA by a meaningless one.

    Codes that were equal stay equal, within the process, so that people can be counted and sectors compared (an
    officer visible outside the home sector), but nobody and no place can be named.
    """
    schema = rows.collect_schema()
    blank = [pl.lit(None, schema[name]).alias(name) for name in NOT_NAMED if name in schema]
    codes = [_scramble(pl.col(name)).alias(name) for name in SCRAMBLED if name in schema]
    lists = [
        pl.col(name).list.eval(_scramble(pl.element())).alias(name)
        for name in SCRAMBLED_LISTS
        if name in schema
    ]
    return rows.with_columns(*blank, *codes, *lists)


def _scramble(code: pl.Expr) -> pl.Expr:
    return pl.when(code.is_not_null()).then(code.hash(_SECRET).cast(pl.String))
