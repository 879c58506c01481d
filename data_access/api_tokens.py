"""`python -m data_access token`: make, list and revoke the tokens with which other tools read the HTTP API."""

import argparse
import getpass
import sys
from datetime import UTC, datetime

from data_access.database import tokens
from data_access.settings import Settings, load_settings
from data_access.store import Store

FAILED = 2
USUAL_DAYS, MOST_DAYS = 90, 366


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    under = parser.add_subparsers(dest="task", required=True, metavar="TASK")
    make = under.add_parser("make", help="make a token; it is printed this once")
    make.add_argument("--viewer", required=True, metavar="ID", help="whose eyes it has: the id of a [[viewers]] table")
    make.add_argument("--purpose", required=True, metavar="WORDS", help="what it is for: Power BI of the force's board")
    make.add_argument("--days", type=_days, default=USUAL_DAYS, help=f"how long it holds (default {USUAL_DAYS})")
    listed = under.add_parser("list", help="list the tokens: nothing of them can be used")
    revoke = under.add_parser("revoke", help="end a token at once")
    revoke.add_argument("token_id", metavar="TOKEN_ID", help="as `token list` gives it")
    for each in (make, listed, revoke):
        each.add_argument("--store", metavar="URL", help="the store (default: the one of config.toml)")


def run(arguments: argparse.Namespace) -> int:
    """Return 0: done; 2: not done, and a sentence on stderr says why."""
    settings = load_settings()
    store = Store.open(settings, url=arguments.store)
    if arguments.task == "list":
        return _list(store, settings)
    who = f"command line: {getpass.getuser()}"
    return _make(store, settings, arguments, who) if arguments.task == "make" else _revoke(store, arguments, who)


def _make(store: Store, settings: Settings, arguments: argparse.Namespace, who: str) -> int:
    known = [viewer.id for viewer in settings.viewers]
    if arguments.viewer not in known:
        print(f"no viewer {arguments.viewer!r}; config.toml has {', '.join(known) or 'none'}", file=sys.stderr)
        return FAILED
    names = {"by": who, "days": arguments.days}
    print(tokens.make(store.desk, store.secret, arguments.viewer, arguments.purpose, **names))
    print("Keep it where passwords are kept: it is not stored, and nobody can print it again.", file=sys.stderr)
    return 0


def _list(store: Store, settings: Settings) -> int:
    viewers, now = {viewer.id for viewer in settings.viewers}, datetime.now(UTC)
    for one in tokens.every(store.desk):
        state = one.ended(now) or ("holds" if one.viewer in viewers else "no such viewer any more")
        print(f"{one.token_id}  {one.viewer}  {state}  until {one.expires_at:%Y-%m-%d}  {one.purpose}")
    return 0


def _revoke(store: Store, arguments: argparse.Namespace, who: str) -> int:
    if tokens.revoke(store.desk, store.secret, arguments.token_id, by=who):
        return 0
    print(f"no token {arguments.token_id!r} that holds; `token list` lists them", file=sys.stderr)
    return FAILED


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_DAYS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days from 1 to {MOST_DAYS}")
    return int(text)
