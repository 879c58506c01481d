"""Extract files as text rows in batches: nothing is judged before it is read, and no file has to fit in memory."""

import codecs
import csv
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet

from data_access.feeds.contract import FAILURES

BLOCK_BYTES = 16 << 20
BATCH_ROWS = 200_000
# How Arrow says that nothing follows the header, and that a record does not fit in a block.
NO_ROWS = ("Empty CSV", "Could not skip initial 1 rows")
TOO_LONG = "straddles two block boundaries"
# A shorter line has no field that the csv module refuses by default, whatever another import set its limit to.
HEADER_CHARACTERS, MOST_COLUMNS = 1 << 17, 1000
GEOJSON_BYTES = 100 << 20  # they take some fifteen times as much while they are read
FIRST_RECORD = 2  # the header is record 1 and, as it has no line breaks, line 1
SUFFIXES = (".csv", ".parquet", ".geojson")


class UnreadableFile(Exception):
    """A file that cannot be read at all; the message names it and says why, never a value of it."""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Rows as text columns with their `line`, and the lines that are no rows (FAILURES)."""

    rows: pl.DataFrame
    failures: pl.DataFrame


def are_missing(columns: Sequence[str]) -> str:
    """Say which columns a file lacks, all at once."""
    named = ", ".join(repr(name) for name in columns)
    return f"column {named} is missing" if len(columns) == 1 else f"columns {named} are missing"


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of the file's bytes, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def header(path: Path) -> list[str]:
    """Name the columns of a file; an empty CSV has none, nor has a GeoJSON without features."""
    try:
        if path.suffix == ".parquet":
            return parquet.read_schema(path).names
        if path.suffix == ".geojson":
            features = _features(path)
            names = {name for one in features for name in one.get("properties") or {}}
            return sorted(names | {"geometry"}) if features else []
        return _csv_header(path)
    except (UnicodeDecodeError, csv.Error, pa.ArrowInvalid, OSError) as error:
        raise _unreadable(path, error) from error


def _csv_header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline(HEADER_CHARACTERS)
        too_long = len(first) == HEADER_CHARACTERS
        names = [] if too_long else [name.strip() for name in next(csv.reader([first]), [])]
        if too_long or len(names) > MOST_COLUMNS:
            limits = f"{MOST_COLUMNS:,} columns, {HEADER_CHARACTERS:,} characters"
            raise UnreadableFile(f"{path.name} cannot be read: its first line is no header, which has at most {limits}")
        if not names and any(line.strip() for line in file):
            raise UnreadableFile(f"{path.name} cannot be read: its first line is empty; the header belongs there")
        return names


def batches(path: Path, columns: list[str]) -> Iterator[Batch]:
    """Return the file's rows in order: those of `columns` that it has, as text."""
    if path.suffix == ".parquet":
        return _parquet(path, columns)
    if path.suffix == ".geojson":
        return iter([_geojson(path, columns)])
    return _csv(path, columns)


def _unreadable(path: Path, error: Exception) -> UnreadableFile:
    reason = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error).splitlines()[0]
    if TOO_LONG in reason:
        reason = f"a row is longer than {BLOCK_BYTES >> 20} MB; is a quotation mark opened and never closed?"
    return UnreadableFile(f"{path.name} cannot be read: {reason}")


def _csv(path: Path, columns: list[str]) -> Iterator[Batch]:
    names = header(path)
    if not names:
        return
    wanted = [name for name in names if name in columns]
    if repeated := sorted({name for name in wanted if wanted.count(name) > 1}):
        raise UnreadableFile(f"{path.name} cannot be read: its header has {repeated[0]!r} twice")
    _require_text(path)
    labels = [name if name in columns else f"column {place}" for place, name in enumerate(names, start=1)]
    odd: list[arrow_csv.InvalidRow] = []

    def skip(row: arrow_csv.InvalidRow) -> str:
        odd.append(row)
        return "skip"

    reader = _open_csv(path, labels, skip)
    place = _Place()
    try:
        for batch in reader:
            rows = frame_of(batch)
            lines, failures = place.advance(rows, odd)
            rows = rows.with_columns(line=lines).filter(~_blank(labels))
            yield Batch(rows=rows.select("line", *wanted), failures=failures)
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error
    left = place.rest(odd)
    if len(left) or place.record == FIRST_RECORD:  # a file of a header alone has a batch too
        yield Batch(rows=_no_rows(wanted), failures=left)


def _require_text(path: Path) -> None:
    """Raise where a file is not UTF-8: Arrow drops a line of too few fields that is not, and tells nobody."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise _unreadable(path, error) from error


def _open_csv(path: Path, names: list[str], skip: Any) -> Iterator[pa.RecordBatch]:
    """Open the file as a stream of text batches; every column is read, since line breaks in any of them count."""
    try:
        return arrow_csv.open_csv(
            path,
            read_options=arrow_csv.ReadOptions(
                use_threads=False, block_size=BLOCK_BYTES, column_names=names, skip_rows=1
            ),
            parse_options=arrow_csv.ParseOptions(
                newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=skip
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={name: pa.string() for name in names},
                strings_can_be_null=False,
                quoted_strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        if any(words in str(error) for words in NO_ROWS):
            return iter(())
        raise _unreadable(path, error) from error


class _Place:
    """Where in the file the reader stands: the next record's number, and the line breaks within those before it."""

    def __init__(self) -> None:
        self.record = FIRST_RECORD
        self.breaks = 0
        self.odd_seen = 0

    def advance(self, rows: pl.DataFrame, odd: list[Any]) -> tuple[pl.Series, pl.DataFrame]:
        """Return the line of each row, and the odd records that stand before the last of them."""
        numbers = np.arange(self.record, self.record + len(rows))
        passed = []
        for record in odd[self.odd_seen :]:
            if len(numbers) == 0 or record.number > numbers[-1]:
                break
            numbers[numbers >= record.number] += 1
            passed.append(record)
        lines = self._lines(np.append(numbers, [one.number for one in passed]), rows, passed)
        return pl.Series(lines[: len(rows)], dtype=pl.Int64), _odd_failures(passed, lines[len(rows) :])

    def rest(self, odd: list[Any]) -> pl.DataFrame:
        """Return the odd records at the end of the file."""
        left = odd[self.odd_seen :]
        return _odd_failures(left, self._lines(np.array([one.number for one in left]), pl.DataFrame(), left))

    def _lines(self, numbers: np.ndarray, rows: pl.DataFrame, odd: list[Any]) -> np.ndarray:
        breaks = np.append(_line_breaks(rows), [one.text.count("\n") for one in odd]).astype(np.int64)
        order = np.argsort(numbers)
        before = np.empty_like(breaks)
        before[order] = self.breaks + np.cumsum(breaks[order]) - breaks[order]
        self.breaks += int(breaks.sum())
        self.record += len(numbers)
        self.odd_seen += len(odd)
        return numbers.astype(np.int64) + before


def _odd_failures(odd: list[Any], lines: np.ndarray) -> pl.DataFrame:
    failures = {"line": lines.tolist(), "value": [one.text[:200] for one in odd]}
    described = pl.DataFrame(failures, schema={"line": pl.Int64, "value": pl.String})
    named = described.with_columns(rule=pl.lit("number_of_fields"), column_name=pl.lit(None, pl.String))
    return named.select(list(FAILURES))


def _line_breaks(rows: pl.DataFrame) -> np.ndarray:
    if rows.is_empty():
        return np.empty(0, dtype=np.int64)
    counts = rows.select(pl.sum_horizontal(pl.all().str.count_matches("\n", literal=True)).cast(pl.Int64))
    return counts.to_series().to_numpy()


def _blank(names: list[str]) -> pl.Expr:
    """Tell empty lines, which come as records of empty values (no feed has but one column)."""
    return pl.all_horizontal(pl.col(name) == "" for name in names)


def _no_rows(columns: list[str]) -> pl.DataFrame:
    return pl.DataFrame(schema={"line": pl.Int64, **dict.fromkeys(columns, pl.String)})


def _parquet(path: Path, columns: list[str]) -> Iterator[Batch]:
    line = 1
    try:
        file = parquet.ParquetFile(path)
        wanted = [name for name in file.schema_arrow.names if name in columns]
        for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=wanted):
            typed = frame_of(batch)
            rows = typed.select(as_text(typed[name]) for name in wanted).with_row_index("line", offset=line)
            yield Batch(rows=rows.with_columns(pl.col("line").cast(pl.Int64)), failures=pl.DataFrame(schema=FAILURES))
            line += len(rows)
    except (pa.ArrowInvalid, UnicodeDecodeError, OSError, pl.exceptions.PanicException) as error:
        raise _unreadable(path, error) from error


def frame_of(batch: pa.RecordBatch) -> pl.DataFrame:
    """Return a batch as a frame, without what its file notes beside it: Polars panics at a note that is no text."""
    return pl.DataFrame(pl.from_arrow(pa.Table.from_arrays(batch.columns, names=batch.schema.names)))


def as_text(values: pl.Series) -> pl.Series:
    """Write typed values as an extract would, for the same rules to judge; an instant keeps its lack of offset."""
    if isinstance(values.dtype, pl.Datetime):
        if values.dtype.time_zone is None:
            return values.dt.strftime("%Y-%m-%dT%H:%M:%S%.f")
        return values.dt.convert_time_zone("UTC").dt.strftime("%Y-%m-%dT%H:%M:%S%.fZ")
    if isinstance(values.dtype, pl.List):
        return values.list.eval(pl.element().cast(pl.String)).list.join(";")
    return values.cast(pl.String)


def _geojson(path: Path, columns: list[str]) -> Batch:
    features = _features(path)
    rows = [_feature_row(one, columns) for one in features]
    schema = {"line": pl.Int64, **dict.fromkeys(columns, pl.String)}
    lines = [{"line": place, **row} for place, row in enumerate(rows, start=1)]
    return Batch(rows=pl.DataFrame(lines, schema=schema), failures=pl.DataFrame(schema=FAILURES))


def _features(path: Path) -> list[dict[str, Any]]:
    if (size := path.stat().st_size) > GEOJSON_BYTES:
        limit = f"{size >> 20:,} MB, more than {GEOJSON_BYTES >> 20} MB: simplify its outlines"
        raise UnreadableFile(f"{path.name} cannot be read: it has {limit}")
    try:
        collection = json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=_no_number)
        features = collection["features"]
    except RecursionError:
        raise UnreadableFile(f"{path.name} cannot be read: its values are nested too deep") from None
    except (UnicodeDecodeError, ValueError) as error:
        raise _unreadable(path, error) from error
    except (KeyError, TypeError, IndexError):
        raise UnreadableFile(f"{path.name} cannot be read: it is not a GeoJSON FeatureCollection") from None
    if not isinstance(features, list) or not all(isinstance(one, dict) for one in features):
        raise UnreadableFile(f"{path.name} cannot be read: its features are not a list of objects")
    return features


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number of JSON")


def _feature_row(feature: dict[str, Any], columns: list[str]) -> dict[str, str | None]:
    values = {**(feature.get("properties") or {}), "geometry": feature.get("geometry")}
    return {name: _property(values.get(name)) for name in columns}


def _property(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, separators=(",", ":"))
