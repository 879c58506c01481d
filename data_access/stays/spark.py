"""The stays job on Apache Spark: officers shared out among tasks, then neighbourhoods. The engine is unchanged.

Its machines need Python with the suite's requirements.txt; our own packages are sent to them.
"""

import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa
from pyspark import Broadcast, StorageLevel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import TimestampType

from data_access.feeds.contract import FIXES_COLUMNS
from data_access.settings import ROOT
from data_access.stays.job import UnusableFixes
from data_access.stays.task import (
    DATASETS,
    PRESENCE_SCHEMA,
    TAGGED_SCHEMA,
    VISIBLE,
    Job,
    as_arrow,
    officer_facts,
    plain,
    presence_facts,
    tagged,
    whole_officers,
)
from metrics.stays import VISIBLE_SCHEMA

GROUP_FIXES = 1_000_000  # worked on at once by a task, in whole officers: bounds its memory
BATCH_ROWS = 100_000
TASKS_A_CORE = 2  # each task indexes the areas anew, a second or so: few and long is right
PACKAGES = ("metrics", "data_access")

Work = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]


def run_spark(job: Job, fixes: str, out: str, master: str) -> None:
    """Write each of DATASETS as a folder of Parquet files `out/<dataset>`; `fixes` and `out` as Spark knows them."""
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        # It warns of pandas 3, which nothing here uses.
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        session = _session(master, Path(scratch))
        try:
            _write(session, job, fixes, out)
        finally:
            session.stop()


def _write(session: SparkSession, job: Job, fixes: str, out: str) -> None:
    shared = session.sparkContext.broadcast(job)
    tasks = TASKS_A_CORE * session.sparkContext.defaultParallelism
    by_officer = _read(session, fixes).repartition(tasks, "officer_id").sortWithinPartitions("officer_id", "at")
    rows = by_officer.mapInArrow(_officers(shared), _spark_schema(TAGGED_SCHEMA))
    rows = rows.persist(StorageLevel.DISK_ONLY)  # four outputs from one pass over the fixes
    visible = rows.where(rows.dataset == VISIBLE).select(*VISIBLE_SCHEMA)
    seen = visible.repartition(tasks, "neighbourhood_code").mapInArrow(
        _neighbourhoods(shared), _spark_schema(PRESENCE_SCHEMA)
    )
    for name, schema in DATASETS.items():
        facts = seen if name == "presence" else rows.where(rows.dataset == name).select(*schema)
        facts.write.parquet(f"{out}/{name}")


def _officers(job: "Broadcast[Job]") -> Work:
    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        ground = job.value.ground()
        for fixes in whole_officers(batches, GROUP_FIXES):
            yield from tagged(officer_facts(fixes.lazy(), job.value, ground))

    return work


def _neighbourhoods(job: "Broadcast[Job]") -> Work:
    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        frames = [pl.from_arrow(batch) for batch in batches]
        if frames:
            yield from as_arrow(presence_facts(pl.concat(frames).lazy(), job.value))

    return work


def _read(session: SparkSession, fixes: str) -> DataFrame:
    rows = session.read.option("recursiveFileLookup", "true").parquet(fixes)
    if missing := [name for name in FIXES_COLUMNS if name not in rows.columns]:
        raise UnusableFixes(f"the fixes have no column {missing[0]!r}: they need {', '.join(FIXES_COLUMNS)}")
    if rows.schema["at"].dataType != TimestampType():
        found = rows.schema["at"].dataType.simpleString()
        raise UnusableFixes(f"the fixes' column 'at' is {found}: make it an instant with a time zone")
    return rows.select(*FIXES_COLUMNS).dropna(subset=["officer_id", "at"])


def _spark_schema(schema: dict[str, pl.DataType]) -> object:
    return from_arrow_schema(plain(pl.DataFrame(schema=schema).to_arrow().schema))


def _session(master: str, scratch: Path) -> SparkSession:
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # the same packages as here, unless told otherwise
    builder = (
        SparkSession.builder.master(master)
        .appName("neighbourhood policing: stays")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", BATCH_ROWS)
        .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", sys.stderr.isatty())
        .config("spark.log.level", "ERROR")
    )
    if master.startswith("local"):
        builder = builder.config("spark.driver.host", "localhost").config("spark.driver.bindAddress", "127.0.0.1")
    session = builder.getOrCreate()
    session.sparkContext.addPyFile(_packed(scratch))
    return session


def _packed(scratch: Path) -> str:
    """Zip our packages, so that every machine runs this version of the engine."""
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__", "*.csv")
        shutil.copytree(ROOT / package, scratch / "packages" / package, ignore=ignored)
    return shutil.make_archive(str(scratch / "packages"), "zip", scratch / "packages")
