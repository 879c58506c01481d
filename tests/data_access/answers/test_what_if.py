"""What if, asked of a store: from the figures that a viewer is shown, and of no others."""

from collections.abc import Iterator
from datetime import date

import pytest

from data_access.answers.reader import Reader
from data_access.answers.what_if import hours_moved, posts_lost
from data_access.answers.where import Where
from data_access.load.ingest import load
from data_access.scope import Scope
from data_access.store import Store
from tests.data_access.small_force import FORCE, write

CHIEF = Scope(viewer="chief", force=True, people="team")
PARTNER = Scope(viewer="partner", force=True, people="none")
MONTHS = [date(2024, month, 1) for month in range(1, 8)]
JULY = MONTHS[-1]


def extracts() -> dict[str, str]:
    """Return seven months: officer A of L1 is on duty for 8 h a month, 2 of them backfill; L1 has 4 FTE, L2 has 1."""
    duties, posts = (
        [FORCE["duties.csv"].splitlines()[0]],
        ["month,lpa_code,department,role,establishment_fte,strength_fte,as_at"],
    )
    for month in MONTHS:
        duties.append(f"A,A{month},{month}T08:00:00Z,{month}T14:00:00Z,PAT")
        duties.append(f"A,A{month},{month}T14:00:00Z,{month}T16:00:00Z,BACK")
        posts += [f"{month:%Y-%m},{lpa},NPT,officer,5,{fte},{month}" for lpa, fte in (("L1", 4), ("L2", 1))]
    kept = ("neighbourhoods.geojson", "officers.csv", "postings.csv", "activity_codes.csv")
    return {name: FORCE[name] for name in kept} | {
        "duties.csv": "\n".join(duties),
        "establishment.csv": "\n".join(posts),
    }


@pytest.fixture(scope="module")
def posted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("posted")
    opened = Store.open(f"sqlite:///{folder / 'npd.sqlite'}")
    assert load(opened, write(folder / "in", extracts()), "the tests").exit_code == 0
    yield opened
    opened.close()


def test_a_post_fewer_of_four_is_a_quarter_of_the_duty_hours(posted: Store) -> None:
    (row,) = posts_lost(Reader.open(posted, CHIEF), Where(month=JULY, level="lpa"), 1).to_dicts()
    assert (row["area_code"], row["months"]) == ("L1", 7)
    assert (row["hours_lost_low"], row["hours_lost_high"]) == pytest.approx((2, 2))
    assert (row["left_low"], row["left_after_low"], row["left_after_high"]) == pytest.approx((6, 4, 4.5))
    assert (row["rate_low"], row["rate_after_low"], row["rate_after_high"]) == pytest.approx((25, 25, 100 * 2 / 6))


def test_of_withheld_hours_no_range_is_given(posted: Store) -> None:
    """One officer's time is no figure for whoever may not see teams, nor is anything made of it."""
    assert posts_lost(Reader.open(posted, PARTNER), Where(month=JULY, level="lpa"), 1).is_empty()


def test_of_a_month_too_few_there_is_no_range(posted: Store) -> None:
    (row,) = posts_lost(Reader.open(posted, CHIEF), Where(month=MONTHS[4], level="lpa"), 1).to_dicts()
    assert (row["months"], row["left_after_low"], row["rate_after_high"]) == (5, None, None)


def test_hours_of_young_series_have_no_range(example_store: Store) -> None:
    rows = hours_moved(Reader.open(example_store, CHIEF), date(2024, 10, 1), "N001", "N002", 10)
    assert rows["area_code"].to_list() == ["N001", "N002"]
    assert rows["month"].unique().to_list() == [date(2024, 11, 1)]
    assert rows["low_after"].null_count() == 2
