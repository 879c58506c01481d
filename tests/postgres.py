"""A real PostgreSQL server for the tests: Debian's own, on a free loopback port, gone at the end."""

import getpass
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL, make_url

DEBIAN = Path("/usr/lib/postgresql")
ORDINARY = ("postgres", "nobody")  # PostgreSQL refuses to run as root; Debian has at least one of these
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "unix_socket_directories=")
NUMBERS = count(1)


def programs() -> Path:
    """Give the folder of the newest PostgreSQL installed."""
    found = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        pytest.fail(
            f"PostgreSQL is not installed: no {DEBIAN}/*/bin/initdb. Do: apt-get install postgresql", False
        )
    return found[-1].parent


def _account() -> str:
    if os.geteuid() != 0:
        return getpass.getuser()
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ORDINARY if name in names)


def _run(account: str, folder: Path, *command: str | Path) -> None:
    """Run a program of PostgreSQL as `account`; its words are the failure's words."""
    switch = {"user": account, "group": pwd.getpwnam(account).pw_gid, "extra_groups": []}
    done = subprocess.run(
        command,
        cwd=folder,
        text=True,
        capture_output=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
        **(switch if os.geteuid() == 0 else {}),
    )
    if done.returncode:
        said = done.stdout + done.stderr
        pytest.fail(f"{Path(command[0]).name} failed; it said:\n{said}", pytrace=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """Start a server in a temporary folder; give the URL of its administrative database."""
    binaries, account, password, port = programs(), _account(), secrets.token_hex(16), _free_port()
    folder = Path(tempfile.mkdtemp(prefix="npd-postgres-"))
    data, secret = folder / "data", folder / "password"
    secret.write_text(password)
    for path in (folder, secret):
        shutil.chown(path, account)
    options = " ".join(f"-c {setting}" for setting in (*FAST, "listen_addresses=127.0.0.1", f"port={port}"))
    try:
        login = ("--username=npd", f"--pwfile={secret}", "--auth=scram-sha-256")
        _run(account, folder, binaries / "initdb", "-D", data, *login, "--locale=C.UTF-8", "--no-sync")
        _run(
            account,
            folder,
            binaries / "pg_ctl",
            "-D",
            data,
            "-w",
            "-l",
            folder / "log",
            "-o",
            options,
            "start",
        )
        try:
            yield URL.create("postgresql+psycopg", "npd", password, "127.0.0.1", port, "postgres")
        finally:
            _run(account, folder, binaries / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def postgres_url(postgres_server: URL) -> Iterator[str]:
    """Create an empty database; give its URL; drop it afterwards, whoever is still connected."""
    name = f"test_{next(NUMBERS)}"
    _administer(postgres_server, f"CREATE DATABASE {name}")
    yield postgres_server.set(database=name).render_as_string(hide_password=False)
    _administer(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


def _administer(server: URL, statement: str) -> None:
    address = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement)
