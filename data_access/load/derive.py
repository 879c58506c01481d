"""Which months a load touched, and their facts built and published again."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial

import polars as pl

from data_access.facts import folded
from data_access.facts import publish as publishing
from data_access.facts.datasets import DATASETS, came
from data_access.facts.inputs import Dataset, Inputs, published_schema
from data_access.facts.references import publish_references
from data_access.load.upsert import Range
from metrics.folding import FOLDED, HEADS
from metrics.levels import add_months, month_of, months_between


def publish_all(
    inputs: Inputs,
    changes: Mapping[str, list[Range]] | None,
    *,
    load_id: int,
    now: datetime,
    tell: Callable[[str], None],
) -> None:
    """Build again, and publish, every month of every dataset that the changed rows touch; None: every month.

    A dataset that was never published (it came with a new version of the suite) has the months of its feeds' others.
    One whose columns are not all in its files is made again whole.
    """
    files, kept_from = publishing.current(inputs.connection), folded.until(inputs.connection)
    published = {name: {one.month for one in of_it} for name, of_it in files.items()}
    for dataset in DATASETS:
        known = published.get(dataset.name) or {
            month for name in _made_of(dataset.dated) for month in published.get(name, ())
        }
        whole = changes is None or _lacks_columns(inputs, dataset.name, files.get(dataset.name, []))
        if whole:
            folded.publish_again(inputs.connection, inputs.folder, dataset.name, load_id=load_id, now=now)
        touched = {*(known if whole else ()), *_touched(inputs, dataset, changes or {}, known)}
        months = sorted(month for month in touched if dataset.name not in FOLDED or month >= kept_from)
        for chunk in _chunks(months, dataset.at_once):
            tell(f"facts: {dataset.name} {chunk[0]:%Y-%m}")
            _build(inputs, dataset, chunk, load_id=load_id, now=now)
        published.setdefault(dataset.name, set()).update(months)
    publish_references(inputs.connection, inputs.folder, inputs.feed, changes, load_id=load_id, now=now)


def _build(inputs: Inputs, dataset: Dataset, months: list[date], *, load_id: int, now: datetime) -> None:
    """Build some months of a dataset in a row, and publish them."""
    since, until = months[0], add_months(months[-1], 1)
    wanted = pl.col("day").is_between(since, until, closed="left")
    rows = conform(dataset.build(inputs, since, until), dataset.name).filter(wanted).collect()
    anything = partial(came, inputs.connection, dataset.name)
    publishing.replace_months(
        inputs.connection, inputs.folder, dataset.name, months, rows, load_id=load_id, now=now, came=anything
    )


def _lacks_columns(inputs: Inputs, dataset: str, files: Sequence[publishing.Published]) -> bool:
    """Tell whether the newest file of a dataset was written before one of its columns was thought of."""
    newest = [inputs.folder / one.path for one in files[-1:]]
    columns = published_schema(dataset).keys()
    return any(path.exists() and not columns <= pl.read_parquet_schema(path).keys() for path in newest)


def _made_of(feeds: Sequence[str]) -> list[str]:
    return [one.name for one in DATASETS if not set(one.dated).isdisjoint(feeds)]


def conform(rows: pl.LazyFrame, dataset: str) -> pl.LazyFrame:
    """Return the columns of a dataset in their order and types; a missing one is an error, but for heads."""
    schema = published_schema(dataset)
    if HEADS in schema and HEADS not in rows.collect_schema():
        rows = rows.with_columns(pl.lit(None).alias(HEADS))  # only folded rows have those
    return rows.select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def _touched(inputs: Inputs, dataset: Dataset, changes: Mapping[str, list[Range]], published: set[date]) -> list[date]:
    """List the months to build: those with changed rows, and those with rows whose meaning changed."""
    changed = [one for feed in dataset.dated for one in changes.get(feed, ())]
    own = {month for one in changed for month in _months(one)}
    known = published | own
    reach = dataset.reach(inputs.parameters)
    reaching = [(first, _later(last, reach)) for first, last in changed]
    meaning = [one for feed in dataset.references for one in changes.get(feed, ())]
    return sorted(own | {month for month in known if any(_overlap(month, one) for one in (*reaching, *meaning))})


def _later(day: date, days: int) -> date:
    return date.max if day > date.max - timedelta(days=days) else day + timedelta(days=days)


def _months(days: Range) -> list[date]:
    """Months of UTC days; the local day may be the next one."""
    first, last = days
    return months_between(month_of(first), month_of(_later(last, 1)))


def _overlap(month: date, days: Range) -> bool:
    first, last = days
    return first < add_months(month, 1) and month <= _later(last, 1)


def _chunks(months: list[date], most: int) -> list[list[date]]:
    """Cut months into runs without gaps, each of at most so many."""
    chunks: list[list[date]] = []
    for month in months:
        if chunks and add_months(chunks[-1][-1], 1) == month and len(chunks[-1]) < most:
            chunks[-1].append(month)
        else:
            chunks.append([month])
    return chunks
