"""How the table of a feed is declared: its own columns, and which line of which file each row came from."""

from typing import Any

from sqlalchemy import BigInteger, Column, Index, MetaData, Table

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMING)


def feed_table(
    name: str, comment: str, *columns: Column[Any], indexed: tuple[str | tuple[str, ...], ...] = ()
) -> Table:
    """Declare the table of a feed: its own columns, and which line of which file each row came from.

    `indexed`: a column each, or several in one index.
    """
    table = Table(
        name,
        metadata,
        *columns,
        Column("file_id", BigInteger, nullable=False, comment="the file it came from: load_files.file_id"),
        Column(
            "line", BigInteger, nullable=False, comment="its line in that file (a feature's place in GeoJSON)"
        ),
        comment=comment,
        sqlite_with_rowid=False,
    )
    for names in indexed:
        Index(None, *(table.c[one] for one in ((names,) if isinstance(names, str) else names)))
    return table
