"""The text of an extract as typed values, and what each column asks of its text."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import shapely
from sqlalchemy import BigInteger, Boolean, Column, Date, Float, Text

from data_access.feeds.columns import Geometry, Instant, Month

INSTANT = pl.Datetime("us", "UTC")
_DATE = r"^\d{4}-\d{2}-\d{2}$"
_MONTH = r"^\d{4}-\d{2}$"
_WHOLE = r"^[+-]?\d{1,15}(\.0+)?$"
_CLOCK = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}"
_OFFSET = r"(Z|[+-]\d{2}(:?\d{2})?)$"
NUL = "\0"  # PostgreSQL keeps no text that holds it
# What a value that cannot be read as the column's type is called.
READABLE: Mapping[type, str] = {
    Instant: "instant_with_offset",
    Month: "month",
    Date: "date",
    Boolean: "true_or_false",
    BigInteger: "whole_number",
    Float: "number",
}


def dtype_of(column: Column[Any]) -> pl.DataType:
    """Return the Polars type of a column of the store."""
    kinds: dict[type, Any] = {
        Instant: INSTANT, Month: pl.Date, Date: pl.Date, Boolean: pl.Boolean, BigInteger: pl.Int64, Float: pl.Float64,
    }  # fmt: skip
    return kinds.get(type(column.type), pl.String)


def typed_name(column: Column[Any]) -> str:
    """Name the typed value beside the text of the same column."""
    return f"{column.name}: typed"


def plain(text: pl.Expr) -> pl.Expr:
    """Return text of one-byte characters; else null: Polars dies of a date with an accent in the wrong place."""
    return pl.when(text.str.len_bytes() == text.str.len_chars()).then(text)


def instant_of(text: pl.Expr) -> pl.Expr:
    """Return the instant of an ISO 8601 text that has an offset; else null."""
    shaped = text.str.contains(_CLOCK) & text.str.contains(_OFFSET)
    seconds = plain(text).str.replace(" ", "T", literal=True)
    exact = seconds.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%#z", time_unit="us", strict=False)
    minutes = seconds.str.to_datetime("%Y-%m-%dT%H:%M%#z", time_unit="us", strict=False)
    return pl.when(shaped).then(pl.coalesce(exact, minutes).dt.convert_time_zone("UTC"))


def value_of(column: Column[Any]) -> pl.Expr:
    """Return the value of a column's text, null where it cannot be read; empty text may mean a value of its own."""
    text, kind = pl.col(column.name), type(column.type)
    if kind is Instant:
        value = instant_of(text)
    elif kind is Month:
        value = pl.when(text.str.contains(_MONTH)).then((plain(text) + "-01").str.to_date("%Y-%m-%d", strict=False))
    elif kind is Date:
        value = pl.when(text.str.contains(_DATE)).then(plain(text).str.to_date("%Y-%m-%d", strict=False))
    elif kind is Boolean:
        value = text.str.to_lowercase().replace_strict(
            {"true": True, "false": False}, default=None, return_dtype=pl.Boolean
        )
    elif kind is BigInteger:
        value = pl.when(text.str.contains(_WHOLE)).then(
            # By way of a float: "3.0" is how pandas writes a 3 in a column that has a null.
            text.cast(pl.Float64, strict=False).cast(pl.Int64, strict=False)
        )
    elif kind is Float:
        value = text.cast(pl.Float64, strict=False)
        value = pl.when(value.is_finite()).then(value)  # "nan" and "inf" are read as numbers, and would spoil every sum
    else:
        value = text
    empty = column.info.get("empty", column.info.get("default"))
    return value if empty is None else pl.when(text.is_null()).then(pl.lit(empty)).otherwise(value)


def tests_of(column: Column[Any]) -> list[tuple[str, str, pl.Expr]]:
    """Return (rule, column, broken) for each thing that a column's declaration asks of its text."""
    name, text, value = column.name, pl.col(column.name), pl.col(typed_name(column))
    tests = [] if column.info["optional"] else [("required", name, text.is_null())]
    if type(column.type) is Text:
        tests.append(("text_without_nul", name, text.str.contains(NUL, literal=True)))
    if type(column.type) in READABLE:
        tests.append((READABLE[type(column.type)], name, text.is_not_null() & value.is_null()))
    if type(column.type) is Geometry:
        tests.append(("area_geometry", name, ~_is_area(text)))
    if "allowed" in column.info:
        tests.append(("allowed_value", name, text.is_not_null() & ~value.is_in(column.info["allowed"])))
    for bound, outside in (("least", value.lt), ("most", value.gt)):
        if bound in column.info:
            tests.append((f"at_{bound}_{column.info[bound]}", name, outside(column.info[bound]).fill_null(False)))
    return tests


def _is_area(text: pl.Expr) -> pl.Expr:
    return text.map_batches(_are_areas, return_dtype=pl.Boolean)


def _are_areas(texts: pl.Series) -> pl.Series:
    shapes = shapely.from_geojson(texts.to_numpy(), on_invalid="ignore")
    areas = (shapely.get_type_id(shapes) == 3) | (shapely.get_type_id(shapes) == 6)
    bounds = shapely.bounds(shapes)
    in_degrees = (bounds[:, 0] >= -180) & (bounds[:, 1] >= -90) & (bounds[:, 2] <= 180) & (bounds[:, 3] <= 90)
    return pl.Series(areas & in_degrees & shapely.is_valid(shapes) & ~shapely.is_empty(shapes))
