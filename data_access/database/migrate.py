"""Schema versions: a new store gets the tables of schema.py, an older one is brought forward without losing a row."""

from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    create_mock_engine,
    insert,
    inspect,
    select,
)

from data_access.database.connection import lock_loads, reading, writing
from data_access.database.schema import metadata

SCRIPTS = Path(__file__).parent / "migrations"
# Read as a resource: a Spark job runs this program from a zip archive, in which no folder can be listed.
_VERSIONS = files("data_access.database").joinpath("migrations", "versions")
NEWEST = max(script.name[:4] for script in _VERSIONS.iterdir() if script.name[:1].isdigit())

# Alembic's own table, as it makes it: a new store is born at the newest version, without reading any migration.
_alembic_version = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def to_newest(engine: Engine, secret: bytes = b"") -> None:
    """Make or migrate the store's tables; a store that is up to date is only read, so that no load holds it up.

    `secret` seals what an older audit trail holds.
    """
    if revision(engine) == NEWEST:
        return
    with writing(engine) as connection:
        lock_loads(connection)
        if _revision(connection) is None:
            for statement in _new_tables(f"{engine.dialect.name}+{engine.driver}"):
                connection.exec_driver_sql(statement)
            connection.execute(insert(_alembic_version).values(version_num=NEWEST))
        else:
            _bring_forward(connection, secret)


@lru_cache(maxsize=2)
def _new_tables(drivername: str) -> tuple[str, ...]:
    """Return the SQL that makes every table, as a database takes it; written once, however many stores are made."""
    statements = []
    engine = create_mock_engine(
        f"{drivername}://", lambda made, *_, **__: statements.append(str(made.compile(dialect=engine.dialect)))
    )
    for tables in (metadata, _alembic_version.metadata):
        tables.create_all(engine, checkfirst=False)
    return tuple(statements)


def _bring_forward(connection: Connection, secret: bytes) -> None:
    # Alembic takes a quarter of a second to import, and is wanted once in a version's life
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"], config.attributes["secret"] = connection, secret
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise ValueError(
            f"the store has schema version {_revision(connection)}, and this program knows none after {NEWEST}: "
            "open it with the newer program that made it"
        ) from error


def revision(engine: Engine) -> str | None:
    """Return the schema version of a store; None: it has no tables yet."""
    with reading(engine) as connection:
        return _revision(connection)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(select(_alembic_version.c.version_num)).scalar()
