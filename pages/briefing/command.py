"""The commands `python -m data_access briefing` and `pack`: a month of the force or an LPA, as a page or as slides."""

import argparse
import getpass
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from data_access.answers.reader import Reader
from data_access.export import month_argument
from data_access.private import write_file
from data_access.scope import Scope
from data_access.settings import load_settings
from data_access.store import Store
from pages.briefing.document import write
from pages.briefing.material import Area, gather

FAILED = 2
Make = Callable[[Reader, Area, date], bytes]


def add_arguments(parser: argparse.ArgumentParser, kind: str = "HTML") -> None:
    """Declare the command's arguments."""
    parser.add_argument("--month", required=True, type=month_argument, help="the month, YYYY-MM")
    parser.add_argument("--lpa", metavar="CODE", help="code of an LPA (default: the whole force)")
    parser.add_argument("--out", required=True, metavar="FILE", type=Path, help=f"the {kind} file to write")
    parser.add_argument("--store", metavar="URL", help="the store (default: the one of config.toml)")


def run(arguments: argparse.Namespace) -> int:
    """Write the briefing. Gives 0, or 2 with a sentence on stderr, and then no file."""
    return write_month(arguments, "briefing", _page)


def _page(reader: Reader, area: Area, month: date) -> bytes:
    return write(gather(reader, area, month), datetime.now(UTC)).encode()


def write_month(arguments: argparse.Namespace, what: str, make: Make) -> int:
    """Write what `make` makes of the month asked for, entered in the trail as `what`; gives what `run` gives."""
    everything = Reader.open(Store.open(load_settings(), url=arguments.store), Scope.whole_force("briefing"))
    areas = _areas(everything)
    refusal = _refusal(everything, areas, arguments)
    if refusal:
        print(refusal, file=sys.stderr)
        return FAILED
    level = "lpa" if arguments.lpa else "force"
    code = arguments.lpa or everything.settings.force.code
    area = Area(level=level, code=code, name=areas[level, code])
    content = make(_reader(everything, arguments.lpa), area, arguments.month)
    who = f"command line: {getpass.getuser()}"
    everything.store.record(who, "exported", arguments.out.name, f"{what} of {area.name}, {arguments.month:%Y-%m}")
    try:
        arguments.out.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_file(arguments.out, content)
    except OSError as error:
        print(f"{arguments.out} cannot be written: {error.strerror}", file=sys.stderr)
        return FAILED
    print(f"{arguments.out}: {area.name}, {arguments.month:%Y-%m}")
    return 0


def _reader(everything: Reader, lpa: str | None) -> Reader:
    """Return the eyes of a commander of that LPA, for whom nobody is named: what is printed is handed on."""
    return everything if lpa is None else everything.through(Scope.one_lpa("briefing", lpa))


def _areas(reader: Reader) -> dict[tuple[str, str], str]:
    """Return the names of the force and its LPAs by level and code."""
    members = reader.members().filter(pl.col("level").is_in(["force", "lpa"]))
    return {(level, code): name for level, code, name in members.select("level", "code", "name").iter_rows()}


def _refusal(reader: Reader, areas: dict[tuple[str, str], str], arguments: argparse.Namespace) -> str | None:
    """Say why there can be no such briefing; None: there can."""
    held = reader.version.months
    if held is None:
        return "nothing is loaded: load a folder of extracts first (python -m data_access load DIR)"
    if not held[0] <= arguments.month <= held[1]:
        return f"no month {arguments.month:%Y-%m}: the store holds {held[0]:%Y-%m} to {held[1]:%Y-%m}"
    known = sorted(code for level, code in areas if level == "lpa")
    if arguments.lpa and arguments.lpa not in known:
        return f"no LPA {arguments.lpa!r}: the store holds {', '.join(known)}"
    return None
