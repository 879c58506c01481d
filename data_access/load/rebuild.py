"""`python -m data_access rebuild`: the published facts again, from the store's rows."""

import argparse
import getpass
import sys

from data_access.load.command import teller
from data_access.load.discovery import NothingToLoad
from data_access.load.ingest import rebuild
from data_access.settings import load_settings
from data_access.store import Store

NOTHING = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--store", metavar="URL", help="the store (default: the one of config.toml)")


def run(arguments: argparse.Namespace) -> int:
    """Rebuild; needed when a parameter of config.toml changed, or the read copies were lost. 2: there is nothing to."""
    tell, finish = teller()
    try:
        number = rebuild(Store.open(load_settings(), url=arguments.store), getpass.getuser(), tell)
    except NothingToLoad as refusal:
        finish()
        print(refusal, file=sys.stderr)
        return NOTHING
    finish()
    print(f"Data version {number}: every published fact made again.")
    return 0
