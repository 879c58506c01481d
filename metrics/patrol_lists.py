"""What the Patrols page lists beside its indicators: by hotspot, by day, by check-in, by outcome.

Every function takes rows of the sources `taskings`, `hotspot_months` or `patrols` (metrics.sources) already narrowed
to the period asked for, and gives hours where they hold seconds.
"""

import polars as pl

from metrics.compute import SECONDS_AN_HOUR
from metrics.patrol import OUTCOMES

RESULTS = ("compliant", "short", "outside_window", "missed")  # from best to worst
STEP_MINUTES = 10  # width of a class of differences; the middle one is what counts as agreeing
WIDEST_MINUTES = 60
_SPOT = ["hotspot_id", "kind", "lpa_code"]


def by_hotspot(taskings: pl.LazyFrame, months: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row per hotspot: taskings, one column per result, compliant_percent, tasked_hours, patrol_hours
    (officer-hours), presence_hours (at least one officer), required, achieved and longest_gap_days.

    `longest_gap_days` is the longest of the months given, each judged by itself. A hotspot without a tasking has its
    row with 0 taskings and no percent. The furthest behind its one day in three comes first.
    """
    counted = taskings.group_by(_SPOT).agg(
        taskings=pl.len().cast(pl.Int64),
        **{name: (pl.col("result") == name).cast(pl.Int64).sum() for name in RESULTS},
        **_hours(),
    )
    thirds = months.group_by(_SPOT).agg(pl.col("required", "achieved").sum(), pl.col("longest_gap_days").max())
    joined = thirds.join(counted, on=_SPOT, how="full", coalesce=True).with_columns(
        pl.col("taskings", *RESULTS, *_hours()).fill_null(0)
    )
    compliant = 100 * pl.col("compliant") / pl.when(pl.col("taskings") > 0).then("taskings")
    behind = pl.col("achieved") / pl.when(pl.col("required") > 0).then("required")
    return joined.with_columns(compliant_percent=compliant).sort(
        behind, "longest_gap_days", "hotspot_id", descending=[False, True, False], nulls_last=True
    )


def hours_tasked(taskings: pl.LazyFrame, by: str) -> pl.LazyFrame:
    """Return tasked_hours (the windows of the officers named), patrol_hours and presence_hours by a column."""
    return taskings.group_by(by).agg(**_hours()).sort("tasked_hours", by, descending=[True, False])


def _hours() -> dict[str, pl.Expr]:
    seconds = {"tasked_hours": "tasked_s", "patrol_hours": "officer_s", "presence_hours": "visit_s"}
    return {name: pl.col(column).sum() / SECONDS_AN_HOUR for name, column in seconds.items()}


def calendar(taskings: pl.LazyFrame) -> pl.LazyFrame:
    """Return day, hotspot_id and the best `result` of the hotspot's taskings that day."""
    order = pl.col("result").replace_strict(list(RESULTS), list(range(len(RESULTS))), return_dtype=pl.Int64)
    best = taskings.with_columns(_order=order).group_by("day", "hotspot_id").agg(pl.col("_order").min())
    named = pl.col("_order").replace_strict(list(range(len(RESULTS))), list(RESULTS), return_dtype=pl.String)
    return best.select("day", "hotspot_id", result=named).sort("hotspot_id", "day")


def check_ins(patrols: pl.LazyFrame) -> pl.LazyFrame:
    """Count check-ins by how much longer (shorter: negative) they say than the radio: minutes, patrols, agree.

    `minutes` is the middle of a class 10 minutes wide, the outermost ones open; `agree` how many of the class differ by
    no more than definitions §6 allow. Check-ins without a check-out are left out.
    """
    longer = (pl.col("claimed_s") - pl.col("visit_s")) / 60
    middle = (longer / STEP_MINUTES).round().clip(-WIDEST_MINUTES / STEP_MINUTES, WIDEST_MINUTES / STEP_MINUTES)
    classed = patrols.filter(pl.col("agrees").is_not_null()).with_columns(
        minutes=(middle * STEP_MINUTES).cast(pl.Int64)
    )
    counted = classed.group_by("minutes").agg(patrols=pl.len().cast(pl.Int64), agree=pl.col("agrees").sum())
    return counted.with_columns(pl.col("agree").cast(pl.Int64)).sort("minutes")


def outcomes(patrols: pl.LazyFrame, taskings: pl.LazyFrame) -> pl.LazyFrame:
    """Return what patrols led to: outcome, number, patrol_hours, per_100_hours (null without a patrol hour)."""
    hours = taskings.select(patrol_hours=pl.col("officer_s").sum() / SECONDS_AN_HOUR)
    counted = patrols.select(pl.col(OUTCOMES).sum()).unpivot(variable_name="outcome", value_name="number")
    rate = 100 * pl.col("number") / pl.when(pl.col("patrol_hours") > 0).then("patrol_hours")
    return counted.join(hours, how="cross").with_columns(per_100_hours=rate)


def visits(taskings: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row per tasking, by day and window: day, window_start, window_end, officers (tasked; 0: anybody),
    minutes there in the window, officer_minutes, result.
    """
    minutes = {"minutes": "visit_s", "officer_minutes": "officer_s"}
    return taskings.sort("window_start", "tasking_id").select(
        "day",
        "window_start",
        "window_end",
        "officers",
        *((pl.col(seconds) / 60).round().cast(pl.Int64).alias(name) for name, seconds in minutes.items()),
        "result",
    )


def hours_by_role(time: pl.LazyFrame) -> pl.LazyFrame:
    """Return the hours that officers were inside, by role, the most first: all of them, tasked or not."""
    hours = time.group_by("role").agg(hours=pl.col("seconds").sum() / SECONDS_AN_HOUR)
    return hours.sort("hours", "role", descending=[True, False])
