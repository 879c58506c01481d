"""`python -m tests.bench.viewers [--store URL] [--viewers 50] [--load DIR]`: many viewers at once, by websocket.

Each viewer speaks Streamlit's own protocol to the server: opens a page, then takes a step every ten seconds or so,
to another page, LPA or month. In the same run the same is done to a bare Streamlit page: the least that a step can
cost. `--load` loads a folder into the store in the middle. Seconds are those of the machine, clients and all.
"""

import argparse
import asyncio
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from data_access.settings import ROOT
from tests.bench.clicks import serving

PAGES = (
    *("", "abstractions", "visibility", "asb", "impact_areas"),
    *("patrols", "framework", "workforce", "need", "response"),
)
LPAS = ("E08000025", "E08000026", "E08000027", "E08000028", "E08000029", "E08000030", "E08000031", None)
VERSION = re.compile(r"Data version (\d+)")
STREAMED, LONGEST = "/_stcore/stream", 300.0  # seconds until a step is given up


@dataclass(frozen=True, kw_only=True)
class Step:
    """What one step took and brought: seconds, bytes, and the data versions and errors that its messages tell of."""

    page: str
    first: bool
    seconds: float
    size: int
    versions: frozenset[str]
    errors: tuple[str, ...]


@dataclass(kw_only=True)
class Viewer:
    """One browser tab: its connection, and the messages that it keeps, so that the server need not send them again."""

    socket: websockets.ClientConnection
    kept: set[str] = field(default_factory=set)
    taken: int = 0

    async def step(self, page: str, query: dict[str, str]) -> Step:
        """Ask for a page with an address and wait until its script has finished."""
        asked = BackMsg()
        state = asked.rerun_script
        state.query_string, state.page_name = urlencode(query), page
        state.is_history_navigation = self.taken > 0  # the address changed under the page, as Back does
        state.cached_message_hashes.extend(self.kept)
        began, first = time.perf_counter(), self.taken == 0
        await self.socket.send(asked.SerializeToString())
        self.taken += 1
        told = [one async for one in self._until_finished()]
        found = [text for message, _ in told for text in texts(message)]
        return Step(
            page=page,
            first=first,
            seconds=time.perf_counter() - began,
            size=sum(size for _, size in told),
            versions=frozenset(version for text in found for version in VERSION.findall(text)),
            errors=tuple(error for message, _ in told for error in errors(message)),
        )

    async def _until_finished(self) -> AsyncIterator[tuple[ForwardMsg, int]]:
        while True:
            data = await asyncio.wait_for(self.socket.recv(), LONGEST)
            message = ForwardMsg.FromString(data)
            if message.metadata.cacheable and message.hash:
                self.kept.add(message.hash)
            yield message, len(data)
            if message.WhichOneof("type") == "script_finished":
                return


def texts(message: ForwardMsg) -> list[str]:
    """Return the texts of a message in which a data version may stand."""
    return [message.delta.new_element.markdown.body] if message.HasField("delta") else []


def errors(message: ForwardMsg) -> list[str]:
    """Return what a message says went wrong."""
    if message.WhichOneof("type") == "script_finished":
        right = message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
        return [] if right else [ForwardMsg.ScriptFinishedStatus.Name(message.script_finished)]
    element = message.delta.new_element
    if element.WhichOneof("type") == "exception":
        return [element.exception.type or "exception"]
    return [element.alert.body] if element.WhichOneof("type") == "alert" and element.alert.format == 1 else []


async def viewing(address: str, number: int, steps: int, pages: tuple[str, ...], rest: float) -> list[Step]:
    """Be one viewer: open a page, then take steps with some rest between them; chance is seeded by the number."""
    chance = random.Random(number)
    await asyncio.sleep(chance.uniform(0, rest))
    done: list[Step] = []
    socket_address = address.replace("http", "ws") + STREAMED
    async with websockets.connect(socket_address, subprotocols=["streamlit"], origin=address, max_size=None) as socket:
        viewer = Viewer(socket=socket)
        for step in range(steps):
            lpa = chance.choice(LPAS)
            done.append(await viewer.step(pages[(number + step) % len(pages)], {"lpa": lpa} if lpa else {}))
            await asyncio.sleep(max(0.0, chance.gauss(rest, rest / 5)))
    return done


async def crowd(address: str, viewers: int, steps: int, pages: tuple[str, ...], rest: float) -> list[Step]:
    """Let so many viewers at once take their steps."""
    every = [viewing(address, number, steps, pages, rest) for number in range(viewers)]
    return [step for steps_of_one in await asyncio.gather(*every) for step in steps_of_one]


def report(name: str, steps: list[Step], processor: float, memory: float) -> None:
    """Print what steps took: of all, and of each page."""
    first, later = ([one for one in steps if one.first is which] for which in (True, False))
    mixed = sum(len(one.versions) > 1 for one in steps)
    wrong = [error for one in steps for error in one.errors]
    print(f"{name}: {len(steps)} steps, first page {median(one.seconds for one in first):.2f} s, then {_row(later)}")
    each = 1000 * processor / len(steps)
    print(f"  {each:.0f} ms of processor a step, {memory:.0f} MB, {len(wrong)} errors, {mixed} steps of mixed versions")
    for page in sorted({one.page for one in later}):
        print(f"  {page or 'overview':<16}{_row([one for one in later if one.page == page])}")
    for error in sorted(set(wrong)):
        print(f"  error: {error}")


def _row(steps: list[Step]) -> str:
    seconds = [one.seconds for one in steps]
    slow = quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
    return f"{median(seconds):.2f} s in the median, {slow:.2f} s at the 95th percentile, {_kilobytes(steps):.0f} kB"


def _kilobytes(steps: list[Step]) -> float:
    return sum(one.size for one in steps) / len(steps) / 1000


def used_by(port: str) -> tuple[float, float]:
    """Return the seconds of processor and the MB of memory of the server on a port of this machine."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            line = (process / "cmdline").read_bytes().split(b"\0")
            if b"--server.port" in line and port.encode() in line:
                ticks = (process / "stat").read_text().rpartition(")")[2].split()
                resident = int((process / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
                return (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK"), resident / 1e6
    raise SystemExit(f"no server on port {port}")


def measure(script: str, environment: dict[str, str], pages: tuple[str, ...], arguments: argparse.Namespace) -> None:
    """Serve a script, let the viewers at it, and print what they met with."""
    with serving(script, environment) as address:
        port = address.rpartition(":")[2]
        time.sleep(arguments.warm)
        before, _ = used_by(port)
        loading = None
        if arguments.load and script == "app.py":
            wait = f"sleep {arguments.steps * arguments.rest / 2:.0f}; exec {sys.executable} -m data_access load "
            loading = subprocess.Popen(["sh", "-c", wait + '"$0"', arguments.load], cwd=ROOT, env=environment)
        steps = asyncio.run(crowd(address, arguments.viewers, arguments.steps, pages, arguments.rest))
        after, memory = used_by(port)
        if loading is not None and loading.wait():
            print("  the load in the middle failed")
        report(script, steps, after - before, memory)


def main() -> int:
    """Measure the suite beside a bare page."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.viewers", description=__doc__)
    parser.add_argument("--store", metavar="URL", help="a store with the sample force (default: that of config.toml)")
    parser.add_argument("--viewers", type=int, default=50)
    parser.add_argument("--steps", type=int, default=12, help="of each viewer, the first page included")
    parser.add_argument("--rest", type=float, default=10.0, help="seconds between two steps of a viewer")
    parser.add_argument("--warm", type=float, default=60.0, help="seconds for which the server may work ahead")
    parser.add_argument("--load", metavar="DIR", help="a folder to load into the store in the middle")
    arguments = parser.parse_args()
    environment = {**os.environ, **({"NPD_STORE_URL": arguments.store} if arguments.store else {})}
    measure("tests/bench/bare.py", environment, ("",), argparse.Namespace(**{**vars(arguments), "warm": 0.0}))
    measure("app.py", environment, PAGES, arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main())
