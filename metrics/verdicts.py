"""Is a change real? Every series of a dense table judged month by month by the one rule of definitions §8."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.expected import Amounts, expect_amounts, expect_values
from metrics.season import Floats, Season, seasons
from metrics.signals import NEVER, Flags, Places, Signals, signals

SMALL_COUNT = 20  # no % change on a base below this
ADDED = {
    "centre": pl.Float64,
    "lower_limit": pl.Float64,
    "upper_limit": pl.Float64,
    "verdict": pl.String,
    "signal": pl.String,
    "since": pl.Date,
    "surprise": pl.Float64,
    "level_change": pl.Float64,
    "level_change_percent": pl.Float64,
    "level": pl.Float64,
    "season_factor": pl.Float64,
    "dispersion": pl.Float64,
}


Columns = dict[str, NDArray]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Table:
    """Some series of a dense frame: `rows` has the first row of each, columns come as series x months."""

    dense: pl.DataFrame
    rows: pl.DataFrame
    months: pl.Series
    by: tuple[str, ...]
    kept: Flags

    def column(self, name: str) -> Floats:
        """Return a column of numbers, NaN where it is null."""
        return self._wide(self.dense[name].cast(pl.Float64).fill_null(float("nan")))

    def marked(self, name: str) -> Flags:
        """Return a column of flags; null is false."""
        return self._wide(self.dense[name].fill_null(False))

    def _wide(self, column: pl.Series) -> NDArray:
        return column.to_numpy().reshape(len(self.kept), len(self.months))[self.kept]

    def each(self, name: str) -> NDArray:
        """Return a column that is the same in all months of a series."""
        return self.rows[name].to_numpy()

    def groups(self, *names: str) -> Places:
        """Return the number of each series' group: of those that share these columns."""
        place = pl.struct(*names, *self.by).rank("dense") - 1
        return self.rows.select(place.cast(pl.Int64)).to_series().to_numpy()


def with_verdicts(dense: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Add the columns of ADDED to every month of every series.

    `dense` is sorted by series and month, each series with the same consecutive months, and says of each the
    `_kind` ('amount', 'stock' or 'duration'), `_scale`, `_total`, `_counted`, `_proportion`, `_better`, `_least`,
    `_most`, and of a month `_days`, `_enough` (events for a %), `_step` (a step change recorded) and `_open`
    (provisional).
    """
    months = dense["month"].unique().sort()
    rows = dense.select(pl.all().gather_every(len(months)))  # DataFrame's own takes four times as long
    amounts = (rows["_kind"] == "amount").to_numpy()
    wide: Columns = {}
    for kept, judged in ((amounts, _amounts), (~amounts, _values)):
        of_kind = rows.filter(pl.Series(kept))
        if of_kind.height:
            found = judged(_Table(dense=dense, rows=of_kind, months=months, by=tuple(by), kept=kept))
            for name, values in found.items():
                empty = np.zeros((rows.height, len(months)), values.dtype)
                wide.setdefault(name, empty)[kept] = values
    return _told(dense.with_columns(**{name: _flat(values) for name, values in wide.items()}), months)


def _flat(values: NDArray) -> pl.Series:
    return pl.Series(values.ravel(), nan_to_null=True)


def _amounts(table: _Table) -> Columns:
    """Judge totals against the days of their month, and ratios against their denominator."""
    total, scale = table.each("_total")[:, None], table.each("_scale")[:, None]
    exposures = np.where(total, table.column("_days"), table.column("denominator"))
    exposures = np.where(exposures > 0, exposures, np.nan)
    amounts = np.where(total, table.column("value") / scale, table.column("numerator"))
    known = np.isfinite(table.column("value") * amounts * exposures) & ~table.marked("_open")
    amounts = np.where(known, amounts, np.nan)
    calendar = (table.months.dt.month() - 1).to_numpy().astype(np.int64)
    of, season, mirrored = _seasons(table, amounts, exposures, calendar)
    data = Amounts(
        amounts=amounts,
        exposures=exposures,
        counted=table.each("_counted"),
        proportion=table.each("_proportion"),
        ratio=~total[:, 0],
        pool=table.groups("indicator_id", "category", "area_level"),
        calendar=calendar,
        seasons=season,
        mirrored_seasons=mirrored,
        season_of=of,
    )
    learned = np.where(season.known.any(axis=1), season.known.argmax(axis=1), NEVER)[of]
    found = signals(known, table.marked("_step"), learned, partial(expect_amounts, data))
    return _columns(found, scale, np.where(total, 1.0, exposures), 0.0)


def _seasons(table: _Table, amounts: Floats, exposures: Floats, calendar: Places) -> tuple[Places, Season, Season]:
    """Return the seasons of amounts and of their complements, and which of them is that of each series.

    It is that of the force's series of the same indicator, or of the areas of its level together where there is none.
    """
    keys, height = ["indicator_id", "category", *table.by], table.rows.height
    forces = table.rows.with_row_index("_force").filter(pl.col("area_level") == "force").unique(keys)
    joined = table.rows.join(
        forces.select(*keys, "_force"), on=keys, how="left", nulls_equal=True, maintain_order="left"
    )
    force = joined["_force"].cast(pl.Int64).fill_null(NEVER).to_numpy()
    lends = (force == NEVER) | (force == np.arange(height))
    source = np.where(force == NEVER, height + table.groups("indicator_id", "category", "area_level"), force)
    sources, of = np.unique(source, return_inverse=True)
    above, below = np.zeros((2, len(sources), amounts.shape[1]))
    known = np.isfinite(amounts[lends])
    np.add.at(above, of[lends], np.where(known, amounts[lends], 0.0))
    np.add.at(below, of[lends], np.where(known, exposures[lends], 0.0))
    return of, seasons(above, below, calendar), seasons(below - above, below, calendar)


def _values(table: _Table) -> Columns:
    """Judge durations by their value, and stocks by their change since the month before."""
    stock = (table.each("_kind") == "stock")[:, None]
    values = np.where(table.marked("_open"), np.nan, table.column("value"))
    before = np.concatenate([np.full((len(values), 1), np.nan), values[:, :-1]], axis=1)
    below = np.where(table.each("_total")[:, None] | ~stock, 1.0, table.column("denominator"))
    offset = np.where(below > 0, np.where(stock, before, 0.0), np.nan)  # of nobody, one more or less is no share
    units = np.where(stock, table.each("_scale")[:, None], 1.0) / np.where(below > 0, below, 1.0)
    changes = values - offset
    never = np.full(len(values), NEVER)
    found = signals(np.isfinite(changes), table.marked("_step"), never, partial(expect_values, changes, units))
    one = np.ones_like(values)
    return _columns(found, one, one, offset)


def _columns(found: Signals, scale: Floats, per: Floats, offset: Floats | float) -> Columns:
    """Return what was found in the unit of the value: scale x amount / per + offset."""
    excess, centre, weight = found.size
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "centre": scale * found.expected.centre / per + offset,
            "lower_limit": scale * found.expected.lower / per + offset,
            "upper_limit": scale * found.expected.upper / per + offset,
            "surprise": np.abs(found.expected.z),
            "level_change": scale * excess / weight,
            "level": scale * found.expected.level,
            "season_factor": found.expected.season,
            "dispersion": found.expected.dispersion,
            "_percent": 100 * excess / centre,
            "_level": centre / weight,
            "_direction": found.direction,
            "_shift": found.shift,
            "_since": found.since,
        }


def _told(judged: pl.DataFrame, months: pl.Series) -> pl.DataFrame:
    """Put what was found into words: verdict, signal and date; a % only where its base is large enough."""
    possible = {"lower_bound": pl.col("_least"), "upper_bound": pl.col("_most")}
    limits = [pl.col(name).clip(**possible) for name in ("centre", "lower_limit", "upper_limit")]
    percent = pl.col("_total") & (pl.col("_kind") == "amount") & pl.col("_enough") & (pl.col("_level") >= SMALL_COUNT)
    place = pl.when(pl.col("_since") >= 0).then("_since")
    return judged.with_columns(
        *limits,
        verdict=pl.when(pl.col("surprise").is_not_null()).then(_verdict()),
        signal=pl.when("_shift").then(pl.lit("shift")).when(pl.col("_direction") != 0).then(pl.lit("spike")),
        since=pl.lit(months[0]).dt.offset_by(pl.format("{}mo", place)),
        level_change_percent=pl.when(percent).then("_percent"),
    )


def _verdict() -> pl.Expr:
    """Name a spike or shift by which way is better."""
    better, direction = pl.col("_better"), pl.col("_direction")
    good = ((direction > 0) & (better == "higher")) | ((direction < 0) & (better == "lower"))
    return (
        pl.when(direction == 0)
        .then(pl.lit("no real change"))
        .when(better == "neither")
        .then(pl.lit("change"))
        .when(good)
        .then(pl.lit("improvement"))
        .otherwise(pl.lit("concern"))
    )
