"""Radio fixes on their way in: checked as they are read, and laid down by local day until all files are read."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as parquet

from data_access.feeds.contract import FIXES_COLUMNS, INSTANT, NUL, instant_of
from data_access.feeds.reading import Batch, UnreadableFile, batches, header
from data_access.feeds.rules import Broken, set_aside
from metrics.levels import local_day

TYPES = {"officer_id": pl.String, "at": INSTANT, "lon": pl.Float64, "lat": pl.Float64}
FAST_CLOCK = "%Y-%m-%dT%H:%M:%SZ"
AHEAD = timedelta(days=1)  # a clock may run fast, but not by more
OLDEST = datetime(2000, 1, 1, tzinfo=UTC)  # a clock that was never set says 1970
BATCH_ROWS = 500_000
WAITING_ROWS = 2_000_000  # held in memory before they are laid down: 44 bytes each
GROUP_ROWS = 50_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Stage:
    """Fixes laid down in `folder`, in any order; `days` counts them by local day; memory `holds` so many.

    `reach` has the first and last instant of each batch.
    """

    folder: Path
    holds: int = WAITING_ROWS
    days: Counter[date] = field(default_factory=Counter)
    reach: list[datetime] = field(default_factory=list)
    laid: list[Path] = field(default_factory=list)
    waiting: list[pl.DataFrame] = field(default_factory=list)


def read_fixes(path: Path, now: datetime) -> Iterator[Batch]:
    """Read a file of fixes, CSV or Parquet, as typed rows (TYPES) and the lines set aside, some at a time.

    An empty position, or one that is not finite, stays: it is a fix, and is counted as one without a position.
    UnreadableFile where a column is missing.
    """
    present = header(path)
    if missing := [name for name in FIXES_COLUMNS if present and name not in present]:
        raise UnreadableFile(f"{path.name} cannot be read: column {missing[0]!r} is missing")
    text = (_typed(batch) for batch in batches(path, list(FIXES_COLUMNS)))
    clocks: list[Broken] = [
        ("not_in_the_future", "at", pl.col("at") > now + AHEAD),
        ("not_before_2000", "at", pl.col("at") < OLDEST),
    ]
    for batch in _typed_parquet(path) if _is_typed_parquet(path) else text:
        good, failures = set_aside(batch.rows, clocks)
        yield Batch(rows=good.select(FIXES_COLUMNS), failures=pl.concat([batch.failures, failures]))


def lay_down(stage: Stage, fixes: pl.DataFrame) -> None:
    """Add typed fixes to the stage; memory stays bounded however many there are."""
    dated = fixes.with_columns(day=local_day(pl.col("at")))
    stage.days.update(dict(dated["day"].value_counts().rows()))
    stage.reach.extend(instant for instant in (fixes["at"].min(), fixes["at"].max()) if instant is not None)
    stage.waiting.append(dated)
    if sum(map(len, stage.waiting)) >= stage.holds:
        _write(stage)


def take_up(stage: Stage, first: date, last: date) -> pl.DataFrame:
    """Give the staged fixes of local days `first` to `last`, both included, with their `day`."""
    if stage.waiting:
        _write(stage)
    rows = pl.scan_parquet(stage.laid) if stage.laid else pl.LazyFrame(schema={**TYPES, "day": pl.Date})
    return rows.filter(pl.col("day").is_between(first, last)).collect()


def _write(stage: Stage) -> None:
    """Lay down what waits, sorted by day: small row groups let a few days be found without reading the rest."""
    path = stage.folder / f"{len(stage.laid)}.parquet"
    rows = pl.concat(stage.waiting).sort("day")
    rows.write_parquet(path, compression="lz4", row_group_size=GROUP_ROWS, statistics=True)
    stage.waiting.clear()
    stage.laid.append(path)


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
    fast = text.str.to_datetime(FAST_CLOCK, time_unit="us", strict=False).dt.replace_time_zone("UTC")
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


def _typed_parquet(path: Path) -> Iterator[Batch]:
    line = 1
    rules: list[Broken] = [("required", name, pl.col(name).is_null()) for name in ("officer_id", "at")]
    for batch in parquet.ParquetFile(path).iter_batches(BATCH_ROWS, columns=list(FIXES_COLUMNS)):
        rows = pl.from_arrow(pa.Table.from_batches([batch])).select(FIXES_COLUMNS)
        instants = pl.col("at").dt.convert_time_zone("UTC").dt.cast_time_unit("us")
        whom = pl.col("officer_id").str.strip_chars().replace("", None)
        typed = rows.with_columns(whom, instants, pl.col("lon", "lat").cast(pl.Float64))
        numbered = typed.with_columns(line=pl.int_range(line, line + len(typed), dtype=pl.Int64))
        good, failures = set_aside(numbered, rules)
        yield Batch(rows=good, failures=failures)
        line += len(typed)
