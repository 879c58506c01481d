"""Problem solving: plans (PMP) by stage of SARA, how they end and how old they are (definitions §7).

SARA is scanning, analysis, response, assessment. PMP is written out two ways in the force's own papers: Pro-active
Management Plan and Problem Management Profile.
"""

import polars as pl

from metrics.indicator import Indicator, Part, Principle

_SOLVING: Principle = "Solving problems"
_judged = pl.col("closed_in_year") & pl.col("assessed").fill_null(False)
_CLOSED = Part(words="plans closed in the month", source="problems", rows=pl.col("closed"))

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="PS-01",
        name="live problem-solving plans by stage",
        unit="count",
        better="neither",
        numerator=Part(words="plans (PMP) live at the month's end", source="problems", rows=pl.col("live"), stock=True),
        split="stage",
        why="Whether plans move through scanning, analysis, response and assessment (SARA).",
        caveat="An extract knows the last stage only: in months before it was reached, 'earlier stage'.",
        reference="S0",
        principle=_SOLVING,
        pillar="Community-led policing",
        subject="Problem solving",
        page="engagement",
        roles=("breakdown",),
        news=False,  # the parts of one mix move together: one story told many times
    ),
    Indicator(
        id="PS-02",
        name="plans closed with an assessment",
        unit="%",
        better="higher",
        numerator=Part(
            words="plans closed in the month with an assessment",
            source="problems",
            rows=pl.col("closed") & pl.col("assessed").fill_null(False),
        ),
        denominator=_CLOSED,
        scale=100,
        why="A plan that is never assessed teaches nothing.",
        caveat="Few plans close in a month: read the rolling 12 months.",
        reference="S0",
        principle=_SOLVING,
        subject="Problem solving",
        page="engagement",
        roles=("card",),
    ),
    Indicator(
        id="PS-03",
        name="age of live plans",
        unit="days",
        better="neither",
        numerator=Part(
            words="days since a live plan was opened",
            source="problems",
            rows=pl.col("age_days"),
            unit="duration",
            stock=True,
        ),
        why="Plans that stay open for years are not being worked.",
        caveat="Median and 90th percentile, never a mean; at the month's end; they do not add over areas.",
        reference="S0",
        principle=_SOLVING,
        subject="Problem solving",
        page="engagement",
        roles=("duration",),
    ),
    Indicator(
        id="PS-04",
        name="plans judged effective",
        unit="%",
        better="higher",
        numerator=Part(
            words="plans closed in the 12 months to the month's end and judged effective",
            source="problems",
            rows=_judged & pl.col("effective").fill_null(False),
            stock=True,
        ),
        denominator=Part(
            words="plans closed in the 12 months to the month's end with an assessment",
            source="problems",
            rows=_judged,
            stock=True,
        ),
        scale=100,
        why="Whether problem solving solves problems.",
        caveat="Each month looks back over 12 months: neighbouring months share most of their plans.",
        reference="S0",
        principle=_SOLVING,
        subject="Problem solving",
        page="engagement",
        roles=("card",),
    ),
)
