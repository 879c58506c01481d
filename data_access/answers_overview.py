"""What really changed in a month, over every indicator, at an area and in the areas below it."""

from datetime import date

import polars as pl

from data_access.answers import BY_ID, Question, answer
from data_access.scope import Scope
from data_access.store import Store
from metrics.levels import Level
from metrics.news import real_changes

HEADLINES = ("ABS-01", "VIS-02", "ASB-01", "HRM-02", "TGP-01")  # what an area is judged by first, in this order
# How good the data is, is no news of policing; a mix's parts and a rate's own count tell the same story twice; and
# outcomes come months after the crime, so that the newest months of TOWN-02 are always low.
NOT_NEWS = frozenset({"VIS-04", "ABS-05", "ASB-02", "ASB-03", "VIS-05", "HRM-07", "TOWN-02"})
NEWS = tuple(one for one in BY_ID if one not in NOT_NEWS)


def changed(
    store: Store, scope: Scope, month: date, level: Level, within: tuple[tuple[Level, str], ...]
) -> pl.DataFrame:
    """Give the rows of `month` at `level` inside `within` that really changed, the strongest first."""
    asked = Question(indicators=NEWS, level=level, since=month, until=month, within=within)
    return real_changes(answer(store, scope, asked))


def scoreboard(
    store: Store, scope: Scope, month: date, months: int, level: Level, within: tuple[tuple[Level, str], ...]
) -> pl.DataFrame:
    """Give every indicator at `level` inside `within` over the `months` up to `month`, a mix by its categories."""
    since = date(month.year - months // 12, month.month, 1)
    return answer(store, scope, Question(indicators=tuple(BY_ID), level=level, since=since, until=month, within=within))
