"""The command `python -m data_access digest`: after the nightly load, what is new to those who subscribed."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from data_access.settings import load_settings
from data_access.store import Store
from pages.digest.job import Night, digest

FAILED, NOT_ALL = 2, 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--html", metavar="DIR", type=Path, help="write each digest as an HTML file here too")
    parser.add_argument("--store", metavar="URL", help="the store (default: the one of config.toml)")


def run(arguments: argparse.Namespace) -> int:
    """Send what is new. Gives 0; 3 where a message may not have been sent or was refused; 2 where none could be."""
    settings = load_settings()
    if not settings.mail.address_of_suite:
        print("[mail] of config.toml says no address_of_suite: the links of a digest lead there", file=sys.stderr)
        return FAILED
    if not settings.mail.host and arguments.html is None:
        print("[mail] of config.toml names no host: give --html DIR, or set a server up", file=sys.stderr)
        return FAILED
    night = digest(Store.open(settings, url=arguments.store), datetime.now(UTC), arguments.html)
    print(as_text(night))
    if night.failure:
        print(f"The e-mail server could not be used ({night.failure}); what is queued waits.", file=sys.stderr)
        return FAILED
    return NOT_ALL if night.unsure or night.ended["refused"] else 0


def as_text(night: Night) -> str:
    """Say what a run did in counts, and which messages may not have been sent; nobody's name or mailbox."""
    ended = ", ".join(f"{count} {state}" for state, count in sorted(night.ended.items())) or "none waited"
    lines = [f"Digests: {night.queued} queued; {ended}."]
    lines += [f"May not have been sent, and is not sent again: {one}" for one in night.unsure]
    return "\n".join(lines)
