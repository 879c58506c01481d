"""Costs in words: the hours, their price and a range stand beside every sum."""

from datetime import date

import polars as pl

from data_access.answers.cost import MonthlyCost
from data_access.answers.places import Evaluation
from metrics.cost import HoursCost, PoundsRange
from metrics.displacement import Difference
from pages.sections import costs

OCTOBER = date(2026, 10, 1)
COST = HoursCost(pounds=4_000.0, hours=100.0, unpriced_hours=0.0)
NOTHING = PoundsRange(low=None, estimate=4_000.0, high=None)


def evaluation(cost: HoursCost | None, prevented: PoundsRange | None) -> Evaluation:
    return Evaluation(
        difference=Difference(local=-10, displaced=0, variance=9),
        counts=pl.DataFrame(),
        patrol_hours=100.0,
        cost=cost,
        prevented=prevented,
        comparable=pl.DataFrame(),
    )


def test_a_month_s_cost_stands_beside_what_is_usual() -> None:
    usual = PoundsRange(low=3_000.0, estimate=4_000.0, high=5_200.0)
    assert costs.of_month(MonthlyCost(cost=COST, usual=usual), OCTOBER) == (
        "They cost £4,000, 100 h at a mean of £40.00 an hour; an October usually brings £3,000 to £5,200."
    )


def test_the_cost_of_several_months_stands_alone() -> None:
    said = costs.of_month(MonthlyCost(cost=COST, usual=None), OCTOBER)
    assert said == "They cost £4,000, 100 h at a mean of £40.00 an hour."


def test_a_month_without_a_usual_range_says_so() -> None:
    said = costs.of_month(MonthlyCost(cost=COST, usual=NOTHING), OCTOBER)
    assert said.endswith("what is usual here is not known yet.")


def test_hours_without_a_price_are_told() -> None:
    cost = HoursCost(pounds=4_000.0, hours=100.0, unpriced_hours=20.0)
    said = costs.of_month(MonthlyCost(cost=cost, usual=NOTHING), OCTOBER)
    assert "(20.0 h more by roles without a price are not in it)" in said


def test_one_prevented_costs_a_range() -> None:
    said = costs.of_patrols(evaluation(COST, PoundsRange(low=250.0, estimate=400.0, high=970.0)), "robbery")
    assert said.endswith("one prevented (robbery) cost £250 to £970 (95 % interval; most likely £400).")


def test_a_difference_that_could_be_chance_has_no_upper_end() -> None:
    said = costs.of_patrols(evaluation(COST, PoundsRange(low=250.0, estimate=400.0, high=None)), "robbery")
    assert "cost at least £250; there is no upper end, as the difference could be chance" in said


def test_nothing_prevented_and_no_prices() -> None:
    assert "no cost of one prevented" in costs.of_patrols(evaluation(COST, None), "robbery")
    assert costs.of_patrols(evaluation(None, None), "robbery") == ""
