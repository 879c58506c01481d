"""A real PostgreSQL server for the tests: Debian's own, on a free loopback port, gone at the end."""

import getpass
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL, make_url

from tests.processes import ending_with_us

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


def _as(account: str) -> dict[str, Any]:
    """Give the options that run a program as `account`, who must not be root."""
    switch = {"user": account, "group": pwd.getpwnam(account).pw_gid, "extra_groups": []}
    return switch if os.geteuid() == 0 else {}


def _make(account: str, folder: Path, *command: str | Path) -> None:
    """Run a program that makes something; its words are the failure's words."""
    done = subprocess.run(command, cwd=folder, text=True, capture_output=True, timeout=120, **_as(account))
    if done.returncode:
        said = done.stdout + done.stderr
        pytest.fail(f"{Path(command[0]).name} failed; it said:\n{said}", pytrace=False)


@contextmanager
def _running(account: str, folder: Path, *command: str | Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the end of the block, or of this process, however that ends."""
    with (folder / "log").open("wb") as log:
        asked = ending_with_us(*map(str, command), by="INT")  # as on Ctrl-C: its clients are let go
        server = subprocess.Popen(asked, cwd=folder, stdout=log, stderr=log, **_as(account))
        try:
            yield server
        finally:
            server.send_signal(signal.SIGQUIT)  # at once: nothing in it is wanted any more
            server.wait(timeout=60)


def _wait_for(server: subprocess.Popen[bytes], url: URL, log: Path) -> None:
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    for _ in range(600):
        if server.poll() is not None:
            pytest.fail(f"PostgreSQL did not start; it said:\n{log.read_text()}", pytrace=False)
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"PostgreSQL did not answer within a minute; it said:\n{log.read_text()}", pytrace=False)


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
    settings = [f"-c{one}" for one in (*FAST, "listen_addresses=127.0.0.1", f"port={port}")]
    url = URL.create("postgresql+psycopg", "npd", password, "127.0.0.1", port, "postgres")
    try:
        login = ("--username=npd", f"--pwfile={secret}", "--auth=scram-sha-256")
        _make(account, folder, binaries / "initdb", "-D", data, *login, "--locale=C.UTF-8", "--no-sync")
        with _running(account, folder, binaries / "postgres", "-D", data, *settings) as server:
            _wait_for(server, url, folder / "log")
            yield url
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def postgres_url(postgres_server: URL) -> Iterator[str]:
    """Create an empty database; give its URL; drop it afterwards."""
    with database(postgres_server) as url:
        yield url


@contextmanager
def database(server: URL, original: str = "template1") -> Iterator[str]:
    """Create a copy of a database that nobody is connected to; give its URL; drop it, whoever is still connected."""
    name = f"test_{next(NUMBERS)}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {original}")
    yield server.set(database=name).render_as_string(hide_password=False)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def _administer(server: URL, statement: str) -> None:
    address = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement)
