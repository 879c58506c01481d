"""Every figure to its rows: they add up to it, name nobody, keep the scope, and every look is entered."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from data_access.answers.answer import Question, answer
from data_access.answers.reader import Reader
from data_access.answers.rows_behind import MOST, NOT_LISTED, Figure, rows_of
from data_access.scope import Scope
from data_access.store import Store

OCTOBER = date(2024, 10, 1)
ANALYST = Scope(viewer="analyst", force=True, people="officer")
PARTNER = Scope(viewer="partner", force=True, people="none")
COMMANDER = Scope(viewer="commander", lpas=frozenset({"L1"}), people="team")


def of(store: Store, scope: Scope, indicator_id: str, level: str, code: str, **more) -> object:
    figure = Figure(indicator_id=indicator_id, level=level, code=code, month=OCTOBER, **more)
    return rows_of(Reader.open(store, scope), figure)


def test_rows_name_nobody_and_have_no_text_that_somebody_wrote(example_store: Store) -> None:
    for indicator_id in ("ABS-01", "ASB-01", "HRM-01", "TGP-02"):
        rows = of(example_store, ANALYST, indicator_id, "lpa", "L1").rows
        assert rows is not None
        assert rows.columns[:3] == ["day", "amount", "left_out"]
        assert NOT_LISTED.isdisjoint(rows.columns)


def test_whoever_sees_no_teams_is_told_how_many_rows_there_are(example_store: Store) -> None:
    seen, told = (of(example_store, scope, "ASB-01", "lpa", "L1") for scope in (ANALYST, PARTNER))
    assert seen.rows is not None and told.rows is None
    assert (told.total, told.counted, told.left_out) == (seen.total, seen.counted, seen.left_out)
    assert seen.rows.height == min(MOST, seen.counted + sum(seen.left_out.values()))


def test_officers_time_has_no_rows_for_whoever_sees_no_teams(example_store: Store) -> None:
    with pytest.raises(PermissionError, match="officers' time"):
        of(example_store, PARTNER, "ABS-02", "force", "E23000014", side="numerator")


def test_what_is_withheld_has_no_rows(example_store: Store) -> None:
    all_of_it = replace(example_store.settings.parameters, min_coverage=100)
    strict = replace(example_store, settings=replace(example_store.settings, parameters=all_of_it))
    question = Question(indicators=("VIS-02",), level="neighbourhood", since=OCTOBER, until=OCTOBER)
    rows = answer(Reader.open(strict, ANALYST), question)
    withheld = rows.filter(pl.col("note").str.starts_with("withheld"))["area_code"].to_list()
    assert withheld
    with pytest.raises(PermissionError, match="this figure is withheld: coverage"):
        of(strict, ANALYST, "VIS-02", "neighbourhood", withheld[0])


def test_another_commanders_areas_have_no_rows(example_store: Store) -> None:
    for level, code in (("force", "E23000014"), ("lpa", "L2"), ("lpa", "nowhere")):
        with pytest.raises(PermissionError, match="your own areas only"):
            of(example_store, COMMANDER, "ASB-01", level, code)


def test_rows_are_of_areas_and_of_levels_that_are_counted(example_store: Store) -> None:
    for level in ("team", "officer", "hotspot"):
        with pytest.raises(ValueError, match="can be had at"):
            of(example_store, ANALYST, "ASB-01", level, "NPT / One")


def test_every_look_is_entered(example_store: Store) -> None:
    of(example_store, COMMANDER, "ASB-01", "lpa", "L1")
    entries = example_store.trail().filter(viewer="commander")
    assert "rows: numerator of ASB-01, lpa L1, 2024-10" in entries["whom"].to_list()


@pytest.mark.parametrize(
    ("indicator_id", "where"),
    [
        ("ASB-01", (("category", "nuisance"),)),
        ("HRM-01", (("offence_group", "Robbery"),)),
        ("ABS-01", (("weekday", 5), ("hour", 14))),
    ],
)
def test_rows_of_a_narrowed_figure_add_up_to_it(example_store: Store, indicator_id: str, where: tuple) -> None:
    asked = Question(indicators=(indicator_id,), level="force", since=OCTOBER, until=OCTOBER, where=where)
    whole = answer(Reader.open(example_store, ANALYST), replace(asked, where=()))["numerator"].item()
    narrowed = answer(Reader.open(example_store, ANALYST), asked)["numerator"].item()
    assert 0 < narrowed < whole
    found = of(example_store, ANALYST, indicator_id, "force", "E23000014", where=where)
    assert found.total == pytest.approx(narrowed)
    assert found.counted + sum(found.left_out.values()) == found.rows.height


def test_one_hour_of_the_week_has_no_rows_for_whoever_sees_no_teams(example_store: Store) -> None:
    with pytest.raises(PermissionError):
        of(example_store, PARTNER, "ABS-01", "force", "E23000014", where=(("weekday", 5), ("hour", 14)))
