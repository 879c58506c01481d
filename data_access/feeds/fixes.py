"""Radio fixes as they come, CSV or Parquet: typed rows, and the lines that break a rule set aside."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import polars as pl
import pyarrow as pa
import pyarrow.parquet as parquet
from polars import selectors

from data_access.feeds.checks import Broken, set_aside
from data_access.feeds.contract import FIXES_COLUMNS
from data_access.feeds.reading import Batch, UnreadableFile, are_missing, batches, frame_of, header
from data_access.feeds.values import INSTANT, NUL, instant_of, plain
from metrics.levels import local_day
from metrics.presence import counts_by_day

TYPES = {"officer_id": pl.String, "at": INSTANT, "lon": pl.Float64, "lat": pl.Float64}
FAST_CLOCK = "%Y-%m-%dT%H:%M:%SZ"
AHEAD = timedelta(days=1)  # a clock may run fast, but not by more
OLDEST = datetime(2000, 1, 1, tzinfo=UTC)  # a clock that was never set says 1970
NEWEST = datetime.max.replace(tzinfo=UTC)
BATCH_ROWS = 500_000
Share = tuple[int, int]
"""(part, parts): those officers, of all shared out in `parts`, that are in `part`."""
Rows = TypeVar("Rows", pl.DataFrame, pl.LazyFrame)


def read_fixes(
    path: Path, now: datetime, since: date = date.min, columns: Sequence[str] = FIXES_COLUMNS
) -> Iterator[Batch]:
    """Read a file of fixes, CSV or Parquet, as typed rows (TYPES) and the lines set aside, some at a time.

    Of `columns`, officer_id and at must be asked for; the others may be left out, to be quicker.
    An empty position, or one that is not finite, stays: it is a fix, and is counted as one without a position.
    Those of local days before `since`, the first month not folded, are set aside. UnreadableFile where a column is
    missing.
    """
    present = header(path)
    if missing := [name for name in FIXES_COLUMNS if present and name not in present]:
        raise UnreadableFile(f"{path.name} cannot be read: {are_missing(missing)}")
    text = (_typed(batch) for batch in batches(path, list(FIXES_COLUMNS)))
    if _is_typed_parquet(path):
        yield from (checked(batch, now, since) for batch in _numbered(path, columns))
        return
    for batch in text:
        good, failures = set_aside(batch.rows, _clocks(now, since))
        yield Batch(rows=good.select(FIXES_COLUMNS), failures=pl.concat([batch.failures, failures]))


def groups(
    path: Path, columns: Sequence[str] = FIXES_COLUMNS, since: datetime = OLDEST, until: datetime = NEWEST
) -> Iterator[pa.Table]:
    """Read a typed Parquet file a row group at a time, officers as a dictionary: each text once a group, not a fix.

    Groups of which the file itself notes that they have nothing in [since, until] are left out.
    """
    file = parquet.ParquetFile(path, read_dictionary=["officer_id"])
    for number in range(file.num_row_groups):
        if not _has_none_of(file.metadata.row_group(number), since, until):
            yield file.read_row_group(number, columns=list(columns))


def instants(column: pa.ChunkedArray) -> pl.Series:
    """Return instants of any zone and unit as INSTANT."""
    return pl.Series("at", column).dt.convert_time_zone("UTC").dt.cast_time_unit("us")


def _has_none_of(group: parquet.RowGroupMetaData, since: datetime, until: datetime) -> bool:
    columns = (group.column(number) for number in range(group.num_columns))
    noted = next(column.statistics for column in columns if column.path_in_schema == "at")
    return noted is not None and noted.has_min_max and (noted.max < since or noted.min > until)


def faultless_days(path: Path, now: datetime) -> tuple[Counter[date], datetime, datetime] | None:
    """Count a Parquet file's fixes by local day, and tell the first and the last instant. None: it has no row, or one
    breaks a rule.

    Most files are without fault, and to see that takes a tenth of the time of typing each row and numbering its line.
    """
    if set(FIXES_COLUMNS) - set(header(path)) or not _is_typed_parquet(path):
        return None
    days, reach, texts = Counter[date](), [], set[str]()
    for rows in groups(path, ("officer_id", "at")):
        at = instants(rows["at"])
        if at.null_count() or rows["officer_id"].null_count:
            return None
        texts.update(*(part.dictionary.to_pylist() for part in rows["officer_id"].chunks))
        days.update(counts_by_day(at))
        reach += [moment for moment in (at.min(), at.max()) if moment]
    named = (pl.Series(list(texts), dtype=pl.String).str.strip_chars() != "").all()
    believable = reach and min(reach) >= OLDEST and max(reach) <= now + AHEAD
    return (days, min(reach), max(reach)) if named and believable else None


def checked(rows: pl.DataFrame, now: datetime, since: date = date.min) -> Batch:
    """Part fixes whose instants are instants from those that break a rule; `rows` have `line`, officer_id and at."""
    instants = pl.col("at").dt.convert_time_zone("UTC").dt.cast_time_unit("us")
    whom = pl.col("officer_id").str.strip_chars().replace("", None)
    rules: list[Broken] = [("required", name, pl.col(name).is_null()) for name in ("officer_id", "at")]
    good, failures = set_aside(rows.with_columns(whom, instants), [*rules, *_clocks(now, since)])
    return Batch(rows=good.drop("line"), failures=failures)


def _clocks(now: datetime, since: date) -> list[Broken]:
    folded = [("month_is_folded", "at", local_day(pl.col("at")) < since)] if since > date.min else []
    return [
        ("not_in_the_future", "at", pl.col("at") > now + AHEAD),
        ("not_before_2000", "at", pl.col("at") < OLDEST),
        *folded,
    ]


def _typed(batch: Batch) -> Batch:
    """Type a batch of text rows."""
    if batch.rows.is_empty():
        return Batch(rows=pl.DataFrame(schema={"line": pl.Int64, **TYPES}), failures=batch.failures)
    text = batch.rows.with_columns(pl.col(FIXES_COLUMNS).str.strip_chars().replace("", None))
    degrees = {name: pl.col(f"{name}: text").cast(pl.Float64, strict=False) for name in ("lon", "lat")}
    kept = text.rename({name: f"{name}: text" for name in ("at", "lon", "lat")})
    typed = kept.with_columns(_instants(text["at"]), **degrees)
    rules: list[Broken] = [
        ("required", "officer_id", pl.col("officer_id").is_null()),
        ("text_without_nul", "officer_id", pl.col("officer_id").str.contains(NUL, literal=True)),
        ("required", "at: text", pl.col("at: text").is_null()),
        ("instant_with_offset", "at: text", pl.col("at").is_null()),
        *(("number", f"{name}: text", _unread(name)) for name in degrees),
    ]
    good, failures = set_aside(typed, rules)
    named = failures.with_columns(pl.col("column_name").str.strip_suffix(": text"))
    return Batch(rows=good.select("line", *FIXES_COLUMNS), failures=pl.concat([batch.failures, named]))


def _unread(name: str) -> pl.Expr:
    return pl.col(f"{name}: text").is_not_null() & pl.col(name).is_null()


def _instants(text: pl.Series) -> pl.Series:
    """Read instants; files mostly write them in one way, which is twelve times as fast to read as any way."""
    clock = plain(pl.col(text.name)).str.to_datetime(FAST_CLOCK, time_unit="us", strict=False)
    fast = text.to_frame().select(clock.dt.replace_time_zone("UTC")).to_series()
    if fast.null_count() == text.null_count() and (text.str.len_bytes() == len("2024-10-27T01:30:00Z")).all():
        return fast
    return text.to_frame().select(instant_of(pl.col(text.name))).to_series()


def _is_typed_parquet(path: Path) -> bool:
    """Tell whether a Parquet file has instants and numbers as such; else its values are judged as text."""
    if path.suffix != ".parquet":
        return False
    types = {field.name: field.type for field in parquet.read_schema(path)}
    return (
        (pa.types.is_string(types["officer_id"]) or pa.types.is_large_string(types["officer_id"]))
        and pa.types.is_timestamp(types["at"])
        and types["at"].tz is not None
        and all(pa.types.is_floating(types[name]) for name in ("lon", "lat"))
    )


def _numbered(path: Path, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
    line = 1
    for batch in parquet.ParquetFile(path).iter_batches(BATCH_ROWS, columns=list(columns)):
        rows = frame_of(batch).select(columns)
        yield rows.with_columns(
            selectors.float().cast(pl.Float64), line=pl.int_range(line, line + len(rows), dtype=pl.Int64)
        )
        line += len(rows)


def of_share(rows: Rows, share: Share) -> Rows:
    """Return the rows whose officer is in the share."""
    part, parts = share
    return rows.filter(pl.col("officer_id").hash() % parts == part) if parts > 1 else rows
