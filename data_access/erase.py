"""`python -m data_access erase`: one officer or caller out of the store, its facts and every older copy; or a viewer
who has left, with all that is theirs.
"""

import argparse
import getpass
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from data_access.answers.answer import Question, benchmark_rows
from data_access.answers.reader import Reader
from data_access.database import subscriptions, views
from data_access.database.connection import reading, writing
from data_access.database.ledger import names_of
from data_access.database.own_tables import OWN
from data_access.database.secret import pseudonym
from data_access.database.trail import Entry, append_within
from data_access.feeds.pseudonyms import naming_of
from data_access.load import ingest, mentions
from data_access.load.command import teller
from data_access.load.discovery import NothingToLoad
from data_access.load.erasure import leave_no_copy, write_over
from data_access.load.ingest import NothingToErase
from data_access.scope import Scope
from data_access.settings import load_settings
from data_access.store import Store
from metrics import ids_of
from metrics.levels import AREA_LEVELS

NOTHING = 3
SHOWN = 20
_FIGURE = ["indicator_id", "category", "area_level", "area_code", "month"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Erasure:
    """What went: rows by table, and the area figures that are others now: _FIGURE, value before and after.

    `left` counts by table and column the rows whose text still names the person.
    """

    rows: dict[str, int]
    changed: pl.DataFrame
    left: dict[tuple[str, str], int]


def erase(store: Store, person: str, by: str, reason: str, tell: Callable[[str], None] = lambda _: None) -> Erasure:
    """Take one officer or caller out of store, facts and older copies, and enter it in the trail under a pseudonym.

    Raises ValueError without a reason, NothingToErase where nobody has the id; then nothing changed.
    """
    if not reason.strip():
        raise ValueError("an erasure needs a reason; none was given: write one")
    before, names = figures(store), [person, *_other_names(store, person)]
    rows = ingest.erase(store, person, by, tell)
    store.record(by, "erased", None, reason.strip(), people=[person])  # first: the person is gone, whatever comes next
    leave_no_copy(store)
    return Erasure(rows=rows, changed=differences(before, figures(store)), left=mentions.mentioned(store, names))


def forget(store: Store, viewer: str, by: str, reason: str) -> dict[str, int]:
    """Remove what is a viewer's own, and enter it in the trail under a pseudonym; return the rows by table.

    What they did stays in the trail, and their verdicts and explanations stay. Raises ValueError without a reason,
    NothingToErase where nothing is theirs; then nothing changed.
    """
    if not reason.strip():
        raise ValueError("an erasure needs a reason; none was given: write one")
    with writing(store.desk) as connection:
        counts = {**views.forget(connection, viewer), **subscriptions.forget(connection, viewer)}
        removed = {name: count for name, count in counts.items() if count}
        if not removed:
            raise NothingToErase("nothing is kept that is this viewer's own: no view, no choice and no subscription")
        whom = pseudonym(store.secret, viewer)
        append_within(connection, store.secret, [Entry(viewer=by, what="erased", whom=whom, reason=reason.strip())])
    write_over(store.desk, [table.name for table in OWN])
    return removed


def _other_names(store: Store, person: str) -> list[str]:
    with reading(store.engine) as connection:
        naming = naming_of(store.secret) if names_of(connection) else None
        return mentions.other_names(connection, person, naming)


def figures(store: Store) -> pl.DataFrame:
    """Return every figure of every area in every month, those of few officers too: _FIGURE and value."""
    reader = Reader.open(store, replace(Scope.whole_force("erasure"), people="officer"))
    if not reader.version.months:
        return pl.DataFrame(schema={**dict.fromkeys(_FIGURE[:-1], pl.String), "month": pl.Date, "value": pl.Float64})
    since, until = reader.version.months
    asked = Question(indicators=ids_of(), level="force", since=since, until=until)
    return benchmark_rows(reader, asked, AREA_LEVELS, public=False).select(*_FIGURE, "value")


def differences(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Return the figures that differ: _FIGURE, before and after; a month that has none is as one that is not there."""
    both = before.rename({"value": "before"}).join(
        after.rename({"value": "after"}), on=_FIGURE, how="full", coalesce=True, nulls_equal=True
    )
    return both.filter(pl.col("before").ne_missing(pl.col("after"))).sort(_FIGURE)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument("--person", metavar="ID", help="the officer or caller, as extracts name them")
    whom.add_argument("--viewer", metavar="ID", help="a viewer who has left, as config.toml or the sign-in names them")
    parser.add_argument("--reason", required=True, help="why: it is entered in the audit trail, with a pseudonym")
    parser.add_argument("--store", metavar="URL", help="the store (default: the one of config.toml)")


def run(arguments: argparse.Namespace) -> int:
    """Erase; exit 0: done; 3: nothing was, and why is said: nobody has the id, no reason, or another secret."""
    store = Store.open(load_settings(), url=arguments.store)
    tell, finish = teller()
    by = f"command line: {getpass.getuser()}"
    try:
        if arguments.viewer:
            print(_forgotten(forget(store, arguments.viewer, by, arguments.reason)))
            return 0
        done = erase(store, arguments.person, by, arguments.reason, tell)
    except (NothingToErase, NothingToLoad, ValueError) as error:
        finish()
        print(error, file=sys.stderr)
        return NOTHING
    finish()
    print(as_text(done))
    return 0


def as_text(done: Erasure) -> str:
    """Say what went, and which figures of areas are others now."""
    rows = ", ".join(f"{count:,} of {table}" for table, count in done.rows.items())
    lines = [f"Erased: {rows}. Later extracts that name this person have those rows set aside."]
    if done.changed.is_empty():
        lines.append("No figure of any area changed.")
    else:
        lines.append(f"{done.changed.height:,} figures of areas changed:")
        lines += [
            f"  {_named(row)} {row['area_level']} {row['area_code']} {row['month']:%Y-%m}: "
            f"{row['before']} before, {row['after']} now"
            for row in done.changed.head(SHOWN).iter_rows(named=True)
        ]
    return "\n".join([*lines, *_left(done)])


def _forgotten(removed: dict[str, int]) -> str:
    return f"Removed: {', '.join(f'{count:,} of {table}' for table, count in removed.items())}."


def _named(row: dict[str, Any]) -> str:
    """Return the indicator's id, and the category where it is a mix."""
    return f"{row['indicator_id']}:{row['category']}" if row["category"] else row["indicator_id"]


def _left(done: Erasure) -> list[str]:
    """Say what no machine can find: who is described without being named, and where the id or name still stands."""
    feeds = "; ".join(f"{feed} ({', '.join(columns)})" for feed, columns in mentions.free_text().items())
    lines = [
        f"Free text may still tell of this person in other words: {feeds}; and what viewers wrote: verdicts, "
        "explanations, reasons in the audit trail. Read it, and hand over corrected extracts where it does."
    ]
    if not done.left:
        return [*lines, "No text in the store has the id or the name."]
    lines += [
        f"  {count:,} rows of {table}.{column} have the id or the name" for (table, column), count in done.left.items()
    ]
    return [
        *lines,
        "What viewers wrote cannot be changed: it is append-only; a view's name is changed by its owner. Rows of "
        "extracts go with a corrected extract.",
    ]
