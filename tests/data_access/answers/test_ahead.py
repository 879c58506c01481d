"""The months that come, asked of a store: by what was known then, of the viewer's own areas, and as judged later."""

from collections.abc import Iterator
from datetime import date

import polars as pl
import pytest

from data_access.answers.answer import Question, answer, answer_ahead
from data_access.answers.reader import Reader
from data_access.load.ingest import load
from data_access.scope import Scope
from data_access.store import Store
from metrics.ahead import MONTHS
from metrics.levels import add_months, together
from tests.data_access.small_force import collection, neighbourhood, write

CHIEF = Scope(viewer="chief", force=True, people="none")
COMMANDER = Scope(viewer="commander", lpas=frozenset({"L1"}), people="none")
FIRST, LENGTH = date(2023, 1, 1), 20
LAST = add_months(FIRST, LENGTH - 1)


def crimes() -> str:
    """Return so many burglaries a month in each of three neighbourhoods, more in some months than in others."""
    places = {"N1": -1.94, "N2": -1.92, "N3": -1.90}
    rows = [
        f"C{month}-{code}-{number},{add_months(FIRST, month)},28,{lon + 0.01},52.455"
        for month in range(LENGTH)
        for step, (code, lon) in enumerate(places.items())
        for number in range(30 + 9 * ((month + step) % 3))
    ]
    return "\n".join(["crime_id,recorded_on,offence_code,lon,lat", *rows])


@pytest.fixture(scope="module")
def long_force(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("long")
    areas = [("N1", "S1", "L1", -1.95), ("N2", "S2", "L1", -1.93), ("N3", "S3", "L2", -1.91)]
    extracts = {
        "neighbourhoods.geojson": collection(*(neighbourhood(*one) for one in areas)),
        "offences.csv": "offence_code,offence_name,offence_group\n28,Burglary,Burglary",
        "crimes.csv": crimes(),
    }
    opened = Store.open(f"sqlite:///{folder / 'npd.sqlite'}")
    assert load(opened, write(folder / "in", extracts), "the tests").exit_code == 0
    yield opened
    opened.close()


def question(level: str = "lpa", until: date = LAST, within: tuple = (), **more) -> Question:
    return Question(indicators=("HRM-01",), level=level, since=until, until=until, within=within, **more)


def test_the_month_itself_and_three_more_without_a_value(long_force: Store) -> None:
    rows = answer_ahead(Reader.open(long_force, CHIEF), question()).filter(area_code="L1").sort("month").to_dicts()
    assert [row["month"] for row in rows] == [add_months(LAST, step) for step in range(MONTHS + 1)]
    assert [row["value"] is None for row in rows] == [False, True, True, True]
    assert all(row["lower_limit"] < row["centre"] < row["upper_limit"] for row in rows)
    assert {row["verdict"] for row in rows[1:]} == {None}


def test_a_month_is_expected_as_it_is_judged_once_it_has_come(long_force: Store) -> None:
    reader = Reader.open(long_force, CHIEF)
    before = add_months(LAST, -1)
    then = answer_ahead(reader, question(until=before)).filter(area_code="L1", month=LAST).row(0, named=True)
    came = answer(reader, question()).filter(area_code="L1").row(0, named=True)
    assert then["value"] is None
    assert came["value"] is not None
    for name in ("centre", "lower_limit", "upper_limit"):
        assert then[name] == pytest.approx(came[name])


def test_it_is_of_the_viewers_own_areas(long_force: Store) -> None:
    own = answer_ahead(Reader.open(long_force, COMMANDER), question(level="sector"))
    assert set(own["area_code"]) == {"S1", "S2"}
    inside = question(level="sector", within=(("lpa", "L1"),))
    everywhere = answer_ahead(Reader.open(long_force, CHIEF), inside)
    assert set(everywhere["area_code"]) == {"S1", "S2"}
    with pytest.raises(PermissionError):
        answer_ahead(Reader.open(long_force, COMMANDER), question(level="team"))
    with pytest.raises(ValueError, match="no indicator"):
        answer_ahead(Reader.open(long_force, CHIEF), Question(indicators=("X",), level="lpa", since=LAST, until=LAST))


def test_areas_counted_together_are_one_series(long_force: Store) -> None:
    both = (("lpa", together(("L1", "L2"))),)
    rows = answer_ahead(Reader.open(long_force, CHIEF), question(within=both))
    assert rows.height == MONTHS + 1
    force = answer_ahead(Reader.open(long_force, CHIEF), question(level="force"))
    assert rows.sort("month")["value"][0] == force.sort("month")["value"][0]
    assert rows["centre"].is_not_null().all()


def test_of_a_young_series_nothing_is_expected(long_force: Store) -> None:
    rows = answer_ahead(Reader.open(long_force, CHIEF), question(until=add_months(FIRST, 9)))
    assert rows.filter(pl.col("centre").is_not_null()).is_empty()
