"""The worked example corrected in ways that change what its radio fixes say, and all that a store keeps of these."""

import json
import shutil
from datetime import UTC, datetime

import polars as pl
import shapely.affinity
import shapely.geometry
from sqlalchemy import select

from data_access.database.connection import read_frame, reading
from data_access.database.schema import metadata
from data_access.load.ingest import load
from data_access.sample_mark import MARKER
from data_access.stays.task import DATASETS
from tests.places import EXAMPLE

BAD = pl.DataFrame(
    {
        "officer_id": [None, "O04", "O04", " O04 "],
        "at": [datetime(year, 10, 8, 11, tzinfo=UTC) for year in (2024, 1999, 2099, 2024)],
        "lon": [-1.94, -1.94, -1.94, None],
        "lat": [52.45] * 4,
    }
)


def loaded(store, folder, stays=()):
    report = load(store, folder, "a test", stays=stays)
    assert report.error is None
    return report


def radio(store):
    """All that the store keeps of radio fixes, and the ledger of their files."""
    with reading(store.engine) as connection:
        tables = {name: read_frame(connection, select(metadata.tables[name])) for name in (*DATASETS, "rejected")}
        files = read_frame(connection, select(metadata.tables["load_files"]))
    told = files.drop("sha256").filter(pl.col("feed") == "fixes")
    return {**{name: rows.sort(rows.columns) for name, rows in tables.items()}, "files": told.sort("file_id")}


def sample_folder(folder):
    folder.mkdir()
    shutil.copy(EXAMPLE / "extracts" / MARKER, folder)
    return folder


def longer(duties):
    rows = pl.read_csv(duties, infer_schema=False)
    of_one = pl.col("officer_id") == "O04"
    later = pl.col("ends_at").str.to_datetime(time_zone="UTC").dt.offset_by("7m").dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    rows.with_columns(ends_at=pl.when(of_one).then(later).otherwise("ends_at")).write_csv(duties)


def plain_clothed(officers):
    officers.write_text(officers.read_text().replace("true", "false"))


def moved(areas):
    told = json.loads(areas.read_text())
    for one in told["features"]:
        shape = shapely.affinity.translate(shapely.geometry.shape(one["geometry"]), 0.001)
        one["geometry"] = shapely.geometry.mapping(shape)
    areas.write_text(json.dumps(told))
