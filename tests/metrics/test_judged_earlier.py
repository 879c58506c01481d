"""The note on figures made of fixes that were judged by what has been corrected since."""

from datetime import date

import polars as pl

from metrics import INDICATORS
from metrics.judged_earlier import MARKS, PATROL_SOURCES, VISIBILITY_SOURCES, note_judged_earlier
from metrics.sources import SOURCES

SEPTEMBER, OCTOBER = date(2024, 9, 1), date(2024, 10, 1)
CORRECTED = date(2024, 11, 3)
TIDY = pl.DataFrame(
    [
        ("VIS-01", SEPTEMBER, 5.0, None),
        ("VIS-01", OCTOBER, 5.0, None),
        ("VIS-02", OCTOBER, None, "withheld: coverage 41 %"),
        ("VIS-03", OCTOBER, None, None),
        ("TGP-02", OCTOBER, 3.0, None),
        ("HRM-01", OCTOBER, 3.0, None),
        ("ABS-05:football aid", OCTOBER, 3.0, None),
    ],
    schema={"indicator_id": pl.String, "month": pl.Date, "value": pl.Float64, "note": pl.String},
    orient="row",
)


def notes(*marks):
    rows = pl.DataFrame(marks, schema=MARKS, orient="row")
    return note_judged_earlier(TIDY.lazy(), rows, INDICATORS).collect()


def test_a_figure_says_how_many_of_its_days_were_judged_earlier_and_by_what():
    told = notes(
        (date(2024, 10, 8), "duties", CORRECTED),
        (date(2024, 10, 9), "duties", CORRECTED),
        (date(2024, 10, 9), "premises", date(2024, 12, 1)),
    )
    words = "2 days judged by duties and premises as known before 3 November 2024"
    expected = [None, words, "withheld: coverage 41 %", None, words, None, None]
    assert told["note"].to_list() == expected
    assert told.drop("note").equals(TIDY.drop("note"))


def test_hotspots_change_what_is_told_of_patrols_alone():
    told = notes((date(2024, 10, 8), "hotspots", CORRECTED))
    noted = told.filter(pl.col("note").str.starts_with("1 day judged by hotspots"))
    assert noted["indicator_id"].to_list() == ["TGP-02"]


def test_without_a_mark_nothing_changes():
    assert notes().equals(TIDY)


def test_the_sources_are_those_that_there_are():
    assert SOURCES.keys() >= VISIBILITY_SOURCES | PATROL_SOURCES
