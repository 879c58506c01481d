"""Officers' time: duty and what radios held, with the homes of the day."""

from datetime import date, timedelta

import polars as pl

from data_access.database.areas import of_neighbourhood
from data_access.database.duties import DUTIES, overlaps, read_duties
from data_access.facts import copies
from data_access.facts.inputs import (
    ALL_MONTHS,
    HOME,
    PLACES,
    VISIBILITY_MONTHS,
    Dataset,
    Inputs,
    at_home,
    published_facts,
    rows_on_days,
    table_of,
)
from metrics.abstraction import duty_facts, on_duty
from metrics.by_month import by_month
from metrics.feeds import special_facts
from metrics.levels import AREA_COLUMNS, local_start

# A shift or an episode that started before the month is told from one that starts in it by the days before.
DUTY_MARGIN = timedelta(days=7)
# A month of a whole force is 650,000 rows of duty, and a million and a half of visible time: three of them at once take
# a third and a half of a gigabyte more.
A_MONTH = 1
_FIXED_DAY = table_of("fix_quality").c.day  # of fixes, whether or not they count for anybody
HELD_OVER = pl.col("hour") == 0  # time that a fix before midnight may hold


def _duty(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    first, last = local_start(since - DUTY_MARGIN), local_start(until + DUTY_MARGIN)
    copied = copies.scan(inputs.copies, DUTIES, lambda duty: overlaps(duty, first, last))
    duties = read_duties(inputs.connection, first, last).lazy() if copied is None else copied
    feeds = (inputs.feed(feed) for feed in ("activity_codes", "postings", "officers"))
    references = [one.lazy() for one in (*feeds, inputs.neighbourhoods)]
    return duty_facts(duties, *references)


def _visibility(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    places = {name: f"place_{name}" for name in AREA_COLUMNS}
    homes = {name: f"home_{name}" for name in AREA_COLUMNS}
    rows = rows_on_days(inputs, "visibility", since, until)
    placed = of_neighbourhood(rows, inputs.neighbourhoods, held_over=HELD_OVER).rename(places)
    return at_home(inputs, placed).rename(homes)


def _presence(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    rows = rows_on_days(inputs, "presence", since, until)
    return of_neighbourhood(rows, inputs.neighbourhoods, held_over=HELD_OVER)


def _fix_quality(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    """Put known time and duty time beside the fixes; a day on duty without any fix has its row too."""
    days = ["officer_id", "day"]
    counts = rows_on_days(inputs, "fix_quality", since, until)
    known = rows_on_days(inputs, "visibility", since, until).group_by(days).agg(known_seconds=pl.col("seconds").sum())
    worked = published_facts(inputs, "duty", since, until).filter(on_duty)
    duty = worked.group_by(days).agg(duty_seconds=pl.col("seconds").sum())
    # Full joins: a day on duty without a fix is what coverage must show, and a fix off duty is no duty.
    rows = counts.join(known, on=days, how="full", coalesce=True).join(duty, on=days, how="full", coalesce=True)
    numbers = pl.col("fixes", "bad_position", "duplicate", "off_duty", "spike", "known_seconds", "duty_seconds")
    return at_home(inputs, rows.with_columns(numbers.fill_null(0)))


def _visibility_months(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    return by_month(published_facts(inputs, "visibility", since, until))


def _special_hours(inputs: Inputs, _since: date, _until: date) -> pl.LazyFrame:
    hours, postings, officers = (inputs.feed(feed).lazy() for feed in ("special_hours", "postings", "officers"))
    return special_facts(hours, postings, inputs.neighbourhoods.lazy(), officers)


# A dataset comes after those it reads: `fix_quality` reads `duty`, months of visibility read its days.
OFFICERS_TIME: tuple[Dataset, ...] = (
    Dataset(
        name="duty",
        dated=("duties",),
        references=("activity_codes", *HOME),
        build=_duty,
        reach=lambda _: DUTY_MARGIN.days,
        at_once=A_MONTH,
    ),
    Dataset(
        name="visibility",
        dated=("fixes",),
        references=HOME,
        build=_visibility,
        came_by=_FIXED_DAY,
        at_once=A_MONTH,
    ),
    Dataset(name=VISIBILITY_MONTHS, dated=("fixes",), references=HOME, build=_visibility_months),
    Dataset(name="presence", dated=("fixes",), references=PLACES, build=_presence, came_by=_FIXED_DAY),
    Dataset(
        name="fix_quality",
        dated=("fixes",),
        references=("duties", "activity_codes", *HOME),
        build=_fix_quality,
    ),
    Dataset(
        name="special_hours", dated=("special_hours",), references=HOME, build=_special_hours, at_once=ALL_MONTHS
    ),
)
