"""What judges fixes, on this machine or on a worker far away: no store, no SQL, only the engine."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
import pyarrow as pa

from data_access.feeds.contract import FAILURES
from data_access.stays.seam import DAY, Days, Seam
from metrics.fixes import DROPS
from metrics.levels import local_start
from metrics.location import AreaIndex
from metrics.presence import presence
from metrics.stays import VISIBLE_SCHEMA, Ground, OfficerStays, Window, officer_stays

INSTANT = pl.Datetime("us", "UTC")
# As the tables of the store have them: what a job writes is put there as it is.
DATASETS: dict[str, dict[str, pl.DataType]] = {
    "visibility": {
        "day": pl.Date,
        "hour": pl.Int64,
        "officer_id": pl.String,
        "place_kind": pl.String,
        "neighbourhood_code": pl.String,
        "seconds": pl.Int64,
    },
    "presence": {"day": pl.Date, "hour": pl.Int64, "neighbourhood_code": pl.String, "seconds": pl.Int64},
    "hotspot_stays": {"starts_at": INSTANT, "officer_id": pl.String, "hotspot_id": pl.String, "ends_at": INSTANT},
    "fix_quality": {
        "day": pl.Date,
        "officer_id": pl.String,
        "fixes": pl.Int64,
        **dict.fromkeys(DROPS, pl.Int64),
        "median_gap_seconds": pl.Float64,
    },
    "fix_edges": {"at": INSTANT, "officer_id": pl.String, "lon": pl.Float64, "lat": pl.Float64},
}
REJECTED = "rejected"  # rows that broke a rule, by file: what the store's ledger has of them
REJECTED_SCHEMA = {"file": pl.String, **FAILURES}
VISIBLE = "visible"  # on the way to presence, which needs all officers of a neighbourhood together
# One shape for the rows of all, so that fixes are sorted and gone through once; `dataset` says whose a row is.
TAGGED_SCHEMA = {"dataset": pl.String} | VISIBLE_SCHEMA
for _schema in DATASETS.values():
    TAGGED_SCHEMA |= _schema


@dataclass(frozen=True, kw_only=True, eq=False)
class Areas:
    """Features with `geometry` and validity, as AreaIndex takes them."""

    neighbourhoods: pl.DataFrame
    premises: pl.DataFrame
    hotspots: pl.DataFrame
    building_buffer_m: float

    @cached_property
    def ground(self) -> Ground:
        """The areas, indexed once in each process."""
        return Ground(
            neighbourhoods=AreaIndex.from_features(self.neighbourhoods),
            premises=AreaIndex.from_premises(self.premises, building_buffer_m=self.building_buffer_m),
            hotspots=AreaIndex.from_features(self.hotspots, code="hotspot_id"),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Job:
    """What fixes are judged by. `duty`: officer_id, start, end of unbroken duty (UTC). `uniformed`: who counts for
    presence. `names`: which key the officers are named with (its fingerprint), None: by the force's own identifiers.
    """

    areas: Areas
    duty: pl.DataFrame
    uniformed: pl.Series
    max_gap_seconds: int
    names: str | None = None

    @property
    def seam(self) -> Seam:
        """The hours about midnight that depend on both days."""
        return Seam(max_gap=self.max_gap_seconds)


def officer_facts(fixes: pl.LazyFrame, days: Days, window: Window, job: Job) -> dict[str, pl.DataFrame]:
    """Judge the fixes of some officers: rows of DATASETS but presence and edges, and VISIBLE.

    `fixes` are those of `days` and those within reach of `window`, in any order; facts are of the time in the window,
    and counts (fix_quality) of `days`.
    """
    return facts_of(judged(fixes, days, window, job))


def judged(fixes: pl.LazyFrame, days: Days, window: Window, job: Job) -> OfficerStays:
    """Do the part of `officer_facts` that needs the fixes: who has no more use for them may let them go."""
    return officer_stays(
        fixes,
        _on_duty_about(job, days, window).lazy(),
        job.areas.ground,
        max_gap_seconds=job.max_gap_seconds,
        window=window,
        counted=days,
    )


def facts_of(each: OfficerStays) -> dict[str, pl.DataFrame]:
    """Put what officers' fixes say as the datasets have it."""
    code = pl.col("place_neighbourhood_code").fill_null("").alias("neighbourhood_code")
    # In one piece: rows are put in another order twice as quickly as from several.
    columns = "day", pl.col("hour").cast(pl.Int64), "officer_id", "place_kind", code, "seconds"
    held = each.visibility.rechunk().select(columns)
    return {
        "visibility": held[_order_of_hours(held)],  # else they are in order of officer
        "hotspot_stays": _by_hour(each.hotspot_stays),
        "fix_quality": each.fix_counts.select(list(DATASETS["fix_quality"])).sort("day", "officer_id"),
        VISIBLE: each.visible,
    }


def presence_facts(visible: pl.LazyFrame, uniformed: pl.Series) -> pl.DataFrame:
    """Unite the visible time of a neighbourhood's uniformed officers; `visible` has all of it for the hours given."""
    seen = presence(visible, uniformed).collect().select(list(DATASETS["presence"])).cast(DATASETS["presence"])
    return seen.sort("day", "hour", "neighbourhood_code")


def window_of(days: Days) -> Window:
    """Return the whole of some local days."""
    return local_start(days[0]), local_start(days[1] + DAY)


def _on_duty_about(job: Job, days: Days, window: Window) -> pl.DataFrame:
    opens, closes = window_of(days)
    reach = job.seam.reach
    begins, ends = min(opens, window[0]) - reach, max(closes, window[1]) + reach
    return job.duty.filter(pl.col("end") > begins, pl.col("start") < ends)


def _order_of_hours(rows: pl.DataFrame) -> np.ndarray:
    """Return the order by local day and hour, else as given. As one small number they sort eight times as quickly."""
    hours = rows["day"].to_physical().to_numpy() * 24 + rows["hour"].to_numpy()
    since = hours - hours.min(initial=0)
    return np.argsort(since.astype(np.min_scalar_type(since.max(initial=0))), kind="stable")


def _by_hour(stays: pl.DataFrame) -> pl.DataFrame:
    """Cut stays at every hour, so that those of one hour can be replaced without their neighbours."""
    last = (pl.col("end") - pl.duration(microseconds=1)).dt.truncate("1h")
    hours = pl.datetime_ranges(pl.col("start").dt.truncate("1h"), last, interval="1h")
    cut = stays.with_columns(_hour=hours).explode("_hour")
    return cut.select(
        starts_at=pl.max_horizontal("start", "_hour"),
        officer_id="officer_id",
        hotspot_id="hotspot_id",
        ends_at=pl.min_horizontal("end", pl.col("_hour").dt.offset_by("1h")),
    ).sort("starts_at", "officer_id", "hotspot_id")


def whole_groups(batches: Iterable[pa.RecordBatch], keys: list[str]) -> Iterator[pl.DataFrame]:
    """Put batches in order of `keys` together to one frame for each value of them."""
    held: list[pl.DataFrame] = []
    for batch in batches:
        for part in pl.DataFrame(pl.from_arrow(batch)).partition_by(keys, maintain_order=True):
            if held and part.row(0)[: len(keys)] != held[0].row(0)[: len(keys)]:
                yield pl.concat(held)
                held = []
            held.append(part)
    if held:
        yield pl.concat(held)


def tagged(facts: dict[str, pl.DataFrame]) -> Iterator[pa.RecordBatch]:
    """Return the rows of several datasets in the one shape of TAGGED_SCHEMA."""
    for name, rows in facts.items():
        frame = pl.concat([pl.DataFrame(schema=TAGGED_SCHEMA), rows.with_columns(dataset=pl.lit(name))], how="diagonal")
        yield from as_arrow(frame)


def as_arrow(frame: pl.DataFrame) -> Iterator[pa.RecordBatch]:
    """Return Arrow batches with the plain string type that Spark knows."""
    table = frame.to_arrow()
    yield from table.cast(plain(table.schema)).to_batches()


def plain(schema: pa.Schema) -> pa.Schema:
    """Replace the string types that only some readers know by the one that all do."""
    strings = {pa.large_string(), pa.string_view()}
    return pa.schema([one.with_type(pa.string()) if one.type in strings else one for one in schema])
