"""What the Response and Engagement pages ask that is no indicator: a row a grade, a row a group, what was agreed."""

from functools import lru_cache

import polars as pl

from data_access.answers.answer import Question, answer
from data_access.answers.reader import Reader
from data_access.answers.where import Where, facts_of_months
from metrics import indicators_of
from metrics.asb_powers import power_table
from metrics.levels import YEAR
from metrics.response import by_grade

CACHED = 256
(RATIOS,) = (one.id for one in indicators_of() if one.relative_to)


@lru_cache(maxsize=CACHED)
def grades(reader: Reader, where: Where) -> pl.DataFrame:
    """Return the twelve months to the month by grade, see metrics.response.by_grade; no rows: no grades handed over."""
    return by_grade(facts_of_months(reader, where, "incidents", YEAR)).collect()


@lru_cache(maxsize=CACHED)
def powers(reader: Reader, where: Where) -> pl.DataFrame:
    """Return the twelve months to the month by power: issued, breached (null: not handed over)."""
    return power_table(facts_of_months(reader, where, "asb_powers", YEAR)).collect()


@lru_cache(maxsize=CACHED)
def reviews(reader: Reader, where: Where) -> pl.DataFrame:
    """Return the case reviews asked for in the twelve months to the month, the newest first."""
    names = ("review_id", "day", "threshold_met", "held_on", "recommendations", "accepted")
    return facts_of_months(reader, where, "case_reviews", YEAR).select(names).sort("day", descending=True).collect()


@lru_cache(maxsize=CACHED)
def said_and_done(reader: Reader, where: Where) -> pl.DataFrame:
    """Return the actions due in the twelve months to the month, the newest first: you said, we did."""
    names = ("neighbourhood_code", "action", "owner_role", "day", "done_on", "told_public", "source")
    return facts_of_months(reader, where, "plan_actions", YEAR).select(names).sort("day", descending=True).collect()


def ratios(reader: Reader, where: Where) -> pl.DataFrame:
    """Return area_name, group, value, interval_lower, interval_upper and note of the rate ratios of the month.

    The group that all are compared with is left out.
    """
    rows = _month(reader, where, RATIOS)
    shown = ("value", "interval_lower", "interval_upper", "note")
    named = rows.with_columns(group="category").filter(pl.col("group") != "White")
    absent = [pl.lit(None, pl.Float64).alias(name) for name in shown[1:3] if name not in rows.columns]
    return named.with_columns(absent).select("area_name", "group", *shown)


def _month(reader: Reader, where: Where, indicator: str) -> pl.DataFrame:
    asked = Question(
        indicators=(indicator,), level=where.level, since=where.month, until=where.month, within=where.within
    )
    return answer(reader, asked)
