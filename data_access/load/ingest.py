"""Extract files into the store: checked rows, one transaction, a new data version."""

import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from data_access.database.connection import lock_loads, writing
from data_access.database.ledger import names_of
from data_access.database.schema import metadata
from data_access.database.secret import where_secret
from data_access.facts import copies, folded
from data_access.facts import publish as publishing
from data_access.facts.copies import Copies
from data_access.facts.inputs import Inputs
from data_access.feeds.contract import FIXES
from data_access.feeds.pseudonyms import fingerprint, naming_of
from data_access.feeds.reading import UnreadableFile
from data_access.load import derive, erasure, fix_notes, parts, retention
from data_access.load.again import judged_otherwise, mark, restore_counts, take_up_again
from data_access.load.coming import Coming, put, refuse
from data_access.load.discovery import (
    SHIPPED_MARK,
    Found,
    NothingToLoad,
    files_of_stays,
    find_files,
    in_order,
    loaded_before,
    shipped,
)
from data_access.load.file import Progress, Tell, load_file
from data_access.load.fix_files import Stage
from data_access.load.judged import open_stays
from data_access.load.naming import MADE, naming_for, put_under_pseudonyms
from data_access.load.own_or_sample import has_loads, of_a_sample, refuse_a_mixture
from data_access.load.report import FileReport, Report, as_json, without_values
from data_access.load.time_left import with_time_left
from data_access.load.upsert import Filling, Range
from data_access.stays.manifest import UnusableStays
from data_access.store import Store

loads, load_files = metadata.tables["loads"], metadata.tables["load_files"]


def load(
    store: Store,
    folder: Path | None,
    by: str,
    tell: Tell = lambda _: None,
    *,
    stays: Sequence[Path] = (),
    keep_every: float = parts.KEPT_EVERY,
) -> Report:
    """Return the report of a load, also of one that bad input stopped: then nothing was loaded.

    What is loaded, all or nothing: the extracts in `folder` and its sub-folders, and the folders of stays that the
    stays job wrote. The first load of a store keeps what it has done each `keep_every` seconds: stopped, it goes on
    from there (parts.py).
    """
    began, started = time.monotonic(), datetime.now(UTC)
    given = [one for one in (folder, *stays) if one]
    try:
        ours, others = find_files(folder) if folder else ([], [])
        ours = in_order([*ours, *files_of_stays([open_stays(one) for one in stays])])
        with writing(store.engine) as connection:
            lock_loads(connection)
            return _load(
                store,
                connection,
                ours,
                others,
                folder=", ".join(one.name for one in given),
                sample=of_a_sample(given),
                by=by,
                started=started,
                began=began,
                tell=tell,
                keep_every=None if stays else keep_every,
            )
    except (NothingToLoad, UnreadableFile, UnusableStays) as error:
        return Report(data_version=None, error=str(error), notes=parts.notes(store))
    except (OSError, DBAPIError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        return Report(data_version=None, error=f"{type(error).__name__}: {reason}")


def _load(
    store: Store,
    connection: Connection,
    ours: list[Found],
    others: list[Found],
    *,
    folder: str,
    sample: bool,
    by: str,
    started: datetime,
    began: float,
    tell: Tell,
    keep_every: float | None,
) -> Report:
    under = parts.circumstances(store, sample)
    kept_parts = parts.take_up(connection, [*shipped(), *ours], under)
    is_first = kept_parts is not None or not has_loads(connection)
    refuse_a_mixture(connection, sample)
    retention.expire_values(connection, started, store.settings.privacy)
    naming = naming_for(connection, store)
    before = {} if is_first else loaded_before(connection, ours)
    kept = [_as_before(one, before[one.name].rows_set_aside) for one in ours if one.name in before]
    kept += [FileReport(name=one.name, feed=None, outcome="left alone", notes=("not a feed",)) for one in others]
    fresh = [one for one in ours if one.name not in before]
    if not fresh:
        return Report(data_version=None, files=tuple(kept), seconds=time.monotonic() - began)
    tell = with_time_left(tell, fresh, {one["name"] for one in kept_parts["files"]} if kept_parts else ())
    publishing.sweep(connection, store.facts_dir, started)
    renames = bool(naming) and (is_first or not names_of(connection))
    if naming and renames and not is_first:
        tell("officers and callers: pseudonyms")
        put_under_pseudonyms(connection, naming)
    progress = _begin(
        connection, folder=folder, sample=sample, by=by, started=started, naming=naming, tell=tell, again=kept_parts
    )
    if is_first:
        progress.keep_every, progress.kept_at, progress.under = keep_every, time.monotonic(), under
    progress.erased, progress.people_key = erasure.erased_people(connection), naming_of(store.secret)
    with tempfile.TemporaryDirectory(prefix="stage-", dir=store.facts_dir) as working:
        progress.filling = Filling(copies=Copies(folder=Path(working)))
        notes = _take_in(store, progress, fresh, Stage(folder=Path(working)))
        _publish(store, progress, None if renames and progress.load_id > 1 else progress.changes, started)
    report = Report(
        data_version=progress.load_id,
        files=(*progress.files, *kept),
        set_aside=tuple(progress.set_aside),
        notes=(*notes, *([MADE.format(where_secret(store.facts_dir))] if renames else [])),
        seconds=time.monotonic() - began,
    )
    done = update(loads).where(loads.c.load_id == progress.load_id)
    connection.execute(done.values(finished_at=datetime.now(UTC), report=as_json(without_values(report))))
    return report


def _take_in(store: Store, progress: Progress, fresh: Sequence[Found], stage: Stage) -> tuple[str, ...]:
    """Put the rows of all files, then judge their fixes by them; return what the report has to say of fixes."""
    connection, parameters, privacy = progress.connection, store.settings.parameters, store.settings.privacy
    uniforms = fix_notes.uniforms(connection)  # as they were: after the files are put nobody could tell who changed
    read = {one.name for one in progress.files}  # before the load was stopped
    for one in (*_not_yet(connection, shipped()), *fresh):
        if one.name not in read:
            load_file(progress, one, stage)
            parts.keep(progress)
    _refuse_if_all_set_aside(progress)
    coming = Coming(stage=stage, folders=tuple({one.path: one.stays[0] for one in fresh if one.stays}.values()))
    # Only now: folders of stays are compared with duties and areas, which may have come in this very load.
    refuse(connection, coming, parameters, privacy)
    before = fix_notes.NOTHING if progress.load_id == 1 else fix_notes.earlier(connection, coming, uniforms)
    left = before.days - coming.days.keys()
    otherwise = judged_otherwise(left, progress.changes, before.uniformed, fix_notes.uniforms(connection))
    newest = max(before.days | coming.days.keys(), default=None)
    again = take_up_again(connection, stage, otherwise, newest, privacy)
    progress.changes[FIXES] = put(
        connection,
        coming,
        parameters,
        privacy,
        progress.tell,
        copied=progress.filling.copies,
        judged_spans=progress.spans,
        keep_spans=partial(_keep_spans, progress),
    )
    restore_counts(connection, again)
    mark(connection, progress.load_id, again.left, coming.days)
    return fix_notes.notes(connection, coming, before, otherwise, again, privacy)


def _keep_spans(progress: Progress, spans: int) -> None:
    progress.spans = spans
    parts.keep(progress)


class NothingToErase(Exception):
    """The store has no row of the person; the message says so, without the name."""


def erase(store: Store, person: str, by: str, tell: Tell = lambda _: None) -> dict[str, int]:
    """Take one officer or caller out of the store and its facts, as a new data version; give rows by table.

    Older copies are left to `erasure.leave_no_copy`. Raises NothingToErase where nobody has the id; then nothing
    changed.
    """
    started = datetime.now(UTC)
    with writing(store.engine) as connection:
        lock_loads(connection)
        parts.refuse_unfinished(connection)
        naming = naming_for(connection, store) if names_of(connection) else None
        rows, changes = erasure.take_out(connection, person, store.secret)
        if not rows:
            raise NothingToErase("the store has no row of that officer or caller: give the id as the extracts have it")
        sample = not has_loads(connection, sample=False)
        progress = _begin(
            connection, folder="erasure", sample=sample, by=by, started=started, naming=naming, tell=tell
        )
        _publish(store, progress, changes, started)
    return rows


def _publish(
    store: Store, progress: Progress, changes: dict[str, list[Range]] | None, started: datetime
) -> None:
    """Publish what changed (None: everything), and fold the months whose people's time is over."""
    connection, load_id = progress.connection, progress.load_id
    copied = progress.filling.copies
    inputs = Inputs(
        connection=connection, folder=store.facts_dir, parameters=store.settings.parameters, copies=copied
    )
    since = retention.people_since(connection, started, store.settings.privacy)
    forgotten = retention.forget_callers(connection, since)
    if forgotten:
        copies.forget(copied, "incidents")
    if changes is not None and forgotten:
        changes.setdefault("incidents", []).extend(forgotten)
    derive.publish_all(inputs, changes, load_id=load_id, now=started, tell=progress.tell)
    retention.fold_people(inputs, since, load_id=load_id, now=started, tell=progress.tell)


def rebuild(store: Store, by: str, tell: Tell = lambda _: None) -> int:
    """Make every published fact again from the store's rows, as a new data version; return its number.

    For facts that were lost, and for those that a changed parameter of config.toml makes out of date. What follows from
    radio fixes is kept as it was judged: the fixes are gone. Raises NothingToLoad where nothing was ever loaded: such a
    store is neither a sample's nor a force's own.
    """
    started = datetime.now(UTC)
    with writing(store.engine) as connection:
        lock_loads(connection)
        parts.refuse_unfinished(connection)
        if not has_loads(connection):
            raise NothingToLoad(
                "the store is empty, so that there is nothing to make again: load a folder of extracts first "
                "(python -m data_access load DIR)"
            )
        publishing.sweep(connection, store.facts_dir, started)
        sample = not has_loads(connection, sample=False)
        naming = naming_for(connection, store)
        if naming and not names_of(connection):
            put_under_pseudonyms(connection, naming)
        progress = _begin(
            connection, folder="rebuild", sample=sample, by=by, started=started, naming=naming, tell=tell
        )
        _publish(store, progress, None, started)
        done = update(loads).where(loads.c.load_id == progress.load_id)
        connection.execute(done.values(finished_at=datetime.now(UTC)))
    return progress.load_id


def _begin(
    connection: Connection,
    *,
    folder: str,
    sample: bool,
    by: str,
    started: datetime,
    naming: bytes | None,
    tell: Tell,
    again: dict[str, Any] | None = None,
) -> Progress:
    """Enter a new load; `again`: what the store's first load kept before it was stopped, which then goes on."""
    load_id = 1 if again else (connection.execute(select(func.max(loads.c.load_id))).scalar() or 0) + 1
    values = {"load_id": load_id, "started_at": started, "finished_at": started, "loaded_by": by}
    values["people_key"] = fingerprint(naming) if naming else None
    if again:
        connection.execute(update(loads).values(started_at=started, loaded_by=by, folder=folder))
    else:
        connection.execute(insert(loads).values(**values, folder=folder, sample=sample, report="{}"))
    file_id = (connection.execute(select(func.max(load_files.c.file_id))).scalar() or 0) + 1
    progress = Progress(
        connection=connection,
        load_id=load_id,
        tell=tell,
        next_file_id=file_id,
        naming=naming,
        people_since=folded.until(connection),
    )
    if again:
        parts.go_on(progress, again)
    return progress


def _not_yet(connection: Connection, files: Sequence[Found]) -> list[Found]:
    known = select(load_files.c.sha256).where(load_files.c.sha256.in_([one.sha256 for one in files]))
    before = set(connection.execute(known).scalars())
    return [one for one in files if one.sha256 not in before]


def _as_before(one: Found, set_aside: int) -> FileReport:
    return FileReport(name=one.name, feed=one.feed, outcome="unchanged", sha256=one.sha256, rows_set_aside=set_aside)


def _refuse_if_all_set_aside(progress: Progress) -> None:
    given = [one for one in progress.files if one.rows_read]
    if progress.set_aside and not any(one.rows_loaded for one in given if not one.name.endswith(SHIPPED_MARK)):
        first = progress.set_aside[0]
        place = f"{first.file} line {first.line}, rule {first.rule}"
        raise NothingToLoad(f"every row was set aside; the first: {place}, column {first.column}")
