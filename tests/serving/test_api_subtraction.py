"""All that the API answers to a viewer without teams, laid together, tells of no officers' time of fewer than five."""

import io
from collections.abc import Iterator
from itertools import combinations_with_replacement
from pathlib import Path

import polars as pl
import pytest

from data_access.load.ingest import load
from data_access.store import Store
from metrics.breakdowns import COLUMNS
from metrics.compute import Grain
from metrics.levels import AREA_LEVELS, level_code
from pages.shell import start
from tests.data_access.answers.test_overlapping_questions import GRAINS, LOST, MONTHS, determined, many_officers
from tests.data_access.small_force import WHOLE, facts, write
from tests.pages.conftest import serve_as_configured
from tests.serving.conftest import ask, ask_all, made

BREAKDOWNS = [(), ("worked_area",), ("weekday",), ("hour",), ("weekday", "hour")]
PARTNER = '[[viewers]]\nid = "partner"\nname = "Nobody named"\nforce = true\n'


@pytest.fixture
def dense_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Load sixty officers who lose few hours to few causes, and let the API serve them."""
    (tmp_path / "config.toml").write_text(f'[store]\nurl = "sqlite:///npd.sqlite"\n{PARTNER}')
    monkeypatch.setenv("NPD_CONFIG", str(tmp_path / "config.toml"))
    serve_as_configured()
    assert load(start.store(), write(tmp_path / "in", many_officers()), "the tests").exit_code == 0
    yield start.store()
    start.store().close()


def hours_lost(store: Store) -> pl.DataFrame:
    """Return the hours lost from the facts themselves: a row a cell as small as any question tells apart, numbered."""
    rows = facts(store, "duty", WHOLE).filter(pl.col("family") == "demand", pl.col("seconds") > 0)
    coded = rows.with_columns(
        weekday=pl.col("day").dt.weekday(),
        hour=pl.col("hour").cast(pl.Int64),
        **{grain: pl.col("day").dt.truncate(grain) for grain in GRAINS},
        **{level: level_code(level, rows.columns, store.settings.force.code) for level in AREA_LEVELS},
    )
    keys = [*AREA_LEVELS, *GRAINS, "weekday", "hour", "worked_area"]
    cells = coded.group_by(keys).agg(pl.col("officer_id").unique(), pl.col("seconds").sum())
    return cells.sort(keys).with_row_index("cell")


def told(shown: pl.DataFrame, cells: pl.DataFrame, level: str, span: tuple, by: tuple, grain: Grain) -> pl.DataFrame:
    """Return each figure of a question with the numbers of its cells, its officers, and whether the API showed it."""
    when = [grain] if grain != "1mo" or not by else []
    keys = [level, *when, *by]
    inside = cells.filter(pl.col("1mo").is_between(*span))
    figures = inside.group_by(keys).agg("cell", pl.col("officer_id").explode().unique(), pl.col("seconds").sum())
    named = {"area_code": level} | ({"month": grain} if when else {})
    hours = [pl.col(name).cast(pl.Int64) for name in ("weekday", "hour") if name in by]
    joined = figures.join(shown.rename(named).with_columns(hours).select(*keys, "value"), on=keys, how="left",
                          nulls_equal=True)  # fmt: skip
    known = joined.filter(pl.col("value").is_not_null())
    assert (known["value"] * 3600 - known["seconds"]).abs().max() in (None, 0)
    return joined.select("cell", number=pl.col("officer_id").list.len(), shown=pl.col("value").is_not_null())


def test_no_answers_together_determine_the_time_of_fewer_than_five(dense_force: Store, capsys) -> None:
    token, cells = made("partner", capsys), hours_lost(dense_force)
    asked = [
        (level, span, by, grain)
        for level in AREA_LEVELS
        for span in combinations_with_replacement(MONTHS, 2)
        for by in BREAKDOWNS
        for grain in GRAINS
        if grain == "1mo" or not by
    ]
    figures = []
    for level, span, by, grain in asked:
        months = f"since={span[0]:%Y-%m}&until={span[1]:%Y-%m}"
        columns = "".join(f"&by={name}" for name in by)
        path = f"/answer?indicator={LOST}&level={level}&{months}&grain={grain}{columns}&format=arrow"
        given = ask(path, token)
        assert given.status_code == 200, given.text
        figures.append(told(pl.read_ipc_stream(io.BytesIO(given.content)), cells, level, span, by, grain))
    whole = pl.concat(figures).group_by("cell").agg(pl.col("number").first(), pl.col("shown").any())
    assert whole["shown"].sum() > 20
    assert (whole["number"] < 5).sum() > 50
    assert determined(whole, cells.height) == 0


def test_what_the_pages_do_not_tell_the_viewer_the_api_refuses(dense_force: Store, capsys) -> None:
    token, question = made("partner", capsys), "since=2024-07&until=2024-07&indicator="
    columns = {name for names in COLUMNS.values() for name in names} | {"officer_id", "team", "role", "category"}
    offered = {name for names in BREAKDOWNS for name in names}
    by_column = ask_all([f"/answer?{question}{LOST}&level=lpa&by={name}" for name in sorted(columns - offered)], token)
    rate = [ask(f"/answer?{question}ABS-01&level=lpa&by={name}", token) for name in sorted(offered)]
    groups = [ask(f"/answer?{question}{LOST}&level={level}", token) for level in ("department", "team", "officer")]
    assert {one.status_code for one in (*by_column, *rate)} <= {400, 503}
    assert [one.status_code for one in groups] == [403, 403, 400]


