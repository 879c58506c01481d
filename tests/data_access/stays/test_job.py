"""The job on one machine: however much of the fixes is worked on at once, the facts are one."""

import polars as pl
import pytest

from data_access.stays import job
from data_access.stays.task import DATASETS
from tests.bench import force, jobs


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("job") / "force"
    force.write(made, 12_000, days=3)
    return made


@pytest.mark.parametrize(
    ("most", "files"),
    [(12_000, 1), (9_000, 2), (1_000, 4)],  # all, two days at most, some officers of each day
)
def test_no_more_is_worked_on_at_once_than_memory_is_to_hold(folder, tmp_path, monkeypatch, most, files):
    jobs.run(folder, tmp_path / "whole", jobs.AT_ONCE)
    monkeypatch.setattr(job, "MOST_FIXES", most)
    jobs.run(folder, tmp_path / "cut", jobs.AT_ONCE)
    for name in DATASETS:
        assert len(list((tmp_path / "cut" / name).iterdir())) == files
        whole, cut = (pl.read_parquet(tmp_path / run / name / "*.parquet") for run in ("whole", "cut"))
        assert len(whole) > 20
        assert cut.sort(cut.columns).equals(whole.sort(whole.columns)), name
