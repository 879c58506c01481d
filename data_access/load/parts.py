"""A first load in parts: what is done is kept as it goes, so that one that was stopped goes on from there.

An empty store has no version that a stop could fall back to, and two years of a force take half an hour. So a first
load commits now and then, between two files or two runs of days, with the state that it has reached in its row of
`loads`. Until its end it is no data version: nobody sees any of it, and whatever bad input stops it, nothing is loaded.
Later loads are minutes long and stay one transaction: the version before them must be there whole at every moment.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, select, update

from data_access.database.connection import lock_loads, reading
from data_access.database.ledger import UNFINISHED, unfinished
from data_access.database.migrate import NEWEST
from data_access.database.schema import metadata
from data_access.feeds.contract import FIXES
from data_access.feeds.pseudonyms import fingerprint, naming_of
from data_access.feeds.tables import FEED_TABLES
from data_access.load.discovery import Found, NothingToLoad
from data_access.load.file import Progress
from data_access.load.report import FileReport, SetAside
from data_access.stays.task import DATASETS
from data_access.store import Store

KEPT_EVERY = 30.0  # seconds: what a stop costs at most, beside the file or the days in hand
GOES_ON = "read before the load was stopped"
NOTE = "what was read before is kept: load the folder again, and the load goes on from there"
loads, load_files, rejected = (metadata.tables[name] for name in ("loads", "load_files", "rejected"))
_FILLED = {loads, load_files, rejected, *FEED_TABLES.values(), *(metadata.tables[name] for name in DATASETS)}


def circumstances(store: Store, sample: bool) -> str:
    """Return all that rows and facts follow from beside the files: a load goes on only where it is the same."""
    people = fingerprint(naming_of(store.secret)) if store.settings.privacy.pseudonyms else None
    return repr((NEWEST, sample, people, store.settings.parameters, store.settings.privacy))


def take_up(connection: Connection, files: Sequence[Found], under: str) -> dict[str, Any] | None:
    """Return what a first load that was stopped has kept; None: nothing.

    It must have read the first of `files`, in their order, `under` the same circumstances. Otherwise what it kept is
    deleted, and the load begins anew: rows of a file that is no longer given would stay for ever.
    """
    if (kept := unfinished(connection)) is None:
        return None
    read = [[one.name, one.sha256] for one in files if one.feed != FIXES]
    fixes = [[one.name, one.sha256] for one in files if one.feed == FIXES]
    done = [[one["name"], one["sha256"]] for one in kept["files"]]
    same_fixes = not kept["spans"] or (kept["fixes"] == fixes and len(done) == len(read))
    if kept["under"] == under and done == read[: len(done)] and same_fixes:
        return kept
    for table in reversed(metadata.sorted_tables):
        if table in _FILLED:
            connection.execute(delete(table))
    return None


def go_on(progress: Progress, kept: dict[str, Any]) -> None:
    """Put a load where the one before it was stopped: fixes are read again, but no day is judged again."""
    of_fixes = select(load_files.c.file_id).where(load_files.c.feed == FIXES)
    progress.connection.execute(delete(rejected).where(rejected.c.file_id.in_(of_fixes)))
    progress.connection.execute(delete(load_files).where(load_files.c.feed == FIXES))
    files = [FileReport(**{**one, "notes": tuple(one["notes"])}) for one in kept["files"]]
    progress.files += [replace(one, notes=(*one.notes, GOES_ON)) for one in files]
    progress.set_aside += [SetAside(**one) for one in kept["set_aside"]]
    progress.changes |= {
        feed: [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in ranges]
        for feed, ranges in kept["changes"].items()
    }
    progress.spans = kept["spans"]
    progress.next_file_id = len(files) + 1
    progress.tell(f"going on after {len(files)} files that were read before")


def keep(progress: Progress) -> None:
    """Commit what a first load has done, if that is due; raise NothingToLoad where another one took it up meanwhile."""
    if progress.keep_every is None or time.monotonic() - progress.kept_at < progress.keep_every:
        return
    connection, state = progress.connection, _state(progress)
    row = loads.c.load_id == progress.load_id
    connection.execute(update(loads).where(row).values(report=state))
    connection.commit()
    lock_loads(connection)
    if connection.execute(select(loads.c.report).where(row)).scalar() != state:
        raise NothingToLoad("another load began meanwhile, and went on with what this one had read")
    progress.kept_at = time.monotonic()


def _state(progress: Progress) -> str:
    """Write how far a load is; notes of an earlier stop are left out, or each would add one."""
    fixes = [[one.name, one.sha256] for one in progress.files if one.feed == FIXES]
    others = [one for one in progress.files if one.feed != FIXES]
    kept = {
        "under": progress.under,
        "files": [asdict(replace(one, notes=tuple(note for note in one.notes if note != GOES_ON))) for one in others],
        "set_aside": [asdict(one) for one in progress.set_aside if one.feed != FIXES],
        "changes": {feed: [[str(first), str(last)] for first, last in it] for feed, it in progress.changes.items()},
        "spans": progress.spans,
        "fixes": fixes,
    }
    return json.dumps({UNFINISHED: kept})


def notes(store: Store) -> tuple[str, ...]:
    """Tell whoever runs a load that failed whether anything is kept of it."""
    with reading(store.engine) as connection:
        return (NOTE,) if unfinished(connection) else ()


def refuse_unfinished(connection: Connection) -> None:
    """Raise NothingToLoad where a first load was stopped: nothing of it can be changed before it is whole."""
    if unfinished(connection) is not None:
        raise NothingToLoad(f"the store's first load was stopped before its end; {NOTE}")
