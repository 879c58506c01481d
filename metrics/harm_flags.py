"""Crimes flagged as hate, domestic, against women and girls, knife or serious youth violence (definitions §7b).

A crime may have several flags and counts under each, so the flags do not add up to a number of crimes. Figures are
published with small counts suppressed only.
"""

import polars as pl

from metrics.harm import RECORDED_CRIMES
from metrics.indicator import Indicator, Part
from metrics.levels import AREA_COLUMNS
from metrics.outcomes import in_time, settled_crimes

FLAGGED = "flagged crimes"


def flag_facts(crimes: pl.LazyFrame) -> pl.LazyFrame:
    """Return the source `flagged`, a row for each flag of a crime, from rows of the source `crimes`."""
    flags = pl.col("flags").str.split(";").list.eval(pl.element().str.strip_chars()).list.unique(maintain_order=True)
    rows = crimes.with_columns(flag=flags).explode("flag").filter(pl.col("flag").is_not_null() & (pl.col("flag") != ""))
    return rows.select("day", *AREA_COLUMNS, "crime_id", "flag", "outcome_on", "positive_outcome")


def settled_flags(crimes: pl.LazyFrame) -> pl.LazyFrame:
    """Return the source `settled_flags`: the flags of crimes whose outcomes had 90 days to come (metrics.outcomes)."""
    return flag_facts(settled_crimes(crimes))


_FLAGGED = Part(
    words="crimes with the flag",
    source="flagged",
    rows=pl.col("crime_id").is_not_null(),
    quantity=FLAGGED,
    among=RECORDED_CRIMES,
)

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="FLG-01",
        name="flagged crime",
        unit="count",
        better="neither",
        numerator=_FLAGGED,
        split="flag",
        why="Crimes that tell of hate, of violence at home, against women and girls, with knives or among the young.",
        caveat="A rise may be better recording. A crime may have several flags: they do not add up.",
        reference="S3",
        principle="Targeting activity",
        subject="Flagged crime",
        page="impact_areas",
    ),
    Indicator(
        id="FLG-02",
        name="positive outcomes of flagged crime",
        unit="%",
        better="higher",
        numerator=Part(
            words="crimes with the flag and a positive outcome at most 90 days after they were recorded",
            source="settled_flags",
            rows=in_time,
        ),
        denominator=Part(
            words="crimes with the flag",
            source="settled_flags",
            rows=pl.col("crime_id").is_not_null(),
            quantity=FLAGGED,
        ),
        scale=100,
        split="flag",
        split_both=True,
        why="Whether the crimes that hurt most lead to anything, and soon.",
        caveat="Months younger than 90 days are not known yet. Of few crimes the share moves by chance.",
        missing="known 90 days after the month's end",
        reference="S3",
        principle="Targeting activity",
        subject="Flagged crime",
        page="impact_areas",
    ),
    Indicator(
        id="FLG-03",
        name="flagged crime per 1,000 residents",
        unit="per 1,000",
        better="neither",
        numerator=_FLAGGED,
        denominator=Part(words="residents", source="residents", rows=pl.col("residents"), unit="people", stock=True),
        scale=1000,
        split="flag",
        why="Makes areas of different size comparable.",
        caveat="A rise may be better recording. Who is harmed in a place need not live there.",
        reference="S3",
        principle="Targeting activity",
        subject="Flagged crime",
        page="impact_areas",
        news=False,  # tells FLG-01's story again
    ),
)
