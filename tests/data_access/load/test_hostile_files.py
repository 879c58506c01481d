"""Files made to harm who reads them: refused with a sentence that names the file, and nothing changes."""

import csv
import json
import os
import time
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from data_access.feeds import probe, reading
from data_access.load.ingest import load
from tests.bench.fuzz import contents
from tests.data_access.small_force import FORCE, write


def refused(store, folder, words):
    """Load; the report refuses in a line, and the store is what it was."""
    before = contents(store)
    began = time.monotonic()
    report = load(store, folder, "tests")
    assert report.exit_code == 2
    assert words in report.error
    assert "\n" not in report.error
    assert contents(store) == before
    assert time.monotonic() - began < 120


@pytest.fixture
def folder(tmp_path):
    """Sound extracts for a bad one to lie among: areas, people, codes and crimes."""
    sound = ("neighbourhoods.geojson", "officers.csv", "offences.csv", "crimes.csv")
    return write(tmp_path / "in", {name: FORCE[name] for name in sound})


def repeated(path, value, rows):
    """Write a long value once, and a million references to it: a few kilobytes that unpack to terabytes."""
    column = pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, dtype=np.int32)), pa.array([value]))
    names = ("officer_id", "at", "lon", "lat")
    # Its writer compares the long value with itself for every row, 20 s in all, to note the least and the greatest.
    table = pa.table([column] * len(names), names=names)
    parquet.write_table(table, path, compression="zstd", write_statistics=False)


def test_a_small_parquet_file_that_unpacks_to_terabytes(sqlite_store, folder):
    repeated(folder / "fixes-1.parquet", "x" * (10 << 20), 1_000_000)
    assert (folder / "fixes-1.parquet").stat().st_size < 20_000
    refused(sqlite_store, folder, "fixes-1.parquet cannot be read: its")


def test_a_small_parquet_file_of_endless_rows(sqlite_store, folder):
    path = folder / "crimes-1.parquet"
    chunk = pa.table({name: np.zeros(10_000_000, dtype=np.int64) for name in ("crime_id", "lon")})
    with parquet.ParquetWriter(path, chunk.schema, compression="zstd") as writer:
        for _ in range(15):
            writer.write_table(chunk, row_group_size=10_000_000)
    assert path.stat().st_size < 3_000_000
    refused(sqlite_store, folder, "unpack to more than 2 GB")


@pytest.mark.parametrize("megabytes", [100, 500], ids=["the process dies", "its memory is refused"])
def test_a_file_that_kills_its_reader_kills_a_process_of_its_own(sqlite_store, folder, monkeypatch, megabytes):
    long = pa.table({"crime_id": ["x" * 1000] * 200_000})
    parquet.write_table(long, folder / "crimes-1.parquet", use_dictionary=False)
    monkeypatch.setenv("NPD_PROBE_BYTES", str(megabytes << 20))
    refused(sqlite_store, folder, f"crimes-1.parquet cannot be read: {probe.DIED}")


def test_no_parquet_at_all(sqlite_store, folder):
    (folder / "crimes-1.parquet").write_bytes(b"PAR1" + b"\xff" * 300 + b"PAR1")
    refused(sqlite_store, folder, "crimes-1.parquet cannot be read")


@pytest.mark.parametrize("name", ["crimes-1.parquet", "fixes-1.parquet"])
def test_notes_in_a_parquet_file_that_are_no_text_are_left_out(sqlite_store, folder, name):
    """Found by mutated files: Polars ends the process at such a note, of the file or of a column."""
    at = pa.array([datetime(2024, 10, 1, 10, tzinfo=UTC)], pa.timestamp("us", "UTC"))
    crime = {"crime_id": pa.array(["C9"]), "recorded_on": pa.array(["2024-10-07"]), "offence_code": pa.array(["45"])}
    fix = {"officer_id": pa.array(["A"]), "at": at, "lon": pa.array([-1.94]), "lat": pa.array([52.45])}
    columns = crime if name.startswith("crimes") else fix
    fields = [pa.field(one, values.type, metadata={b"note": b"\xff"}) for one, values in columns.items()]
    noted = pa.table(list(columns.values()), schema=pa.schema(fields, metadata={b"note": b"\xff\xfe"}))
    parquet.write_table(noted, folder / name)
    report = load(sqlite_store, folder, "the tests")
    assert report.error is None
    assert next(one.rows_loaded for one in report.files if one.name == name) == 1


def test_a_parquet_file_of_texts_that_are_no_text_is_refused(sqlite_store, folder):
    broken = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"\xff\xfe")]
    )
    row = {"crime_id": broken, "recorded_on": pa.array(["2024-10-07"]), "offence_code": pa.array(["45"])}
    parquet.write_table(pa.table(row), folder / "crimes-1.parquet")
    refused(sqlite_store, folder, "Invalid UTF8")


def test_a_good_parquet_file_is_read(sqlite_store, folder):
    row = {"crime_id": ["P1"], "recorded_on": ["2024-10-05"], "offence_code": ["45"]}
    parquet.write_table(pa.table(row), folder / "crimes-1.parquet")
    report = load(sqlite_store, folder, "tests")
    assert next(one.rows_loaded for one in report.files if one.name == "crimes-1.parquet") == 1


@pytest.mark.parametrize("target", ["/etc/hostname", "../outside.csv"])
def test_a_link_out_of_the_folder(sqlite_store, folder, target):
    (folder.parent / "outside.csv").write_text(FORCE["crimes.csv"])
    os.symlink(target, folder / "crimes-2.csv")
    refused(sqlite_store, folder, "crimes-2.csv is a link to a file outside the folder")


def test_a_link_within_the_folder_is_a_file_like_others(sqlite_store, folder):
    os.symlink("crimes.csv", folder / "crimes-2.csv")
    assert load(sqlite_store, folder, "tests").error is None


DEEP = "[" * 100_000 + "]" * 100_000


@pytest.mark.parametrize(
    "content",
    [
        DEEP,
        f'{{"features": {DEEP}}}',
        f'{{"features": [{{"geometry": {{"type": "Polygon", "coordinates": {DEEP}}}}}]}}',
    ],
)
def test_a_deep_geojson(sqlite_store, folder, content):
    (folder / "hotspots.geojson").write_text(content)
    refused(sqlite_store, folder, "hotspots.geojson cannot be read: its values are nested too deep")


def test_numbers_that_json_has_not(sqlite_store, folder):
    content = json.loads(FORCE["neighbourhoods.geojson"])
    content["features"][0]["properties"]["residents"] = float("nan")
    (folder / "neighbourhoods.geojson").write_text(json.dumps(content))
    refused(sqlite_store, folder, "NaN is no number of JSON")
    text = FORCE["neighbourhoods.geojson"].replace('"properties": {', '"properties": {"x": ' + "9" * 10_000 + ", ", 1)
    (folder / "neighbourhoods.geojson").write_text(text)
    refused(sqlite_store, folder, "neighbourhoods.geojson cannot be read")


def test_a_huge_geojson(sqlite_store, folder, monkeypatch):
    monkeypatch.setattr(reading, "GEOJSON_BYTES", 1 << 20)
    (folder / "hotspots.geojson").write_bytes(b" " * (3 << 20))
    refused(sqlite_store, folder, "hotspots.geojson cannot be read: it has 3 MB, more than 1 MB")


@pytest.fixture(params=[1 << 17, 1 << 30])
def field_limit(request):
    """The csv module's limit to a field: its own, and what any import may have set it to."""
    before = csv.field_size_limit(request.param)
    yield
    csv.field_size_limit(before)


@pytest.mark.usefixtures("field_limit")
@pytest.mark.parametrize("first", ["a" * (2 << 20), "a" * 200_000, ",".join(f"c{number}" for number in range(5000))])
def test_a_first_line_that_is_no_header(sqlite_store, folder, first):
    (folder / "crimes.csv").write_text(f"{first}\n")
    refused(sqlite_store, folder, "crimes.csv cannot be read: its first line is no header")


def test_a_line_that_is_no_row_and_no_text_is_not_lost(sqlite_store, folder):
    content = FORCE["crimes.csv"].encode() + b"C9,2024-10-05,45\xff\n"
    (folder / "crimes.csv").write_bytes(content)
    refused(sqlite_store, folder, "crimes.csv cannot be read: it is not UTF-8 text")
