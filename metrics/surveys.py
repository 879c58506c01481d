"""What people said when asked: shares of a survey, with the interval that a sample has (definitions §7b).

An answer counts in the month in which its interviews ended (a period is half-open: one that ends on 1 October, or on
30 September, belongs to September). Several surveys that put the same question in a month count together. What was
asked of an area stands for that area; where it was asked of its parts only, their answers add up.
"""

import polars as pl

from metrics.feeds import measure_facts
from metrics.indicator import Indicator, Part
from metrics.levels import AREA_COLUMNS

_SAMPLED = "A survey: read it with its 95 % interval (Wilson, with the number asked less the design effect)."


def survey_facts(surveys: pl.LazyFrame, members: pl.LazyFrame) -> pl.LazyFrame:
    """Return the source `surveys`: yes, asked, and `effective`, the number asked ÷ the design effect (1 if empty)."""
    last = pl.max_horizontal(pl.col("period_end").dt.offset_by("-1d"), "period_start")
    effective = pl.col("asked") / pl.col("design_effect").fill_null(1.0)
    dated = surveys.with_columns(month=last.dt.truncate("1mo"), effective=effective)
    sums = dated.group_by(indicator_id="question", month="month", area_code="area_code").agg(
        pl.col("yes", "asked", "effective").sum().cast(pl.Float64)
    )
    shares = sums.rename({"yes": "numerator", "asked": "denominator"})
    sizes = sums.select("indicator_id", "month", "area_code", numerator="effective", denominator="effective")
    answers = measure_facts(shares, members).rename({"numerator": "yes", "denominator": "asked"})
    samples = measure_facts(sizes, members).drop("denominator").rename({"numerator": "effective"})
    both = pl.concat([answers, samples], how="diagonal")  # a row has either the answers or the effective number
    return both.select("day", *AREA_COLUMNS, "yes", "asked", "effective", question="indicator_id")


def _answers(words: str, indicator_id: str, column: str) -> Part:
    mine = pl.when(pl.col("question") == indicator_id).then(column)
    return Part(words=words, source="surveys", rows=mine, unit="number")


def _share(number: int, name: str, yes: str, why: str) -> Indicator:
    indicator_id = f"CON-{number:02}"
    return Indicator(
        id=indicator_id,
        name=name,
        unit="%",
        better="higher",
        numerator=_answers(yes, indicator_id, "yes"),
        denominator=_answers("people asked", indicator_id, "asked"),
        sample=_answers("people asked ÷ the design effect", indicator_id, "effective"),
        scale=100,
        why=why,
        caveat=_SAMPLED,
        reference="NPG",
        principle="Engaging communities",
        pillar="Community-led policing",
        subject="Satisfaction and surveys",
        page="engagement",
    )


INDICATORS: tuple[Indicator, ...] = (
    _share(1, "confidence in the local police", "people confident in their local police", "Policing is by consent."),
    _share(2, "feels safe", "people who feel safe where they live", "Safety that nobody feels is half of it."),
    _share(3, "satisfied by the service", "people satisfied with the service", "What the people who needed us say."),
)
