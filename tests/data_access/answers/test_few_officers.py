"""Nobody who may not see teams gets a figure of fewer than five officers' time, however they ask."""

from datetime import date

import polars as pl
import pytest

from data_access.answers.answer import Question, answer
from data_access.answers.reader import Reader
from data_access.scope import Scope
from data_access.store import Store
from metrics.levels import AREA_LEVELS, level_code
from metrics.officers import TOO_FEW
from tests.data_access.small_force import WHOLE, facts

NOBODY = Scope.whole_force("partner")
TEAMS = Scope(viewer="chief", force=True, people="team")
SINCE, UNTIL = date(2024, 8, 1), date(2024, 10, 1)
ASKED = [
    {},
    {"by": ("weekday", "hour")},
    {"by": ("hour",)},
    {"by": ("category",)},
    {"grain": "1w"},
    {"grain": "1d"},
]


def lost(store: Store, level: str, by: tuple[str, ...], grain: str) -> dict[tuple, set[str]]:
    """Name by cell, from the facts themselves, the neighbourhood officers whose hours were lost to demand and aid."""
    rows = facts(store, "duty", WHOLE).filter(
        pl.col("department") == "NPT",
        pl.col("family").is_in(["demand", "aid"]),
        pl.col("seconds") > 0,
        pl.col("day").is_between(SINCE, UNTIL, closed="left") | (pl.col("day").dt.truncate("1mo") == UNTIL),
    )
    when = pl.lit(None) if by else pl.col("day").dt.truncate(grain)
    coded = rows.with_columns(
        area=level_code(level, rows.columns, store.settings.force.code), when=when, weekday=pl.col("day").dt.weekday()
    ).filter(pl.col("area").is_not_null())
    found: dict[tuple, set[str]] = {}
    for row in coded.select("area", "when", *by, "officer_id").unique().iter_rows():
        found.setdefault(row[:-1], set()).add(row[-1])
    return found


@pytest.mark.parametrize("level", AREA_LEVELS)
@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_no_cell_of_fewer_than_five_is_shown(example_store: Store, level: str, asked: dict) -> None:
    by, grain = asked.get("by", ()), asked.get("grain", "1mo")
    question = Question(indicators=("ABS-04",), level=level, since=SINCE, until=UNTIL, **asked)
    rows = answer(Reader.open(example_store, NOBODY), question)
    officers = lost(example_store, level, by, grain)
    assert officers
    few = 0
    for row in rows.to_dicts():
        key = (row["area_code"], None if by else row["month"], *(row[name] for name in by))
        if 0 < len(officers.get(key, ())) < 5:
            few += 1
            assert (row["value"], row["numerator"], row["note"]) == (None, None, TOO_FEW), key
    assert few or level == "force"


def test_whoever_sees_teams_sees_the_figure(example_store: Store) -> None:
    question = Question(indicators=("ABS-01", "VIS-02"), level="neighbourhood", since=UNTIL, until=UNTIL)
    rows = answer(Reader.open(example_store, TEAMS), question)
    assert rows["value"].is_not_null().any()
    assert TOO_FEW not in rows["note"].to_list()


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_two_viewers_see_the_same_holes(example_store: Store, asked: dict) -> None:
    """Else what one is shown and the other is not could be subtracted."""
    own = Scope(viewer="commander", lpas=frozenset({"L1"}), people="none")
    questions = [
        (NOBODY, Question(indicators=("ABS-04", "ABS-02"), level="sector", since=SINCE, until=UNTIL, **asked)),
        (NOBODY, Question(indicators=("ABS-04", "ABS-02"), level="sector", since=SINCE, until=UNTIL,
                          within=(("lpa", "L1"),), **asked)),
        (own, Question(indicators=("ABS-04", "ABS-02"), level="sector", since=SINCE, until=UNTIL, **asked)),
    ]  # fmt: skip
    keys = ["indicator_id", "area_code", *(["month"] if "by" not in asked else []), *asked.get("by", ())]
    sectors = {"S1", "S2"}
    holes = []
    for scope, question in questions:
        rows = answer(Reader.open(example_store, scope), question)
        hidden = rows.filter(pl.col("note") == TOO_FEW, pl.col("area_code").is_in(sectors))
        holes.append(set(hidden.select(keys).iter_rows()))
    assert holes[0] == holes[1] == holes[2] != set()


def test_coverage_of_few_officers_stands_beside_nothing(example_store: Store) -> None:
    asked = Question(indicators=("VIS-01", "VIS-02", "VIS-04"), level="neighbourhood", since=UNTIL, until=UNTIL)
    rows = answer(Reader.open(example_store, NOBODY), asked)
    hidden = set(rows.filter(pl.col("indicator_id") == "VIS-04", pl.col("note") == TOO_FEW)["area_code"])
    assert hidden
    beside = rows.filter(pl.col("area_code").is_in(hidden))
    assert beside["coverage_percent"].is_null().all()
    assert not beside["note"].drop_nulls().str.contains("coverage").any()
