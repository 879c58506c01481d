"""The sample keeps the input contract: its files are what a force hands over, and every row passes the rules."""

import polars as pl
import pytest

from data_access.feeds.checks import check, last_of_each_key, unknown_codes
from data_access.feeds.contract import FEEDS, FIXES_COLUMNS, columns_of
from data_access.feeds.reading import batches, header
from tests.data_access.sample.conftest import Sample

NOT_FROM_A_FORCE = {"sectors", "weights", "outcome_codes"}  # an ONS file's companion; the others ship with the suite
WRITTEN = sorted(set(FEEDS) - NOT_FROM_A_FORCE)


def path(sample: Sample, feed: str):
    found = [one for one in sample.folder.iterdir() if one.stem == feed]
    assert len(found) == 1, f"{feed}: {found}"
    return found[0]


def typed(sample: Sample, feed: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    columns = [column.name for column in columns_of(FEEDS[feed])]
    read = [batch.rows for batch in batches(path(sample, feed), columns)]
    return check(FEEDS[feed], pl.concat([rows for rows in read if len(rows)]))


@pytest.mark.parametrize("feed", WRITTEN)
def test_every_row_of_every_feed_passes_its_rules(sample: Sample, feed: str) -> None:
    good, failures = typed(sample, feed)
    assert failures.rows() == []
    kept, duplicates = last_of_each_key(FEEDS[feed], good)
    assert duplicates.rows() == []
    assert len(kept) > 0


@pytest.mark.parametrize("feed", WRITTEN)
def test_no_feed_has_a_column_that_the_contract_does_not_know(sample: Sample, feed: str) -> None:
    known = {column.name for column in columns_of(FEEDS[feed])}
    assert set(header(path(sample, feed))) <= known


@pytest.mark.parametrize("feed", [name for name in WRITTEN if FEEDS[name].references])
def test_codes_are_known_to_the_feeds_they_refer_to(sample: Sample, feed: str) -> None:
    rows, _ = typed(sample, feed)
    for reference in FEEDS[feed].references:
        known, _ = typed(sample, reference.feed)
        assert not unknown_codes(rows, reference, known).any()


def test_there_is_a_file_of_fixes_for_each_month(sample: Sample) -> None:
    files = sorted(sample.folder.glob("fixes-*.parquet"))
    assert [file.stem for file in files][0::11] == ["fixes-2025-11", "fixes-2026-10"]
    assert len(files) == 12
    fixes = pl.read_parquet(files[-1])
    assert tuple(fixes.columns) == FIXES_COLUMNS
    assert fixes.schema["at"] == pl.Datetime("us", "UTC")


def test_every_offence_but_one_has_a_weight_in_the_set_that_ships(sample: Sample) -> None:
    from data_access.feeds.open_data import default_weights

    weighted = set(default_weights()["offence_code"].to_list())
    used = set(sample.rows("crimes")["offence_code"].unique().to_list())
    assert used - weighted == {"S901"}


def test_officers_named_anywhere_are_known_and_posted_from_the_first_day(sample: Sample) -> None:
    officers = set(sample.rows("officers")["officer_id"].to_list())
    for feed in ("postings", "duties", "patrols", "special_hours"):
        assert set(sample.rows(feed)["officer_id"].to_list()) <= officers
    tasked = sample.rows("taskings")["officer_id"].drop_nulls()
    assert set(tasked.to_list()) <= officers
    starts = sample.rows("postings").group_by("officer_id").agg(pl.col("start_date").min())
    assert starts["start_date"].max() < sample.rows("duties")["starts_at"].min().date()


def test_everything_is_labelled_as_sample(sample: Sample) -> None:
    assert (sample.folder / "SAMPLE.txt").read_text().startswith("SAMPLE DATA.")
    for feed in ("premises", "hotspots"):
        assert sample.features(feed)["name"].str.starts_with("Sample ").all()
    assert sample.rows("officers")["display_name"].str.starts_with("Sample ").all()
    assert sample.rows("officers")["officer_id"].str.starts_with("SAMPLE-").all()
