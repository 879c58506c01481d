"""What Explore offers of an indicator: columns that its rows have, that name nobody and that say something."""

import pytest

from metrics import INDICATORS, indicator
from metrics.breakdowns import COLUMNS, MOST, breakdowns, columns_of, is_offered, levels_of
from metrics.indicator import Indicator
from metrics.levels import AREA_LEVELS, LEVELS, PEOPLE_LEVELS
from metrics.officers import made_of_officers_time
from metrics.sources import SOURCES
from metrics.sums import TIMES

# Of one person, of one record, or written freely: none of it groups figures.
OF_SOMEBODY = ("officer_id", "officer_ids", "heads", "caller_ref", "location_ref", "victim_age", "age_range", "team")


@pytest.mark.parametrize("source", COLUMNS)
def test_the_columns_are_those_of_the_source_and_name_nobody(source: str) -> None:
    known = {*SOURCES[source], "weekday"}
    assert set(COLUMNS[source]) <= known
    assert not set(COLUMNS[source]) & {*OF_SOMEBODY, *(name for name in known if name.endswith("_id"))}


@pytest.mark.parametrize("one", INDICATORS, ids=lambda one: one.id)
def test_each_breakdown_is_offered_once_and_of_two_columns_at_most(one: Indicator) -> None:
    for teams in (True, False):
        found = breakdowns(one, teams=teams)
        assert found[0] == ()
        assert len({frozenset(by) for by in found}) == len(found)
        assert all(len(by) <= MOST and set(by) <= set(columns_of(one)) for by in found)
    assert set(breakdowns(one, teams=False)) <= set(breakdowns(one, teams=True))


def test_a_mix_is_not_broken_down_by_what_makes_it_one() -> None:
    assert columns_of(indicator("ASB-03")) == ("weekday", "hour")
    assert columns_of(indicator("ASB-01")) == ("category", "weekday", "hour")


def test_a_rate_is_not_broken_down_by_what_its_numerator_is_told_by() -> None:
    """Of patrols that missed, 0 % were compliant: that is a definition, not a figure."""
    assert "result" in columns_of(indicator("TGP-02"))
    assert "result" not in columns_of(indicator("TGP-01"))
    assert "category" not in columns_of(indicator("ABS-01"))


def test_a_stock_has_no_hour_and_a_shift_none_either() -> None:
    assert all(not TIMES.intersection(columns_of(one)) for one in INDICATORS if one.numerator.stock)
    assert columns_of(indicator("ABS-03")) == ("role",)


def test_what_is_withheld_by_the_month_has_no_parts() -> None:
    withheld = [one for one in INDICATORS if one.coverage == "withheld"]
    assert withheld
    assert all(columns_of(one) == () for one in withheld)
    assert columns_of(indicator("SAS-02")) == ()


def test_officers_time_is_offered_to_others_as_the_pages_show_it() -> None:
    assert breakdowns(indicator("ABS-04"), teams=False) == (
        (),
        ("worked_area",),
        ("weekday",),
        ("hour",),
        ("weekday", "hour"),
    )
    rates = [one for one in INDICATORS if made_of_officers_time(one) and one.denominator is not None]
    assert all(breakdowns(one, teams=False) == ((),) for one in rates)


@pytest.mark.parametrize("one", INDICATORS, ids=lambda one: one.id)
def test_levels_are_areas_and_the_groups_that_the_viewer_may_see(one: Indicator) -> None:
    assert "officer" not in levels_of(one, PEOPLE_LEVELS)
    assert not set(levels_of(one)) & set(PEOPLE_LEVELS)
    offered = {level for level in LEVELS if is_offered(one, level, (), teams=True, people=("team",))}
    assert offered == set(one.levels) - {"department", "officer"}
    assert set(AREA_LEVELS) & offered


def test_groups_of_people_are_shown_whole() -> None:
    given = {"teams": True, "people": ("department", "team")}
    assert is_offered(indicator("ABS-01"), "team", (), **given)
    assert not is_offered(indicator("ABS-01"), "team", ("role",), **given)
    assert is_offered(indicator("ABS-01"), "lpa", ("hour", "weekday"), **given)
    assert not is_offered(indicator("ABS-01"), "lpa", ("hour", "weekday", "role"), **given)
    assert not is_offered(indicator("WRK-01"), "sector", (), **given)
