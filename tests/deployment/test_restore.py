"""A restore drill on both stores: what `deployment/backup` wrote while a load was running is the whole store again."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import delete, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from data_access.answers.reader import Reader
from data_access.database.connection import writing
from data_access.database.roles import statements
from data_access.database.schema import metadata
from data_access.export import benchmark
from data_access.scope import Scope
from data_access.settings import Settings, StoreSettings
from data_access.store import Store
from tests.data_access.conftest import force_store, postgres_force, postgres_template, sqlite_force
from tests.places import ROOT
from tests.postgres import database

__all__ = ["force_store", "postgres_force", "postgres_template", "sqlite_force"]
OCTOBER = date(2024, 10, 1)
SECRET = "as it was kept apart from every backup"


def ran(script: str, folder: Path, url: str, config: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a script of the deployment as its unit does, on the store at `url`."""
    given = {"NPD_CONFIG": str(config), "NPD_STORE_URL": url, "NPD_PYTHON": sys.executable, **more}
    given["NPD_ADMIN"] = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    command = [ROOT / "deployment" / script, folder]
    return subprocess.run(command, env={**os.environ, **given}, capture_output=True, text=True, timeout=120)


def configured(folder: Path) -> Path:
    folder.mkdir()
    config = folder / "config.toml"
    config.write_text('[store]\nfacts_dir = "facts"\n')
    return config


@contextmanager
def halfway_through_a_load(store: Store) -> Iterator[None]:
    """Hold a load open that has written something and committed nothing."""
    with pytest.raises(InterruptedError), writing(store.engine) as connection:
        connection.execute(update(metadata.tables["loads"]).values(folder="half a load"))
        yield
        raise InterruptedError


@pytest.fixture
def used(force_store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store that viewers have worked with."""
    monkeypatch.setenv("NPD_SECRET", SECRET)
    if force_store.engine.dialect.name == "postgresql":  # with every role, rule of rows and function
        with force_store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(statements())
    force_store.record("chief", "exported", "benchmark-2024-10.csv")
    force_store.judge("analyst", "I1", correct=False, should_be_crime=True, reason="a crime by what the caller said")
    force_store.record("analyst", "viewed", people=["A", "B"])
    return force_store


@pytest.fixture
def empty(used: Store, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a store of the same kind on another machine, where nothing is."""
    if used.engine.dialect.name == "sqlite":
        yield f"sqlite:///{tmp_path}/elsewhere/npd.sqlite"
        return
    with database(request.getfixturevalue("postgres_server")) as url:
        yield url


def backup_of(store: Store, folder: Path) -> Path:
    """Back a store up while a load is running, beside two older backups; give the folder that was written."""
    backups = folder / "backups"
    for name in ("2026-01-20T060000Z", "2026-01-21T060000Z", "lost+found"):
        (backups / name).mkdir(parents=True)
    with halfway_through_a_load(store):
        done = ran("backup", backups, address(store), configured(folder / "here"), NPD_KEEP_BACKUPS="2")
    assert done.returncode == 0, done.stderr
    older, written, other = sorted(backups.iterdir())
    assert (older.name, other.name) == ("2026-01-21T060000Z", "lost+found")
    assert {path.stat().st_mode & 0o077 for path in (written, *written.iterdir())} == {0}
    return written


def address(store: Store) -> str:
    return store.engine.url.render_as_string(hide_password=False)


def figures(store: Store) -> pl.DataFrame:
    return benchmark(Reader.open(store, Scope.whole_force("drill")), OCTOBER).drop("data_version")


def refused_over(store: Store, written: Path, config: Path) -> None:
    """See that a store that is there stays as it is."""
    trail = store.trail(None)
    assert ran("restore", written, address(store), config).returncode != 0
    assert store.trail(None).equals(trail)


def refused_damaged(written: Path, config: Path, folder: Path, empty: str) -> None:
    """See that a backup of which one bit is another is not taken."""
    damaged = shutil.copytree(written, folder / "damaged")
    largest = max(damaged.iterdir(), key=lambda path: path.stat().st_size)
    content = bytearray(largest.read_bytes())
    content[len(content) // 2] ^= 1
    largest.write_bytes(content)
    done = ran("restore", damaged, empty, config)
    assert done.returncode != 0
    assert f"{largest.name}: FAILED" in done.stdout
    assert not (folder / "elsewhere").exists()


def test_what_was_backed_up_is_the_whole_store_again(used: Store, empty: str, tmp_path: Path) -> None:
    known, trail, (_, head) = figures(used), used.trail(None), used.verify_trail()
    written = backup_of(used, tmp_path)
    used.record("chief", "exported", "after the backup")

    there = configured(tmp_path / "there")
    refused_over(used, written, there)
    refused_damaged(written, there, tmp_path, empty)
    done = ran("restore", written, empty, there)
    assert done.returncode == 0, done.stderr
    assert "every published fact made again" in done.stdout
    assert f"The audit trail is whole: {len(trail)} entries" in done.stdout
    with closing(Store.open(Settings(folder=there.parent, store=StoreSettings(url=empty, facts_dir="facts")))) as again:
        assert figures(again).equals(known)
        assert "half a load" not in Reader.open(again, Scope.whole_force("drill")).loads()["folder"]
        assert known.filter(pl.col("value").is_not_null()).height > 20
        assert again.trail(None).equals(trail)
        assert again.verify_trail(head) == (None, head)
        again.record("chief", "viewed", "the restored store")  # the chain goes on
        assert again.verify_trail(head)[0] is None
        with pytest.raises(DBAPIError, match="append"), writing(again.desk) as connection:
            connection.execute(delete(metadata.tables["trail"]))
