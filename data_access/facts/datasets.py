"""The datasets that every load builds and publishes by month, and whether anything came for one in a month."""

from datetime import date

from sqlalchemy import Connection, select

from data_access.facts.events import EVENTS
from data_access.facts.inputs import Dataset
from data_access.facts.officers_time import OFFICERS_TIME
from data_access.facts.patrols import PATROLS
from data_access.facts.small_feeds import SMALL_FEEDS
from data_access.feeds.columns import Instant
from metrics.levels import add_months, local_start

# In the order in which they are made: a dataset comes after those that it reads (`flagged` reads `crimes`).
DATASETS: tuple[Dataset, ...] = (*OFFICERS_TIME, *EVENTS, *PATROLS, *SMALL_FEEDS)


def came(connection: Connection, dataset: str, month: date) -> bool:
    """Tell whether anything came from which `dataset` might have had rows in `month`: incidents, fixes."""
    column = next((one.came_by for one in DATASETS if one.name == dataset), None)
    if column is None:
        return False
    since, until = month, add_months(month, 1)
    first, end = (local_start(since), local_start(until)) if isinstance(column.type, Instant) else (since, until)
    return connection.execute(select(column).where(column >= first, column < end).limit(1)).first() is not None
