"""The facts' README says what is: its block is printed by the code, its schema is the files', its example runs."""

import re
import sqlite3
from pathlib import Path

import polars as pl
import pytest

from data_access.facts import product
from data_access.facts.datasets import DATASETS
from data_access.facts.inputs import published_schema
from data_access.facts.references import REFERENCES, dataset_of
from data_access.store import Store
from tests.data_access.small_force import WHOLE, facts
from tests.places import ROOT

README = (ROOT / "data_access" / "facts" / "README.md").read_text(encoding="utf-8")
NAMES = [one.name for one in DATASETS]


def newest(store: Store, dataset: str) -> list[Path]:
    query = "SELECT path FROM published WHERE dataset = ? AND retired_by IS NULL"
    with sqlite3.connect(str(store.engine.url.database)) as opened:
        return [store.facts_dir / path for (path,) in opened.execute(query, (dataset,))]


def test_its_block_is_the_one_that_the_code_prints() -> None:
    block = README.split("<!-- datasets -->\n")[1].split("<!-- /datasets -->")[0]
    assert block == product.page() + "\n", "paste the output of `python -m data_access.facts` between the marks"


def test_every_dataset_and_column_is_described_and_nothing_else() -> None:
    assert set(product.ROWS) == set(NAMES)
    columns = {name for dataset in NAMES for name in product.described(dataset)}
    assert set(product.WORDS) <= columns
    assert all(words for dataset in NAMES for words in product.described(dataset).values())


def test_the_files_have_the_columns_and_types_that_it_lists(sqlite_force: Store) -> None:
    seen = 0
    for dataset in NAMES:
        listed = re.search(rf"### `{dataset}`\n.*?\n\|---\|---\|---\|\n(.*?)\n\n", README, re.DOTALL)
        assert listed, dataset
        told = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", listed.group(1), re.MULTILINE))
        for path in newest(sqlite_force, dataset):
            assert {name: str(dtype) for name, dtype in pl.read_parquet_schema(path).items()} == told, path
            seen += 1
    assert seen > 5
    for feed in REFERENCES:
        (path,) = newest(sqlite_force, dataset_of(feed))
        listed = re.search(rf"- `{dataset_of(feed)}`: (.*)", README)
        assert listed
        assert sorted(pl.read_parquet_schema(path)) == sorted(re.findall(r"`(\w+)`", listed.group(1)))


@pytest.mark.parametrize("dataset", [name for name in NAMES if product.ROWS[name][1]])
def test_its_keys_tell_rows_apart(sqlite_force: Store, dataset: str) -> None:
    key = list(product.ROWS[dataset][1])
    assert set(key) <= set(published_schema(dataset))
    if paths := newest(sqlite_force, dataset):
        rows = pl.read_parquet(paths)
        assert rows.select(key).is_unique().all()


def test_its_example_reads_one_version(sqlite_force: Store) -> None:
    code = README.split("```python\n")[1].split("```")[0]
    asked = code.replace('Path("var/npd.sqlite"), 3', f'Path("{sqlite_force.engine.url.database}"), 1')
    asked = asked.replace('Path(f"{STORE}.facts")', f'Path("{sqlite_force.facts_dir}")')
    assert asked.count(str(sqlite_force.facts_dir)) == 1
    told: dict[str, pl.DataFrame] = {}
    exec(asked, told)
    expected = facts(sqlite_force, "duty", WHOLE).group_by("family").agg(hours=pl.col("seconds").sum() / 3600)
    assert told["hours"].sort("family").equals(expected.sort("family"))
    assert told["hours"]["hours"].sum() == 12
