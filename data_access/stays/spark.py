"""The stays job on Apache Spark: officers' days shared out among tasks, then neighbourhoods. The engine is unchanged.

Paths are Spark's own (file, hdfs, s3a, abfss), and so is every touch of them. Its machines need Python with the suite's
requirements.txt; our own packages are sent to them. Every step follows from the fixes alone, so that Spark may do again
elsewhere what an executor had done when it died.

What a national load would cost, on paper: 43 forces, 4,000 M fixes a month. One process here judged 30 M fixes of nine
days in 22 s of processor, reading and writing included: 1.4 M a second, so under one core-hour a month for the engine
alone. With Spark, and before the engine's loops were compiled, some 200 s were seen for 10.7 M fixes (read off its
processes before it ended, on a busy machine): 50,000 a second, so about 22 core-hours, one hour of 22 cores. A task
holds one share of a day, 1 M fixes. Nothing larger than 10.7 M fixes was run on Spark here.
"""

import os
import re
import shutil
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import polars as pl
import pyarrow as pa
from pyspark import Broadcast, StorageLevel
from pyspark.errors import PySparkException
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import TimestampType

from data_access.feeds.contract import FIXES_COLUMNS
from data_access.feeds.fixes import checked
from data_access.feeds.pseudonyms import officers
from data_access.settings import ROOT
from data_access.stays import task
from data_access.stays.job import Basis, Survey, UnusableFixes, papers, refuse_columns, surveyed
from data_access.stays.manifest import SourceFile
from data_access.stays.seam import Keeping, kept
from data_access.stays.task import DATASETS, REJECTED, REJECTED_SCHEMA, TAGGED_SCHEMA, VISIBLE, Job
from metrics.levels import LONDON, local_day
from metrics.stays import VISIBLE_SCHEMA

GROUP_FIXES = 1_000_000  # worked on at once by a task, one day of whole officers: bounds its memory
BATCH_ROWS = 100_000
TASKS_A_CORE = 3  # long enough that starting them costs nothing, short enough that one done again is soon done
PACKAGES = ("metrics", "data_access")
UNDER_SUBMIT = "PYSPARK_GATEWAY_PORT"  # spark-submit sets it for the program that it runs
GROUP = ("day", "share")
FOUND_SCHEMA = {
    **REJECTED_SCHEMA,
    "day": pl.Date,
    "fixes": pl.Int64,
    "first": task.INSTANT,
    "last": task.INSTANT,
}

Work = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]


def run_spark(basis: Basis, fixes: str, out: str, *, master: str | None = None) -> None:
    """Write each of DATASETS as a folder of Parquet files `out/<dataset>`, and the manifest beside them last.

    The session is the one that is there (a notebook's, or spark-submit's), else one of our own on `master`.
    """
    with _session(master) as session:
        folder = _Folder(session, out)
        if not folder.is_empty():
            raise UnusableFixes(f"{out} is not empty: give a new folder, or remove what is in it")
        rows = _read(session, fixes)
        found = _survey(session, rows, fixes)
        job = basis.job_of(found.days)
        _write(session, rows, found, job, found.keeping(basis.privacy), out, basis.naming)
        written = {name: session.read.parquet(f"{out}/{name}").count() for name in (*DATASETS, REJECTED)}
        for name, text in papers(found, job, basis, written).items():
            folder.write(name, text)


def _read(session: SparkSession, fixes: str) -> DataFrame:
    try:
        rows = session.read.option("recursiveFileLookup", "true").parquet(fixes)
    except PySparkException as error:
        raise UnusableFixes(f"{fixes} cannot be read: {str(error).splitlines()[0]}") from error
    found = rows.schema["at"].dataType if "at" in rows.columns else None
    refuse_columns(rows.columns, found and found.simpleString(), found == TimestampType())
    return rows.select(*FIXES_COLUMNS, "_metadata.file_path", "_metadata.row_index")


def _survey(session: SparkSession, rows: DataFrame, fixes: str) -> Survey:
    """Read who and when once: count fixes by day, and set aside those that break a rule."""
    now, root = datetime.now(UTC), _Folder(session, fixes).address
    numbered = rows.select("officer_id", "at", F.col("file_path").alias("file"), (F.col("row_index") + 1).alias("line"))
    found = pl.DataFrame(pl.from_arrow(numbered.mapInArrow(_surveying(now), _spark_schema(FOUND_SCHEMA)).toArrow()))
    named = found.with_columns(file=pl.col("file").map_elements(lambda path: _name(path, root), pl.String))
    aside = named.filter(pl.col("rule").is_not_null()).unique(["file", "line"], keep="first").sort("file", "line")
    good = named.filter(pl.col("fixes") > 0)
    days = Counter(dict(good.group_by("day").agg(pl.col("fixes").sum()).rows()))
    files = (_source_file(_name(path, root), good, aside) for path in rows.inputFiles())
    reach = [*good["first"].to_list(), *good["last"].to_list()]
    return surveyed(files, days, reach, aside.select(list(REJECTED_SCHEMA)).cast(REJECTED_SCHEMA))


def _surveying(now: datetime) -> Work:
    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for rows in pl.DataFrame(pl.from_arrow(batch)).partition_by("file"):
                read = checked(rows.drop("file"), now)
                days = read.rows.group_by(day=local_day(pl.col("at"))).agg(
                    fixes=pl.len().cast(pl.Int64), first=pl.col("at").min(), last=pl.col("at").max()
                )
                both = pl.concat([pl.DataFrame(schema=FOUND_SCHEMA), days, read.failures], how="diagonal")
                yield from task.as_arrow(both.with_columns(file=pl.lit(rows["file"][0])))

    return work


def _source_file(name: str, good: pl.DataFrame, aside: pl.DataFrame) -> SourceFile:
    own, bad = good.filter(pl.col("file") == name), aside.filter(pl.col("file") == name)
    read = int(own["fixes"].sum()) + len(bad)
    return SourceFile(name=name, rows_read=read, rows_set_aside=len(bad), newest_event=own["last"].max())


def _write(
    session: SparkSession, rows: DataFrame, found: Survey, job: Job, keep: Keeping, out: str, naming: bytes | None
) -> None:
    shared = session.sparkContext.broadcast(job)
    tasks = TASKS_A_CORE * session.sparkContext.defaultParallelism
    each = _shared_out(rows, found, job, tasks).mapInArrow(
        _officers(shared, keep, naming), _spark_schema(TAGGED_SCHEMA)
    )
    each = each.persist(StorageLevel.DISK_ONLY)  # four outputs from one pass over the fixes
    visible = each.where(each.dataset == VISIBLE).select(*VISIBLE_SCHEMA)
    schema = _spark_schema(DATASETS["presence"])
    seen = visible.repartition(tasks, "neighbourhood_code").mapInArrow(_neighbourhoods(shared), schema)
    for name, columns in DATASETS.items():
        facts = seen if name == "presence" else each.where(each.dataset == name).select(*columns)
        facts.write.parquet(f"{out}/{name}")
    aside = found.rejected.to_arrow()
    session.createDataFrame(aside.cast(task.plain(aside.schema))).coalesce(1).write.parquet(f"{out}/{REJECTED}")
    each.unpersist()


def _shared_out(rows: DataFrame, found: Survey, job: Job, tasks: int) -> DataFrame:
    """Partition by local day and share of the officers; a fix about midnight goes to both days."""
    shares = -(-max(found.fixes.values()) // GROUP_FIXES)
    reach = F.expr(f"make_dt_interval(0, 0, 0, {job.seam.reach.total_seconds():.0f})")
    at = F.col("at")
    days = F.array_distinct(F.array(*(_local_day(moment) for moment in (at, at - reach, at + reach))))
    first, last = (F.lit(moment) for moment in found.reach)
    good = rows.where(at.between(first, last)).select(
        F.explode(days).alias("day"),
        F.pmod(F.hash(_stripped("officer_id")), F.lit(shares)).alias("share"),
        *FIXES_COLUMNS,
    )
    partitions = min(len(found.fixes) * shares, max(tasks, -(-found.fixes.total() // GROUP_FIXES)))
    covered = good.where(F.col("day").isin(sorted(found.fixes)))
    return covered.repartition(partitions, *GROUP).sortWithinPartitions(*GROUP)


def _local_day(instant: Column) -> Column:
    return F.to_date(F.from_utc_timestamp(instant, LONDON))


def _stripped(name: str) -> Column:
    return F.regexp_replace(F.coalesce(F.col(name), F.lit("")), r"(?U)^\s+|\s+$", "")


def _officers(job: "Broadcast[Job]", keep: Keeping, naming: bytes | None) -> Work:
    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for rows in task.whole_groups(batches, list(GROUP)):
            days = (rows["day"][0], rows["day"][0])
            named = rows.select(FIXES_COLUMNS).with_columns(officers(rows["officer_id"], naming))
            fixes = named.drop_nulls("officer_id")
            facts = task.officer_facts(fixes.lazy(), days, task.window_of(days), job.value)
            yield from task.tagged({**facts, "fix_edges": kept(fixes, days, job.value.seam, keep)})

    return work


def _neighbourhoods(job: "Broadcast[Job]") -> Work:
    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        frames = [pl.DataFrame(pl.from_arrow(batch)) for batch in batches]
        if frames:
            yield from task.as_arrow(task.presence_facts(pl.concat(frames).lazy(), job.value.uniformed))

    return work


def _spark_schema(schema: dict[str, pl.DataType]) -> Any:
    return from_arrow_schema(task.plain(pl.DataFrame(schema=schema).to_arrow().schema))


def _name(path: str, root: str) -> str:
    """Name a file within the folder of fixes (or, where it is the one that was given, by itself)."""
    whole = _address(path)
    return whole.removeprefix(root).lstrip("/") or whole.rsplit("/", 1)[-1]


def _address(path: str) -> str:
    """Write an address in one way: Spark encodes odd characters, and has one slash or three after `file:`."""
    return re.sub(r"^([a-z0-9]+):/+", r"\1:/", unquote(path))


class _Folder:
    """A folder as Spark reaches it, by the file system of its address."""

    def __init__(self, session: SparkSession, address: str) -> None:
        hadoop = session.sparkContext._jvm.org.apache.hadoop.fs
        self._path_of = hadoop.Path
        path = hadoop.Path(address)
        self._system = path.getFileSystem(session.sparkContext._jsc.hadoopConfiguration())
        self._path = self._system.makeQualified(path)
        self.address = _address(self._path.toString())

    def is_empty(self) -> bool:
        """Tell whether there is nothing yet."""
        return not self._system.exists(self._path) or not len(self._system.listStatus(self._path))

    def write(self, name: str, text: str) -> None:
        """Write a small file into it."""
        stream = self._system.create(self._path_of(self._path, name))
        stream.write(bytearray(text.encode()))
        stream.close()


@contextmanager
def _session(master: str | None) -> Iterator[SparkSession]:
    """Return a session with the settings that the job needs; stop it only where it is ours."""
    given = SparkSession.getActiveSession()
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        # It warns of pandas 3, which nothing here uses.
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        session = given or _started(master)
        try:
            own = session.newSession()
            own.conf.set("spark.sql.session.timeZone", "UTC")
            own.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", BATCH_ROWS)
            own.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
            if ROOT.is_dir():  # else we are in an archive ourselves: spark-submit --py-files has sent it
                own.sparkContext.addPyFile(_packed(Path(scratch)))
            yield own
        finally:
            if given is None:
                session.stop()


def _started(master: str | None) -> SparkSession:
    builder = SparkSession.builder.appName("neighbourhood policing: stays")
    if UNDER_SUBMIT in os.environ and master is None:
        return builder.getOrCreate()
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # the same packages as here, unless told otherwise
    where = master or "local[*]"
    builder = (
        builder.master(where)
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", sys.stderr.isatty())
        .config("spark.log.level", "ERROR")
    )
    if where.startswith("local"):
        builder = builder.config("spark.driver.host", "localhost").config("spark.driver.bindAddress", "127.0.0.1")
    return builder.getOrCreate()


def _packed(scratch: Path) -> str:
    """Zip our packages, so that every machine runs this version of the engine."""
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__", "*.csv")
        shutil.copytree(ROOT / package, scratch / "packages" / package, ignore=ignored)
    return shutil.make_archive(str(scratch / "packages"), "zip", scratch / "packages")
