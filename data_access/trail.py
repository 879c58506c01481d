"""`python -m data_access trail`: prove that the audit trail is whole, or find who looked at a person."""

import argparse
import sys

from data_access.csv_file import csv_bytes
from data_access.settings import load_settings
from data_access.store import Store

FAILED, BROKEN = 2, 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    under = parser.add_subparsers(dest="task", required=True, metavar="TASK")
    verify = under.add_parser("verify", help="prove that no entry was changed, taken out or put in")
    verify.add_argument("--head", metavar="NUMBER:SEAL", type=_head, help="what an earlier run printed")
    find = under.add_parser("find", help="list who looked at an officer, by the officer's id")
    find.add_argument("officer_id", metavar="OFFICER_ID")
    for each in (verify, find):
        each.add_argument("--store", metavar="URL", help="the store (default: the one of config.toml)")


def run(arguments: argparse.Namespace) -> int:
    """Verify: 0 where the trail is whole, 3 where it is not. Find: 0."""
    store = Store.open(load_settings(), url=arguments.store)
    return _verify(store, arguments.head) if arguments.task == "verify" else _find(store, arguments.officer_id)


def _verify(store: Store, known: tuple[int, str] | None) -> int:
    wrong, (number, seal) = store.verify_trail(known)
    if wrong:
        print(f"The audit trail is not whole: {wrong}. It is right up to entry {number}.", file=sys.stderr)
        return BROKEN
    print(f"The audit trail is whole: {number:,} entries. Note its head elsewhere, for --head: {number}:{seal}")
    return 0


def _find(store: Store, officer_id: str) -> int:
    rows = store.trail_of(officer_id)
    print(csv_bytes(rows, line_end="\n").decode(), end="")
    return 0


def _head(text: str) -> tuple[int, str]:
    number, _, seal = text.partition(":")
    if not number.isdigit() or len(seal) != 64:
        raise argparse.ArgumentTypeError(f"{text!r} is not a head; give NUMBER:SEAL as `trail verify` printed it")
    return int(number), seal
