"""`python -m data_access rejected`: the rows that loads set aside, and why."""

import argparse
import getpass
import sys

from data_access.csv_file import csv_bytes
from data_access.database import ledger
from data_access.database.connection import reading
from data_access.settings import load_settings
from data_access.store import Store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--store", metavar="URL", help="the store (default: the one of config.toml)")
    parser.add_argument("--limit", metavar="N", type=int, default=1000, help="at most N rows (default: 1000)")


def run(arguments: argparse.Namespace) -> int:
    """Print the rows set aside as CSV, the newest load first."""
    store = Store.open(load_settings(), url=arguments.store)
    with reading(store.engine) as connection:
        rows = ledger.rejected(connection, arguments.limit)
    who = f"command line: {getpass.getuser()}"
    store.record(who, "exported", "rows set aside", f"{rows.height:,} rows")
    sys.stdout.write(csv_bytes(rows, line_end="\n").decode())
    return 0
