"""What a row of an answer says, in plain sentences made by rules."""

from collections.abc import Mapping, Sequence
from typing import Any

from metrics.indicator import Indicator
from pages.wording import words

SPARK_MONTHS = 25
REAL = ("improvement", "concern", "change")
Row = dict[str, Any]


def name(indicator: Indicator, indicator_id: str) -> str:
    """Name an indicator, one category of a mix with its category."""
    category = indicator_id.partition(":")[2]
    return f"{indicator.name} ({category})" if category else indicator.name


def news_title(place: str, counted: Mapping[str, int]) -> str:
    """Say how many real changes of each verdict a place has, as metrics.news.tally counts them."""
    named = {"concern": "concern", "improvement": "improvement", "change": "other change"}
    said = [
        f"{counted[verdict]} {word}{'' if counted[verdict] == 1 else 's'}"
        for verdict, word in named.items()
        if counted[verdict]
    ]
    return f"{place}: {', '.join(said)}" if said else f"No real change in {place}"


def sentence(indicator: Indicator, newest: Row) -> str:
    """Say in one plain sentence whether the value is out of the ordinary, or why there is none."""
    if newest.get("value") is None:
        return missing(newest.get("note"))
    if newest.get("lower_limit") is None or newest.get("verdict") is None:
        return "Fewer than 12 months to judge against: no verdict yet."
    low, high = (words.number(newest[limit], indicator.unit) for limit in ("lower_limit", "upper_limit"))
    value = words.figure(newest["value"], indicator.unit)
    meaning = words.mark(newest["verdict"]).meaning
    if newest["verdict"] == "no real change":
        return f"{value} is in its expected range of {low} to {high}: {meaning}."
    if newest["lower_limit"] <= newest["value"] <= newest["upper_limit"]:
        centre = words.number(newest["centre"], indicator.unit)
        return f"Inside {low} to {high}, but too many months on one side of {centre}: {meaning}."
    return f"{value} against an expected range of {low} to {high}: {meaning}."


def missing(note: str | None) -> str:
    """Say why there is no value."""
    return f"{note[0].upper()}{note[1:]}." if note else "No data loaded for this area and month."


def changes(indicator: Indicator, newest: Row) -> tuple[str, str]:
    """Write the change on the month and on the year, with the relative one where the answer gives it."""
    relative = words.percent(newest.get("change_percent"))
    month = words.change(newest.get("change"), indicator.unit) + (f" ({relative})" if relative else "")
    year = words.change(newest.get("change_on_year"), indicator.unit)
    return f"On last month {month}", f"On same month last year {year}"


def spark_words(indicator: Indicator, series: Sequence[Row]) -> str:
    """Describe a sparkline for those who do not see it."""
    known = [row for row in series[-SPARK_MONTHS:] if row["value"] is not None]
    if not known:
        return f"{indicator.name}: no months with a value"
    first, last = known[0], known[-1]
    return (
        f"{indicator.name} by month: {words.figure(first['value'], indicator.unit)} in {words.month(first['month'])}, "
        f"{words.figure(last['value'], indicator.unit)} in {words.month(last['month'])}"
    )
