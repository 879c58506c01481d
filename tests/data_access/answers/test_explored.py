"""Whatever Explore offers is answered, adds up, and together tells of no few officers."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from random import Random
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from data_access.answers.answer import Question, answer
from data_access.answers.few_officers import reaches
from data_access.answers.reader import Reader
from data_access.load.ingest import load
from data_access.scope import Scope
from data_access.store import Store
from metrics import INDICATORS
from metrics.breakdowns import breakdowns, is_offered, levels_of
from metrics.levels import AREA_LEVELS, PEOPLE_LEVELS, Level, level_code, months_between
from tests.data_access.answers.test_overlapping_questions import MONTHS, determined, many_officers
from tests.data_access.small_force import WHOLE, facts, write
from tests.places import EXAMPLE

LAST = date(2024, 10, 1)
EVERYBODY = Scope(viewer="analyst", force=True, people="officer")
NOBODY = Scope.whole_force("partner")
COMMANDER = Scope(viewer="commander", lpas=frozenset({"L1"}), people="department")
LONDON = ZoneInfo("Europe/London")


def offered(scope: Scope) -> dict[tuple[Level, tuple[str, ...]], list[str]]:
    """Return the indicators that a viewer is offered at each level and broken down by each choice of columns."""
    may = {"teams": reaches(scope, "force"), "people": [one for one in PEOPLE_LEVELS if scope.names(one)]}
    found = defaultdict(list)
    for one in INDICATORS:
        for level in levels_of(one, may["people"]):
            for by in breakdowns(one, teams=may["teams"]):
                if is_offered(one, level, by, **may):
                    found[level, by].append(one.id)
    return found


def question(level: Level, by: tuple[str, ...], ids: Sequence[str], scope: Scope = EVERYBODY) -> Question:
    within = () if scope.force else tuple(("lpa", code) for code in scope.lpas)  # as a page asks, within the own areas
    return Question(indicators=tuple(ids), level=level, since=LAST, until=LAST, by=by, within=within)


@pytest.mark.parametrize("scope", [EVERYBODY, NOBODY, COMMANDER], ids=lambda scope: scope.viewer)
def test_what_is_offered_is_answered(example_store: Store, scope: Scope) -> None:
    """Each indicator by each of its columns: of everybody at each level, and by two at once of the force."""
    reader, known = Reader.open(example_store, scope), 0
    for (level, by), ids in offered(scope).items():
        if not (level == "lpa" or (scope == EVERYBODY and by and (len(by) == 1 or level == "force"))):
            continue
        rows = answer(reader, question(level, by, ids, scope))
        assert set(by) <= set(rows.columns), (level, by)
        assert set(rows["indicator_id"]) <= set(ids)
        known += rows["value"].is_not_null().sum()
    assert known > 200


def test_the_parts_of_a_total_are_the_whole(example_store: Store) -> None:
    """Of what adds up; a viewer of everybody has no part withheld."""
    reader = Reader.open(example_store, EVERYBODY)
    totals = {one.id for one in INDICATORS if one.denominator is None and not one.split and not one.numerator.stock}
    totals -= {one.id for one in INDICATORS if one.numerator.unit == "duration"}
    compared = Counter()
    for (level, by), ids in offered(EVERYBODY).items():
        mine = sorted(totals.intersection(ids))
        if not by or not mine or level not in ("force", "neighbourhood"):
            continue
        whole, parts = (answer(reader, question(level, columns, mine)) for columns in ((), by))
        summed = parts.group_by("indicator_id", "area_code").agg(parts=pl.col("value").sum())
        joined = whole.join(summed, on=["indicator_id", "area_code"], how="left").fill_null(0)
        assert (joined["value"] - joined["parts"]).abs().max() < 1e-6, (level, by)
        compared.update(joined.filter(pl.col("value") > 0)["indicator_id"])
    assert {"ABS-04", "ASB-01", "HRM-01", "HRM-02", "VIS-01", "TGP-02"} <= set(compared)


def test_a_breakdown_is_what_loops_over_the_extract_count(example_store: Store) -> None:
    with (EXAMPLE / "extracts" / "closure_codes.csv").open(encoding="utf-8") as file:
        category = {row["closure_code"]: row["asb_category"] for row in csv.DictReader(file)}
    counted: Counter = Counter()
    with (EXAMPLE / "extracts" / "incidents.csv").open(encoding="utf-8") as file:
        for row in {row["incident_id"]: row for row in csv.DictReader(file)}.values():
            local = datetime.fromisoformat(row["reported_at"]).astimezone(LONDON)
            codes = [category[code] for code in row["closing_codes"].split(";") if category.get(code)]
            if codes and (local.year, local.month) == (2024, 10):
                counted[codes[-1], local.isoweekday()] += 1
    rows = answer(Reader.open(example_store, NOBODY), question("force", ("category", "weekday"), ["ASB-01"]))
    assert {(row["category"], row["weekday"]): row["value"] for row in rows.to_dicts()} == dict(counted)
    assert len(counted) > 10


def with_court() -> dict[str, str]:
    """Return the extracts of 60 officers of whom some are lost to court too, and some to nothing."""
    random, files = Random(11), dict(many_officers())
    files["activity_codes.csv"] += "\nCORE,patrol,patrol,core,2020-01-01"
    header, *rows = files["duties.csv"].splitlines()
    turned = [
        (row[: row.rindex(",")] + random.choice([",COURT", ",CORE"])) if random.random() < 0.35 else row for row in rows
    ]
    files["duties.csv"] = "\n".join([header, *turned])
    return files


@pytest.fixture(scope="module")
def court_force(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("court")
    opened = Store.open(f"sqlite:///{folder / 'npd.sqlite'}")
    assert load(opened, write(folder / "in", with_court()), "the tests").exit_code == 0
    yield opened
    opened.close()


OPERATIONAL, MANDATORY = pl.col("family").is_in(["demand", "aid"]), pl.col("family") == "mandatory"
COUNTED = {
    "ABS-04": OPERATIONAL,
    "ABS-01": OPERATIONAL,
    "ABS-02": OPERATIONAL | MANDATORY,
    "ABS-05": OPERATIONAL | MANDATORY,
}


def atoms(store: Store) -> pl.DataFrame:
    """Return the duty time from the facts themselves: a row a cell as small as any question tells apart, numbered."""
    rows = facts(store, "duty", WHOLE).filter(pl.col("seconds") > 0)
    coded = rows.with_columns(
        weekday=pl.col("day").dt.weekday(),
        month=pl.col("day").dt.truncate("1mo"),
        **{level: level_code(level, rows.columns, store.settings.force.code) for level in AREA_LEVELS},
    )
    keys = [*AREA_LEVELS, "month", "weekday", "hour", "category", "family"]
    return (
        coded.group_by(keys)
        .agg(pl.col("officer_id").unique(), pl.col("seconds").sum())
        .sort(keys)
        .with_row_index("cell")
    )


def shown_and_small(
    reader: Reader, cells: pl.DataFrame, asked: Question
) -> Iterator[tuple[tuple[int, ...], int, bool]]:
    """Return each numerator of a question: its cells, its officers, and whether the viewer is shown it."""
    spans = asked.period or tuple(months_between(asked.since, asked.until))
    rows = answer(reader, asked)
    for one in asked.indicators:
        mix = ["category"] if one == "ABS-05" else []
        keys = [asked.level, *mix, *asked.by]
        inside = cells.filter(COUNTED[one], pl.col("month").is_in(list(spans)))
        figures = inside.group_by(keys).agg("cell", pl.col("officer_id").explode().unique(), pl.col("seconds").sum())
        mine = rows.filter(pl.col("indicator_id") == one).rename({"area_code": asked.level})
        for row in figures.join(mine.select(*keys, "numerator"), on=keys, how="left", nulls_equal=True).to_dicts():
            if row["numerator"] is not None:
                assert row["numerator"] * 3600 == pytest.approx(row["seconds"])
            yield tuple(row["cell"]), len(row["officer_id"]), row["numerator"] is not None


def test_nothing_that_explore_offers_tells_together_of_fewer_than_five(court_force: Store) -> None:
    """Every indicator of duty time, every breakdown that a viewer without teams is offered, months that overlap."""
    reader, cells = Reader.open(court_force, NOBODY), atoms(court_force)
    asked = [
        Question(indicators=tuple(mine), level=level, since=MONTHS[0], until=until, by=by, period=() if by else span)
        for (level, by), ids in offered(NOBODY).items()
        if level in AREA_LEVELS and by != ("worked_area",) and (mine := [one for one in ids if one in COUNTED])
        for until in MONTHS
        for span in [tuple(months_between(MONTHS[0], until))]
    ]
    figures: dict[tuple[int, ...], tuple[int, bool]] = {}
    for each in asked:
        for members, officers, is_shown in shown_and_small(reader, cells, each):
            figures[members] = (officers, is_shown or figures.get(members, (0, False))[1])
    table = pl.DataFrame(
        [{"cell": list(members), "number": number, "shown": shown} for members, (number, shown) in figures.items()]
    )
    assert (table["shown"].sum() > 50, (table["number"] < 5).sum() > 200) == (True, True)
    assert determined(table, cells.height) == 0
