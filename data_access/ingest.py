"""Extract files into the store: checked rows, one transaction, a new data version."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from data_access import derive, publishing, upsert
from data_access.database import insert_frame, lock_loads, read_frame, writing
from data_access.extracts import (
    FAILURES,
    FEEDS,
    Feed,
    check,
    columns_of,
    last_of_each_key,
    required_columns,
    unknown_codes,
)
from data_access.reading import SUFFIXES, Batch, UnreadableFile, batches, fingerprint, header
from data_access.report import SHOWN, FileReport, Report, SetAside, as_json
from data_access.schema import metadata
from data_access.store import Store

Tell = Callable[[str], None]
loads, load_files, rejected = (metadata.tables[name] for name in ("loads", "load_files", "rejected"))


@dataclass(frozen=True, kw_only=True)
class Found:
    """A file of the folder: its name within it, and the feed it belongs to (None: not one of ours)."""

    path: Path
    name: str
    feed: str | None
    sha256: str = ""


@dataclass(kw_only=True)
class Progress:
    """What a load in progress has gathered."""

    connection: Connection
    load_id: int
    tell: Tell
    next_file_id: int
    files: list[FileReport] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    changes: dict[str, list[upsert.Range]] = field(default_factory=dict)


class NothingToLoad(Exception):
    """Nothing in the folder could be loaded; the message says why."""


def load(store: Store, folder: Path, by: str, tell: Tell = lambda _: None) -> Report:
    """Load the extracts in `folder` (and its sub-folders), all or nothing; give the report. Never raises for bad input."""
    began, started = time.monotonic(), datetime.now(UTC)
    try:
        files = find_files(folder)
        with writing(store.engine) as connection:
            lock_loads(connection)
            report = _load(
                store, connection, files, folder=folder, by=by, started=started, began=began, tell=tell
            )
    except (NothingToLoad, UnreadableFile) as error:
        return Report(data_version=None, error=str(error))
    except (OSError, DBAPIError) as error:
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        return Report(data_version=None, error=f"{type(error).__name__}: {reason}")
    return report


def find_files(folder: Path) -> list[Found]:
    """List the files of a folder, in the order in which they load."""
    if not folder.is_dir():
        raise NothingToLoad(f"{folder} is not a folder; give the folder that holds the extracts")
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not _hidden(path, folder))
    found = [Found(path=path, name=path.relative_to(folder).as_posix(), feed=feed_of(path)) for path in paths]
    order = {name: place for place, name in enumerate(FEEDS)}
    return sorted(found, key=lambda one: (order.get(one.feed or "", len(order)), one.name))


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def feed_of(path: Path) -> str | None:
    """Name the feed of a file by its name: `<feed>.csv`, `<feed>-anything.csv`, or the same as Parquet or GeoJSON."""
    feed = path.stem if path.stem in FEEDS else path.stem.split("-")[0]
    if feed not in FEEDS or path.suffix not in SUFFIXES:
        return None
    has_geometry = any(column.name == "geometry" for column in columns_of(FEEDS[feed]))
    return feed if has_geometry == (path.suffix == ".geojson") else None


def _load(
    store: Store,
    connection: Connection,
    files: list[Found],
    *,
    folder: Path,
    by: str,
    started: datetime,
    began: float,
    tell: Tell,
) -> Report:
    ours = [_fingerprinted(one) for one in files if one.feed]
    left = [
        FileReport(name=one.name, feed=None, outcome="left alone", notes=("not a feed",))
        for one in files
        if not one.feed
    ]
    if not ours:
        names = ", ".join(f"{name}.csv" for name in list(FEEDS)[:3])
        raise NothingToLoad(
            f"{folder} holds no file of a feed ({names}, ... as the input contract names them)"
        )
    unchanged = _unchanged(connection, ours)
    fresh = [one for one in ours if one.name not in unchanged]
    if not fresh:
        return Report(data_version=None, files=(*unchanged.values(), *left), seconds=time.monotonic() - began)
    publishing.sweep(connection, store.facts_dir, started)
    progress = _begin(connection, folder=folder, by=by, started=started, tell=tell)
    for one in fresh:
        _load_file(progress, one)
    loaded = sum(one.rows_loaded for one in progress.files)
    if not loaded and any(one.rows_set_aside for one in progress.files):
        first = progress.set_aside[0]
        raise NothingToLoad(
            f"every row was set aside; the first: {first.file} line {first.line}, rule {first.rule}"
        )
    derive.publish_all(
        connection,
        store.facts_dir,
        progress.changes,
        store.settings.parameters,
        load_id=progress.load_id,
        now=started,
        tell=tell,
    )
    report = Report(
        data_version=progress.load_id,
        files=(*progress.files, *unchanged.values(), *left),
        set_aside=tuple(progress.set_aside),
        seconds=time.monotonic() - began,
    )
    done = update(loads).where(loads.c.load_id == progress.load_id)
    connection.execute(done.values(finished_at=datetime.now(UTC), report=as_json(report)))
    return report


def _fingerprinted(one: Found) -> Found:
    return Found(path=one.path, name=one.name, feed=one.feed, sha256=fingerprint(one.path))


def _begin(connection: Connection, *, folder: Path, by: str, started: datetime, tell: Tell) -> Progress:
    load_id = (connection.execute(select(func.max(loads.c.load_id))).scalar() or 0) + 1
    values = {"load_id": load_id, "started_at": started, "finished_at": started, "loaded_by": by}
    connection.execute(insert(loads).values(**values, folder=folder.name, report="{}"))
    file_id = (connection.execute(select(func.max(load_files.c.file_id))).scalar() or 0) + 1
    return Progress(connection=connection, load_id=load_id, tell=tell, next_file_id=file_id)


def _unchanged(connection: Connection, files: list[Found]) -> dict[str, FileReport]:
    """Find the files whose loading again would change nothing.

    These are the feeds whose files now are, in order, the last ones loaded of that feed. Where rows were set aside
    for want of a code, a feed that came since might know it: then they are read again.
    """
    unchanged: dict[str, FileReport] = {}
    by_feed: dict[str, list[Found]] = {}
    for one in files:
        by_feed.setdefault(one.feed or "", []).append(one)
    for feed, group in by_feed.items():
        query = select(load_files).where(load_files.c.feed == feed).order_by(load_files.c.file_id.desc())
        last = list(reversed(connection.execute(query.limit(len(group))).all()))
        if [one.sha256 for one in group] != [row.sha256 for row in last]:
            continue
        newest = connection.execute(select(func.max(load_files.c.file_id))).scalar()
        settled = all(row.rows_set_aside == 0 for row in last) or (newest == last[-1].file_id)
        if settled or not FEEDS[feed].references:
            unchanged |= {
                one.name: _as_before(one, row.rows_set_aside) for one, row in zip(group, last, strict=True)
            }
    return unchanged


def _as_before(one: Found, set_aside: int) -> FileReport:
    return FileReport(
        name=one.name, feed=one.feed, outcome="unchanged", sha256=one.sha256, rows_set_aside=set_aside
    )


def _load_file(progress: Progress, one: Found) -> None:
    """Load one file: read, check, put, and enter it in the ledger."""
    feed = FEEDS[one.feed or ""]
    notes = _notes(one, feed)
    file_id, progress.next_file_id = progress.next_file_id, progress.next_file_id + 1
    connection = progress.connection
    upsert.open_stage(connection, feed)
    read, newest, failures = 0, None, [pl.DataFrame(schema=FAILURES)]
    known = _known(connection, feed)
    for batch in _batches(one, feed):
        progress.tell(f"{one.name}: {read:,} rows")
        read += len(batch.rows) + len(batch.failures)
        good, bad = _check(feed, batch, known)
        rows = good.with_columns(_derived(feed), file_id=pl.lit(file_id, pl.Int64))
        replaced, ranges = upsert.put(connection, feed, rows)
        failures += [bad, replaced]
        progress.changes.setdefault(feed.name, []).extend(ranges)
        newest = _newest(feed, good, newest)
    _enter(progress, one, file_id, read, pl.concat(failures), newest, notes)


def _notes(one: Found, feed: Feed) -> tuple[str, ...]:
    names = header(one.path)
    if not names:
        return ("empty: no header and no rows",)
    if missing := [name for name in required_columns(feed) if name not in names]:
        raise UnreadableFile(f"{one.name} cannot be read: column {missing[0]!r} is missing")
    known = {column.name for column in columns_of(feed)}
    unknown = sorted(set(names) - known)
    return (f"unknown columns ignored: {', '.join(unknown)}",) if unknown else ()


def _batches(one: Found, feed: Feed) -> Iterator[Batch]:
    return batches(one.path, [column.name for column in columns_of(feed)])


def _known(connection: Connection, feed: Feed) -> list[pl.DataFrame]:
    """Read the codes that each reference of `feed` may use."""
    known = []
    for reference in feed.references:
        table = FEEDS[reference.feed].table
        names = [reference.target, *(("valid_from", "valid_to") if reference.on else ())]
        known.append(read_frame(connection, select(*(table.c[name] for name in names))))
    return known


def _check(feed: Feed, batch: Batch, known: list[pl.DataFrame]) -> tuple[pl.DataFrame, pl.DataFrame]:
    good, bad = check(feed, batch.rows)
    failures = [batch.failures, bad]
    for reference, codes in zip(feed.references, known, strict=True):
        missing = unknown_codes(good, reference, codes)
        failures.append(
            good.filter(missing).select(
                "line",
                rule=pl.lit(f"unknown_{reference.column}"),
                column_name=pl.lit(reference.column),
                value=pl.col(reference.column),
            )
        )
        good = good.filter(~missing)
    good, repeated = last_of_each_key(feed, good)
    return good, pl.concat([*failures, repeated])


def _derived(feed: Feed) -> Mapping[str, pl.Expr] | list[pl.Expr]:
    """Fill the columns that no extract has: rows of an extract are the force's own."""
    own = [column for column in feed.table.columns if column.info.get("derived")]
    return [
        pl.lit(column.info.get("default"), dtype=_dtype(column.info.get("default"))).alias(column.name)
        for column in own
    ]


def _dtype(value: object) -> pl.DataType:
    return pl.Boolean() if isinstance(value, bool) else pl.String()


def _newest(feed: Feed, rows: pl.DataFrame, before: datetime | None) -> datetime | None:
    if feed.event is None or rows.is_empty():
        return before
    newest = rows.select(pl.col(feed.event).max().cast(pl.Datetime("us", "UTC"))).item()
    return max(newest, before) if before else newest


def _enter(
    progress: Progress,
    one: Found,
    file_id: int,
    read: int,
    failures: pl.DataFrame,
    newest: datetime | None,
    notes: tuple[str, ...],
) -> None:
    """Enter a file and its rows set aside in the ledger and in the report."""
    aside = failures.unique("line", keep="first").sort("line")
    connection = progress.connection
    values = {"file_id": file_id, "load_id": progress.load_id, "feed": one.feed, "file_name": one.name}
    counts = {"rows_read": read, "rows_loaded": read - len(aside), "rows_set_aside": len(aside)}
    connection.execute(insert(load_files).values(**values, **counts, sha256=one.sha256, newest_event=newest))
    insert_frame(connection, rejected, aside.with_columns(file_id=pl.lit(file_id, pl.Int64)))
    progress.set_aside += [
        SetAside(file=one.name, feed=one.feed or "", line=line, rule=rule, column=column, value=value)
        for line, rule, column, value in aside.head(SHOWN).select(list(FAILURES)).rows()
    ]
    progress.files.append(
        FileReport(name=one.name, feed=one.feed, outcome="loaded", sha256=one.sha256, notes=notes, **counts)
    )
