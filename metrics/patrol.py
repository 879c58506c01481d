"""Targeted Guardian Patrols (TGP): two-hour windows in hotspots, as the radios saw them (definitions §6)."""

from collections.abc import Sequence

import polars as pl

from metrics.hotspots import on_its_day, patrolled
from metrics.indicator import Indicator, Part
from metrics.levels import local_day, local_midnight

COMPLIANT_SECONDS = 3600
ONE_DAY_IN = 3
AGREES_WITHIN_SECONDS = 600
OUTCOMES = ("arrests", "stop_searches", "intelligence", "referrals")

_WINDOW = ("tasking_id", "hotspot_id", "window_start", "window_end")


def tasking_facts(taskings: pl.LazyFrame, hotspot_stays: pl.LazyFrame, hotspots: pl.LazyFrame) -> pl.LazyFrame:
    """Return the source `taskings`: one row per tasking and window, with what the radios say of it.

    `taskings` are the extract's rows, one per officer named (officer_id null: anybody may do it; where some
    are named, they alone count). `hotspot_stays` are held intervals [start, end) of officer_id inside
    hotspot_id. `visit_s` is the length of the union over officers inside the window, `officer_s` the sum.
    `officers` are those named, 0 for anybody; `tasked_s` is the window's length for each of them, once where
    nobody is named. `officer_ids` lists whose time `officer_s` is. A tasking belongs to the local day of window_start,
    and is `outside_window` if one of its officers was on site on that day only. Taskings of Impact Areas are left out:
    they are not TGP hotspots. Kind and LPA are those of the hotspot's version on the day; an unknown hotspot has none.
    """
    named = taskings.group_by(_WINDOW).agg(officers=pl.col("officer_id").drop_nulls().n_unique())
    # Cached is what several branches read: else the plan repeats all before it in each.
    dated = named.with_columns(day=local_day(pl.col("window_start"))).cache()
    stays = _stays_of(taskings, dated, hotspot_stays).cache()
    inside = _on_site(stays, _WINDOW, pl.col("window_start"), pl.col("window_end"))
    midnights = (local_midnight(day) for day in (pl.col("day"), pl.col("day").dt.offset_by("1d")))
    seen = _on_site(stays, _WINDOW, *midnights).select(*_WINDOW, on_site_that_day=pl.col("visit_s") > 0)
    joined = dated.join(inside, on=_WINDOW, how="left").join(seen, on=_WINDOW, how="left")
    window = (pl.col("window_end") - pl.col("window_start")).dt.total_seconds()
    timed = joined.with_columns(
        pl.col("visit_s", "officer_s").fill_null(0),
        officers=pl.col("officers").cast(pl.Int64),
        officer_ids=pl.col("officer_ids").fill_null([]),
        heads=pl.lit(None, pl.List(pl.String)),
        tasked_s=window * pl.max_horizontal("officers", 1).cast(pl.Int64),
    )
    placed = on_its_day(timed, hotspots).filter(patrolled)
    return placed.with_columns(result=_result()).drop("on_site_that_day")


compliant = pl.col("result") == "compliant"


def _stays_of(taskings: pl.LazyFrame, dated: pl.LazyFrame, hotspot_stays: pl.LazyFrame) -> pl.LazyFrame:
    """Join taskings with the stays in their hotspot of the officers named, or of all where none is."""
    anybody = dated.filter(pl.col("officers") == 0)
    somebody = dated.join(taskings.select(*_WINDOW, "officer_id").drop_nulls().unique(), on=_WINDOW)
    by_name = somebody.join(hotspot_stays, on=["hotspot_id", "officer_id"])
    columns = [*_WINDOW, "day", "officer_id", "start", "end"]
    return pl.concat([anybody.join(hotspot_stays, on="hotspot_id").select(columns), by_name.select(columns)])


def _on_site(stays: pl.LazyFrame, keys: Sequence[str], since: pl.Expr, until: pl.Expr) -> pl.LazyFrame:
    """Return *keys, visit_s (union of officers), officer_s (sum), officer_ids of the stays inside [since, until)."""
    clipped = stays.with_columns(
        start=pl.max_horizontal(pl.col("start"), since), end=pl.min_horizontal(pl.col("end"), until)
    ).filter(pl.col("start") < pl.col("end"))
    ordered = clipped.sort(*keys, "start")
    # Officers who are there together are one visit: of each stay only what no earlier one covers is added.
    covered = pl.col("end").cum_max().shift(1).over(keys)
    fresh = pl.max_horizontal("start", covered)
    added = pl.when(pl.col("end") > fresh).then(pl.col("end") - fresh)
    sums = ordered.with_columns(_added=added, _held=pl.col("end") - pl.col("start"))
    return sums.group_by(keys).agg(
        visit_s=pl.col("_added").sum().dt.total_seconds(),
        officer_s=pl.col("_held").sum().dt.total_seconds(),
        officer_ids=pl.col("officer_id").unique().sort(),
    )


def _result() -> pl.Expr:
    visit = pl.col("visit_s")
    return (
        pl.when(visit >= COMPLIANT_SECONDS)
        .then(pl.lit("compliant"))
        .when(visit > 0)
        .then(pl.lit("short"))
        .when(pl.col("on_site_that_day").fill_null(False))
        .then(pl.lit("outside_window"))
        .otherwise(pl.lit("missed"))
    )


def hotspot_months(taskings: pl.LazyFrame, hotspots: pl.LazyFrame) -> pl.LazyFrame:
    """Return the source `hotspot_months`: every TGP hotspot in every month that has taskings anywhere.

    `day` is the month's first. `required` is a third of the days on which the hotspot is valid that month,
    rounded up; `achieved` the distinct local days with a compliant patrol, at most that; `longest_gap_days`
    the longest run of its valid days without one. A month in which it is never valid has no row; a polygon redrawn
    within the month is still one hotspot, of the newer version's LPA. Whole months must be given.
    """
    months = taskings.select(day=pl.col("day").dt.month_start()).unique()
    valid = months.join(hotspots.filter(patrolled), how="cross").with_columns(
        _first=pl.max_horizontal("day", "valid_from"),
        _until=pl.min_horizontal(pl.col("day").dt.offset_by("1mo"), "valid_to"),
    )
    days_valid = (pl.col("_until") - pl.col("_first")).dt.total_days()
    spans = (
        valid.filter(pl.col("_first") < pl.col("_until"))
        .sort("_first")
        .group_by("hotspot_id", "day", maintain_order=True)
        .agg(pl.col("kind", "lpa_code").last(), pl.col("_first").min(), pl.col("_until").max(), _days=days_valid.sum())
    )
    days_patrolled = taskings.filter(compliant).select("hotspot_id", _on="day").unique()
    kept = spans.join(days_patrolled, on="hotspot_id", how="left").with_columns(
        _on=pl.when(pl.col("_on").is_between("_first", "_until", closed="left")).then("_on")
    )
    days = pl.col("_on").drop_nulls().unique().sort()
    before = pl.col("_first").first().dt.offset_by("-1d")
    marks = pl.concat([before, days, pl.col("_until").first()])
    totals = kept.group_by("hotspot_id", "kind", "lpa_code", "day").agg(
        _days=pl.col("_days").first(),
        _patrolled=days.len().cast(pl.Int64),
        longest_gap_days=marks.diff().dt.total_days().max() - 1,
    )
    required = (pl.col("_days") + ONE_DAY_IN - 1) // ONE_DAY_IN
    return totals.select(
        "day",
        "lpa_code",
        "hotspot_id",
        "kind",
        required=required,
        achieved=pl.min_horizontal("_patrolled", required),
        longest_gap_days="longest_gap_days",
    )


def patrol_facts(patrols: pl.LazyFrame, hotspot_stays: pl.LazyFrame, hotspots: pl.LazyFrame) -> pl.LazyFrame:
    """Return the source `patrols`: check-ins, by the local day of checked_in_at, with what the radio says.

    `claimed_s` is check-in to check-out, null without the latter; `visit_s` the officer's time on site
    between them, by `hotspot_stays`; `agrees` whether they differ by at most 600 s. Outcomes not given count
    0. Patrols of Impact Areas are left out.
    """
    out, came = pl.col("checked_out_at"), pl.col("checked_in_at")
    ended = patrols.filter(out.is_not_null()).select("patrol_id", "hotspot_id", "officer_id", _in=came, _out=out)
    stays = ended.join(hotspot_stays, on=["hotspot_id", "officer_id"])
    seen = _on_site(stays, ["patrol_id"], pl.col("_in"), pl.col("_out")).select("patrol_id", "visit_s")
    joined = patrols.join(seen, on="patrol_id", how="left").with_columns(
        day=local_day(came), claimed_s=(out - came).dt.total_seconds()
    )
    visit = pl.when(pl.col("claimed_s").is_not_null()).then(pl.col("visit_s").fill_null(0))
    agrees = (pl.col("claimed_s") - visit).abs() <= AGREES_WITHIN_SECONDS
    timed = joined.with_columns(pl.col(OUTCOMES).cast(pl.Int64).fill_null(0), visit_s=visit, agrees=agrees)
    placed = on_its_day(timed, hotspots).filter(patrolled)
    names = (
        "day",
        "lpa_code",
        "patrol_id",
        "hotspot_id",
        "kind",
        "claimed_s",
        "visit_s",
        "agrees",
        *OUTCOMES,
    )
    return placed.select(names)


_LEVELS = ("force", "lpa", "hotspot")
_TASKINGS = Part(words="taskings", source="taskings", rows=pl.col("tasking_id").is_not_null())
_PATROL_TIME = Part(
    words="officers' time inside the hotspot in the window",
    source="taskings",
    rows=pl.col("officer_s"),
    unit="seconds",
)
_FROM_FIXES = "From the officers' radio fixes, not from what was written down; a gap in fixes is time not counted."

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="TGP-01",
        name="compliant patrols",
        unit="%",
        better="higher",
        numerator=Part(
            words="taskings with at least 60 minutes of presence in the window",
            source="taskings",
            rows=compliant,
        ),
        denominator=_TASKINGS,
        scale=100,
        levels=_LEVELS,
        published=_LEVELS,
        why="Whether hotspots get the hour that the evidence for patrols asks for.",
        caveat=_FROM_FIXES,
        reference="S2 paras 24-25",
        principle="Targeting activity",
        pillar="Safer town centres",
        subject="Targeted patrols",
        page="patrols",
        roles=("lead", "card"),
        headline=5,
    ),
    Indicator(
        id="TGP-02",
        name="patrol hours",
        unit="h",
        better="higher",
        numerator=_PATROL_TIME,
        levels=_LEVELS,
        published=_LEVELS,
        why="Officer-hours spent where and when they were asked for.",
        caveat=f"Two officers together count twice. {_FROM_FIXES}",
        reference="S2 paras 24-25",
        principle="Targeting activity",
        subject="Targeted patrols",
        page="patrols",
        roles=("card", "total"),
    ),
    Indicator(
        id="TGP-03",
        name="reached in the window",
        unit="%",
        better="higher",
        numerator=Part(words="taskings with any presence in the window", source="taskings", rows=pl.col("visit_s") > 0),
        denominator=_TASKINGS,
        scale=100,
        levels=_LEVELS,
        published=_LEVELS,
        why="Sets patrols that were too short apart from those that never came.",
        caveat=_FROM_FIXES,
        reference="S2 paras 24-25",
        principle="Targeting activity",
        subject="Targeted patrols",
        page="patrols",
    ),
    Indicator(
        id="TGP-04",
        name="one day in three",
        unit="%",
        better="higher",
        numerator=Part(
            words="days with a compliant patrol, per hotspot at most one day in three",
            source="hotspot_months",
            rows=pl.col("achieved"),
        ),
        denominator=Part(
            words="a third of the month's days, rounded up, over hotspots",
            source="hotspot_months",
            rows=pl.col("required"),
        ),
        scale=100,
        levels=_LEVELS,
        published=_LEVELS,
        why="Whether every hotspot gets its turn: more at one does not make up for none at another.",
        caveat=_FROM_FIXES,
        reference="S2 paras 24-25",
        principle="Targeting activity",
        subject="Targeted patrols",
        page="patrols",
        roles=("card",),
    ),
    Indicator(
        id="TGP-05",
        name="check-in agrees with GPS",
        unit="%",
        better="higher",
        numerator=Part(
            words="check-ins that differ from the radio's account by at most 10 minutes",
            source="patrols",
            rows=pl.col("agrees"),
        ),
        denominator=Part(
            words="patrols with a check-in and a check-out",
            source="patrols",
            rows=pl.col("agrees").is_not_null(),
        ),
        scale=100,
        levels=_LEVELS,
        published=_LEVELS,
        why="How far the written record of patrols can be believed.",
        caveat="A radio without fixes disagrees too: look at coverage before anything else.",
        reference="S2 paras 24-25",
        principle="Building analytical capability",
        subject="Targeted patrols",
        page="patrols",
        roles=("card",),
    ),
    Indicator(
        id="TGP-06",
        name="outcomes per 100 patrol hours",
        unit="per 100 h",
        better="neither",
        numerator=Part(
            words="arrests, stop and searches, intelligence reports and referrals",
            source="patrols",
            rows=pl.sum_horizontal(OUTCOMES),
        ),
        denominator=_PATROL_TIME,
        scale=100,
        levels=_LEVELS,
        published=_LEVELS,
        why="What patrols lead to, without calling more of it better.",
        caveat="Few hours make it jump; a quiet patrol may be a good one.",
        reference="S2 paras 24-25",
        principle="Targeting activity",
        subject="Targeted patrols",
        page="patrols",
        roles=("card",),
    ),
)
