"""Personal data in the extracts: the columns that hold it, as declared, and how values at fault are masked."""

from collections.abc import Mapping

import polars as pl

from data_access.feeds.columns import Personal
from data_access.feeds.contract import FEEDS, FIXES, columns_of

# Radio fixes have no table of their own: they are judged on their way in.
_OF_FIXES: Mapping[str, Personal] = {"officer_id": "officer", "lon": "place", "lat": "place"}
_PLAIN = r"^([^\s@]{0,40}|\d{4}-\d{2}-\d{2}[T ][0-9:.,Z+\- ]{0,30})$"
_LONG_NUMBER = r"\d{9}"  # of a telephone, of a person
_MASKED = r"^\(\d+ characters\)$"


def personal_columns(feed: str) -> dict[str, Personal]:
    """Return the columns of a feed that tell of a person, and what they tell."""
    if feed == FIXES:
        return dict(_OF_FIXES)
    columns = columns_of(FEEDS[feed]) if feed in FEEDS else []
    return {str(column.name): column.info["personal"] for column in columns if "personal" in column.info}


def masked(failures: pl.DataFrame, feed: str) -> pl.DataFrame:
    """Return FAILURES of a feed with values that tell of a person as their length alone: '(12 characters)'.

    Masked are the values of personal columns, of a key with one of them in it, and of rows that are no rows. In a feed
    with personal columns a value may have slipped into the wrong one: there the others stay only where they look like a
    code, a number or an instant.
    """
    personal = personal_columns(feed)
    if not personal:
        return failures
    value, columns = pl.col("value"), pl.col("column_name").str.split(", ")
    tells = columns.list.eval(pl.element().is_in(list(personal))).list.any().fill_null(True)
    slipped = ~value.str.contains(_PLAIN) | value.str.replace_all("-", "", literal=True).str.contains(_LONG_NUMBER)
    length = pl.format("({} characters)", value.str.len_chars())
    telling = (tells | slipped) & ~value.str.contains(_MASKED)
    return failures.with_columns(value=pl.when(telling).then(length).otherwise(value))
