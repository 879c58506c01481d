"""How a load names officers and callers: as it began, or, once pseudonyms are asked for, under these for good."""

import polars as pl
from sqlalchemy import Column, Connection, MetaData, Table, Text, bindparam, select, text, update

from data_access.database.connection import insert_frame, read_frame
from data_access.database.ledger import names_of
from data_access.database.schema import metadata
from data_access.database.sealed_names import seal
from data_access.feeds.columns import Personal
from data_access.feeds.pseudonyms import PREFIX, fingerprint, keyed, naming_of
from data_access.load.discovery import NothingToLoad
from data_access.store import Store

MADE = (
    "officers and callers are kept under pseudonyms, which only {} can make again. Back it up apart from the store: "
    "without it no later extract can be joined to what is there"
)
ENGINES_OWN = ("visibility", "hotspot_stays", "fix_quality", "fix_edges")
officers = metadata.tables["officers"]


def naming_for(connection: Connection, store: Store) -> bytes | None:
    """Return the key that this load names people with; None: as they come. A store that has pseudonyms keeps to them.

    Raises NothingToLoad where the secret is not the one that the store's people are named with.
    """
    given, naming = names_of(connection), naming_of(store.secret)
    if given and given != fingerprint(naming):
        raise NothingToLoad(
            "officers and callers of this store are named with another secret, and nobody would be found again: give "
            "back the secret file (or NPD_SECRET) that it was loaded with; if that is lost, load every extract into "
            "a new store"
        )
    return naming if given or store.settings.privacy.pseudonyms else None


def put_under_pseudonyms(connection: Connection, naming: bytes) -> None:
    """Rename everybody in a store that was loaded with the force's own identifiers."""
    _seal_names(connection, naming)
    for table, column, kind in people_columns():
        ids = read_frame(connection, select(table.c[column]).distinct()).to_series().drop_nulls()
        _rename(connection, table, column, pl.DataFrame({"was": ids, "now": keyed(ids, kind, naming)}))


def people_columns() -> list[tuple[Table, str, Personal]]:
    """List where the store names an officer or a caller: table, column, and which of the two."""
    found = []
    for table in metadata.sorted_tables:
        for column in table.columns:
            of_engine = table.name in ENGINES_OWN and column.name == "officer_id"
            kind = "officer" if of_engine else column.info.get("personal")
            if kind in PREFIX:
                found.append((table, str(column.name), kind))
    return found


def _seal_names(connection: Connection, naming: bytes) -> None:
    """Seal the officers' names, under the pseudonyms that they are about to have."""
    rows = read_frame(connection, select(officers.c.officer_id, officers.c.display_name)).rows()
    now = keyed(pl.Series([one for one, _ in rows], dtype=pl.String), "officer", naming)
    sealed = [
        {"_was": was, "_name": seal(name or was, person, naming)} for (was, name), person in zip(rows, now, strict=True)
    ]
    if sealed:
        mine = update(officers).where(officers.c.officer_id == bindparam("_was"))
        connection.execute(mine.values(display_name=bindparam("_name")), sealed)


def _rename(connection: Connection, table: Table, column: str, names: pl.DataFrame) -> None:
    stage = Table("stage_names", MetaData(), Column("was", Text, primary_key=True), Column("now", Text))
    connection.execute(text("DROP TABLE IF EXISTS stage_names"))
    connection.execute(text("CREATE TEMPORARY TABLE stage_names (was TEXT PRIMARY KEY, now TEXT)"))
    insert_frame(connection, stage, names)
    renamed = select(stage.c.now).where(stage.c.was == table.c[column]).scalar_subquery()
    known = table.c[column].in_(select(stage.c.was))
    connection.execute(update(table).where(known).values({column: renamed}))
