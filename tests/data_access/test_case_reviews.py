"""The yearly publication of case reviews, as the command writes it."""

import csv
from datetime import date

import pytest

from data_access import __main__ as commands
from data_access.case_reviews import words
from data_access.load.ingest import load
from data_access.store import Store
from tests.data_access.small_force import FORCE, write

REVIEWS = """review_id,lpa_code,requested_on,threshold_met,held_on,recommendations,accepted
R1,L1,2024-04-01,true,2024-05-01,3,2
R2,L1,2025-03-31,false,,,
R3,L2,2025-03-31,,,,
R4,L2,2025-04-01,true,,,
"""


@pytest.fixture
def store_url(tmp_path):
    url = f"sqlite:///{tmp_path / 'npd.sqlite'}"
    store = Store.open(url)
    assert load(store, write(tmp_path / "in", FORCE | {"case_reviews.csv": REVIEWS}), "the tests").exit_code == 0
    store.close()
    return url


def run(url, folder, year="2024"):
    return commands.main(["case-reviews", "--year", year, "--out", str(folder), "--store", url])


def test_a_year_of_requests_becomes_a_file(store_url, tmp_path):
    assert run(store_url, tmp_path) == 0
    with (tmp_path / "case-reviews-2024.csv").open(newline="") as file:
        force, first, second = csv.DictReader(file)
    assert force == {
        "year": "2024/25",
        "area_level": "force",
        "area_code": "E23000014",
        "area_name": "West Midlands Police",
        "applications": "3",
        "threshold_not_met": "1",
        "reviews_carried_out": "1",
        "reviews_with_recommendations": "1",
        "recommendations_made": "3",
        "recommendations_accepted": "2",
    }
    assert (first["area_name"], first["applications"]) == ("LPA L1", "2")
    assert (second["area_name"], second["applications"], second["threshold_not_met"]) == ("LPA L2", "1", "0")


def test_a_year_without_a_request_is_no_file(store_url, tmp_path, capsys):
    assert run(store_url, tmp_path / "out", "2030") == 2
    assert "no case review was asked for in 2030/31" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_year_is_written_with_four_digits(store_url, tmp_path, capsys):
    with pytest.raises(SystemExit):
        run(store_url, tmp_path, "24")
    assert "'24' is not a year" in capsys.readouterr().err
    assert words(date(2099, 4, 1)) == "2099/00"


def test_the_file_is_entered_in_the_trail_and_its_folder_is_its_owners(store_url, tmp_path):
    assert run(store_url, tmp_path / "out") == 0
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0
    entry = Store.open(store_url).trail(1).row(0, named=True)
    assert entry["viewer"].startswith("command line: ")
    told = (entry["what"], entry["whom"], entry["reason"])
    assert told == ("exported", "case-reviews-2024.csv", "case reviews of 2024/25, 3 rows")
