"""Areas as the facts need them: dated neighbourhoods with their sector, and the placing of rows in them."""

from collections.abc import Callable
from functools import partial

import polars as pl
from sqlalchemy import Connection

from data_access.database.connection import read_whole
from data_access.feeds.tables import FEED_TABLES
from metrics.levels import AREA_COLUMNS, in_force
from metrics.location import AreaIndex, place

PROVENANCE = ("file_id", "line")
Feeds = Callable[[str], pl.DataFrame]
"""Whoever returns a small feed whole by its name: the rows of an open connection, or those of a published version."""
NEVER = pl.lit(False)


def feed_rows(connection: Connection, feed: str) -> pl.DataFrame:
    """Read a small feed whole, with the columns of its extract."""
    return read_whole(connection, [one for one in FEED_TABLES[feed].columns if one.name not in PROVENANCE])


def feeds_of(connection: Connection) -> Feeds:
    """Return the feeds as they are in a connection's transaction."""
    return partial(feed_rows, connection)


def neighbourhoods(feed: Feeds) -> pl.DataFrame:
    """Return all versions of all neighbourhoods, each with a sector, [valid_from, valid_to).

    A ward without a sector takes that of the feed `sectors`, else is a sector of its own.
    """
    rows = until_the_next(feed("neighbourhoods"), "neighbourhood_code")
    grouped = feed("sectors").rename({"sector_code": "_code", "sector_name": "_name"})
    return (
        rows.join(grouped, on="neighbourhood_code", how="left", maintain_order="left")
        .with_columns(
            sector_code=pl.coalesce("sector_code", "_code", "neighbourhood_code"),
            sector_name=pl.coalesce("sector_name", "_name", "neighbourhood_name"),
        )
        .drop("_code", "_name")
    )


def until_the_next(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    """End each version of `key` where the next one begins, if it is not closed before."""
    ordered = rows.sort(key, "valid_from")
    following = pl.col("valid_from").shift(-1).over(key)
    return ordered.with_columns(valid_to=pl.min_horizontal("valid_to", following))


def hotspots(feed: Feeds) -> pl.DataFrame:
    """Return all versions of all hotspots and Impact Areas, [valid_from, valid_to)."""
    return until_the_next(feed("hotspots"), "hotspot_id")


def premises(feed: Feeds) -> pl.DataFrame:
    """Return all versions of all premises, [valid_from, valid_to)."""
    return until_the_next(feed("premises"), "premises_id")


def stamp_areas(rows: pl.LazyFrame, areas: pl.DataFrame, index: AreaIndex) -> pl.LazyFrame:
    """Add the areas of each row's `day` by position, else by its neighbourhood code; null outside every neighbourhood.

    `rows` have `day`, `lon`, `lat` and `neighbourhood_code`; `areas` as `neighbourhoods` gives them, `index` of them.
    """
    return of_neighbourhood(place(rows, index), areas)


def of_neighbourhood(rows: pl.LazyFrame, areas: pl.DataFrame, *, held_over: pl.Expr = NEVER) -> pl.LazyFrame:
    """Add the sector and LPA of `neighbourhood_code` on `day`; a code not valid that day becomes null.

    `held_over` tells which rows may be time that a fix of the day before holds: they have the fix's neighbourhood, even
    one that ended with that day.
    """
    named = rows.with_columns(pl.col("neighbourhood_code").cast(pl.String), _over=held_over).cache()  # read twice
    keys = ["neighbourhood_code", "day", "_over"]
    pairs = named.select(*keys, _before=pl.col("day").dt.offset_by("-1d")).unique()
    versions = areas.lazy().select(*AREA_COLUMNS, "valid_from", "valid_to")
    own, before = (in_force(day, "valid_from", "valid_to") for day in ("day", "_before"))
    known = (
        pairs.join(versions, on="neighbourhood_code")
        .filter(own | (pl.col("_over") & before))
        .sort(own)
        .unique(keys, keep="last", maintain_order=True)
        .select(*AREA_COLUMNS, "day", "_over", _known=pl.lit(True))
    )
    joined = named.join(known, on=keys, how="left")
    return joined.with_columns(neighbourhood_code=pl.when("_known").then("neighbourhood_code")).drop("_known", "_over")
