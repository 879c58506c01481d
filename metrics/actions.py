"""Actions of problem-solving plans and tasking meetings: were they done when they were due (definitions §7b)?

An action counts on the day it is due, in its own neighbourhood, else in that of its plan. It is done on time if it was
done on that day or before.
"""

import polars as pl

from metrics.feeds import placed_in
from metrics.indicator import Indicator, Part
from metrics.levels import AREA_COLUMNS

_TOLD = ("action", "owner_role", "done_on", "told_public")


def action_facts(actions: pl.LazyFrame, problems: pl.LazyFrame, neighbourhoods: pl.LazyFrame) -> pl.LazyFrame:
    """Return the source `plan_actions`; `on_time` null in all rows where no row tells of an action done."""
    plans = problems.select("problem_id", _plan="neighbourhood_code")
    joined = actions.join(plans, on="problem_id", how="left")
    done = pl.col("done_on")
    on_time = pl.when(done.is_not_null().any()).then((done <= pl.col("due_on")).fill_null(False))
    where = pl.coalesce("neighbourhood_code", "_plan")
    dated = joined.with_columns(day="due_on", neighbourhood_code=where, on_time=on_time)
    return placed_in(dated, neighbourhoods).select("day", *AREA_COLUMNS, "action_id", "source", *_TOLD, "on_time")


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="PS-05",
        name="actions done on time",
        unit="%",
        better="higher",
        numerator=Part(
            words="actions due in the month that were done by the day they were due",
            source="plan_actions",
            rows=pl.col("on_time").fill_null(False),
        ),
        denominator=Part(words="actions due in the month", source="plan_actions", rows=pl.col("on_time").is_not_null()),
        scale=100,
        why="What was agreed is only as good as what is done.",
        caveat="An action without a place counts in the force only.",
        reference="S0, S2",
        principle="Solving problems",
        pillar="Community-led policing",
        subject="Problem solving",
        page="engagement",
    ),
)
