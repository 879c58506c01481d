"""What a row of an answer says, in plain sentences made by rules."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from metrics.few import FEW
from metrics.indicator import Indicator
from pages.wording import figures, words

SPARK_MONTHS = 25
TOO_FEW = "Fewer than 12 months to judge against: no change can be called real yet."
REAL = ("improvement", "concern", "change")
Row = dict[str, Any]


def name(indicator: Indicator, category: str | None) -> str:
    """Name an indicator, one category of a mix with its category."""
    return f"{indicator.name} ({words.FLAGS.get(category, category)})" if category else indicator.name


def news_title(place: str, counted: Mapping[str, int]) -> str:
    """Say how many new signals of each verdict a place has, as metrics.news.tally counts them."""
    said = _counted(counted, "new ")
    return f"{place}: {said}" if said else f"Nothing new in {place}"


def new_of(counted: Mapping[str, int], looked_at: int) -> str:
    """Say how many new signals there are of all figures looked at; or that none could be judged."""
    return f"New: {_counted(counted) or 'nothing'}, of {looked_at:,} figures looked at." if looked_at else TOO_FEW


def _counted(counted: Mapping[str, int], each: str = "") -> str:
    named = {"concern": "concern", "improvement": "improvement", "change": "other change"}
    return ", ".join(
        f"{counted[verdict]} {each}{word}{'' if counted[verdict] == 1 else 's'}"
        for verdict, word in named.items()
        if counted[verdict]
    )


def story(indicator: Indicator, row: Row, new: int) -> str:
    """Tell the strongest of `new` signals, and count the others: 'L1: ASB 31 % lower since Sep 2025; 2 more new'."""
    if row["signal"] == "spike":
        state = "unusually high" if row["value"] > row["centre"] else "unusually low"
    else:
        state = shift(indicator, row)
    others = new - 1
    more = f"; {others} more new" if others else ""
    return f"{row['area_name']}: {name(indicator, row['category'])} {state}{more}"


def asked_title(asked: int, new: int) -> str:
    """Say how many things there are to ask about, and how many of them are new this month."""
    if not asked:
        return "Nothing to ask about"
    which = "all new" if new == asked else f"{new} new" if new else "none new: these stand from earlier months"
    return f"{asked} {'thing' if asked == 1 else 'things'} to ask about, {which}"


def sentence(indicator: Indicator, newest: Row) -> str:
    """Say in one plain sentence whether the value is out of the ordinary, or why that cannot be told."""
    if newest.get("value") is None:
        return missing(newest.get("note"))
    if newest.get("verdict") is None:
        return unjudged(newest)
    if figures.is_few(indicator, newest):
        return f"{figures.value(indicator, newest)}: a percentage of fewer than {FEW} is not judged."
    low, high = (words.number(newest[limit], indicator.unit) for limit in ("lower_limit", "upper_limit"))
    value, usual = words.figure(newest["value"], indicator.unit), f"what {a_month(newest['month'])} usually brings"
    if newest["signal"] == "spike":
        return f"{value} against {low} to {high}, {usual}: more than chance explains."
    if newest["signal"] == "shift":
        return f"{shift(indicator, newest)}: a lasting shift, found this month."
    within = f"{value} is within {low} to {high}, {usual}"
    return f"{within}; {shift(indicator, newest)}." if newest.get("since") else f"{within}."


def unjudged(newest: Row) -> str:
    """Say why a known value has no verdict."""
    if newest.get("centre") is not None:
        return "The month is not complete: no verdict yet."
    if newest.get("since") is not None:
        return f"Settling since {words.month(newest['since'])}: no verdict until six months are known."
    return "Fewer than 12 months to judge against: no verdict yet."


def target(indicator: Indicator, held: Row) -> str:
    """Say a target, whose it is, and what the expected range says of it: 'Target 8.0 % (Chief of L1): hit and miss'."""
    said = f"{(held['kind'] or 'target').capitalize()} {words.figure(held['target'], indicator.unit)} ({held['owner']})"
    return f"{said}: {held['assurance']}" if held["assurance"] else said


def shift(indicator: Indicator, row: Row) -> str:
    """Say how large a lasting shift is and since when: '31 % lower since Sep 2025'."""
    size, percent = row["level_change"], row.get("level_change_percent")
    way = "higher" if size > 0 else "lower"
    amount = words.percent(abs(percent)).lstrip("+") if percent is not None else _by(size, indicator)
    return f"{amount} {way} since {words.month(row['since'])}"


def _by(size: float, indicator: Indicator) -> str:
    return words.change(abs(size), indicator.unit).lstrip("+")


def a_month(month: date) -> str:
    name = f"{month:%B}"
    return f"{'an' if name[0] in 'AO' else 'a'} {name}"


def missing(note: str | None) -> str:
    """Say why there is no value."""
    return f"{note[0].upper()}{note[1:]}." if note else "No data loaded for this area and month."


def changes(indicator: Indicator, newest: Row) -> tuple[str, str]:
    """Write the change on the month and on the year, with the relative one where the answer gives it."""
    relative, value = words.percent(newest.get("change_percent")), newest.get("value")
    month = words.change(newest.get("change"), indicator.unit, value) + (f" ({relative})" if relative else "")
    year = words.change(newest.get("change_on_year"), indicator.unit, value)
    return f"On last month {month}", f"On same month last year {year}"


def period_changes(indicator: Indicator, period: Row, before: str) -> str:
    """Write the change of a period on the same months a year before, which `before` names; or that they are unknown."""
    if period.get("change_on_year") is None:
        return f"{before[0].upper()}{before[1:]} has no figure to compare with"
    relative, value = words.percent(period.get("change_on_year_percent")), period.get("value")
    change = words.change(period["change_on_year"], indicator.unit, value) + (f" ({relative})" if relative else "")
    return f"On {before} {change}"


def judged_by(indicator: Indicator, newest: Row) -> str:
    """Say what the last month of a period is judged to be, and of a stock that the period shows that month."""
    stock = "A stock: counted with its last month. " if indicator.numerator.stock else ""
    if newest.get("value") is None:
        return f"{stock}{words.month(newest.get('month'))} alone: {missing(newest.get('note'))}"
    return f"{stock}Judged by its months. {words.month(newest['month'])}: {sentence(indicator, newest)}"


def spark_words(indicator: Indicator, series: Sequence[Row]) -> str:
    """Describe a sparkline for those who do not see it."""
    known = [row for row in series[-SPARK_MONTHS:] if row["value"] is not None]
    if not known:
        return f"{indicator.name}: no months with a value"
    first, last = known[0], known[-1]
    return (
        f"{indicator.name} by month: {figures.whole(indicator, first)} in {words.month(first['month'])}, "
        f"{figures.whole(indicator, last)} in {words.month(last['month'])}"
    )
