"""Two areas compared: the difference of each figure, with the 95 % interval that definitions §7b and §8 give it.

A share: Newcombe's hybrid of the two Wilson intervals (Stat Med 1998;17:873-890, method 10). A rate: the log-normal
interval of the ratio, each side with at least 5 events. Months vary more than chance alone: as a survey's n is divided
by its design effect, n and events are divided by the dispersion of the area's own months (§8), which also turns hours
and harm into so many events.
"""

from collections.abc import Sequence
from math import inf

import polars as pl

from metrics.asb import Z_95, wilson
from metrics.compare import COUNTED
from metrics.indicator import Indicator

FEWEST_EVENTS = 5  # on either side of a ratio
FEWEST_CASES = 10  # below which a percentage is not one
HIGHER, LOWER, CHANCE, FEW = "higher", "lower", "could be chance", "too few to say"
_KEYS = ["indicator_id", "category"]
_TAKEN = ("area_name", "value", "numerator", "denominator", "dispersion", "sample")
# Why a figure has no interval.
TOTAL = "a total follows the size of its area: compare the rate"
STOCK = "a count of everybody: nothing in it is chance"
MEDIAN = "none is defined for a median or a ratio of groups"
YOUNG = "too few months to know how much they vary"
UNKNOWN = "one of the two has no figure"


def differences(own: pl.DataFrame, beside: pl.DataFrame, indicators: Sequence[Indicator]) -> pl.DataFrame:
    """Return a row for each figure of `own`, compare's rows of one area and month, beside those of another area.

    Columns: indicator_id, category, value, beside, difference (in points for a %, else in the unit), ratio (own to the
    other's; null where that is 0), basis ('points' or 'times': what `low` and `high` bound with 95 % confidence; null
    where there is no interval), low, high, result (HIGHER or LOWER where these exclude none, CHANCE, FEW; null without
    an interval) and why (there is none). The areas are taken as independent: of an area and the force that holds it
    the true interval is narrower.
    """
    recipes = pl.DataFrame(
        [
            {"indicator_id": one.id, "basis": _basis(one), "why": _why(one), "_cases": _counts_cases(one)}
            for one in indicators
        ],
        schema={"indicator_id": pl.String, "basis": pl.String, "why": pl.String, "_cases": pl.Boolean},
    )
    pairs = _side(own, "").join(_side(beside, "_b"), on=_KEYS, how="left", nulls_equal=True, maintain_order="left")
    rows = pairs.join(recipes, on="indicator_id", how="left", maintain_order="left")
    rows = rows.with_columns(_size=_effective(""), _size_b=_effective("_b"))
    return _judged(_bounded(rows)).select(
        *_KEYS, "value", "beside", "difference", "ratio", "basis", "low", "high", "result", "why"
    )


def shares_beside(own: pl.DataFrame, beside: pl.DataFrame, label: str, value: str) -> pl.DataFrame:
    """Return `label`, own and beside: the share in % that each label has of the sum of `value` in either frame.

    Labels of which either has any, the largest of `own` first; null values count as none, and a sum of 0 has no shares.
    """
    sides = [
        rows.filter(pl.col(label).is_not_null()).group_by(label).agg(pl.col(value).sum().alias(name))
        for name, rows in (("own", own), ("beside", beside))
    ]
    both = (
        sides[0].join(sides[1], on=label, how="full", coalesce=True).with_columns(pl.col("own", "beside").fill_null(0))
    )
    both = both.filter((pl.col("own") != 0) | (pl.col("beside") != 0))
    whole = (pl.col(name).sum() for name in ("own", "beside"))
    parts = [
        pl.when(of != 0).then(100 * pl.col(name) / of).alias(name)
        for name, of in zip(("own", "beside"), whole, strict=True)
    ]
    return both.select(label, *parts).sort("own", label, descending=[True, False])


def values_beside(own: pl.DataFrame, beside: pl.DataFrame, label: str) -> pl.DataFrame:
    """Return `label`, own and beside: the value of either frame, null where it has none; labels of which either has."""
    mine, theirs = own.select(label, own="value"), beside.select(label, beside="value")
    both = mine.join(theirs, on=label, how="full", coalesce=True)
    return both.filter(pl.col("own").is_not_null() | pl.col("beside").is_not_null()).sort(label)


def of_other_areas(rows: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of the areas that `own` has no row of, in their order."""
    return rows.join(own, on=["area_level", "area_code"], how="anti", maintain_order="left")


def _basis(indicator: Indicator) -> str | None:
    if _why(indicator) is not None:
        return None
    return "points" if indicator.unit == "%" and indicator.most is None else "times"


def _why(indicator: Indicator) -> str | None:
    """Say why an indicator has no interval at all; None where it has one."""
    if indicator.numerator.unit == "duration" or indicator.relative_to is not None:
        return MEDIAN
    if indicator.numerator.stock:
        return STOCK
    return TOTAL if indicator.denominator is None else None


def _counts_cases(indicator: Indicator) -> bool:
    return indicator.numerator.unit in COUNTED


def _side(rows: pl.DataFrame, end: str) -> pl.DataFrame:
    known = [pl.col(name) if name in rows.columns else pl.lit(None, pl.Float64).alias(name) for name in _TAKEN]
    return rows.select(*_KEYS, *known).drop("area_name").rename(lambda name: name if name in _KEYS else f"{name}{end}")


def _effective(end: str) -> pl.Expr:
    """Return what one event of a side is worth: its dispersion, of cases at least 1; null where it is not known."""
    spread = pl.col(f"dispersion{end}")
    return pl.when("_cases").then(spread.fill_null(1.0).clip(1.0, inf)).otherwise(spread)


def _bounded(rows: pl.DataFrame) -> pl.DataFrame:
    value, other = pl.col("value"), pl.col("value_b")
    ratio = pl.when(other != 0).then(value / other)
    points, times = _newcombe(), _log_normal(ratio)
    by_points = pl.col("basis") == "points"
    bounds = [
        pl.when(by_points).then(one).when(pl.col("basis") == "times").then(two)
        for one, two in zip(points, times, strict=True)
    ]
    return rows.with_columns(beside=other, difference=value - other, ratio=ratio, low=bounds[0], high=bounds[1])


def _newcombe() -> tuple[pl.Expr, pl.Expr]:
    """Return the limits, in points, of the difference of two shares."""
    limits = [_wilson(end) for end in ("", "_b")]
    (low, high), (low_b, high_b) = limits
    p, q = pl.col("value"), pl.col("value_b")
    below = ((p - low).pow(2) + (high_b - q).pow(2)).sqrt()
    above = ((high - p).pow(2) + (q - low_b).pow(2)).sqrt()
    return p - q - below, p - q + above


def _wilson(end: str) -> tuple[pl.Expr, pl.Expr]:
    asked = pl.col(f"sample{end}")
    size = pl.when(asked.is_not_null()).then(asked).otherwise(pl.col(f"denominator{end}") / pl.col(f"_size{end}"))
    return wilson(pl.col(f"value{end}") / 100 * size, size)


def _log_normal(ratio: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Return the limits of the ratio of two rates."""
    events = [pl.col(f"numerator{end}") / pl.col(f"_size{end}") for end in ("", "_b")]
    enough = pl.min_horizontal(*events) >= FEWEST_EVENTS
    spread = (Z_95 * sum(1 / one for one in events).sqrt()).exp()
    return pl.when(enough).then(ratio / spread), pl.when(enough).then(ratio * spread)


def _judged(rows: pl.DataFrame) -> pl.DataFrame:
    """Add what the interval tells; a figure without one says why."""
    none = pl.when(pl.col("basis") == "points").then(0.0).otherwise(1.0)
    known = pl.col("value").is_not_null() & pl.col("value_b").is_not_null()
    of_few = pl.min_horizontal("denominator", "denominator_b") < FEWEST_CASES
    few = pl.when(pl.col("basis") == "points").then(of_few & pl.col("_cases")).otherwise(pl.col("low").is_null())
    young = (pl.col("_size").is_null() | pl.col("_size_b").is_null()) & (pl.col("basis").is_not_null())
    result = (
        pl.when(~known | young | pl.col("basis").is_null())
        .then(pl.lit(None, pl.String))
        .when(few)
        .then(pl.lit(FEW))
        .when(pl.col("low") > none)
        .then(pl.lit(HIGHER))
        .when(pl.col("high") < none)
        .then(pl.lit(LOWER))
        .otherwise(pl.lit(CHANCE))
    )
    why = pl.when(~known).then(pl.lit(UNKNOWN)).when(young).then(pl.lit(YOUNG)).otherwise("why")
    judged = rows.with_columns(result=result, why=why)
    said = pl.col("result").is_not_null() & (pl.col("result") != FEW)
    return judged.with_columns(pl.when(said).then(name).alias(name) for name in ("low", "high", "basis"))
