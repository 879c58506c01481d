"""What moving hours between neighbourhoods and losing neighbourhood posts would do, from the figures that are shown."""

from datetime import date

import polars as pl

from data_access.answers.answer import Question, answer, answer_ahead
from data_access.answers.people import ABSTRACTION, NEIGHBOURHOOD, STRENGTH
from data_access.answers.reader import Reader
from data_access.answers.where import Where
from metrics import id_of
from metrics.levels import YEAR, add_months
from metrics.what_if import losing_posts, moving_hours

HOURS = id_of("visibility", "lead")


def hours_moved(reader: Reader, month: date, giver: str, receiver: str, hours: float) -> pl.DataFrame:
    """Return metrics.what_if.moving_hours of two neighbourhoods, in the month that comes after `month`."""
    asked = Question(indicators=(HOURS,), level="neighbourhood", since=month, until=month)
    coming = answer_ahead(reader, asked).filter(pl.col("month") == add_months(month, 1))
    return moving_hours(coming, giver, receiver, hours)


def posts_lost(reader: Reader, where: Where, posts: float) -> pl.DataFrame:
    """Return metrics.what_if.losing_posts of the areas asked about, over the twelve months to the month.

    A month that is withheld or not known in either figure is none of them.
    """
    span = {"since": add_months(where.month, 1 - YEAR), "until": where.month, "within": where.within, "apart": True}
    strength = answer(reader, Question(indicators=(STRENGTH,), level=where.level, department=NEIGHBOURHOOD, **span))
    lost = answer(reader, Question(indicators=(ABSTRACTION,), level=where.level, **span))
    on = ["area_code", "month"]
    hours = lost.select(*on, duty_hours="denominator", lost_hours="numerator")
    months = strength.select(*on, "area_name", fte="numerator").join(hours, on=on, how="left", maintain_order="left")
    return losing_posts(months, posts)
