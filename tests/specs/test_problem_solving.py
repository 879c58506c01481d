"""Definitions §7: problem-solving plans (PMP) by stage of SARA, how they end and how old they are."""

from metrics.actions import action_facts
from tests.specs.notation import Case, case, spec
from tests.specs.sources import NEIGHBOURHOODS, problems


@spec(
    "PS-01",
    case(
        "Plans open at the month's end by SARA stage; before the month in which it was reached it is not known",
        {
            "scanning May 2024": 1,
            "earlier stage May 2024": 1,
            "response May 2024": 0,
            "scanning Jun 2024": 1,
            "earlier stage Jun 2024": 0,
            "response Jun 2024": 1,
        },
        problems="""
            problem_id | neighbourhood_code | opened_on  | stage      | stage_on   | closed_on
            1          | N1                 | 2024-05-02 | response   | 2024-06-03 |
            2          | N1                 | 2024-05-02 | assessment | 2024-05-03 | 2024-05-31
            3          | N1                 | 2024-05-31 | scanning   | 2024-05-31 |
        """,
    ),
)
def test_live_plans_by_stage(case: Case) -> None:
    assert case.figures(problems=problems(case)) == case.figure


@spec(
    "PS-02",
    case(
        "Closed with an assessment, of plans closed in the month; not known is not assessed",
        {"May 2024": 100 / 3, "Jun 2024": None},
        problems="""
            problem_id | neighbourhood_code | opened_on  | stage      | stage_on   | closed_on  | assessed
            1          | N1                 | 2024-05-02 | assessment | 2024-05-20 | 2024-05-20 | yes
            2          | N1                 | 2024-05-02 | response   | 2024-05-20 | 2024-05-31 | no
            3          | N1                 | 2024-05-02 | response   | 2024-05-20 | 2024-05-31 |
            4          | N1                 | 2024-05-02 | response   | 2024-05-20 |            | yes
        """,
    ),
)
def test_plans_closed_with_an_assessment(case: Case) -> None:
    assert case.figures(problems=problems(case)) == case.figure


@spec(
    "PS-04",
    case(
        "Judged effective, of plans closed with an assessment in the twelve months to the month's end: 1 of 2",
        {"May 2024": 50},
        problems="""
            problem_id | neighbourhood_code | opened_on  | stage      | stage_on   | closed_on  | assessed | effective
            1          | N1                 | 2024-05-02 | assessment | 2024-05-20 | 2024-05-20 | yes      | yes
            2          | N1                 | 2024-05-02 | assessment | 2024-05-20 | 2024-05-31 | yes      | no
            3          | N1                 | 2024-05-02 | response   | 2024-05-20 | 2024-05-31 | no       | yes
            4          | N1                 | 2024-05-02 | response   | 2024-05-20 |            | yes      | yes
        """,
    ),
    case(
        "The eleventh month after its closing is the last in which it counts",
        {"May 2023": 100, "Apr 2024": 100, "May 2024": None},
        problems="""
            problem_id | neighbourhood_code | opened_on  | stage      | stage_on   | closed_on  | assessed | effective
            1          | N1                 | 2023-05-02 | assessment | 2023-05-20 | 2023-05-31 | yes      | yes
            2          | N1                 | 2024-05-02 | scanning   | 2024-05-02 |            |          |
        """,
    ),
)
def test_plans_judged_effective(case: Case) -> None:
    found = case.figures(problems=problems(case))
    assert {month: found[month] for month in case.figure} == case.figure


@spec(
    "PS-03",
    case(
        "Days from opening to the month's end of plans still open: median and 90th percentile, never a mean",
        {"median": 20, "p90": 24},
        problems="""
            problem_id | neighbourhood_code | opened_on  | stage    | stage_on   | closed_on
            1          | N1                 | 2024-06-20 | scanning | 2024-06-20 |
            2          | N1                 | 2024-06-10 | scanning | 2024-06-10 |
            3          | N3                 | 2024-06-05 | scanning | 2024-06-05 |
            4          | N1                 | 2024-06-01 | scanning | 2024-06-01 | 2024-06-30
        """,
    ),
)
def test_age_of_live_plans(case: Case) -> None:
    assert case.figures(problems=problems(case)) == case.figure


@spec(
    "PS-05",
    case(
        "Done by the day it was due, of the actions due in the month; its place is its own, else its plan's",
        {"L1": 50, "L2": 0},
        level="lpa",
        plan_actions="""
            action_id | problem_id | source  | neighbourhood_code | due_on     | done_on
            1         |            | tasking | N1                 | 2024-10-10 | 2024-10-10
            2         | 8          | pmp     | N1                 | 2024-10-10 | 2024-10-11
            3         | 8          | pmp     |                    | 2024-10-10 |
            4         |            | tasking |                    | 2024-10-10 | 2024-10-01
        """,
        problems="""
            problem_id | neighbourhood_code
            8          | N3
        """,
    ),
)
def test_actions_done_on_time(case: Case) -> None:
    facts = action_facts(case.rows("plan_actions"), case.rows("problems"), NEIGHBOURHOODS)
    assert case.figures(plan_actions=facts) == case.figure
