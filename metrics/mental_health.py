"""Right Care, Right Person: mental health among incidents, and handovers under section 136 (definitions §7b).

A handover counts on the local day on which the person was detained; one without an end is left out of the durations.
"""

import polars as pl

from metrics.indicator import Indicator, Part, Principle
from metrics.levels import AREA_COLUMNS, local_day
from metrics.response import INCIDENTS

MICROSECONDS_AN_HOUR = 3_600_000_000


def handover_facts(handovers: pl.LazyFrame) -> pl.LazyFrame:
    """Return the source `handovers` from handovers whose areas are stamped; `hours` null: not handed over yet."""
    hours = (pl.col("handed_over_at") - pl.col("detained_at")).dt.total_microseconds() / MICROSECONDS_AN_HOUR
    return handovers.select("handover_id", *AREA_COLUMNS, day=local_day(pl.col("detained_at")), hours=hours)


_mental_health = pl.col("mental_health").fill_null(False)
_OF_MENTAL_HEALTH = "mental-health incidents"
_PARTNERS: Principle = "Solving problems"  # with those whose problem it is: health and care

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="MH-01",
        name="mental-health share of incidents",
        unit="%",
        better="neither",
        numerator=Part(
            words="incidents with mental health as a factor",
            source="incidents",
            rows=_mental_health,
            quantity=_OF_MENTAL_HEALTH,
        ),
        denominator=Part(
            words="incidents of a month in which it is recorded",
            source="incidents",
            rows=pl.col("mental_health_known"),
            among=INCIDENTS,
        ),
        scale=100,
        why="How much of the demand on the police is a need for care.",
        caveat="Not recorded on an incident counts as no factor; a month in which it never is recorded is unknown.",
        reference="S2 paras 37-43",
        principle=_PARTNERS,
        subject="Mental health",
        page="response",
    ),
    Indicator(
        id="MH-02",
        name="mental-health incidents attended",
        unit="%",
        better="neither",
        numerator=Part(
            words="mental-health incidents attended",
            source="incidents",
            rows=_mental_health & pl.col("attended").fill_null(False),
        ),
        denominator=Part(
            words="mental-health incidents of which it is known whether anybody attended",
            source="incidents",
            rows=_mental_health & pl.col("attended").is_not_null(),
            among=_OF_MENTAL_HEALTH,
        ),
        scale=100,
        why="Right Care, Right Person sends officers where there is a risk to life or a crime, and care elsewhere.",
        caveat="Neither high nor low is good: it depends on the risk in each.",
        reference="S2 paras 37-43",
        principle=_PARTNERS,
        subject="Mental health",
        page="response",
    ),
    Indicator(
        id="MH-03",
        name="section 136 handover",
        unit="hours",
        better="lower",
        numerator=Part(
            words="hours from detention to handover",
            source="handovers",
            rows=pl.col("hours"),
            unit="duration",
            quantity="section 136 handovers",
        ),
        why="A person in crisis waits for care with two officers, who are away from their neighbourhood.",
        caveat="Median and 90th percentile, never a mean. By the day of the detention; those still open are left out.",
        reference="S2 paras 37-43",
        principle=_PARTNERS,
        subject="Mental health",
        page="response",
    ),
)
