"""Definitions §7b: shares of people asked, in the month in which the interviews ended, with what a sample can tell."""

import pytest

from metrics.interval import with_intervals
from metrics.surveys import survey_facts
from tests.specs.notation import Case, case, spec

ASKED = """
    survey | question | area_code | period_start | period_end | asked | yes | design_effect
    pulse  | {0}      | L1        | 2024-08-01   | 2024-10-31 | 400   | 236 | 1.6
    other  | {0}      | L1        | 2024-10-01   | 2024-11-01 | 100   | 64  |
    pulse  | {0}      | N3        | 2024-08-01   | 2024-10-31 | 80    | 20  |
    pulse  | {1}      | L1        | 2024-08-01   | 2024-10-31 | 10    | 10  |
"""
SHARES = {"L1": 60.0, "L2": 25.0}


def answers(question: str, another: str) -> Case:
    rule = "Yes of asked, surveys together; an area that was not asked has the answers of its parts"
    return case(rule, SHARES, level="lpa", surveys=ASKED.format(question, another))


@spec("CON-01", answers("CON-01", "CON-02"))
def test_confidence(case: Case) -> None:
    found = case.computed(surveys=survey_facts(case.rows("surveys"), case.rows("members")))
    assert dict(found.select("area_code", "value").rows()) == case.figure
    assert dict(found.select("area_code", "sample").rows()) == {"L1": 350, "L2": 80}
    told = with_intervals(found.with_columns(centre=58.0, verdict=None))
    # By hand: Wilson of 60 % of 350, which is 500 people asked with the first survey's design effect of 1.6.
    assert with_intervals(found.drop("sample")).columns == found.drop("sample").columns  # no survey, no interval
    limits = told.filter(area_code="L1").select("interval_lower", "interval_upper").row(0)
    assert limits == pytest.approx((54.7858, 64.9970), abs=1e-4)


@spec("CON-02", answers("CON-02", "CON-03"))
def test_feels_safe(case: Case) -> None:
    assert case.figures(surveys=survey_facts(case.rows("surveys"), case.rows("members"))) == case.figure


@spec("CON-03", answers("CON-03", "CON-01"))
def test_satisfied_by_the_service(case: Case) -> None:
    assert case.figures(surveys=survey_facts(case.rows("surveys"), case.rows("members"))) == case.figure
