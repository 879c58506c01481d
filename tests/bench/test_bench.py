"""The baseline that the bench measures against does the same job: its facts are the engine's, fix for fix."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from metrics.location import AreaIndex, lowest
from tests.bench import baseline, force, jobs

KEYS = ["officer_id", "day", "hour", "place_kind", "neighbourhood_code"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("bench") / "force"
    force.write(made, 60_000, days=3)
    return made


def test_the_baseline_and_the_engine_give_the_same_facts(folder, tmp_path):
    visibility, presence = baseline.facts(folder, force.wards(), force.premises())
    jobs.run(folder, tmp_path, 2)

    ours = pl.read_parquet(tmp_path / "visibility" / "*.parquet").sort(KEYS)
    named = {"kind": "place_kind", "ward": "neighbourhood_code"}
    theirs = pl.from_pandas(visibility.rename(columns=named)).cast(ours.schema).filter(pl.col("seconds") > 0)
    theirs = theirs.with_columns(pl.col("neighbourhood_code").fill_null(""))  # as the store has what is outside all
    assert len(ours) > 1_000
    assert theirs.select(ours.columns).sort(KEYS).equals(ours)

    seen = pl.read_parquet(tmp_path / "presence" / "*.parquet").sort("neighbourhood_code", "day", "hour")
    union = pl.from_pandas(presence.rename(columns={"ward": "neighbourhood_code"})).cast(seen.schema)
    assert union.select(seen.columns).sort("neighbourhood_code", "day", "hour").equals(seen)


def test_the_baseline_and_the_engine_find_the_same_wards(folder):
    lon, lat = jobs.positions(folder)
    index = AreaIndex.from_features(force.wards())
    found = lowest(index, lon, lat, date(2024, 10, 1))
    joined = baseline.wards_of(lon, lat, baseline.areas(force.wards(), "neighbourhood_code"))
    codes = np.array([*index.codes, None], dtype=object)
    assert codes[found].tolist() == joined.astype(object).where(joined.notna(), None).tolist()
