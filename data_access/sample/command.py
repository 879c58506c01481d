"""The command `python -m data_access sample DIR`."""

import argparse
import sys
from pathlib import Path

from data_access.sample.force import write_sample
from data_access.sample.writing import NotASampleFolder

FAILED = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "folder", metavar="DIR", type=Path, help="folder to write into: new, empty or of an earlier sample"
    )
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same bytes (default: %(default)s)")
    parser.add_argument("--months", type=int, default=24, help="whole months up to the last one (default: %(default)s)")
    parser.add_argument(
        "--scale", type=float, default=0.1, help="share of the people; 1 is the full force (default: %(default)s)"
    )
    parser.add_argument(
        "--fix-seconds", type=int, default=300, help="seconds between radio fixes (default: %(default)s)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the sample; give 0, or 2 where nothing could be written."""
    try:
        write_sample(
            arguments.folder,
            seed=arguments.seed,
            months=arguments.months,
            scale=arguments.scale,
            fix_seconds=arguments.fix_seconds,
            progress=_show,
        )
    except (NotASampleFolder, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return FAILED
    print(f"Sample data written to {arguments.folder}", file=sys.stderr)
    return 0


def _show(what: str, share: float) -> None:
    if sys.stderr.isatty():
        print(f"\r{share:4.0%} {what:<40}", end="" if share < 1 else "\n", file=sys.stderr, flush=True)
