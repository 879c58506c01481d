"""Where an erased person is still written about: texts that people wrote, which no machine can take apart."""

import re
from collections.abc import Sequence

import polars as pl
from sqlalchemy import Column, Connection, Text, or_, select

from data_access.database.connection import read_frame, reading
from data_access.database.schema import DESK, metadata
from data_access.database.sealed_names import with_names
from data_access.feeds.contract import FEEDS
from data_access.feeds.personal import personal_columns
from data_access.feeds.pseudonyms import pseudonym_of
from data_access.store import Store

officers = metadata.tables["officers"]


def other_names(connection: Connection, person: str, naming: bytes | None) -> list[str]:
    """Return what else names a person in the store: pseudonyms (`naming` is their key) and an officer's own name."""
    kept_under = [pseudonym_of(person, kind, naming) for kind in ("officer", "caller")] if naming else []
    mine = officers.c.officer_id.in_([person, *kept_under])
    rows = read_frame(connection, select(officers.c.officer_id, officers.c.display_name).where(mine))
    named = with_names(rows, naming) if naming else rows
    return [*kept_under, *named["display_name"].drop_nulls()]


def free_text() -> dict[str, list[str]]:
    """Name the columns of each feed in which somebody wrote what they liked."""
    columns = {feed: [name for name, kind in personal_columns(feed).items() if kind == "text"] for feed in FEEDS}
    return {feed: names for feed, names in columns.items() if names}


def mentioned(store: Store, names: Sequence[str]) -> dict[tuple[str, str], int]:
    """Count by table and column the rows, of extracts and of what viewers wrote, whose text has one of the names.

    Every column of text is looked through, whatever it is for. A name counts as a whole word, in any case.
    """
    whole = "|".join(rf"(?:^|[^\pL\pN]){re.escape(name)}(?:$|[^\pL\pN])" for name in names)
    found = {}
    for engine, is_desk in ((store.engine, False), (store.desk, True)):
        with reading(engine) as connection:
            for table in (one for one in metadata.sorted_tables if (one in DESK) == is_desk):
                if texts := [column for column in table.columns if isinstance(column.type, Text)]:
                    told = _told_in(connection, texts, names).cast(pl.String)
                    counts = told.select(pl.all().str.contains(f"(?i){whole}").sum()).row(0, named=True)
                    found |= {(table.name, column): count for column, count in counts.items() if count}
    return found


def _told_in(connection: Connection, texts: Sequence[Column[str]], names: Sequence[str]) -> pl.DataFrame:
    """Read columns of one table, the rows in which one has a name: of many columns too the table is gone over once."""
    told = or_(*(column.icontains(name, autoescape=True) for column in texts for name in names))
    return read_frame(connection, select(*texts).where(told))
