"""What one worker of the stays job needs, on this machine or another: no store, no SQL, only the engine."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl
import pyarrow as pa

from metrics.fix_quality import COUNTS_SCHEMA
from metrics.location import AreaIndex
from metrics.presence import by_local_day, presence
from metrics.stays import (
    HOTSPOT_SCHEMA,
    VISIBILITY_SCHEMA,
    VISIBLE_SCHEMA,
    Ground,
    OfficerStays,
    Window,
    officer_stays,
)

PRESENCE_SCHEMA = {"neighbourhood_code": pl.String, "day": pl.Date, "hour": pl.Int8, "seconds": pl.Int64}
DATASETS = {
    "visibility": VISIBILITY_SCHEMA,
    "presence": PRESENCE_SCHEMA,
    "hotspot_stays": {**HOTSPOT_SCHEMA, "day": pl.Date},
    "fix_counts": COUNTS_SCHEMA,
}
VISIBLE = "visible"  # on the way to presence, which needs all officers of a neighbourhood together
# One shape for the rows of all, so that fixes are sorted and gone through once; `dataset` says whose a row is.
TAGGED_SCHEMA = {"dataset": pl.String} | VISIBLE_SCHEMA
for _schema in DATASETS.values():
    TAGGED_SCHEMA |= _schema


@dataclass(frozen=True, kw_only=True, eq=False)
class Job:
    """What fixes are judged by. Areas are features with `geometry` and validity, as AreaIndex takes them.

    `duty`: officer_id, start, end of unbroken duty (UTC). `uniformed`: who counts for presence.
    """

    neighbourhoods: pl.DataFrame
    premises: pl.DataFrame
    hotspots: pl.DataFrame
    duty: pl.DataFrame
    uniformed: pl.Series
    building_buffer_m: float = 20.0
    max_gap_seconds: int = 600

    def ground(self) -> Ground:
        """Index the areas."""
        buffer = self.building_buffer_m
        return Ground(
            neighbourhoods=AreaIndex.from_features(self.neighbourhoods),
            premises=AreaIndex.from_premises(self.premises, building_buffer_m=buffer),
            hotspots=AreaIndex.from_features(self.hotspots, code="hotspot_id"),
        )


def officer_facts(
    fixes: pl.LazyFrame, job: Job, ground: Ground, window: Window | None = None
) -> dict[str, pl.DataFrame]:
    """Run the engine: the datasets that need one officer at a time, and VISIBLE. Stays are cut at midnight."""
    gap = job.max_gap_seconds
    each: OfficerStays = officer_stays(fixes, job.duty.lazy(), ground, max_gap_seconds=gap, window=window)
    return {
        "visibility": each.visibility,
        VISIBLE: each.visible,
        "hotspot_stays": by_local_day(each.hotspot_stays.lazy()).collect(),
        "fix_counts": each.fix_counts,
    }


def presence_facts(visible: pl.LazyFrame, job: Job) -> pl.DataFrame:
    """Unite the visible time of a neighbourhood's uniformed officers; `visible` has all of it."""
    return presence(visible, job.uniformed).collect().cast(PRESENCE_SCHEMA)


def whole_officers(batches: Iterable[pa.RecordBatch], least: int) -> Iterator[pl.DataFrame]:
    """Put batches in order of officer together to frames of at least `least` rows that cut no officer in two."""
    held: list[pl.DataFrame] = []
    for batch in batches:
        held.append(pl.from_arrow(batch))
        if sum(map(len, held)) >= least:
            together = pl.concat(held)
            is_last = pl.col("officer_id") == together["officer_id"][-1]
            complete, held = together.filter(~is_last), [together.filter(is_last)]
            if len(complete):
                yield complete
    if sum(map(len, held)):
        yield pl.concat(held)


def tagged(facts: dict[str, pl.DataFrame]) -> Iterator[pa.RecordBatch]:
    """Give the rows of several datasets in the one shape of TAGGED_SCHEMA."""
    for name, rows in facts.items():
        frame = pl.concat([pl.DataFrame(schema=TAGGED_SCHEMA), rows.with_columns(dataset=pl.lit(name))], how="diagonal")
        yield from as_arrow(frame)


def as_arrow(frame: pl.DataFrame) -> Iterator[pa.RecordBatch]:
    """Give Arrow batches with the plain string type that Spark knows."""
    table = frame.to_arrow()
    yield from table.cast(plain(table.schema)).to_batches()


def plain(schema: pa.Schema) -> pa.Schema:
    """Replace the string types that only some readers know by the one that all do."""
    strings = {pa.large_string(), pa.string_view()}
    return pa.schema([one.with_type(pa.string()) if one.type in strings else one for one in schema])
