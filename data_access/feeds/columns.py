"""Kinds of columns: how a value is declared once, for the store and for the check of an extract alike."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import BigInteger, Boolean, Column, Date, Float, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

# What a column tells of a person: their identifier, their name, what somebody wrote and may name anybody, where it was
# (of an address often who), or a trait.
Personal = Literal["officer", "caller", "name", "text", "place", "trait"]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ALWAYS = date(1, 1, 1)  # a validity that starts with time itself: a key cannot be empty


class Instant(TypeDecorator[datetime]):
    """An instant in UTC: `timestamptz` on PostgreSQL; microseconds since 1970 on SQLite, which drops time zones."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type of the database at hand."""
        postgres = dialect.name == "postgresql"
        return dialect.type_descriptor(TIMESTAMP(timezone=True) if postgres else BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse an instant without an offset; it would mean another moment on another machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone; given: one without")
        return value if dialect.name == "postgresql" else (value - EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC."""
        if value is None:
            return None
        return (
            value.astimezone(UTC) if dialect.name == "postgresql" else EPOCH + timedelta(microseconds=value)
        )


class Month(TypeDecorator[date]):
    """A month, kept as its first day; written `YYYY-MM` in an extract."""

    impl = Date
    cache_ok = True


class Geometry(TypeDecorator[str]):
    """A polygon or multipolygon in WGS 84, kept as GeoJSON text."""

    impl = Text
    cache_ok = True


def column(
    name: str, kind: Any, comment: str, *, key: bool = False, optional: bool = False, **info: Any
) -> Column[Any]:
    """Declare a column: part of the key, or optional (null where empty), or required.

    `info` may hold `allowed` (the values of a closed set), `least` and `most` (bounds, both inclusive), `empty`
    (what an empty value of an optional part of the key stands for), `default` (what an empty value means), `header`
    (the extract must have the column, though a value may be empty), `derived` (no column of the extract) and
    `personal` (what it tells of a person: see Personal).
    """
    nullable = optional and not key
    return Column(
        name,
        kind,
        primary_key=key,
        nullable=nullable,
        comment=comment,
        info={**info, "optional": optional},
        autoincrement=False,
    )


def text(name: str, comment: str, **options: Any) -> Column[Any]:
    """Declare a text column."""
    return column(name, Text, comment, **options)


def instant(name: str, comment: str, **options: Any) -> Column[Any]:
    """Declare an instant, kept in UTC."""
    return column(name, Instant, comment, **options)


def day(name: str, comment: str, **options: Any) -> Column[Any]:
    """Declare a calendar date."""
    return column(name, Date, comment, **options)


def month(name: str, comment: str, **options: Any) -> Column[Any]:
    """Declare a month, kept as its first day."""
    return column(name, Month, comment, **options)


def whole(name: str, comment: str, **options: Any) -> Column[Any]:
    """Declare a whole number."""
    return column(name, BigInteger, comment, **options)


def number(name: str, comment: str, **options: Any) -> Column[Any]:
    """Declare a finite number."""
    return column(name, Float(53), comment, **options)


def flag(name: str, comment: str, **options: Any) -> Column[Any]:
    """Declare a true or false column."""
    return column(name, Boolean(create_constraint=False), comment, **options)


def valid_from(what: str) -> Column[Any]:
    """Declare the start of validity, a part of the key so that versions live side by side."""
    comment = f"first day on which this {what} holds; 0001-01-01: it always did"
    return day("valid_from", comment, key=True, optional=True, empty=ALWAYS)


def valid_to(what: str) -> Column[Any]:
    """Declare the end of validity."""
    return day("valid_to", f"first day on which this {what} no longer holds; null: open", optional=True)


def position() -> tuple[Column[Any], Column[Any]]:
    """Declare an optional position in WGS 84."""
    return (
        number("lon", "longitude, WGS 84 degrees", optional=True, least=-180, most=180, personal="place"),
        number("lat", "latitude, WGS 84 degrees", optional=True, least=-90, most=90, personal="place"),
    )


def provenance() -> tuple[Column[Any], ...]:
    """Declare where a row was published; an extract does not give these, the reader of open data does."""
    return (
        text(
            "provenance",
            "force: an extract of the force; else who published it",
            default="force",
            derived=True,
        ),
        flag("day_known", "false: only the month is known", default=True, derived=True),
        text("street_file", "force and month of the open-data file it came in", optional=True, derived=True),
    )


def geometry() -> Column[Any]:
    """Declare the outline of an area."""
    return column("geometry", Geometry, "outline: Polygon or MultiPolygon, WGS 84, GeoJSON text")
