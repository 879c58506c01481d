"""The table of definitions §8 on a few seeded forces; `python -m tests.bench.verdicts` prints the whole of it."""

import numpy as np
import pytest

from tests.bench.simulated import AREAS, CASES, LENGTH, STEPS, Case, Step, false_flags, found_within, judged, stepped

pytestmark = pytest.mark.law
REPLICAS, SEED = 40, 2024


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_series_without_change_are_flagged_no_more_often_than_promised(case: Case):
    above, below = case.make(np.random.default_rng(SEED), (REPLICAS, AREAS, LENGTH))
    share, worst = false_flags(judged(case.indicator_id, above, below), "lpa")
    assert share <= case.most
    assert worst <= case.most_in + 0.01  # a calendar month of a few forces is a small sample


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_step_is_found_in_time(step: Step):
    above = stepped(step, np.random.default_rng(SEED), REPLICAS)
    assert found_within(judged("HRM-01", above), step)[step.months - 1] >= step.least
