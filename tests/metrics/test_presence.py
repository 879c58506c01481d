"""The local day of instants: that of the wall clock, on the days when the clocks change too."""

from collections import Counter
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.presence import counts_by_day, days_of

MIDNIGHTS = [datetime(*midnight, tzinfo=UTC) for midnight in ((2024, 3, 31), (2024, 10, 26, 23), (2025, 1, 1))]
second = st.builds(
    lambda midnight, after: int(midnight.timestamp()) + after,
    st.sampled_from(MIDNIGHTS),
    st.integers(-90_000, 90_000),
)


def test_the_day_of_25_hours_ends_at_its_own_midnight():
    instants = pl.Series("at", [datetime(2024, 10, 26, 23, tzinfo=UTC), datetime(2024, 10, 27, 23, 59, tzinfo=UTC)])
    instants = instants.append(pl.Series([datetime(2024, 10, 28, tzinfo=UTC)]))
    assert days_of(instants).to_list() == [date(2024, 10, 27), date(2024, 10, 27), date(2024, 10, 28)]
    assert counts_by_day(instants) == {date(2024, 10, 27): 2, date(2024, 10, 28): 1}
    assert (days_of(instants.clear()).to_list(), counts_by_day(instants.clear())) == ([], {})


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
@given(seconds=st.lists(second, max_size=20))
def test_each_instant_has_the_day_of_the_wall_clock(unit, seconds):
    instants = pl.from_epoch(pl.Series("at", seconds, pl.Int64)).dt.cast_time_unit(unit).dt.replace_time_zone("UTC")
    days = [datetime.fromtimestamp(one, ZoneInfo("Europe/London")).date() for one in seconds]
    assert days_of(instants).to_list() == days
    assert counts_by_day(instants) == Counter(days)
