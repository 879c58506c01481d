"""One file of a load: read, checked, put by key (fixes: staged), entered in the ledger and in the report."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import polars as pl
from sqlalchemy import Connection, insert, select

from data_access.database.connection import insert_frame, read_frame, read_whole
from data_access.database.schema import metadata
from data_access.database.sealed_names import under_pseudonyms
from data_access.feeds.checks import check, last_of_each_key, unknown_codes
from data_access.feeds.contract import (
    FAILURES,
    FEEDS,
    FIXES,
    FIXES_COLUMNS,
    OPEN_ENDS,
    Feed,
    columns_of,
    key_of,
    required_columns,
)
from data_access.feeds.fixes import read_fixes
from data_access.feeds.open_data import published_offences, read_open
from data_access.feeds.personal import masked
from data_access.feeds.reading import Batch, UnreadableFile, are_missing, batches, header
from data_access.feeds.values import NUL
from data_access.load import erasure, retention, upsert
from data_access.load.discovery import SHIPPED_MARK, Found
from data_access.load.fix_files import Stage, lay_down
from data_access.load.judged import StaysFolder, set_aside_in
from data_access.load.report import SHOWN, FileReport, SetAside
from data_access.stays.manifest import SourceFile
from metrics.levels import add_months, local_date, month_of

load_files, rejected = (metadata.tables[name] for name in ("load_files", "rejected"))
Tell = Callable[[str], None]


@dataclass(kw_only=True)
class Progress:
    """What a load in progress has gathered, and how it takes people.

    `naming`: the key that it names them with (None: as they come); before `people_since` months are folded; `erased`
    may not come back, under pseudonyms made with `people_key`. `filling`: the tables that it found empty. A first load
    keeps what it has done each `keep_every` seconds (None: it is no first load), last at `kept_at`, `under` such
    circumstances; `spans` of days are judged.
    """

    connection: Connection
    load_id: int
    tell: Tell
    next_file_id: int
    naming: bytes | None = None
    people_since: date = date.min
    erased: frozenset[str] = frozenset()
    people_key: bytes = b""
    keep_every: float | None = None
    kept_at: float = 0.0
    under: str = ""
    spans: int = 0
    filling: upsert.Filling = field(default_factory=upsert.Filling)
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


def load_file(progress: Progress, one: Found, stage: Stage) -> None:
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
    read, left_out, newest, failures = 0, 0, None, [pl.DataFrame(schema=FAILURES)]
    for batch in read_fixes(one.path, datetime.now(UTC), progress.people_since):
        progress.tell(f"{one.name}: {read:,} rows")
        read += len(batch.rows) + len(batch.failures)
        failures.append(batch.failures)
        good, gone = erasure.without_erased(batch.rows, FIXES, progress.erased, progress.people_key)
        left_out += len(gone)
        lay_down(stage, under_pseudonyms(good, FIXES, progress.naming))
        newest = max((moment for moment in (newest, batch.rows["at"].max()) if moment), default=None)
    if left_out:
        notes = (*notes, f"{left_out:,} fixes of people who were erased are left out")
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
            of_that = feed.table.c.street_file == given.replaces
            gone = upsert.remove(progress.connection, feed, of_that, progress.filling)
            progress.changes.setdefault(name, []).extend(gone)
        _put_rows(progress, feed, rows.with_columns(file_id=pl.lit(file_id, pl.Int64)))
        newest = _newest(feed, rows, newest)
    if one.open_data == "street":
        _put_rows(progress, FEEDS["offences"], _unknown_offences(progress, file_id))
        newest = newest and _month_end(newest)
    return Outcome(read=given.rows_read, failures=given.failures, newest=newest)


def _unknown_offences(progress: Progress, file_id: int) -> pl.DataFrame:
    """Return the published categories that no extract of the force has described."""
    code = FEEDS["offences"].table.c.offence_code
    known = read_whole(progress.connection, [code])
    rows = published_offences().join(known, on="offence_code", how="anti")
    return rows.with_columns(file_id=pl.lit(file_id, pl.Int64), line=pl.lit(0, pl.Int64))


def _put_rows(progress: Progress, feed: Feed, rows: pl.DataFrame) -> pl.DataFrame:
    replaced, ranges = upsert.put(progress.connection, feed, rows, progress.filling)
    progress.changes.setdefault(feed.name, []).extend(ranges)
    return replaced


def _put_feed(progress: Progress, one: Found, file_id: int) -> Outcome:
    """Put the rows of an extract by key, batch by batch."""
    feed = FEEDS[one.feed or ""]
    notes = _notes(one, [column.name for column in columns_of(feed)], required_columns(feed))
    # Read once for the file: FEEDS are in the order of loading, so that all that a row may refer to is there by now.
    known = _known(progress.connection, feed)
    read, newest, failures = 0, None, [pl.DataFrame(schema=FAILURES)]
    for batch in _batches(one, feed):
        progress.tell(f"{one.name}: {read:,} rows")
        read += len(batch.rows) + len(batch.failures)
        checked, bad = _check(feed, batch, known)
        timely, gone = retention.late(feed, checked, progress.people_since)
        good, erased = erasure.without_erased(timely, feed.name, progress.erased, progress.people_key)
        if one.name.endswith(SHIPPED_MARK):
            good = _leave_own(progress.connection, feed, good)
        named = under_pseudonyms(good, feed.name, progress.naming)
        replaced = _put_rows(progress, feed, named.with_columns(_derived(feed), file_id=pl.lit(file_id, pl.Int64)))
        failures += [bad, gone, erased, replaced]
        newest = _newest(feed, good, newest)
    return Outcome(read=read, failures=pl.concat(failures), newest=newest, notes=notes)


def _leave_own(connection: Connection, feed: Feed, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of which the force has none of its own: its word comes before what ships with the suite."""
    table, key = feed.table, key_of(feed)
    own = select(*(table.c[name] for name in key)).join(load_files, load_files.c.file_id == table.c.file_id)
    given = read_frame(connection, own.where(~load_files.c.file_name.endswith(SHIPPED_MARK, autoescape=True)))
    return rows.join(given, on=key, how="anti")


def _notes(one: Found, known: Collection[str], required: Sequence[str]) -> tuple[str, ...]:
    names = header(one.path)
    if not names:
        return ("empty: no header and no rows",)
    if missing := [name for name in required if name not in names]:
        raise UnreadableFile(f"{one.name} cannot be read: {are_missing(missing)}")
    unknown = [name or "one without a name" for name in sorted(set(names) - set(known))]
    return (f"unknown columns ignored: {', '.join(unknown)}",) if unknown else ()


def _batches(one: Found, feed: Feed) -> Iterator[Batch]:
    return batches(one.path, [column.name for column in columns_of(feed)])


def _known(connection: Connection, feed: Feed) -> list[pl.DataFrame]:
    """Return the codes that each reference of `feed` may use."""
    known = []
    for reference in feed.references:
        table = FEEDS[reference.feed].table
        names = [reference.target, *(("valid_from", "valid_to") if reference.on else ())]
        known.append(read_whole(connection, [table.c[name] for name in names]))
    return known


def _check(feed: Feed, batch: Batch, known: list[pl.DataFrame]) -> tuple[pl.DataFrame, pl.DataFrame]:
    good, bad = check(feed, batch.rows)
    # In this order: a row of an unknown code must not take the place of a good row with the same key.
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
    """Return the columns that no extract has, with their defaults: rows of an extract are the force's own."""
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
    """Return the last day of a street file's month: its rows are dated by the first, and tell of all of it."""
    first = month_of(local_date(moment))
    return datetime.combine(add_months(first, 1), datetime.min.time(), UTC) - timedelta(days=1)


def _enter(progress: Progress, one: Found, file_id: int, outcome: Outcome) -> None:
    """Enter a file and its rows set aside in the ledger and in the report."""
    shown = pl.col("value").str.replace_all(NUL, "\N{SYMBOL FOR NULL}", literal=True)
    # A line that breaks rules in two passes is one row set aside, or loaded and set aside would not add up to read.
    aside = masked(outcome.failures, one.feed or "").unique("line", keep="first").sort("line").with_columns(shown)
    rows_read, connection = outcome.read, progress.connection
    values = {"file_id": file_id, "load_id": progress.load_id, "feed": one.feed, "file_name": one.name}
    counts = {"rows_read": rows_read, "rows_loaded": rows_read - len(aside), "rows_set_aside": len(aside)}
    file = {"sha256": one.sha256, "newest_event": outcome.newest}
    connection.execute(insert(load_files).values(**values, **counts, **file))
    insert_frame(connection, rejected, aside.with_columns(file_id=pl.lit(file_id, pl.Int64)))
    progress.set_aside += [
        SetAside(file=one.name, feed=one.feed or "", line=line, rule=rule, column=column, value=value)
        for line, rule, column, value in aside.head(SHOWN).select(list(FAILURES)).rows()
    ]
    progress.files.append(
        FileReport(name=one.name, feed=one.feed, outcome="loaded", sha256=one.sha256, notes=outcome.notes, **counts)
    )
