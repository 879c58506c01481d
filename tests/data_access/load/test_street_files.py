"""Street files as data.police.uk lays them out, small enough to count by hand, from the file to the facts of a ward."""

from collections import Counter
from datetime import date

import pytest

from data_access.load.ingest import load
from tests.data_access.small_force import collection, facts, feature, set_aside, square, write

HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context\n"
)
ASB = "Anti-social behaviour"
IN_W1, IN_W2, NOWHERE = ("-1.94", "52.45"), ("-1.92", "52.45"), ("", "")
JANUARY, FEBRUARY = "2017-01-west-midlands-street.csv", "2017-02-west-midlands-street.csv"


def ward(code, west):
    names = {"WD25CD": code, "WD25NM": f"Ward {code}", "LAD25CD": "E08000026", "LAD25NM": "Coventry"}
    return feature(square(west, 52.44), **names)


def street(month, *rows):
    """Write a file's text: each row a place and a kind, as published."""
    force = "West Midlands Police"
    lines = (f",{month},{force},{force},{lon},{lat},On or near,,,{kind},,\n" for (lon, lat), kind in rows)
    return HEADER + "".join(lines)


FILES = {
    "wards.geojson": collection(ward("W1", -1.95), ward("W2", -1.93)),
    JANUARY: street("2017-01", (IN_W1, ASB), (IN_W1, ASB), (IN_W2, "Burglary"), (NOWHERE, "Robbery")),
    FEBRUARY: street("2017-02", (IN_W2, ASB), (IN_W1, "Shoplifting"), (IN_W2, "")),
}


@pytest.fixture
def published(sqlite_store, tmp_path):
    report = load(sqlite_store, write(tmp_path / "in", FILES), "the tests")
    assert (report.error, report.exit_code) == (None, 3), "loaded, but for the row without a kind"
    return sqlite_store


def placed(store, source, *columns):
    """Count what the store holds by month and ward, and by the columns named."""
    return Counter(facts(store, source).select("day", "neighbourhood_code", *columns).rows())


def test_a_record_is_of_its_month_and_of_the_ward_around_its_point(published):
    assert placed(published, "asb") == {(date(2017, 1, 1), "W1"): 2, (date(2017, 2, 1), "W2"): 1}
    assert placed(published, "crimes", "offence_code") == {
        (date(2017, 1, 1), "W2", "Burglary"): 1,
        (date(2017, 1, 1), None, "Robbery"): 1,
        (date(2017, 2, 1), "W1", "Shoplifting"): 1,
    }


def test_a_row_without_a_kind_is_set_aside_with_its_line(published):
    assert set_aside(published).select("file_name", "line", "rule").rows() == [(FEBRUARY, 4, "required")]


def test_what_is_not_published_is_said_to_be_unknown(published):
    asb = facts(published, "asb")
    assert set(asb.select("category", "provenance", "day_known", "hour").rows()) == {
        ("unknown", "data.police.uk", False, None)
    }
    assert facts(published, "crimes")["weight"].null_count() == 0, "every kind of crime published has a weight"


def test_a_ward_is_its_own_sector_until_sectors_come(published, tmp_path):
    own = facts(published, "residents").select("neighbourhood_code", "sector_code")
    assert set(own.rows()) == {("W1", "W1"), ("W2", "W2")}
    sectors = "neighbourhood_code,sector_code,sector_name\nW1,SX,Sector X\n"
    later = {"wards.geojson": FILES["wards.geojson"], "sectors.csv": sectors}
    assert load(published, write(tmp_path / "later", later), "the tests").exit_code == 0
    assert dict(facts(published, "residents").select("neighbourhood_code", "sector_code").rows())["W1"] == "SX"


def test_a_street_file_loaded_again_replaces_its_month_and_no_other(published, tmp_path):
    again = write(tmp_path / "again", {JANUARY: street("2017-01", (IN_W2, ASB))})
    assert load(published, again, "the tests").exit_code == 0
    months = Counter(day.month for name in ("asb", "crimes") for day in facts(published, name)["day"])
    assert months == {1: 1, 2: 2}
    assert placed(published, "asb")[date(2017, 1, 1), "W2"] == 1
