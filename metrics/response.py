"""Response: how soon an officer arrives, and whether that is within the standard of the grade (definitions §7b).

An incident counts on the local day it was reported. It was attended where the extract says so, or where an arrival is
recorded and nothing says otherwise. Its standard is that of its grade on that day; a grade without one has none. What
an extract does not have in a month (arrivals, grades, mental health) is unknown in that month, not nought.
"""

import polars as pl

from metrics.indicator import Indicator, Part, Principle
from metrics.levels import AREA_COLUMNS, in_force, local_day, local_hour

MICROSECONDS_A_MINUTE = 60_000_000
_NAMES = (
    "day", "hour", *AREA_COLUMNS, "grade", "resource", "attended", "minutes", "standard_minutes", "officer_minutes",
    "mental_health", "grades_known", "arrivals_known", "mental_health_known",
)  # fmt: skip


def incident_facts(incidents: pl.LazyFrame, standards: pl.LazyFrame) -> pl.LazyFrame:
    """Return the source `incidents` from a force's own incidents whose areas are stamped.

    `minutes` run from report to arrival; null where nobody attended or the arrival is not recorded. `standards` are
    grade, minutes, [valid_from, valid_to). The `known` columns tell whether anything of the month's rows is.
    """
    at = pl.col("reported_at")
    minutes = (pl.col("arrived_at") - at).dt.total_microseconds() / MICROSECONDS_A_MINUTE
    dated = incidents.with_columns(day=local_day(at), hour=local_hour(at))
    timed = dated.with_columns(minutes=pl.when(pl.col("attended").fill_null(True)).then(minutes))
    known = {"grades_known": "grade", "arrivals_known": "minutes", "mental_health_known": "mental_health"}
    month = pl.col("day").dt.truncate("1mo")
    with_known = timed.with_columns(
        pl.col(column).is_not_null().any().over(month).alias(name) for name, column in known.items()
    )
    return _with_standard(with_known, standards).select(_NAMES)


def _with_standard(incidents: pl.LazyFrame, standards: pl.LazyFrame) -> pl.LazyFrame:
    """Add `standard_minutes`: that of the grade on the day; of two in force, of the one that began last."""
    incidents = incidents.cache()  # read twice, made once
    days = incidents.select("grade", "day").unique()
    covering = days.join(standards.rename({"minutes": "standard_minutes"}), on="grade")
    held = covering.filter(in_force("day", "valid_from", "valid_to")).sort("valid_from")
    latest = held.unique(["grade", "day"], keep="last", maintain_order=True)
    return incidents.join(latest.select("grade", "day", "standard_minutes"), on=["grade", "day"], how="left")


def by_grade(incidents: pl.LazyFrame) -> pl.LazyFrame:
    """Return, by grade: incidents, attended, arrivals (timed), median and p90 minutes, held and within (the standard).

    `standard_minutes` is the newest standard of the grade; null: it has none. Incidents without a grade are left out.
    """
    minutes, held = pl.col("minutes"), _attended & _has_standard
    graded = incidents.filter(pl.col("grade").is_not_null()).sort("day")
    counted = graded.group_by("grade").agg(
        incidents=pl.len(),
        attended=_attended.sum(),
        arrivals=minutes.count(),
        median=minutes.quantile(0.5, "linear"),
        p90=minutes.quantile(0.9, "linear"),
        standard_minutes=pl.col("standard_minutes").last(),
        held=held.sum(),
        within=(held & (minutes <= pl.col("standard_minutes"))).sum(),
    )
    share = pl.when(pl.col("held") > 0).then(100 * pl.col("within") / pl.col("held"))
    return counted.with_columns(share_within=share).drop("within").sort("grade")


_attended = pl.col("attended").fill_null(pl.col("minutes").is_not_null()) & pl.col("arrivals_known")
_has_standard = pl.col("standard_minutes").is_not_null()
_GRADED = "incidents of a month in which grades are recorded"
INCIDENTS = "incidents"
_BY_RISK: Principle = "Targeting activity"  # whoever is most at risk first

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="RSP-01",
        name="time to arrive, by grade",
        unit="minutes",
        better="lower",
        numerator=Part(
            words="minutes from report to arrival, attended incidents of the grade",
            source="incidents",
            rows=pl.col("minutes"),
            unit="duration",
            quantity="attended incidents",
            among=INCIDENTS,
        ),
        split="grade",
        why="How long somebody who called waits, in the usual case and in the slowest tenth.",
        caveat="Median and 90th percentile, never a mean. An arrival that is not recorded is left out.",
        reference="S4 (THRIVE+)",
        principle=_BY_RISK,
        subject="Response",
        page="response",
    ),
    Indicator(
        id="RSP-02",
        name="arrived within the standard",
        unit="%",
        better="higher",
        numerator=Part(
            words="attended incidents that arrived within the standard of their grade on that date",
            source="incidents",
            rows=_attended & (pl.col("minutes") <= pl.col("standard_minutes")).fill_null(False),
        ),
        denominator=Part(
            words="attended incidents of grades with a standard",
            source="incidents",
            rows=_attended & _has_standard,
            among=INCIDENTS,
        ),
        scale=100,
        why="Whether the force comes as soon as it says it will.",
        caveat="The standards are the force's own. Attended without a recorded arrival is not within.",
        reference="S4 (THRIVE+)",
        principle=_BY_RISK,
        subject="Response",
        page="response",
        roles=("lead", "card"),
    ),
    Indicator(
        id="RSP-03",
        name="grade mix",
        unit="%",
        better="neither",
        numerator=Part(
            words="incidents of the grade",
            source="incidents",
            rows=pl.col("grade").is_not_null(),
            quantity=INCIDENTS,
        ),
        denominator=Part(words=_GRADED, source="incidents", rows=pl.col("grades_known"), quantity=INCIDENTS),
        scale=100,
        split="grade",
        why="A change in arrival times may be a change in what is graded urgent.",
        caveat="An incident without a grade is of no grade, and counts among all.",
        reference="S4 (THRIVE+)",
        principle=_BY_RISK,
        subject="Response",
        page="response",
        news=False,  # the parts of one mix move together: one story told many times
    ),
)
