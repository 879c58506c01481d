"""One small sample for all tests of this folder: a fiftieth of the people, twelve months."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import shapely

from data_access.sample import write_sample

UNTIL = date(2026, 10, 31)


@dataclass(frozen=True, kw_only=True)
class Sample:
    folder: Path

    def rows(self, feed: str) -> pl.DataFrame:
        """Read a feed as written; instants as UTC."""
        parquet = self.folder / f"{feed}.parquet"
        if parquet.exists():
            return pl.read_parquet(parquet)
        return pl.read_csv(self.folder / f"{feed}.csv", try_parse_dates=True, infer_schema_length=None)

    def features(self, feed: str) -> pl.DataFrame:
        """Read a GeoJSON feed: its properties, for ever valid, and `geometry` as GeoJSON text."""
        collection = json.loads((self.folder / f"{feed}.geojson").read_text())
        rows = pl.DataFrame(
            [{**one["properties"], "geometry": json.dumps(one["geometry"])} for one in collection["features"]]
        )
        return rows.with_columns(valid_from=pl.lit(None, pl.Date), valid_to=pl.lit(None, pl.Date))

    def fixes(self, month: str) -> pl.DataFrame:
        return pl.read_parquet(self.folder / f"fixes-{month}.parquet")


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder, seed=1, months=12, scale=0.02, until=UNTIL)
    return Sample(folder=folder)


def shapes(features: pl.DataFrame) -> list[shapely.Geometry]:
    return list(shapely.from_geojson(features["geometry"].to_numpy()))
