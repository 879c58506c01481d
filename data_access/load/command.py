"""`python -m data_access load DIR`: extracts into the store, with progress on a terminal and a report at the end."""

import argparse
import getpass
import sys
from collections.abc import Callable
from pathlib import Path

from data_access.load.ingest import load
from data_access.load.report import NOTHING_LOADED, Report, as_json, as_text
from data_access.private import write_file
from data_access.settings import load_settings
from data_access.store import Store

WIDTH = 78


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("folder", metavar="DIR", type=Path, nargs="?", help="the folder that holds the extracts")
    parser.add_argument(
        "--stays",
        metavar="DIR",
        type=Path,
        action="append",
        default=[],
        help="a folder that `stays --out DIR` wrote, in place of its fixes (may be given again)",
    )
    parser.add_argument("--store", metavar="URL", help="the store (default: the one of config.toml)")
    parser.add_argument("--report", metavar="FILE", type=Path, help="write the report as JSON too")
    parser.add_argument("--by", metavar="NAME", default=None, help="who loads (default: the signed-in user)")


def run(arguments: argparse.Namespace) -> int:
    """Load; exit 0: every row loaded; 3: some were set aside; 2: nothing could be loaded, nothing changed."""
    if arguments.folder is None and not arguments.stays:
        print("give the folder that holds the extracts, or --stays DIR, or both", file=sys.stderr)
        return NOTHING_LOADED
    tell, finish = teller()
    by = arguments.by or getpass.getuser()
    try:
        store = Store.open(load_settings(), url=arguments.store)
        report = load(store, arguments.folder, by, tell, stays=arguments.stays)
    except Exception as error:  # whatever it was, the caller's script reads the exit code and the report
        reason = str(error).splitlines()[0] if str(error) else ""
        report = Report(data_version=None, error=f"{type(error).__name__}: {reason}")
    finish()
    print(as_text(report), file=sys.stderr if report.exit_code == NOTHING_LOADED else sys.stdout)
    if arguments.report:
        _write(arguments.report, report)
    return report.exit_code


def _write(file: Path, report: Report) -> None:
    """Write the report; where that fails the load stands, and its exit code with it."""
    try:
        write_file(file, (as_json(report) + "\n").encode())
    except OSError as error:
        print(f"The report could not be written to {file}: {error.strerror}. The load stands.", file=sys.stderr)


def teller() -> tuple[Callable[[str], None], Callable[[], None]]:
    """Return how to tell progress, and how to end: one line that changes on a terminal, silence elsewhere."""
    if not sys.stderr.isatty():
        return lambda _: None, lambda: None

    def tell(words: str) -> None:
        print(f"\r{words[:WIDTH]:<{WIDTH}}", end="", file=sys.stderr, flush=True)

    return tell, lambda: print(f"\r{'':<{WIDTH}}\r", end="", file=sys.stderr, flush=True)
