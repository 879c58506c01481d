"""What moving hours or losing posts would do: ranges from figures that are there, nothing predicted beyond them."""

import polars as pl

from metrics.levels import YEAR

FEWEST_MONTHS = 6  # known, before a range is given
DAYS_A_WEEK = 7
_RATE = ("rate", "rate_kept", "rate_risen")
_HOURS = ("hours_lost", "left", "left_kept", "left_risen")


def moving_hours(expected: pl.DataFrame, giver: str, receiver: str, hours: float) -> pl.DataFrame:
    """Return the expected hours a week of two areas in the coming month, before and after `hours` a week move.

    `expected` has area_code, area_name, month, centre, lower_limit and upper_limit, in hours of that month. Columns:
    area_code, area_name, month, low and high (if nothing changes), low_after and high_after (never below 0), moved
    (below 0 for the giver: at most what it usually has), the giver first; null limits stay null. An hour moved is taken
    to be seen where it goes as it was seen where it came from. Raises ValueError for hours below 0 and for one area
    given twice.
    """
    if hours < 0 or giver == receiver:
        raise ValueError(f"{hours} hours a week from {giver!r} to {receiver!r}: give 0 or more, and two areas")
    per_week = DAYS_A_WEEK / pl.col("month").dt.month_end().dt.day()
    weekly = expected.filter(pl.col("area_code").is_in([giver, receiver])).with_columns(
        low=pl.col("lower_limit") * per_week, high=pl.col("upper_limit") * per_week, usual=pl.col("centre") * per_week
    )
    usual = weekly.filter(area_code=giver)["usual"].first()
    gone = min(hours, usual) if usual is not None else None  # of an area without a range nobody knows what it can give
    own = pl.col("area_code") == giver
    moved = weekly.with_columns(moved=pl.when(own).then(-pl.lit(gone, pl.Float64)).otherwise(pl.lit(gone, pl.Float64)))
    after = moved.with_columns(
        low_after=(pl.col("low") + pl.col("moved")).clip(lower_bound=0),
        high_after=(pl.col("high") + pl.col("moved")).clip(lower_bound=0),
    )
    order = ("area_code", "area_name", "month", "low", "high", "low_after", "high_after", "moved")
    return after.sort(~own, maintain_order=True).select(order)


def losing_posts(months: pl.DataFrame, posts: float) -> pl.DataFrame:
    """Return what the last twelve months would have been with `posts` FTE fewer: a row an area, each as low and high.

    `months` has area_code, area_name, month, fte (neighbourhood officers), duty_hours and lost_hours (to operational
    abstraction), a row a month. A post is worth its month's duty hours for each FTE. What then is lost to abstraction
    lies between two bounds: it shrinks with the posts (the rate is kept), or the same hours are asked of fewer (it
    rises). Columns, each with _low and _high over the months known: hours_lost (duty hours a month), left (for
    neighbourhoods, as it was), left_after, rate (in %, as it was), rate_after; and months, how many are known. The
    ranges are null of fewer than six months. Areas with no more FTE than `posts` in a known month are left out.
    Raises ValueError for posts below 0.
    """
    if posts < 0:
        raise ValueError(f"{posts} posts to lose: give 0 or more")
    known = months.drop_nulls(("fte", "duty_hours", "lost_hours")).filter(pl.col("fte") > 0, pl.col("duty_hours") > 0)
    newest = known.sort("month").group_by("area_code", maintain_order=True).tail(YEAR)
    duty, lost = pl.col("duty_hours"), pl.col("lost_hours")
    fewer = duty * (1 - posts / pl.col("fte"))
    each = newest.filter((pl.col("fte") > posts).all().over("area_code")).with_columns(
        hours_lost=duty - fewer,
        left=duty - lost,
        left_kept=fewer * (1 - lost / duty),
        left_risen=(fewer - lost).clip(lower_bound=0),
        rate=100 * lost / duty,
        rate_kept=100 * lost / duty,
        rate_risen=(100 * lost / fewer).clip(upper_bound=100),
    )
    enough = pl.len() >= FEWEST_MONTHS
    ranges = {f"{name}_{end}": _end(name, end) for name in (*_HOURS, *_RATE) for end in ("low", "high")}
    found = each.group_by("area_code", "area_name", maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("months"), **{name: pl.when(enough).then(one) for name, one in ranges.items()}
    )
    told = found.with_columns(
        left_after_low="left_risen_low",
        left_after_high="left_kept_high",
        rate_after_low="rate_kept_low",
        rate_after_high="rate_risen_high",
    )
    shown = ("hours_lost", "left", "left_after", "rate", "rate_after")
    ends = [f"{name}_{end}" for name in shown for end in ("low", "high")]
    return told.select("area_code", "area_name", "months", *ends).sort("area_name")


def _end(name: str, end: str) -> pl.Expr:
    return pl.col(name).min() if end == "low" else pl.col(name).max()
