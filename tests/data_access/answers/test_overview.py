"""Every indicator at once on the worked example: targets that somebody owns, news, the funnel."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from data_access.answers.answer import Question, answer
from data_access.answers.overview import changed, funnel_of, targets
from data_access.answers.reader import Reader
from data_access.load.ingest import load
from data_access.scope import Scope
from data_access.store import Store
from metrics.levels import AREA_LEVELS, add_months, months_between
from tests.data_access import small_force
from tests.places import EXAMPLE

OCTOBER = date(2024, 10, 1)
FORCE = Scope(viewer="v", force=True)
TARGETS = """indicator_id,area_code,value,owner,start_date,end_date
ABS-01,L1,8,Chief of L1,2024-01-01,
ABS-01,L2,8,Chief of L2,2024-01-01,2024-10-01
ASB-05,E23000014,90,ASB lead,2024-11-01,
ABS-01,E23000014,9,Force lead,2024-04-01,2025-04-01
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("targets")
    shutil.copytree(EXAMPLE / "extracts", folder / "extracts")
    (folder / "extracts" / "targets.csv").write_text(TARGETS)
    opened = Store.open(f"sqlite:///{folder}/npd.sqlite")
    report = load(opened, folder / "extracts", by="tests")
    assert not report.error
    return opened


def test_a_target_stands_only_in_the_months_it_is_in_force_for(store: Store):
    rows = targets(Reader.open(store, FORCE), OCTOBER)
    held = {(row["area_level"], row["area_code"]): row for row in rows.to_dicts()}
    assert set(held) == {("lpa", "L1"), ("force", "E23000014")}
    assert held["lpa", "L1"]["value"] == pytest.approx(9.36577964519141)
    assert (held["lpa", "L1"]["target"], held["lpa", "L1"]["owner"]) == (8.0, "Chief of L1")


def test_a_viewer_sees_the_targets_of_their_own_areas(store: Store):
    own = targets(Reader.open(store, Scope(viewer="v", lpas=frozenset({"L2"}))), date(2024, 9, 1))
    assert set(own["area_code"]) == {"L2", "E23000014"}


def test_without_targets_none_is_shown(store: Store):
    assert targets(Reader.open(store, FORCE), date(2023, 12, 1)).is_empty()


def test_two_months_are_too_few_for_news(store: Store):
    told = changed(Reader.open(store, FORCE), OCTOBER, ("force", "lpa"), ())
    assert (told.looked_at, told.shifts.height, told.spikes.height) == (0, 0, 0)


def test_the_funnel_is_drawn_around_the_areas_own_figure(store: Store):
    rows = funnel_of(Reader.open(store, FORCE), OCTOBER, "neighbourhood", (), "ASB-02")
    assert rows["funnel_centre"].drop_nulls().to_list() == pytest.approx([1000 * 79 / 63000] * 9)


def nine_a_month() -> str:
    """Fourteen months of nine incidents of personal ASB: eight were risk-assessed in each, none in the last."""
    lines = ["incident_id,reported_at,closing_codes,lon,lat,risk_assessed"]
    for month in months_between(add_months(OCTOBER, -13), OCTOBER):
        lines += [
            f"{month:%y%m}-{day},{month:%Y-%m}-{day * 3:02d}T10:00:00Z,ASBP,-1.94,52.45,"
            f"{'true' if day > 1 and month != OCTOBER else 'false'}"
            for day in range(1, 10)
        ]
    return "\n".join([*lines, f"last,{OCTOBER:%Y-%m}-31T10:00:00Z,OTH,-1.94,52.45,"]) + "\n"


def test_a_percentage_of_a_few_is_no_news(tmp_path: Path) -> None:
    opened = Store.open(f"sqlite:///{tmp_path}/npd.sqlite")
    files = {**small_force.FORCE, "incidents.csv": nine_a_month()}
    assert load(opened, small_force.write(tmp_path / "in", files), "tests").exit_code == 0
    reader = Reader.open(opened, FORCE)
    asked = Question(indicators=("ASB-05",), level="lpa", since=OCTOBER, until=OCTOBER, within=(("lpa", "L1"),))
    row = answer(reader, asked).row(0, named=True)
    assert (row["numerator"], row["denominator"], row["verdict"]) == (0, 9, "concern")
    told = changed(reader, OCTOBER, AREA_LEVELS, ())
    assert told.looked_at > 0
    assert "ASB-05" not in {*told.new["indicator_id"], *told.standing["indicator_id"]}
