"""Extract files into the store: checked rows, one transaction, a new data version."""

import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from data_access.database.connection import insert_frame, lock_loads, read_frame, writing
from data_access.database.schema import metadata
from data_access.facts import publish as publishing
from data_access.facts.inputs import Inputs
from data_access.feeds.contract import (
    FAILURES,
    FEEDS,
    FIXES_COLUMNS,
    NUL,
    OPEN_ENDS,
    Feed,
    check,
    columns_of,
    key_of,
    last_of_each_key,
    required_columns,
    unknown_codes,
)
from data_access.feeds.fixes import read_fixes
from data_access.feeds.open_data import published_offences, read_open
from data_access.feeds.reading import Batch, UnreadableFile, batches, header
from data_access.load import derive, fix_notes, upsert
from data_access.load.again import judged_otherwise, mark, restore_counts, take_up_again
from data_access.load.coming import Coming, put, refuse
from data_access.load.discovery import (
    FIXES,
    SHIPPED_MARK,
    Found,
    NothingToLoad,
    files_of_stays,
    find_files,
    in_order,
    loaded_before,
    shipped,
)
from data_access.load.fix_files import Stage, lay_down
from data_access.load.judged import StaysFolder, open_stays, set_aside_in
from data_access.load.report import SHOWN, FileReport, Report, SetAside, as_json
from data_access.sample_mark import is_sample
from data_access.stays.manifest import SourceFile, UnusableStays
from data_access.store import Store
from metrics.levels import add_months, local_date, month_of

Tell = Callable[[str], None]
loads, load_files, rejected = (metadata.tables[name] for name in ("loads", "load_files", "rejected"))


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


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcome:
    """What became of a file's rows: how many were read, those set aside, and the newest event of the rest."""

    read: int
    failures: pl.DataFrame
    newest: datetime | None = None
    notes: tuple[str, ...] = ()


def load(
    store: Store, folder: Path | None, by: str, tell: Tell = lambda _: None, *, stays: Sequence[Path] = ()
) -> Report:
    """Load the extracts in `folder` and its sub-folders, and the folders of stays that the stays job wrote, all or
    nothing; give the report, also of bad input.
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
                sample=_of_a_sample(given),
                by=by,
                started=started,
                began=began,
                tell=tell,
            )
    except (NothingToLoad, UnreadableFile, UnusableStays) as error:
        return Report(data_version=None, error=str(error))
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
) -> Report:
    _refuse_a_mixture(connection, sample)
    before = loaded_before(connection, ours)
    kept = [_as_before(one, before[one.name].rows_set_aside) for one in ours if one.name in before]
    kept += [FileReport(name=one.name, feed=None, outcome="left alone", notes=("not a feed",)) for one in others]
    fresh = [one for one in ours if one.name not in before]
    if not fresh:
        return Report(data_version=None, files=tuple(kept), seconds=time.monotonic() - began)
    publishing.sweep(connection, store.facts_dir, started)
    progress = _begin(connection, folder=folder, sample=sample, by=by, started=started, tell=tell)
    uniforms = fix_notes.uniforms(connection)
    with tempfile.TemporaryDirectory(prefix="stage-", dir=store.facts_dir) as folder_of_fixes:
        stage = Stage(folder=Path(folder_of_fixes))
        for one in (*_not_yet(connection, shipped()), *fresh):
            _load_file(progress, one, stage)
        _refuse_if_all_set_aside(progress)
        parameters, privacy = store.settings.parameters, store.settings.privacy
        coming = Coming(stage=stage, folders=tuple({one.path: one.stays[0] for one in fresh if one.stays}.values()))
        refuse(connection, coming, parameters, privacy)
        before = fix_notes.earlier(connection, coming, uniforms)
        left = before.days - coming.days.keys()
        otherwise = judged_otherwise(left, progress.changes, before.uniformed, fix_notes.uniforms(connection))
        newest = max(before.days | coming.days.keys(), default=None)
        again = take_up_again(connection, stage, otherwise, newest, privacy)
        progress.changes[FIXES] = put(connection, coming, parameters, privacy, tell)
        restore_counts(connection, again)
        mark(connection, progress.load_id, again.left, coming.days)
    inputs = Inputs(connection=connection, folder=store.facts_dir, parameters=store.settings.parameters)
    derive.publish_all(
        inputs,
        progress.changes,
        load_id=progress.load_id,
        now=started,
        tell=tell,
    )
    report = Report(
        data_version=progress.load_id,
        files=(*progress.files, *kept),
        set_aside=tuple(progress.set_aside),
        notes=fix_notes.notes(connection, coming, before, otherwise, again, privacy),
        seconds=time.monotonic() - began,
    )
    done = update(loads).where(loads.c.load_id == progress.load_id)
    connection.execute(done.values(finished_at=datetime.now(UTC), report=as_json(report)))
    return report


def rebuild(store: Store, by: str, tell: Tell = lambda _: None) -> int:
    """Make every published fact again from the store's rows, as a new data version; give its number.

    For facts that were lost, and for those that a changed parameter of config.toml makes out of date. What follows from
    radio fixes is kept as it was judged: the fixes are gone.
    """
    started = datetime.now(UTC)
    with writing(store.engine) as connection:
        lock_loads(connection)
        publishing.sweep(connection, store.facts_dir, started)
        sample = not _has_loads(connection, sample=False)
        progress = _begin(connection, folder="rebuild", sample=sample, by=by, started=started, tell=tell)
        inputs = Inputs(connection=connection, folder=store.facts_dir, parameters=store.settings.parameters)
        derive.publish_all(inputs, None, load_id=progress.load_id, now=started, tell=tell)
        done = update(loads).where(loads.c.load_id == progress.load_id)
        connection.execute(done.values(finished_at=datetime.now(UTC)))
    return progress.load_id


def _of_a_sample(folders: Sequence[Path]) -> bool:
    marks = {is_sample(one) for one in folders}
    if len(marks) > 1:
        raise NothingToLoad("one of the folders is a sample force's (SAMPLE.txt) and another is not: load one of them")
    return marks.pop()


def _refuse_a_mixture(connection: Connection, sample: bool) -> None:
    """Keep invented and real data apart: a store that held both would show a figure of neither."""
    if not _has_loads(connection, sample=not sample):
        return
    if sample:
        raise NothingToLoad(
            "the folder is a sample force's (its SAMPLE.txt says so), and the store holds a force's own data: "
            "load the sample into a store of its own (--store sqlite:///FILE)"
        )
    raise NothingToLoad(
        "the store holds a sample force, all of it invented, and the folder is not a sample's: "
        "load a force's own data into a new store (--store URL, or [store] url in config.toml)"
    )


def _has_loads(connection: Connection, *, sample: bool) -> bool:
    return connection.execute(select(loads.c.load_id).where(loads.c.sample.is_(sample)).limit(1)).first() is not None


def _begin(connection: Connection, *, folder: str, sample: bool, by: str, started: datetime, tell: Tell) -> Progress:
    load_id = (connection.execute(select(func.max(loads.c.load_id))).scalar() or 0) + 1
    values = {"load_id": load_id, "started_at": started, "finished_at": started, "loaded_by": by}
    connection.execute(insert(loads).values(**values, folder=folder, sample=sample, report="{}"))
    file_id = (connection.execute(select(func.max(load_files.c.file_id))).scalar() or 0) + 1
    return Progress(connection=connection, load_id=load_id, tell=tell, next_file_id=file_id)


def _not_yet(connection: Connection, files: Sequence[Found]) -> list[Found]:
    known = select(load_files.c.sha256).where(load_files.c.sha256.in_([one.sha256 for one in files]))
    before = set(connection.execute(known).scalars())
    return [one for one in files if one.sha256 not in before]


def _leave_own(connection: Connection, feed: Feed, rows: pl.DataFrame) -> pl.DataFrame:
    """Leave out what ships with the suite where the force has a row of its own: its word comes before ours."""
    table, key = feed.table, key_of(feed)
    own = select(*(table.c[name] for name in key)).join(load_files, load_files.c.file_id == table.c.file_id)
    given = read_frame(connection, own.where(~load_files.c.file_name.endswith(SHIPPED_MARK, autoescape=True)))
    return rows.join(given, on=key, how="anti")


def _as_before(one: Found, set_aside: int) -> FileReport:
    return FileReport(name=one.name, feed=one.feed, outcome="unchanged", sha256=one.sha256, rows_set_aside=set_aside)


def _refuse_if_all_set_aside(progress: Progress) -> None:
    given = [one for one in progress.files if one.rows_read]
    if progress.set_aside and not any(one.rows_loaded for one in given if not one.name.endswith(SHIPPED_MARK)):
        first = progress.set_aside[0]
        place = f"{first.file} line {first.line}, rule {first.rule}"
        raise NothingToLoad(f"every row was set aside; the first: {place}, column {first.column}")


def _load_file(progress: Progress, one: Found, stage: Stage) -> None:
    """Load one file: read, check, put (fixes: stage, since a day may lie in many files), and enter it in the ledger."""
    file_id, progress.next_file_id = progress.next_file_id, progress.next_file_id + 1
    if one.stays:
        outcome = _judged_before(*one.stays)
    elif one.feed == FIXES:
        outcome = _stage_fixes(progress, one, stage)
    else:
        put = _put_open if one.open_data else _put_feed
        outcome = put(progress, one, file_id)
    _enter(progress, one, file_id, outcome)


def _stage_fixes(progress: Progress, one: Found, stage: Stage) -> Outcome:
    notes = _notes(one, FIXES_COLUMNS, required=())
    read, newest, failures = 0, None, [pl.DataFrame(schema=FAILURES)]
    for batch in read_fixes(one.path, datetime.now(UTC)):
        progress.tell(f"{one.name}: {read:,} rows")
        read += len(batch.rows) + len(batch.failures)
        failures.append(batch.failures)
        lay_down(stage, batch.rows)
        newest = max((moment for moment in (newest, batch.rows["at"].max()) if moment), default=None)
    return Outcome(read=read, failures=pl.concat(failures), newest=newest, notes=notes)


def _judged_before(folder: StaysFolder, file: SourceFile) -> Outcome:
    """Tell of a file of fixes what the stays job found in it."""
    aside = set_aside_in(folder, file)
    return Outcome(read=file.rows_read, failures=aside, newest=file.newest_event, notes=(f"by way of {folder.path}",))


def _put_open(progress: Progress, one: Found, file_id: int) -> Outcome:
    """Put the rows of an open-data file: those of its force and month anew, or by key."""
    progress.tell(one.name)
    given = read_open(one.path, one.open_data)
    newest = None
    for name, rows in given.tables.items():
        feed = FEEDS[name]
        if given.replaces:
            gone = upsert.remove(progress.connection, feed, feed.table.c.street_file == given.replaces)
            progress.changes.setdefault(name, []).extend(gone)
        _put_rows(progress, feed, rows.with_columns(file_id=pl.lit(file_id, pl.Int64)))
        newest = _newest(feed, rows, newest)
    if one.open_data == "street":
        _put_rows(progress, FEEDS["offences"], _unknown_offences(progress, file_id))
        newest = newest and _month_end(newest)
    return Outcome(read=given.rows_read, failures=given.failures, newest=newest)


def _unknown_offences(progress: Progress, file_id: int) -> pl.DataFrame:
    """Give the published categories that no extract of the force has described."""
    code = FEEDS["offences"].table.c.offence_code
    known = read_frame(progress.connection, select(code))
    rows = published_offences().join(known, on="offence_code", how="anti")
    return rows.with_columns(file_id=pl.lit(file_id, pl.Int64), line=pl.lit(0, pl.Int64))


def _put_rows(progress: Progress, feed: Feed, rows: pl.DataFrame) -> pl.DataFrame:
    upsert.open_stage(progress.connection, feed)
    replaced, ranges = upsert.put(progress.connection, feed, rows)
    progress.changes.setdefault(feed.name, []).extend(ranges)
    return replaced


def _put_feed(progress: Progress, one: Found, file_id: int) -> Outcome:
    """Put the rows of an extract by key, batch by batch."""
    feed = FEEDS[one.feed or ""]
    notes = _notes(one, [column.name for column in columns_of(feed)], required_columns(feed))
    known = _known(progress.connection, feed)
    read, newest, failures = 0, None, [pl.DataFrame(schema=FAILURES)]
    for batch in _batches(one, feed):
        progress.tell(f"{one.name}: {read:,} rows")
        read += len(batch.rows) + len(batch.failures)
        good, bad = _check(feed, batch, known)
        if one.name.endswith(SHIPPED_MARK):
            good = _leave_own(progress.connection, feed, good)
        replaced = _put_rows(progress, feed, good.with_columns(_derived(feed), file_id=pl.lit(file_id, pl.Int64)))
        failures += [bad, replaced]
        newest = _newest(feed, good, newest)
    return Outcome(read=read, failures=pl.concat(failures), newest=newest, notes=notes)


def _notes(one: Found, known: Collection[str], required: Sequence[str]) -> tuple[str, ...]:
    names = header(one.path)
    if not names:
        return ("empty: no header and no rows",)
    if missing := [name for name in required if name not in names]:
        raise UnreadableFile(f"{one.name} cannot be read: column {missing[0]!r} is missing")
    unknown = [name or "one without a name" for name in sorted(set(names) - set(known))]
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


def _derived(feed: Feed) -> list[pl.Expr]:
    """Fill the columns that no extract has: rows of an extract are the force's own."""
    own = [column for column in feed.table.columns if column.info.get("derived")]
    return [
        pl.lit(column.info.get("default"), dtype=_dtype(column.info.get("default"))).alias(column.name)
        for column in own
    ]


def _dtype(value: object) -> pl.DataType:
    return pl.Boolean() if isinstance(value, bool) else pl.String()


def _newest(feed: Feed, rows: pl.DataFrame, before: datetime | None) -> datetime | None:
    if feed.event is None or feed.until in OPEN_ENDS or rows.is_empty():
        return before
    newest = rows.select(pl.col(feed.event).max().cast(pl.Datetime("us", "UTC"))).item()
    return max(newest, before) if before else newest


def _month_end(moment: datetime) -> datetime:
    """Give the last day of a street file's month: its rows are dated by the first, and tell of all of it."""
    first = month_of(local_date(moment))
    return datetime.combine(add_months(first, 1), datetime.min.time(), UTC) - timedelta(days=1)


def _enter(progress: Progress, one: Found, file_id: int, outcome: Outcome) -> None:
    """Enter a file and its rows set aside in the ledger and in the report."""
    shown = pl.col("value").str.replace_all(NUL, "\N{SYMBOL FOR NULL}", literal=True)
    aside = outcome.failures.unique("line", keep="first").sort("line").with_columns(shown)
    read, connection = outcome.read, progress.connection
    values = {"file_id": file_id, "load_id": progress.load_id, "feed": one.feed, "file_name": one.name}
    counts = {"rows_read": read, "rows_loaded": read - len(aside), "rows_set_aside": len(aside)}
    told = {"sha256": one.sha256, "newest_event": outcome.newest}
    connection.execute(insert(load_files).values(**values, **counts, **told))
    insert_frame(connection, rejected, aside.with_columns(file_id=pl.lit(file_id, pl.Int64)))
    progress.set_aside += [
        SetAside(file=one.name, feed=one.feed or "", line=line, rule=rule, column=column, value=value)
        for line, rule, column, value in aside.head(SHOWN).select(list(FAILURES)).rows()
    ]
    progress.files.append(
        FileReport(name=one.name, feed=one.feed, outcome="loaded", sha256=one.sha256, notes=outcome.notes, **counts)
    )
