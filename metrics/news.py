"""News: what changed this month, of everything looked at. New signals only; what stands from earlier is no news.

    told = news(rows)       # of one month, as compare or the benchmark has them: all that the list could have shown
    told.shifts             # lasting shifts found this month: `since`, `level_change`, `level_change_percent`
    told.spikes             # months outside their expected range, at most a tenth of them by chance
    told.standing           # shifts found earlier that still stand: one quiet line
    told.looked_at          # "of 431 figures looked at"

Each frame has compare's columns, the strongest first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
import polars as pl

REAL = ("concern", "improvement", "change")  # in the order in which they are told
_SERIES = ("indicator_id", "category", "area_level", "area_code")
FALSE_SHARE = 0.1  # of the spikes told (Benjamini and Hochberg, J R Stat Soc B 1995)

_two_sided = np.vectorize(lambda z: erfc(z / sqrt(2)), otypes=[float])


@dataclass(frozen=True, kw_only=True, eq=False)
class News:
    """What is told of a month, each frame the strongest first, and how many figures had a verdict at all."""

    shifts: pl.DataFrame
    spikes: pl.DataFrame
    standing: pl.DataFrame
    looked_at: int

    @property
    def new(self) -> pl.DataFrame:
        """The shifts, then the spikes."""
        return pl.concat([self.shifts, self.spikes])


def news(rows: pl.DataFrame) -> News:
    """Sort out compare's rows of one month: all figures that the list could have shown, changed or not.

    A spike is told where the share of false ones among those told stays at most FALSE_SHARE; a lasting shift has
    passed a test of its own. Ties are in order of indicator and area.
    """
    judged = rows.filter(pl.col("verdict").is_not_null())
    signal, stands = pl.col("signal"), pl.col("since").is_not_null()  # what settles has no verdict
    return News(
        shifts=_strongest_first(judged.filter(signal == "shift")),
        spikes=_strongest_first(judged.filter(_seldom_false(judged), signal == "spike")),
        standing=_strongest_first(judged.filter(stands, signal.is_null())),
        looked_at=judged.height,
    )


def _seldom_false(judged: pl.DataFrame) -> pl.Series:
    """Mark the rows up to the largest p that is at most its rank's part of FALSE_SHARE."""
    p = pl.Series(_two_sided(judged["surprise"].to_numpy()), dtype=pl.Float64)
    allowed = p.rank("max") * FALSE_SHARE / max(judged.height, 1)
    largest = p.filter(p <= allowed).max()
    return p <= (-1.0 if largest is None else largest)


def _strongest_first(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows by surprise; the categories of a mix that tie stay in the order in which they came."""
    order = ["surprise", "indicator_id", "area_code"]
    return rows.sort(order, descending=[True, False, False], nulls_last=True, maintain_order=True)


def strongest(changes: pl.DataFrame, *, most: int, each: int) -> pl.DataFrame:
    """Keep the first `most` of a list of signals, at most `each` of one indicator: a list of news, not of areas."""
    own = pl.int_range(pl.len()).over("indicator_id", "category")
    return changes.filter(own < each).head(most)


def to_ask(told: News, better: Mapping[str, str], most: int) -> pl.DataFrame:
    """Return the `most` rows to ask about: new concerns, then other new changes, then what stands on the worse side.

    `better` has the good direction of each indicator, by id. What got better is not asked about, nor a level that
    stands where no direction is good. One row of a series.
    """
    new = told.new
    worse = pl.when(pl.col("level_change") > 0).then(pl.lit("lower")).otherwise(pl.lit("higher"))
    standing = told.standing.filter(pl.col("indicator_id").replace(dict(better)) == worse)
    news_in_order = [new.filter(pl.col("verdict") == verdict) for verdict in ("concern", "change")]
    ordered = pl.concat([*news_in_order, standing])
    return ordered.unique(_SERIES, keep="first", maintain_order=True).head(most)


def tally(rows: pl.DataFrame) -> dict[str, int]:
    """Count the rows of each verdict; 0 where there is none. Rows without a verdict are not counted."""
    counted = dict(rows.drop_nulls("verdict").group_by("verdict").len().iter_rows())
    return {verdict: counted.get(verdict, 0) for verdict in (*REAL, "no real change")}
