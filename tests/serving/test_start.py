"""A real start: which addresses it listens on, and that it asks no other host for anything."""

import json
import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.browser.conftest import free_port, wait_for
from tests.places import ROOT
from tests.processes import ending_with_us

# Python's own audit events tell of every name looked up and every connection made, whatever library makes it.
WATCH = """
import json, os, sys

def heard(event, given):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.connect", "socket.sendto", "socket.bind"):
        asked = given[0] if event in ("socket.getaddrinfo", "socket.gethostbyname") else given[1]
        with open(os.environ["NPD_HEARD"], "a") as file:
            file.write(json.dumps([event, asked[0] if isinstance(asked, tuple) else str(asked)]) + "\\n")

sys.addaudithook(heard)
"""
COMMANDS = {
    "streamlit": ("streamlit", "run", "app.py", "--server.port"),
    "uvicorn": ("uvicorn", "app:app", "--port"),
}


@contextmanager
def started(config: Path, folder: Path, *command: str):
    """Start the suite with a listener inside; give its port and what was heard."""
    (folder / "sitecustomize.py").write_text(WATCH)
    heard, port, said = folder / "heard", free_port(), folder / "log"
    environment = {**os.environ, "NPD_CONFIG": str(config), "NPD_HEARD": str(heard), "PYTHONPATH": str(folder)}
    with said.open("w") as log:
        asked = ending_with_us(sys.executable, "-m", *command, str(port))
        process = subprocess.Popen(asked, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            wait_for(f"http://127.0.0.1:{port}/health", process, said)
            yield port, heard
        finally:
            process.terminate()
            process.wait(timeout=20)


def outside(heard: Path) -> list[str]:
    """What was asked of anything but this machine."""
    asked = [json.loads(line)[1] for line in heard.read_text().splitlines()]
    return [host for host in asked if host not in ("127.0.0.1", "localhost", "::1", "0.0.0.0")]


def answers(address: str, port: int) -> bool:
    with socket.socket() as asked:
        asked.settimeout(2)
        return asked.connect_ex((address, port)) == 0


ANOTHER = "127.0.0.2"  # this machine too, and not where it listens


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_start_listens_on_this_machine_alone_and_asks_nobody(example_store, tmp_path, command) -> None:
    with started(example_store / "config.toml", tmp_path, *command) as (port, heard):
        assert answers("127.0.0.1", port)
        assert not answers(ANOTHER, port)
    assert "socket.bind" in heard.read_text()
    assert outside(heard) == []


def test_told_to_listen_everywhere_it_does_and_still_asks_nobody(example_store, tmp_path) -> None:
    command = ("streamlit", "run", "app.py", "--server.address", "0.0.0.0", "--server.port")
    with started(example_store / "config.toml", tmp_path, *command) as (port, heard):
        assert answers(ANOTHER, port)
    assert outside(heard) == []
