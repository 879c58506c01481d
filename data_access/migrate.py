"""Schema versions: every store is brought forward to the newest before it is used, without losing a row."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from data_access.database import writing
from data_access.schema import metadata

SCRIPTS = Path(__file__).parent / "migrations"


def to_newest(engine: Engine) -> None:
    """Make or migrate the store's tables."""
    with writing(engine) as connection:
        metadata.create_all(connection)


__all__ = ["Config", "command"]
