"""Schema versions: a new store gets the tables of schema.py, an older one is brought forward without losing a row."""

from importlib.resources import files
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from data_access.database.connection import lock_loads, reading, writing
from data_access.database.schema import metadata

SCRIPTS = Path(__file__).parent / "migrations"
# Read as a resource: a Spark job runs this program from a zip archive, in which no folder can be listed.
_VERSIONS = files("data_access.database").joinpath("migrations", "versions")
NEWEST = max(script.name[:4] for script in _VERSIONS.iterdir() if script.name[:1].isdigit())


def to_newest(engine: Engine, secret: bytes = b"") -> None:
    """Make or migrate the store's tables; a store that is up to date is only read, so that no load holds it up.

    `secret` seals what an older audit trail holds.
    """
    if revision(engine) == NEWEST:
        return
    # Alembic takes a quarter of a second to import, and is wanted once in a store's life
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with writing(engine) as connection:
        lock_loads(connection)
        config.attributes["connection"], config.attributes["secret"] = connection, secret
        try:
            if _revision(connection) is None:
                metadata.create_all(connection)
                command.stamp(config, "head")
            else:
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
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
