"""Powers of the Anti-social Behaviour, Crime and Policing Act 2014, and case reviews under it (definitions §7b).

A power counts on the day it was issued; it is breached if the extract says when it was, however long after. A case
review counts on the day it was asked for; one not decided yet has not met the threshold.
"""

from datetime import date

import polars as pl

from metrics.indicator import Indicator, Part, Pillar, Principle
from metrics.levels import AREA_COLUMNS, YEAR, Level, add_months

_ISSUED = "powers issued"
_REVIEW_LEVELS: tuple[Level, ...] = ("force", "lpa")
_PILLAR: Pillar = "Crackdown on anti-social behaviour"
_SOLVING: Principle = "Solving problems"
_PUBLISHED = ("applications", "threshold_not_met", "reviews_carried_out", "reviews_with_recommendations")


def power_facts(powers: pl.LazyFrame) -> pl.LazyFrame:
    """Return the source `asb_powers` from powers whose areas are stamped; `day` is issued_on.

    `breached` is null in all rows where no row tells of a breach: then it was not handed over.
    """
    breach_known = pl.col("breached_on").is_not_null().any()
    breached = pl.when(breach_known).then(pl.col("breached_on").is_not_null())
    return powers.select("power_id", "power", *AREA_COLUMNS, "breached_on", day="issued_on", breached=breached)


def in_the_year(powers: pl.LazyFrame, until: date) -> pl.LazyFrame:
    """Return the source `asb_powers_year`: each power in the twelve months from its own, to the month of `until`."""
    first = pl.col("day").dt.truncate("1mo")
    last = pl.min_horizontal(first.dt.offset_by(f"{YEAR - 1}mo"), pl.lit(until))
    known = powers.filter(first <= until)
    months = known.with_columns(day=pl.date_ranges(first, last, "1mo")).explode("day")
    return months.select("day", *AREA_COLUMNS, "power_id", "power", "breached")


def power_table(powers: pl.LazyFrame) -> pl.LazyFrame:
    """Return, by power, how many were issued and how many of them breached (null: not handed over), most used first."""
    breach_known = pl.col("breached").is_not_null().any()
    counted = powers.group_by("power").agg(
        issued=pl.len().cast(pl.Int64), breached=pl.when(breach_known).then(pl.col("breached").sum().cast(pl.Int64))
    )
    return counted.with_columns(share=100 * pl.col("breached") / pl.col("issued")).sort("issued", descending=True)


def review_facts(reviews: pl.LazyFrame) -> pl.LazyFrame:
    """Return the source `case_reviews`, on the day of the request.

    `told` is null in all rows where no row tells of the threshold: then it was not handed over.
    """
    threshold_known = pl.when(pl.col("threshold_met").is_not_null().any()).then(pl.lit(True))
    names = ("lpa_code", "review_id", "threshold_met", "held_on", "recommendations", "accepted")
    return reviews.select(*names, day="requested_on", told=threshold_known)


def publication(reviews: pl.DataFrame, year: date) -> pl.DataFrame:
    """Return what section 104 of the 2014 Act has a relevant body publish for the year that starts at `year`.

    By lpa_code, and the force as a row without one: applications made, times the threshold was decided not to be met,
    reviews carried out, and those of them that led to recommendations, with the recommendations made and accepted. Each
    is of the applications made in the year.
    """
    asked = reviews.filter(pl.col("day").is_between(year, add_months(year, YEAR), closed="left"))
    held = pl.col("held_on").is_not_null()
    counted = {
        "applications": pl.len(),
        "threshold_not_met": (~pl.col("threshold_met")).sum(),
        "reviews_carried_out": held.sum(),
        "reviews_with_recommendations": (held & (pl.col("recommendations") > 0)).sum(),
        "recommendations_made": pl.col("recommendations").sum(),
        "recommendations_accepted": pl.col("accepted").sum(),
    }
    totals = {name: amount.cast(pl.Int64) for name, amount in counted.items()}
    force = asked.select(pl.lit(None, pl.String).alias("lpa_code"), **totals)
    return pl.concat([force, asked.group_by("lpa_code").agg(**totals).sort("lpa_code")])


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="ASB-08",
        name="ASB powers used",
        unit="count",
        better="neither",
        numerator=Part(
            words="powers issued in the month",
            source="asb_powers",
            rows=pl.col("power_id").is_not_null(),
            quantity=_ISSUED,
        ),
        split="power",
        why="What was done about anti-social behaviour beyond going there.",
        caveat="More powers are neither better nor worse: read them beside the incidents.",
        reference="NPG",
        principle=_SOLVING,
        pillar=_PILLAR,
        subject="Anti-social behaviour",
        page="asb",
    ),
    Indicator(
        id="ASB-09",
        name="ASB powers breached",
        unit="%",
        better="lower",
        numerator=Part(
            words="powers issued in the 12 months to the month's end that were breached",
            source="asb_powers_year",
            rows=pl.col("breached").fill_null(False),
            stock=True,
            quantity="powers of the year that were breached",
        ),
        denominator=Part(
            words="powers issued in the 12 months to the month's end",
            source="asb_powers_year",
            rows=pl.col("breached").is_not_null(),
            stock=True,
            quantity="powers of the year",
            year_of=_ISSUED,
        ),
        scale=100,
        why="A power that is breached and not followed up teaches that it need not be kept.",
        caveat="The newest powers have had less time to be breached. Each month looks back over twelve.",
        reference="NPG",
        principle=_SOLVING,
        pillar=_PILLAR,
        subject="Anti-social behaviour",
        page="asb",
        news=False,  # each month looks back over twelve
    ),
    Indicator(
        id="ASB-10",
        name="case reviews meeting the threshold",
        unit="%",
        better="neither",
        numerator=Part(
            words="case reviews asked for in the month that met the threshold",
            source="case_reviews",
            rows=pl.col("threshold_met").fill_null(False),
        ),
        denominator=Part(
            words="case reviews asked for in the month", source="case_reviews", rows=pl.col("told").is_not_null()
        ),
        scale=100,
        levels=_REVIEW_LEVELS,
        published=_REVIEW_LEVELS,
        why="A victim of repeated anti-social behaviour may ask all agencies together to look at the case again.",
        caveat="Few are asked for in a month: read the rolling 12 months. One not decided yet has not met it.",
        reference="NPG",
        principle=_SOLVING,
        pillar=_PILLAR,
        subject="Anti-social behaviour",
        page="asb",
    ),
)
