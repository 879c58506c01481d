"""What recorded crime led to: positive outcomes within 90 days, and those dated in the month (definitions §7b).

Crimes count by the day they were recorded, whatever day `[harm] dated_by` gives the rest.
"""

import polars as pl

from metrics.harm import RECORDED_CRIMES, in_impact_area, neighbourhood_crime, violence_with_injury
from metrics.indicator import Indicator, Part
from metrics.levels import AREA_LEVELS
from metrics.sources import SOURCES

IN_TIME_DAYS = 90
_positive = pl.col("positive_outcome").fill_null(False) & pl.col("outcome_on").is_not_null()
_known_until = pl.max_horizontal(pl.col("day").max(), pl.col("outcome_on").max())


def recorded_crimes(crimes: pl.LazyFrame) -> pl.LazyFrame:
    """Return the source `recorded_crimes` from all crimes by the day recorded; none where no outcome is dated at all.

    An extract without outcomes tells nothing of them, and so does one that does not date them.
    """
    outcome_known = pl.col("positive_outcome").is_not_null() & pl.col("outcome_on").is_not_null()
    known = crimes.filter(outcome_known.any())
    sorts = {
        "is_neighbourhood_crime": neighbourhood_crime,
        "violence_with_injury": violence_with_injury,
        "town_centre": pl.col("town_centre").fill_null(False),
        "in_impact_areas": in_impact_area,
    }
    return known.with_columns(**sorts).select(list(SOURCES["recorded_crimes"]))


def settled_crimes(crimes: pl.LazyFrame) -> pl.LazyFrame:
    """Return the source `settled_crimes`: those of `recorded_crimes` whose month ended at least 90 days ago.

    Ago is before the newest day that the crimes tell of, recorded or outcome, and not before today: an extract knows
    nothing of the days after it was made.
    """
    grown = pl.col("day").dt.month_end().dt.offset_by(f"{IN_TIME_DAYS}d")
    return recorded_crimes(crimes).filter(grown <= _known_until)


def positive_outcomes(crimes: pl.LazyFrame) -> pl.LazyFrame:
    """Return the source `outcomes`: those of `recorded_crimes` with a positive outcome, on the day of the outcome."""
    return recorded_crimes(crimes).filter(_positive).with_columns(day="outcome_on")


in_time = _positive & ((pl.col("outcome_on") - pl.col("day")).dt.total_days() <= IN_TIME_DAYS)
_LEVELS = (*AREA_LEVELS, "impact_area", "hotspot")
_PUBLISHED = (*AREA_LEVELS, "impact_area")
_RECORDED = "crimes by the day recorded"


def _crimes(source: str) -> Part:
    every = pl.col("crime_id").is_not_null()
    return Part(words="crimes recorded", source=source, rows=every, quantity=_RECORDED, among=RECORDED_CRIMES)


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="OUT-01",
        name="positive outcomes within 90 days",
        unit="%",
        better="higher",
        numerator=Part(
            words="crimes with a positive outcome at most 90 days after they were recorded",
            source="settled_crimes",
            rows=in_time,
        ),
        denominator=_crimes("settled_crimes"),
        scale=100,
        levels=_LEVELS,
        published=_PUBLISHED,
        why="Whether a crime leads to anything, and soon.",
        caveat="Months younger than 90 days are not known yet. Which outcomes are positive is set in `outcome_codes`.",
        missing="known 90 days after the month's end",
        reference="S2, NPG",
        principle="Targeting activity",
        subject="Outcomes",
        page="impact_areas",
    ),
    Indicator(
        id="OUT-02",
        name="positive outcomes per 100 crimes",
        unit="per 100",
        better="higher",
        numerator=Part(
            words="positive outcomes dated in the month", source="outcomes", rows=pl.col("crime_id").is_not_null()
        ),
        denominator=_crimes("recorded_crimes"),
        scale=100,
        levels=_LEVELS,
        published=_PUBLISHED,
        most=float("inf"),
        why="What comes out in the month itself: no need to wait for it.",
        caveat=(
            "The outcomes are of crimes recorded then or before: this is no share, and may pass 100. The first months "
            "loaded lack the outcomes of crimes from before them."
        ),
        reference="S2, NPG",
        principle="Targeting activity",
        subject="Outcomes",
        page="impact_areas",
    ),
)
