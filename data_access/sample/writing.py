"""Extract files on disk: each is written beside its place and then moved there, so that no reader meets half of one."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as parquet

from data_access.sample_mark import MARKER, MARKER_TEXT

SUFFIXES = (".csv", ".parquet", ".geojson")


class NotASampleFolder(Exception):
    """The folder holds extracts that no sample run wrote; the message says what to do."""


def prepare(folder: Path) -> None:
    """Make the folder, mark it as sample data and remove the extracts of an earlier sample run, and only those."""
    folder.mkdir(parents=True, exist_ok=True)
    old = sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES)
    if old and not (folder / MARKER).exists():
        raise NotASampleFolder(
            f"{folder} holds {len(old)} extract files (such as {old[0].name}) and no {MARKER}: "
            "they may be a force's own. Give an empty folder or a new one."
        )
    (folder / MARKER).write_text(MARKER_TEXT, encoding="utf-8")
    for path in old:
        path.unlink()


def write_csv(folder: Path, feed: str, rows: pl.DataFrame) -> None:
    """Write a small feed as `<feed>.csv`; instants in UTC with a Z."""
    part = folder / f"{feed}.csv.part"
    rows.write_csv(part, datetime_format="%Y-%m-%dT%H:%M:%SZ", date_format="%Y-%m-%d")
    os.replace(part, folder / f"{feed}.csv")


def write_parquet(folder: Path, name: str, chunks: Iterable[pl.DataFrame]) -> int:
    """Write chunks as the row groups of `<name>.parquet`; give the rows written. No chunks: no file."""
    part, rows, writer = folder / f"{name}.parquet.part", 0, None
    for chunk in chunks:
        table = chunk.to_arrow(compat_level=pl.CompatLevel.oldest())
        writer = writer or parquet.ParquetWriter(part, table.schema, compression="zstd", compression_level=1)
        writer.write_table(table)
        rows += len(chunk)
    if writer is not None:
        writer.close()
        os.replace(part, folder / f"{name}.parquet")
    return rows


def write_geojson(folder: Path, feed: str, features: Iterable[dict[str, Any]]) -> None:
    """Write features as `<feed>.geojson`."""
    part = folder / f"{feed}.geojson.part"
    collection = {"type": "FeatureCollection", "features": list(features)}
    part.write_text(json.dumps(collection, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(part, folder / f"{feed}.geojson")
