"""Abstractions: duty-coded time that officers spend away from their neighbourhoods (definitions §2)."""

import polars as pl

from metrics.indicator import Indicator, Part
from metrics.levels import (
    AREA_LEVELS,
    PEOPLE_LEVELS,
    in_force,
    local_day,
    local_hour,
    local_midnight,
    stamp_home,
)
from metrics.presence import run_number, united

EPISODE_GAP_MINUTES = 15  # a longer pause makes a new episode
OPERATIONAL = ("demand", "aid")
ALL_ABSTRACTION = ("demand", "aid", "mandatory")

operational = pl.col("family").is_in(OPERATIONAL)
abstracted = pl.col("family").is_in(ALL_ABSTRACTION)
on_duty = pl.col("family") != "absence"  # null where the code is unknown: then neither
seconds = pl.col("seconds")

_SEGMENT = ("officer_id", "shift_id", "start", "end", "activity_code", "worked_area")
_FACT = ("day", "hour", "officer_id", "activity_code", "category", "family", "worked_area")


def resolve(duties: pl.LazyFrame, activity_codes: pl.LazyFrame) -> pl.LazyFrame:
    """Return officer_id, shift_id, start, end, activity_code, category, family, worked_area: no instant twice.

    `duties` are the extract's rows (starts_at, ends_at in UTC, [start, end)). An instant belongs to the
    segment that started last (tie: the higher activity_code; beyond that the longer, then the higher
    shift_id). Pieces are cut at local midnight, since the category and family are those of the code on the
    local day. A code without a version that day keeps its time but has null category and family: it counts
    neither as duty nor as absence.
    """
    pieces = _cut_at_midnight(_without_overlaps(duties)).cache()  # read twice, made once
    codes = activity_codes.select("activity_code", "category", "family", "valid_from", "valid_to")
    days = pieces.select("activity_code", "day").unique()
    versions = (
        days.join(codes, on="activity_code")
        .filter(in_force("day", "valid_from", "valid_to"))
        .sort("valid_from", nulls_last=False)
        .group_by("activity_code", "day")
        .agg(pl.col("category", "family").last())
    )
    joined = pieces.join(versions, on=["activity_code", "day"], how="left")
    names = ("officer_id", "shift_id", "start", "end", "activity_code", "category", "family", "worked_area")
    return joined.select(names).sort("officer_id", "start")


def _without_overlaps(duties: pl.LazyFrame) -> pl.LazyFrame:
    """Keep segments that touch no other as they are; cut each run of overlapping ones at all its bounds."""
    start, end = pl.col("start"), pl.col("end")
    segments = duties.select(
        "officer_id", "shift_id", "activity_code", "worked_area", start="starts_at", end="ends_at"
    ).filter(start < end)
    order = ("officer_id", "start", "activity_code", "end", "shift_id")
    # Most duties overlap nothing: only runs that do are cut at every bound, which is a join many times their size.
    segments = segments.sort(order).with_columns(run=run_number("officer_id", touching=False))
    segments = segments.with_columns(rank=pl.int_range(pl.len()), alone=pl.len().over("run") == 1).cache()
    together = segments.filter(~pl.col("alone"))
    bounds = pl.concat([together.select("run", at="start"), together.select("run", at="end")]).unique()
    cuts = bounds.sort("run", "at").with_columns(until=pl.col("at").shift(-1).over("run"))
    held = (
        cuts.join(together, on="run")
        .filter(start <= pl.col("at"), pl.col("at") < end)
        .group_by("run", "at")
        .agg(
            pl.col("until").first(),
            pl.col("officer_id", "shift_id", "activity_code", "worked_area").sort_by("rank").last(),
        )
        .rename({"at": "start", "until": "end"})
    )
    return pl.concat([segments.filter("alone").select(_SEGMENT), held.select(_SEGMENT)])


def _cut_at_midnight(pieces: pl.LazyFrame) -> pl.LazyFrame:
    """Cut pieces at local midnight; add the local `day` of each."""
    # [start, end): a duty that ends at midnight has nothing on the day that begins there.
    last = local_day(pl.col("end") - pl.duration(microseconds=1))
    days = pieces.with_columns(day=pl.date_ranges(local_day(pl.col("start")), last)).explode("day")
    return days.with_columns(
        start=pl.max_horizontal("start", local_midnight(pl.col("day"))),
        end=pl.min_horizontal("end", local_midnight(pl.col("day").dt.offset_by("1d"))),
    )


def duty_intervals(resolved: pl.LazyFrame) -> pl.LazyFrame:
    """Return officer_id, start, end of unbroken duty, [start, end): an officer's touching duty time joined."""
    return united(resolved.filter(on_duty), "officer_id")


def duty_facts(
    duties: pl.LazyFrame,
    activity_codes: pl.LazyFrame,
    postings: pl.LazyFrame,
    officers: pl.LazyFrame,
    neighbourhoods: pl.LazyFrame,
) -> pl.LazyFrame:
    """Return the source `duty`: seconds by local day, hour, officer, activity, worked area; with the day's
    home.

    `shifts` and `episodes` are 1 on the one row in which they start. To derive some months of many, give the
    duties that touch them and a day either side, and keep the days wanted: an episode or a shift may start
    the day before.
    """
    timed = _mark_starts(resolve(duties, activity_codes))
    hours = _cut_at_hours(timed).with_columns(day=local_day(pl.col("start")), hour=local_hour(pl.col("start")))
    lasting = (pl.col("end") - pl.col("start")).dt.total_seconds()
    facts = hours.group_by(_FACT).agg(
        seconds=lasting.sum(), shifts=pl.col("shift_starts").sum(), episodes=pl.col("episode_starts").sum()
    )
    return stamp_home(facts, postings, neighbourhoods, officers)


def _mark_starts(resolved: pl.LazyFrame) -> pl.LazyFrame:
    """Add 1 to the piece in which a shift's duty time, and the one in which an episode, starts; else 0."""
    counted = resolved.filter(pl.col("family").is_not_null()).sort("officer_id", "start")
    gap = pl.col("start") - pl.col("end").shift(1)
    fresh = (gap.is_null() | (gap > pl.duration(minutes=EPISODE_GAP_MINUTES))).over(
        "officer_id", "category", operational
    )
    first = (pl.col("start") == pl.col("start").min()).over("officer_id", "shift_id", on_duty)
    return counted.with_columns(
        episode_starts=(fresh & operational).cast(pl.Int64), shift_starts=(first & on_duty).cast(pl.Int64)
    )


def _cut_at_hours(pieces: pl.LazyFrame) -> pl.LazyFrame:
    """Cut pieces at UTC hours, which are local hours too: London's offsets are whole hours."""
    last = (pl.col("end") - pl.duration(microseconds=1)).dt.truncate("1h")
    hours = pl.datetime_ranges(pl.col("start").dt.truncate("1h"), last, interval="1h")
    cut = pieces.with_columns(_hour=hours).explode("_hour")
    begins = pl.col("start") >= pl.col("_hour")
    return cut.with_columns(
        start=pl.max_horizontal("start", "_hour"),
        end=pl.min_horizontal("end", pl.col("_hour").dt.offset_by("1h")),
        shift_starts=pl.when(begins).then("shift_starts").otherwise(0),
        episode_starts=pl.when(begins).then("episode_starts").otherwise(0),
    ).drop("_hour")


_ABSTRACTED = "abstracted time"
_DUTY = Part(
    words="duty time: everything but absence",
    source="duty",
    rows=pl.when(on_duty).then(seconds),
    unit="seconds",
)
_OPERATIONAL = Part(
    words="time on demand (backfill, constant observations, scene guard) and aid",
    source="duty",
    rows=pl.when(operational).then(seconds),
    unit="seconds",
)
_ALL = Part(
    words="time on demand, aid and mandatory duties (court, training)",
    source="duty",
    rows=pl.when(abstracted).then(seconds),
    unit="seconds",
    quantity=_ABSTRACTED,
    holds=_OPERATIONAL,
)
_LEVELS = (*AREA_LEVELS, *PEOPLE_LEVELS)
_NO_STANDARD = (
    "No national definition or threshold of abstraction is published. "
    "Only time coded as an abstraction is counted: what is not coded is not seen."
)
_RESOLVED = "Counted after overlaps; episodes on the local day they start."

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="ABS-01",
        name="operational abstraction rate",
        unit="%",
        better="lower",
        numerator=_OPERATIONAL,
        denominator=_DUTY,
        scale=100,
        department="NPT",
        levels=_LEVELS,
        why="How much of the neighbourhood teams' duty time goes to demand and aid instead.",
        caveat=_NO_STANDARD,
        reference="S1",
        principle="Promoting the right culture",
        pillar="Police back on the beat",
        subject="Abstraction",
        page="abstractions",
        roles=("lead", "card"),
        headline=1,
    ),
    Indicator(
        id="ABS-02",
        name="all-abstraction rate",
        unit="%",
        better="lower",
        numerator=_ALL,
        denominator=_DUTY,
        scale=100,
        department="NPT",
        levels=_LEVELS,
        why="Adds mandatory duties such as court and training, which take time from neighbourhoods too.",
        caveat=_NO_STANDARD,
        reference="S1",
        principle="Promoting the right culture",
        pillar="Police back on the beat",
        subject="Abstraction",
        page="abstractions",
        roles=("card", "breakdown"),
    ),
    Indicator(
        id="ABS-03",
        name="abstraction frequency",
        unit="per 100",
        better="lower",
        numerator=Part(words="episodes of demand or aid", source="duty", rows=pl.col("episodes")),
        denominator=Part(words="shifts with duty time", source="duty", rows=pl.col("shifts")),
        scale=100,
        department="NPT",
        levels=_LEVELS,
        why="Many short abstractions break up a shift as much as one long one: how often, not only how long.",
        caveat=f"{_RESOLVED} Gaps of at most {EPISODE_GAP_MINUTES} minutes are bridged.",
        reference="S1",
        principle="Promoting the right culture",
        pillar="Police back on the beat",
        subject="Abstraction",
        page="abstractions",
        roles=("card",),
    ),
    Indicator(
        id="ABS-04",
        name="hours lost to operational abstraction",
        unit="h",
        better="lower",
        numerator=_OPERATIONAL,
        department="NPT",
        levels=_LEVELS,
        why="The size of what neighbourhoods lost, in officer-hours.",
        caveat=f"{_NO_STANDARD} A bigger team loses more hours at the same rate.",
        reference="S1",
        principle="Promoting the right culture",
        pillar="Police back on the beat",
        subject="Abstraction",
        page="abstractions",
        roles=("card", "total"),
    ),
    Indicator(
        id="ABS-05",
        name="abstraction mix by category",
        unit="%",
        better="neither",
        numerator=Part(
            words="time on this category of demand, aid or mandatory duties",
            source="duty",
            rows=pl.when(abstracted).then(seconds),
            unit="seconds",
            quantity=_ABSTRACTED,
        ),
        denominator=_ALL,
        scale=100,
        split="category",
        department="NPT",
        levels=_LEVELS,
        why="Says what takes officers away, so that the cause can be met.",
        caveat=_NO_STANDARD,
        reference="S1",
        principle="Promoting the right culture",
        subject="Abstraction",
        page="abstractions",
        news=False,  # the parts of one mix move together: one story told many times
    ),
)


def counts_shifts(indicator: Indicator) -> bool:
    """Tell whether an indicator counts shifts, which are of a day and have neither hour nor cause."""
    parts = (part for part in (indicator.numerator, indicator.denominator) if part is not None)
    return any("shifts" in part.rows.meta.root_names() for part in parts)


def shifts_lost(hours: float, standard_shift_hours: float) -> float:
    """Return the number of standard shifts that `hours` of operational abstraction (ABS-04) amount to."""
    return hours / standard_shift_hours
