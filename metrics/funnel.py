"""A funnel for comparing areas: limits that chance, and the spread between areas, explain (definitions §8).

Over-dispersed limits after Spiegelhalter, Handling over-dispersion of performance indicators, Qual Saf Health Care
2005; the variance between areas is DerSimonian and Laird's. Chance is widened by the dispersion of the areas' own
months (metrics.compare), so that one month is judged by how much months vary.
"""

import polars as pl

from metrics.indicator import Indicator

LIMITS = {"": 3.090232306167813, "_95": 1.959963984540054}  # 99.8 % and 95 % of the normal distribution
WINSORISED = 0.1  # share of areas at each end that do not widen the limits
FEWEST_AREAS = 3
COLUMNS = ("funnel_centre", *(f"funnel_{side}{name}" for name in LIMITS for side in ("lower", "upper")))


def funnel(rows: pl.DataFrame, indicator: Indicator) -> pl.DataFrame:
    """Add COLUMNS and `funnel_outside` (beyond 99.8 %) to one indicator's rows of areas of one level and month.

    For a ratio whose denominator is a count or people: binomial for a share, Poisson for a rate. A variance between
    areas, worked out after winsorising a tenth at each end, widens the limits where areas differ more than chance.
    Chance is that of the areas' mean `dispersion`, at least 1, where the rows have it.
    Null without such a denominator, with fewer than three known areas, and for an area whose denominator is 0.
    """
    part = indicator.denominator
    known = rows.filter(pl.col("denominator") > 0, pl.col("numerator").is_not_null())
    if part is None or part.unit not in ("count", "people") or known.height < FEWEST_AREAS:
        empty = rows.with_columns(pl.lit(None, pl.Float64).alias(name) for name in COLUMNS)
        return empty.with_columns(funnel_outside=pl.lit(None, pl.Boolean))
    expected = known["numerator"].sum() / known["denominator"].sum()
    chance = expected * (1 - expected) if indicator.unit == "%" else expected
    spread = chance * _dispersion(known)
    size = pl.when(pl.col("denominator") > 0).then("denominator")
    error = (spread / size + _between(known, expected, spread)).sqrt()
    limits = {
        f"funnel_{side}{name}": (indicator.scale * (expected + sign * z * error)).clip(
            indicator.least, _most(indicator)
        )
        for name, z in LIMITS.items()
        for side, sign in (("lower", -1), ("upper", 1))
    }
    drawn = rows.with_columns(funnel_centre=pl.lit(indicator.scale * expected), **limits)
    value = pl.col("value")
    return drawn.with_columns(funnel_outside=(value < pl.col("funnel_lower")) | (value > pl.col("funnel_upper")))


def _dispersion(known: pl.DataFrame) -> float:
    mean = known["dispersion"].mean() if "dispersion" in known.columns else None
    return 1.0 if mean is None else max(1.0, float(mean))


def ties(funneled: pl.DataFrame) -> pl.DataFrame:
    """Add `tie` and `fair_rank` to rows of `funnel` that have compare's `rank`: what a table or map may say of places.

    An area inside the 99.8 % limits differs from the others by chance: it is a `tie`, and all ties share the best rank
    among them. An area outside keeps its rank. Where there is no funnel, `tie` is null and the rank stands.
    """
    tie = pl.col("funnel_outside").not_()
    tied = pl.col("rank").filter(tie).min()
    return funneled.with_columns(
        tie=tie, fair_rank=pl.when(tie & pl.col("rank").is_not_null()).then(tied).otherwise("rank")
    )


def _most(indicator: Indicator) -> float | None:
    return 100.0 if indicator.most is None and indicator.unit == "%" else indicator.most


def _between(known: pl.DataFrame, expected: float, spread: float) -> float:
    """Return the variance between areas that chance does not explain, 0 where none is left."""
    if spread <= 0:
        return 0.0
    share = known["numerator"] / known["denominator"]
    weight = known["denominator"] / spread
    z = (share - expected) * weight.sqrt()
    z = z.clip(z.quantile(WINSORISED, "linear"), z.quantile(1 - WINSORISED, "linear"))
    total = float(weight.sum())
    room = total - float((weight**2).sum()) / total
    return max(0.0, (float((z**2).sum()) - (known.height - 1)) / room)
