"""One measured job a process: `python -m tests.bench.jobs JOB FOLDER [...]` prints seconds and peak memory as JSON."""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

from data_access.settings import PrivacySettings
from data_access.stays.job import Basis, run_local
from data_access.stays.seam import Days
from data_access.stays.task import Areas, Job
from metrics.compiled import MANY, loops
from metrics.location import AreaIndex, lowest
from metrics.parameters import Parameters
from tests.bench import baseline, force

DAY = date(2024, 10, 1)
AT_ONCE = 99  # days: all of them
TIMES = 3  # the best of so many, since other work on the machine only ever adds


def run(folder: Path, out: Path, days: int) -> None:
    """The stays job over the made-up force, `days` days at a time."""
    basis = Basis(job_of=partial(job, folder), parameters=Parameters(), privacy=PrivacySettings())
    run_local(basis, folder / "fixes", out, days)


def job(folder: Path, _days: Days) -> Job:
    duty = pl.read_parquet(folder / "duties.parquet")
    always = [pl.lit(None, pl.Date).alias(name) for name in ("valid_from", "valid_to")]
    areas = Areas(
        neighbourhoods=force.wards().with_columns(always),
        premises=force.premises().with_columns(always),
        hotspots=force.hotspots().with_columns(always),
        building_buffer_m=Parameters.building_buffer_m,
    )
    return Job(areas=areas, duty=duty, uniformed=duty["officer_id"].unique(), max_gap_seconds=Parameters.max_gap)


def positions(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    fixes = pl.scan_parquet(folder / "fixes" / "*.parquet").select("lon", "lat").drop_nulls().collect()
    return fixes["lon"].to_numpy(), fixes["lat"].to_numpy()


def engine(folder: Path, days: str, times: str = "1") -> dict[str, float]:
    """The whole job, Parquet in to Parquet facts out, `days` days at a time; the best of `times`."""
    # Numba is imported before the clock starts, as geopandas and SedonaDB are: half of it at the first call.
    loops(MANY).united(np.zeros(1, dtype=np.int32), *np.zeros((2, 1), dtype=np.int64))

    def whole() -> None:
        with tempfile.TemporaryDirectory() as out:
            run(folder, Path(out), int(days))

    return timed(whole, int(times))


def geopandas_job(folder: Path) -> dict[str, float]:
    """The same rules in geopandas and pandas, without hotspots and fix quality."""
    return timed(lambda: baseline.facts(folder, force.wards(), force.premises()))


def sedona_job(folder: Path) -> dict[str, float]:
    """The same in SQL with SedonaDB, on all cores."""
    from tests.bench import sedona  # SedonaDB is needed by its own jobs alone, and not everywhere to be had

    return timed(lambda: sedona.facts(folder, force.wards(), force.premises()))


def sedona_agrees(folder: Path) -> dict[str, float]:
    """Whether the SQL does the same job: 1 where its visible seconds are the engine's, row by row, else 0."""
    from tests.bench import sedona

    with tempfile.TemporaryDirectory() as out:
        run(folder, Path(out), AT_ONCE)
        ours = pl.read_parquet(Path(out) / "visibility" / "*.parquet")
    named = {"kind": "place_kind", "ward": "neighbourhood_code"}
    theirs = sedona.facts(folder, force.wards(), force.premises())[0].rename(named)
    theirs = theirs.with_columns(pl.col("neighbourhood_code").fill_null("")).filter(pl.col("seconds") > 0)
    keys = [name for name in ours.columns if name != "seconds"]
    return {"same": float(theirs.select(ours.columns).cast(dict(ours.schema)).sort(keys).equals(ours.sort(keys)))}


def decode(folder: Path) -> dict[str, float]:
    """Read the Parquet that the whole job reads, and do nothing with it."""
    return timed(lambda: pl.read_parquet(folder / "fixes" / "*.parquet"), TIMES)


def engine_lookup(folder: Path) -> dict[str, float]:
    lon, lat = positions(folder)
    index = AreaIndex.from_features(force.wards())
    lowest(index, lon, lat, DAY)  # the index is built, and the loop compiled, once a process for all fixes
    return timed(lambda: lowest(index, lon, lat, DAY), TIMES)


def geopandas_lookup(folder: Path) -> dict[str, float]:
    lon, lat = positions(folder)
    wards = baseline.areas(force.wards(), "neighbourhood_code")
    return timed(lambda: baseline.wards_of(lon, lat, wards))


def sedona_lookup(folder: Path) -> dict[str, float]:
    """Which ward, by SedonaDB's join, on all cores; left unordered, and a shared border gives both wards."""
    import sedonadb  # needed by this job alone, and not everywhere to be had

    lon, lat = positions(folder)
    session = sedonadb.connect()
    session.create_data_frame(pl.DataFrame({"lon": lon, "lat": lat}).to_arrow()).to_view("fixes")
    session.create_data_frame(baseline.areas(force.wards(), "neighbourhood_code")).to_view("wards")
    point = "ST_SetSRID(ST_Point(lon, lat), 4326)"
    question = session.sql(f"SELECT neighbourhood_code FROM fixes JOIN wards ON ST_Intersects({point}, geometry)")
    return timed(lambda: question.to_arrow_table(), TIMES)


def timed(work: Callable[[], object], times: int = 1) -> dict[str, float]:
    """Time the work: the best of `times`, by the clock and in processor time; and peak memory of the process."""
    seconds, processor = [], []
    for _ in range(times):
        start, used = time.perf_counter(), time.process_time()
        work()
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - used)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": min(seconds), "cpu_seconds": min(processor), "megabytes": peak}


JOBS = {
    work.__name__: work
    for work in (
        engine,
        geopandas_job,
        sedona_job,
        sedona_agrees,
        decode,
        engine_lookup,
        geopandas_lookup,
        sedona_lookup,
    )
}

if __name__ == "__main__":
    name, folder, *rest = sys.argv[1:]
    print(json.dumps(JOBS[name](Path(folder), *rest)))
