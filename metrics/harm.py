"""Recorded crime, and the harm in it: counts weighed by how serious the offence is (definitions §5)."""

from datetime import date
from typing import Literal

import polars as pl

from metrics.indicator import Indicator, Part
from metrics.levels import AREA_COLUMNS, AREA_LEVELS, Level, level_code

YOUNG = 25  # victims below this age
Period = tuple[date, date]  # [since, until)

weighted = pl.col("weight").is_not_null()
in_impact_area = pl.col("impact_areas").list.len().fill_null(0) > 0
in_hotspot = pl.col("hotspots").list.len().fill_null(0) > 0
violence_with_injury = pl.col("violence_with_injury").fill_null(False)
robbery = (pl.col("neighbourhood_crime") == "robbery").fill_null(False)
homicide = pl.col("homicide").fill_null(False)
neighbourhood_crime = pl.col("neighbourhood_crime").is_not_null()
young_victim = violence_with_injury & (pl.col("victim_age") < YOUNG).fill_null(False)

_OFFENCE = (
    "offence_name",
    "offence_group",
    "neighbourhood_crime",
    "violence_with_injury",
    "homicide",
    "town_centre",
)
_FACT = (
    "crime_id", "day", "committed_on", "day_known", "lon", "lat", *AREA_COLUMNS, "offence_code", *_OFFENCE,
    "victim_age", "outcome_code", "outcome_on", "positive_outcome", "flags", "impact_areas", "hotspots",
    "syv_robbery_hotspots", "provenance",
)  # fmt: skip


def crime_facts(
    crimes: pl.LazyFrame, offences: pl.LazyFrame, outcome_codes: pl.LazyFrame | None = None
) -> pl.LazyFrame:
    """Return the source `crimes` (without `weight`) from crimes whose areas are stamped; `day` is recorded_on.

    `positive_outcome` is what `outcome_codes` (outcome_code, positive) says of the outcome; null where there is none
    yet, or where no code says. `impact_areas`, `hotspots` and, of these, `syv_robbery_hotspots` are the polygons valid
    that day that hold the position; empty where not given. A code that `offences` lacks keeps its row, with the code as
    its group: it is still a crime.
    """
    present = crimes.collect_schema().names()
    nowhere = pl.lit([], pl.List(pl.String))
    assumed = {
        "provenance": pl.lit("force"),
        "day_known": pl.lit(True),
        "flags": pl.lit(None, pl.String),
        "impact_areas": nowhere,
        "hotspots": nowhere,
        "syv_robbery_hotspots": nowhere,
    }
    rows = crimes.with_columns(**{name: value for name, value in assumed.items() if name not in present})
    described = rows.join(offences.select("offence_code", *_OFFENCE), on="offence_code", how="left")
    schema = {"outcome_code": pl.String, "positive": pl.Boolean}
    outcomes = pl.LazyFrame(schema=schema) if outcome_codes is None else outcome_codes
    joined = described.join(outcomes.select("outcome_code", positive_outcome="positive"), on="outcome_code", how="left")
    known = joined.with_columns(
        day="recorded_on",
        offence_group=pl.coalesce("offence_group", "offence_code"),
        offence_name=pl.coalesce("offence_name", "offence_code"),
    )
    return known.select(_FACT)


def with_weights(crimes: pl.LazyFrame, weights: pl.LazyFrame, weight_set: str) -> pl.LazyFrame:
    """Add `weight` of the named set; null where the set has none for the code: no harm, and counted as
    unweighted.
    """
    chosen = weights.filter(pl.col("weight_set") == weight_set).select("offence_code", "weight")
    return crimes.join(chosen, on="offence_code", how="left")


def with_sides(crimes: pl.LazyFrame) -> pl.LazyFrame:
    """Add `in_impact_areas` and `in_hotspots`: whether any such polygon held the crime on its day; never null.

    A crime in two overlapping areas is inside once. Inside and not inside add up to the whole.
    """
    return crimes.with_columns(in_impact_areas=in_impact_area, in_hotspots=in_hotspot)


def without_homicide(crimes: pl.LazyFrame) -> pl.LazyFrame:
    """Leave homicides out: one can be most of an area's month."""
    return crimes.filter(~homicide)


def by_committed_day(crimes: pl.LazyFrame) -> pl.LazyFrame:
    """Date crimes by the day they were committed; where that is unknown, by the day they were recorded."""
    return crimes.with_columns(day=pl.coalesce("committed_on", "day"))


def change_by_group(
    crimes: pl.LazyFrame,
    level: Level,
    before: Period,
    after: Period,
    *,
    force_code: str,
    by: Literal["offence_group", "offence_name"] = "offence_group",
) -> pl.LazyFrame:
    """Split a change of harm: area_code, `by`, crimes, harm and unweighted crimes before and after, and the
    change.

    Periods are [since, until). The changes of an area's groups add up to the change of the area. Sorted by
    area and the size of the harm change, the largest first.
    """
    code = level_code(level, crimes.collect_schema().names(), force_code)
    if code is None:
        raise ValueError(f"crimes have no level {level!r}: choose an area level, 'hotspot' or 'impact_area'")
    placed = crimes.with_columns(area_code=code)
    if placed.collect_schema()["area_code"] == pl.List(pl.String):
        placed = placed.explode("area_code")
    sides = {"before": _within(before), "after": _within(after)}
    counted = {
        f"{what}_{side}": amount.filter(within).sum()
        for side, within in sides.items()
        for what, amount in _AMOUNTS.items()
    }
    totals = placed.filter(pl.col("area_code").is_not_null()).group_by("area_code", by).agg(**counted)
    changed = totals.with_columns(
        crimes_change=pl.col("crimes_after") - pl.col("crimes_before"),
        harm_change=pl.col("harm_after") - pl.col("harm_before"),
    )
    return changed.sort("area_code", pl.col("harm_change").abs(), by, descending=[False, True, False])


_AMOUNTS = {
    "crimes": pl.col("crime_id").is_not_null().cast(pl.Int64),
    "harm": pl.col("weight").fill_null(0.0),
    "unweighted": pl.col("weight").is_null().cast(pl.Int64),
}


def _within(period: Period) -> pl.Expr:
    return pl.col("day").is_between(*period, closed="left")


_LEVELS = (*AREA_LEVELS, "impact_area", "hotspot")
_PUBLISHED = (*AREA_LEVELS, "impact_area")
_WEIGHT_SET = "Depends on the weight set, which is named. Codes without a weight add no harm and are counted apart."
_ONE_HOMICIDE = "One homicide can be most of an area's month: read it beside the count, with and without homicide."
RECORDED_CRIMES = "recorded crimes"
_CRIMES = Part(
    words="recorded crimes", source="crimes", rows=pl.col("crime_id").is_not_null(), quantity=RECORDED_CRIMES
)
_HARM = Part(
    words="harm: the sum of the crimes' weights",
    source="crimes",
    rows=pl.col("weight"),
    unit="score",
    quantity=RECORDED_CRIMES,
)
_RESIDENTS = Part(words="residents", source="residents", rows=pl.col("residents"), unit="people", stock=True)

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="HRM-01",
        name="recorded crime",
        unit="count",
        better="lower",
        numerator=_CRIMES,
        levels=_LEVELS,
        published=_PUBLISHED,
        why="How many crimes were recorded, and where.",
        caveat="Dated by the day it was recorded. A rise can be better recording.",
        reference="S2 para 26",
        principle="Targeting activity",
        subject="Crime harm",
        page="impact_areas",
        roles=("card",),
        column="crimes",
    ),
    Indicator(
        id="HRM-02",
        name="crime harm",
        unit="score",
        better="lower",
        numerator=_HARM,
        levels=_LEVELS,
        published=_PUBLISHED,
        why="A robbery hurts more than a theft: harm weighs crimes by how serious courts find them.",
        caveat=f"{_ONE_HOMICIDE} {_WEIGHT_SET}",
        reference="S2 para 26, S3 paras 35-37",
        principle="Targeting activity",
        subject="Crime harm",
        page="impact_areas",
        roles=("lead", "card"),
        headline=4,
        column="harm",
    ),
    Indicator(
        id="HRM-03",
        name="harm per crime",
        unit="score",
        better="lower",
        numerator=_HARM,
        denominator=Part(words="crimes that have a weight", source="crimes", rows=weighted, among=RECORDED_CRIMES),
        levels=_LEVELS,
        published=_PUBLISHED,
        why="Whether crime is becoming more or less serious.",
        caveat=f"{_ONE_HOMICIDE} {_WEIGHT_SET}",
        reference="S2 para 26",
        principle="Targeting activity",
        subject="Crime harm",
        page="impact_areas",
        roles=("card", "average"),
        column="harm_per_crime",
    ),
    Indicator(
        id="HRM-04",
        name="share of force harm in Impact Areas",
        unit="%",
        better="lower",
        numerator=Part(
            words="harm inside Impact Areas",
            source="crimes",
            rows=pl.when(in_impact_area).then(pl.col("weight")),
            unit="score",
        ),
        denominator=_HARM,
        scale=100,
        levels=("force",),
        published=("force",),
        why="Whether harm is leaving the places that were chosen for their harm.",
        caveat=f"A crime in two overlapping areas counts once. {_WEIGHT_SET}",
        reference="S2 para 26, S3 paras 35-37",
        principle="Targeting activity",
        subject="Crime harm",
        page="impact_areas",
        roles=("share",),
    ),
    Indicator(
        id="HRM-05",
        name="neighbourhood crime",
        unit="count",
        better="lower",
        numerator=Part(
            words="residential burglary, robbery, vehicle crime and theft from the person",
            source="crimes",
            rows=neighbourhood_crime,
            among=RECORDED_CRIMES,
        ),
        levels=_LEVELS,
        published=_PUBLISHED,
        why="The crimes that people meet where they live.",
        caveat="Dated by the day it was recorded.",
        reference="S2 para 26, NPG",
        principle="Targeting activity",
        subject="Crime harm",
        page="impact_areas",
        roles=("card", "breakdown"),
        column="neighbourhood_crime",
    ),
    Indicator(
        id="HRM-06",
        name="violence with injury, victim under 25",
        unit="count",
        better="lower",
        numerator=Part(
            words=f"violence with injury whose victim was under {YOUNG}",
            source="crimes",
            rows=young_victim,
            among=RECORDED_CRIMES,
        ),
        levels=_LEVELS,
        published=_PUBLISHED,
        why="Serious youth violence is what Impact Areas were made for.",
        caveat="A victim whose age is not recorded is not counted.",
        reference="S2 para 26",
        principle="Targeting activity",
        subject="Crime harm",
        page="impact_areas",
        roles=("card", "victims"),
        column="young_violence",
    ),
    Indicator(
        id="HRM-07",
        name="harm per 1,000 residents",
        unit="score per 1,000",
        better="lower",
        numerator=_HARM,
        denominator=_RESIDENTS,
        scale=1000,
        why="Makes the harm of areas of different size comparable.",
        caveat=f"Visitors are not residents: centres read high. {_ONE_HOMICIDE} {_WEIGHT_SET}",
        reference="S2 para 26",
        principle="Targeting activity",
        subject="Crime harm",
        page="impact_areas",
        roles=("per head",),
        column="harm_per_1000",
        news=False,  # tells HRM-02's story again
    ),
)
