"""Which figures rest on radio fixes that were judged by duties, people or areas as they were before a correction."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from metrics.indicator import Indicator

VISIBILITY_SOURCES = frozenset({"visibility_home", "visibility_place", "presence", "fix_quality"})
PATROL_SOURCES = frozenset({"taskings", "hotspot_months", "hotspot_time", "patrols"})
OF_PATROLS_ONLY = frozenset({"hotspots"})  # where hotspots lie changes no other figure
MARKS = {"day": pl.Date, "feed": pl.String, "known_before": pl.Date}


def note_judged_earlier(tidy: pl.LazyFrame, marks: pl.DataFrame, indicators: Sequence[Indicator]) -> pl.LazyFrame:
    """Note on each figure made of fixes, and not withheld, on how many days of its month they were judged earlier.

    `marks` has MARKS: a row for each day and feed that was corrected after the day's fixes were let go. Which of the
    force's areas a correction would have touched is not known without the fixes: the note stands on all of them.
    """
    if marks.is_empty():
        return tidy
    notes = pl.concat(
        [
            _notes(marks, _ids(indicators, PATROL_SOURCES)),
            _notes(marks.filter(~pl.col("feed").is_in(OF_PATROLS_ONLY)), _ids(indicators, VISIBILITY_SOURCES)),
        ]
    )
    joined = tidy.join(notes.lazy(), on=["indicator_id", "month"], how="left", maintain_order="left")
    shown = pl.when(pl.col("value").is_not_null()).then("_note")
    return joined.with_columns(note=pl.coalesce("note", shown)).drop("_note")


def _ids(indicators: Sequence[Indicator], sources: frozenset[str]) -> list[str]:
    parts = [(one.id, part) for one in indicators for part in (one.numerator, one.denominator) if part]
    return sorted({id_ for id_, part in parts if part.source in sources})


def _notes(marks: pl.DataFrame, ids: list[str]) -> pl.DataFrame:
    """Say it once for each month and indicator."""
    months = (
        marks.with_columns(month=pl.col("day").dt.month_start())
        .group_by("month")
        .agg(pl.col("day").n_unique(), feeds=pl.col("feed").unique().sort(), known_before=pl.col("known_before").min())
    )
    words = [(month, _words(days, feeds, known)) for month, days, feeds, known in months.rows()]
    told = pl.DataFrame(words, schema={"month": pl.Date, "_note": pl.String}, orient="row")
    return told.join(pl.DataFrame({"indicator_id": ids}, schema={"indicator_id": pl.String}), how="cross")


def _words(days: int, feeds: list[str], known_before: date) -> str:
    count = "1 day" if days == 1 else f"{days} days"
    named = " and ".join(one.replace("_", " ") for one in feeds)
    return f"{count} judged by {named} as known before {known_before:%-d %B %Y}"
