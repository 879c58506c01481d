"""Which fixes of some days are kept: the same of fixes in order, in none, and of files not yet read."""

from datetime import date, timedelta

import polars as pl
import pytest

from data_access.stays.seam import DAY, Keeping, Seam, kept
from metrics.levels import local_start

FIRST, LAST = date(2024, 10, 8), date(2024, 10, 10)
SEAM = Seam(max_gap=600)
EDGES_OF_ALL = Keeping(edges_after=FIRST - DAY, all_after=date(2025, 1, 1))
EDGES_OF_THE_LAST = Keeping(edges_after=LAST - DAY, all_after=date(2025, 1, 1))
NOTHING = Keeping(edges_after=date(2025, 1, 1), all_after=date(2025, 1, 1))


def fixes() -> pl.DataFrame:
    """Five officers at every instant at which something begins or ends, and a second on either side."""
    edges = [local_start(FIRST + DAY * day) + way for day in range(4) for way in (-SEAM.edge, timedelta(), SEAM.edge)]
    instants = sorted({edge + timedelta(seconds=step) for edge in edges for step in (-1, 0, 1)})
    rows = [(f"O{number}", at, -1.9, 52.5) for at in instants for number in range(5)]
    return pl.DataFrame(rows, schema=["officer_id", "at", "lon", "lat"], orient="row").cast(
        {"at": pl.Datetime("us", "UTC")}
    )


def about_midnight(at, days: list[date]) -> bool:
    """Tell whether an instant is within the seam's edge of the beginning or the end of one of the days, in it."""
    spans = [(local_start(day), local_start(day + DAY)) for day in days]
    return any(a <= at < a + SEAM.edge or b - SEAM.edge <= at < b for a, b in spans)


@pytest.mark.parametrize("given", ["in order", "in no order", "not yet read"])
@pytest.mark.parametrize(
    ("keep", "days"), [(EDGES_OF_ALL, [FIRST, FIRST + DAY, LAST]), (EDGES_OF_THE_LAST, [LAST]), (NOTHING, [])]
)
def test_fixes_about_midnight_are_kept_of_the_days_that_a_setting_names(given: str, keep: Keeping, days: list[date]):
    rows = fixes()
    before = {"in order": rows, "in no order": rows.reverse(), "not yet read": rows.lazy()}[given]
    wanted = [(at, officer) for officer, at in rows.select("officer_id", "at").iter_rows() if about_midnight(at, days)]
    assert kept(before, (FIRST, LAST), SEAM, keep).select("at", "officer_id").rows() == wanted
    assert bool(wanted) == bool(days)
