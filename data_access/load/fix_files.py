"""Radio fixes on their way in: laid down by local day until all files are read, and taken up a piece at a time."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import polars as pl

from data_access.feeds.fixes import TYPES, Share, of_share
from metrics.presence import counts_by_day, days_of

WAITING_ROWS = 2_000_000  # held in memory before they are laid down: 44 bytes each
GROUP_ROWS = 50_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Stage:
    """Fixes laid down in `folder`, in any order; `days` counts them by local day; memory `holds` so many.

    `reach` has the first and last instant of each batch.
    """

    folder: Path
    holds: int = WAITING_ROWS
    days: Counter[date] = field(default_factory=Counter)
    reach: list[datetime] = field(default_factory=list)
    laid: list[Path] = field(default_factory=list)
    waiting: list[pl.DataFrame] = field(default_factory=list)


def lay_down(stage: Stage, fixes: pl.DataFrame) -> None:
    """Add typed fixes to the stage; memory stays bounded however many there are."""
    dated = fixes.with_columns(day=days_of(fixes["at"]))
    stage.days.update(counts_by_day(fixes["at"]))
    stage.reach.extend(instant for instant in (fixes["at"].min(), fixes["at"].max()) if instant is not None)
    stage.waiting.append(dated)
    if sum(map(len, stage.waiting)) >= stage.holds:
        _write(stage)


def take_up(stage: Stage, since: datetime, until: datetime, share: Share = (0, 1)) -> pl.DataFrame:
    """Return the staged fixes of [since, until) with their local `day`, those of a share of the officers."""
    if stage.waiting:
        _write(stage)
    rows = pl.scan_parquet(stage.laid) if stage.laid else pl.LazyFrame(schema={**TYPES, "day": pl.Date})
    return of_share(rows.filter(pl.col("at") >= since, pl.col("at") < until), share).collect()


def _write(stage: Stage) -> None:
    """Lay down what waits, sorted by day: small row groups let a few days be found without reading the rest."""
    path = stage.folder / f"{len(stage.laid)}.parquet"
    rows = pl.concat(stage.waiting).sort("day")
    rows.write_parquet(path, compression="lz4", row_group_size=GROUP_ROWS, statistics=True)
    stage.waiting.clear()
    stage.laid.append(path)


