"""A folder that the stays job wrote, as an extract: refused where the store would judge otherwise, put in where not."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
from sqlalchemy import Connection

from data_access.feeds.contract import FAILURES, FIXES_COLUMNS
from data_access.feeds.reading import fingerprint
from data_access.load.fixes import Span, clear, neighbours, put, spans_of
from data_access.settings import PrivacySettings
from data_access.stays import task
from data_access.stays.judged_by import areas_of, job_of, versions
from data_access.stays.manifest import (
    ENGINE,
    MANIFEST,
    SCHEMA,
    Manifest,
    SourceFile,
    UnusableStays,
    from_json,
    parameters_of,
)
from data_access.stays.seam import DAY, Days, Keeping, Seam, kept, runs
from data_access.stays.task import DATASETS, REJECTED, VISIBLE, Areas
from metrics.levels import local_start
from metrics.parameters import Parameters
from metrics.stays import Window

PORTION_FIXES = 20_000_000  # rows of so many fixes are put in at once: bounds memory
SHOWN = 3
KEPT_AT_LEAST = ("keep_fixes_days", "keep_edge_days")  # a folder may have kept more than the store needs
JUDGE_AGAIN = "run the stays job again on this store, or load the fixes themselves"


@dataclass(frozen=True, kw_only=True, eq=False)
class StaysFolder:
    """A folder of stays, whole: its manifest, and a hash of every byte that counts."""

    path: Path
    manifest: Manifest
    sha256: str

    def rows(self, dataset: str) -> pl.LazyFrame:
        """Scan the rows of one of DATASETS."""
        return pl.scan_parquet(_files(self.path, dataset)).select(list(SCHEMA[dataset]))


def open_stays(path: Path) -> StaysFolder:
    """Read a folder's manifest; UnusableStays where the folder is not whole, or not for this version of the suite."""
    try:
        if not (path / MANIFEST).is_file():
            raise UnusableStays(f"it has no {MANIFEST}: give the --out folder of a stays job that ran to its end")
        manifest = from_json((path / MANIFEST).read_text(encoding="utf-8"))
        _refuse_another_version(manifest)
        _refuse_a_part(path, manifest)
    except (UnusableStays, pl.exceptions.PolarsError) as error:
        raise UnusableStays(f"the stays in {path} were not loaded: {error}") from error
    files = [path / MANIFEST, *(file for name in SCHEMA for file in _files(path, name))]
    digest = hashlib.sha256("".join(sorted(fingerprint(file) for file in files)).encode()).hexdigest()
    return StaysFolder(path=path, manifest=manifest, sha256=digest)


def sha256_of(folder: StaysFolder, file: SourceFile) -> str:
    """Return the ledger's hash of a file of fixes that came by way of a folder."""
    return hashlib.sha256(f"{folder.sha256} {file.name}".encode()).hexdigest()


def set_aside_in(folder: StaysFolder, file: SourceFile) -> pl.DataFrame:
    """Return the rows of a file of fixes that the job set aside, as FAILURES."""
    rows = folder.rows(REJECTED).filter(pl.col("file") == file.name)
    return rows.select(pl.col(name).cast(dtype) for name, dtype in FAILURES.items()).collect()


def refuse_other_judgement(
    connection: Connection, folder: StaysFolder, parameters: Parameters, privacy: PrivacySettings
) -> None:
    """Raise UnusableStays where the store, as it is now, would judge the folder's fixes by something else."""
    manifest = folder.manifest
    job = job_of(connection, areas_of(connection, parameters), parameters, manifest.days)
    differences = [
        *_other_parameters(manifest, parameters_of(parameters, privacy)),
        *_other_versions(manifest, versions(job, manifest.days)),
    ]
    if differences:
        more = f"; and {len(differences) - SHOWN} more" if len(differences) > SHOWN else ""
        raise UnusableStays(
            f"the stays in {folder.path} were judged otherwise than this store would: "
            f"{'; '.join(differences[:SHOWN])}{more}. Nothing of them was loaded: {JUDGE_AGAIN}"
        )


def put_stays(
    connection: Connection,
    folder: StaysFolder,
    parameters: Parameters,
    settled_days: set[date],
    keep: Keeping,
) -> list[Span]:
    """Replace the facts of every day of the folder, as its fixes would; give the spans of hours that may differ now.

    Hours about midnight at either end of a run of days depend on neighbours that the job did not know: they are judged
    here, from the fixes that the folder and the store keep for that.
    """
    seam, areas = Seam(max_gap=parameters.max_gap), areas_of(connection, parameters)
    spans = list(spans_of(list(runs(folder.manifest.fixes)), set(), settled_days, seam))
    for span in spans:
        near = pl.concat(neighbours(connection, span, seam, set()))
        clear(connection, span)
        for days in _portions(folder.manifest, span):
            put(connection, _inner_facts(folder, span, days, seam, keep))
        for window, days in _outer_hours(span, seam):
            own = _edges(folder, days).select(FIXES_COLUMNS).collect()
            put(connection, _seam_facts(connection, pl.concat([near, own]), days, window, areas, parameters))
    return spans


def _files(path: Path, dataset: str) -> list[Path]:
    return sorted((path / dataset).glob("*.parquet"))


def _refuse_another_version(manifest: Manifest) -> None:
    if manifest.engine != ENGINE:
        raise UnusableStays(
            f"version {manifest.engine} of the engine made them, and this suite has {ENGINE}: {JUDGE_AGAIN}"
        )
    if other := sorted(name for name in SCHEMA if manifest.schema.get(name) != SCHEMA[name]):
        raise UnusableStays(f"its columns of {other[0]} are {manifest.schema.get(other[0])}; asked: {SCHEMA[other[0]]}")


def _refuse_a_part(path: Path, manifest: Manifest) -> None:
    for name in SCHEMA:
        files = _files(path, name)
        found = pl.scan_parquet(files).select(pl.len()).collect().item() if files else 0
        if found != manifest.rows.get(name, 0):
            raise UnusableStays(
                f"{name} has {found:,} rows and its {MANIFEST} says {manifest.rows.get(name, 0):,}: "
                "the folder is not whole; copy it again"
            )


def _other_parameters(manifest: Manifest, expected: dict[str, float]) -> Iterator[str]:
    for name, value in expected.items():
        given = manifest.parameters.get(name)
        enough = name in KEPT_AT_LEAST and given is not None and given >= value
        if given != value and not enough:
            yield f"{name} was {given}, here it is {value}"


def _other_versions(manifest: Manifest, expected: dict[str, str]) -> Iterator[str]:
    given = manifest.judged_by
    for name in sorted({*given, *expected}):
        if given.get(name) != expected.get(name):
            yield f"{name} were {given.get(name, 'none')}, here they are {expected.get(name, 'none')}"


def _portions(manifest: Manifest, span: Span) -> Iterator[Days]:
    """Cut a span into runs of days of about PORTION_FIXES."""
    first, day, fixes = span.first, span.first, 0
    while day <= span.last:
        fixes += manifest.fixes[day]
        if fixes >= PORTION_FIXES or day == span.last:
            yield first, day
            first, fixes = day + DAY, 0
        day += DAY


def _inner_facts(folder: StaysFolder, span: Span, days: Days, seam: Seam, keep: Keeping) -> dict[str, pl.DataFrame]:
    """Read the facts of a portion of days that no neighbour of the span bears on, and what is told of whole days."""
    dated = pl.col("day").is_between(*days)
    early = (pl.col("day") == span.first) & (pl.col("hour") < seam.hours)
    late = (pl.col("day") == span.last) & (pl.col("hour") >= 24 - seam.hours)
    opens, closes = task.window_of(days)
    inner = local_start(span.first, seam.hours), local_start(span.last, 24 - seam.hours)
    begins = pl.col("starts_at")
    inside = (begins >= max(opens, inner[0])) & (begins < min(closes, inner[1]))
    chosen = {
        "visibility": folder.rows("visibility").filter(dated & ~early & ~late),
        "presence": folder.rows("presence").filter(dated & ~early & ~late),
        "hotspot_stays": folder.rows("hotspot_stays").filter(inside),
        "fix_quality": folder.rows("fix_quality").filter(dated),
    }
    facts = {name: rows.cast(DATASETS[name]).sort(list(DATASETS[name])[:3]).collect() for name, rows in chosen.items()}
    return {**facts, "fix_edges": kept(_edges(folder, days), days, seam, keep)}


def _edges(folder: StaysFolder, days: Days) -> pl.LazyFrame:
    opens, closes = task.window_of(days)
    rows = folder.rows("fix_edges").cast(DATASETS["fix_edges"])
    return rows.filter(pl.col("at") >= opens, pl.col("at") < closes)


def _outer_hours(span: Span, seam: Seam) -> Iterator[tuple[Window, Days]]:
    """Return the hours at both ends of a span that depend on its neighbours, and the day of it that they touch."""
    since, until = span.window
    opens, closes = local_start(span.first, seam.hours), local_start(span.last, 24 - seam.hours)
    if opens >= closes:  # a gap so great that the seams of a single day meet
        yield (since, until), (span.first, span.last)
        return
    yield (since, opens), (span.first, span.first)
    yield (closes, until), (span.last, span.last)


def _seam_facts(
    connection: Connection,
    fixes: pl.DataFrame,
    days: Days,
    window: Window,
    areas: Areas,
    parameters: Parameters,
) -> dict[str, pl.DataFrame]:
    job = job_of(connection, areas, parameters, days)
    reach = job.seam.reach
    near = fixes.lazy().filter(pl.col("at") >= window[0] - reach, pl.col("at") < window[1] + reach)
    facts = task.officer_facts(near, days, window, job)
    del facts["fix_quality"]  # the folder has it, of whole days
    facts["presence"] = task.presence_facts(facts.pop(VISIBLE).lazy(), job.uniformed)
    return facts
