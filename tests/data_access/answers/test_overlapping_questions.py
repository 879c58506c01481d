"""Questions that overlap, taken together, determine no officers' time of fewer than five.

Of months that overlap, of one breakdown and another, of every level: each shown figure is a sum of unknown cells, as
small as any question tells them apart. A figure is determined if it is a combination of shown sums: then it lies in the
space that their rows span.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations_with_replacement, product
from random import Random

import numpy as np
import polars as pl
import pytest

from data_access.answers.answer import Question, answer
from data_access.answers.reader import Reader
from data_access.load.ingest import load
from data_access.scope import Scope
from data_access.store import Store
from metrics.compute import Grain
from metrics.levels import AREA_LEVELS, level_code, together
from metrics.officers import TOO_FEW
from tests.data_access.small_force import FORCE, WHOLE, collection, facts, neighbourhood, write

NOBODY = Scope.whole_force("partner")
FIRST, MONTHS = date(2024, 7, 1), (date(2024, 7, 1), date(2024, 8, 1), date(2024, 9, 1))
DAYS = (0, 1, 9, 31, 32, 46, 62, 63, 71, 85)  # after the first
AREAS = {"N1": "S1,L1", "N2": "S1,L1", "N3": "S2,L1", "N4": "S3,L2", "N5": "S3,L2"}
CODES = {"BACK": "response backfill", "CUST": "custody", "GUARD": "hospital guard"}
COURT, PATROL = "COURT", "PAT"
GRAINS: tuple[Grain, ...] = ("1mo", "1w", "1d")
LOST = "ABS-04"  # hours lost to demand and aid
BREAKDOWNS = [(), ("category",), ("weekday",), ("category", "weekday")]


def many_officers() -> dict[str, str]:
    """Return extracts of 60 officers in five neighbourhoods, lost on a few days of three months to three causes."""
    random, officers, postings, duties = Random(7), ["officer_id,role"], [], []
    for number in range(60):
        home = random.choice(list(AREAS))
        sector, lpa = AREAS[home].split(",")
        officers.append(f"O{number},officer")
        postings.append(f"O{number},NPT,One,{lpa},{sector},{home},2024-01-01,")
        for turn, later in enumerate(random.sample(DAYS, 3)):
            day = FIRST + timedelta(days=later)
            code, hours = random.choice(list(CODES)), random.randint(1, 6)
            duties.append(f"O{number},D{number}-{turn},{day}T08:00:00Z,{day}T{8 + hours:02}:00:00Z,{code}")
    for number in random.sample(range(60), 20):
        day = FIRST + timedelta(days=random.choice(DAYS))
        duties.append(f"O{number},C{number},{day}T18:00:00Z,{day}T20:00:00Z,{COURT}")
    for number, month in product(range(60), MONTHS):
        duties.append(f"O{number},P{number}-{month},{month}T20:00:00Z,{month}T23:00:00Z,{PATROL}")
    header = FORCE["postings.csv"].splitlines()[0], FORCE["duties.csv"].splitlines()[0]
    codes = ["activity_code,activity_name,category,family,valid_from"]
    codes += [f"{code},{name},{name},demand,2020-01-01" for code, name in CODES.items()]
    codes += [f"{COURT},court,court,mandatory,2020-01-01", f"{PATROL},patrol,patrol,core,2020-01-01"]
    places = [
        neighbourhood(code, *above.split(","), -1.95 + 0.02 * at) for at, (code, above) in enumerate(AREAS.items())
    ]
    return {
        "neighbourhoods.geojson": collection(*places),
        "officers.csv": "\n".join(officers),
        "postings.csv": "\n".join([header[0], *postings]),
        "activity_codes.csv": "\n".join(codes),
        "duties.csv": "\n".join([header[1], *duties]),
    }


@pytest.fixture(scope="module")
def dense_force(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("dense")
    opened = Store.open(f"sqlite:///{folder / 'npd.sqlite'}")
    assert load(opened, write(folder / "in", many_officers()), "the tests").exit_code == 0
    yield opened
    opened.close()


def lost(store: Store) -> pl.DataFrame:
    """Return the hours lost from the facts themselves: a row a cell as small as any question tells apart, numbered."""
    rows = facts(store, "duty", WHOLE).filter(pl.col("family") == "demand", pl.col("seconds") > 0)
    coded = rows.with_columns(
        weekday=pl.col("day").dt.weekday(),
        **{grain: pl.col("day").dt.truncate(grain) for grain in GRAINS},
        **{level: level_code(level, rows.columns, store.settings.force.code) for level in AREA_LEVELS},
    )
    keys = [*AREA_LEVELS, *GRAINS, "weekday", "category"]
    cells = coded.group_by(keys).agg(pl.col("officer_id").unique(), pl.col("seconds").sum())
    return cells.sort(keys).with_row_index("cell")


def told(reader: Reader, cells: pl.DataFrame, question: Question) -> pl.DataFrame:
    """Return each figure of a question with the numbers of its cells, its officers, and whether the viewer sees it."""
    is_series = question.grain in ("1w", "1d") or (question.grain == "1mo" and not question.by)
    when = [question.grain] if is_series else []
    keys = [question.level, *when, *question.by]
    inside = cells.filter(pl.col("1mo").is_between(question.since, question.until))
    figures = inside.group_by(keys).agg("cell", pl.col("officer_id").explode().unique(), pl.col("seconds").sum())
    renamed = {"area_code": question.level} | dict.fromkeys(("month",) if is_series else (), question.grain)
    shown = answer(reader, question).rename(renamed).select(*keys, "value")
    joined = figures.join(shown, on=keys, how="left", nulls_equal=True)
    known = joined.filter(pl.col("value").is_not_null())
    assert (known["value"] * 3600 - known["seconds"]).abs().max() in (None, 0)
    return joined.select("cell", number=pl.col("officer_id").list.len(), shown=pl.col("value").is_not_null())


def determined(figures: pl.DataFrame, cells: int) -> int:
    """Count the figures of fewer than five officers that the shown ones determine together."""
    sums = np.zeros((figures.height, cells))
    for row, members in enumerate(figures["cell"]):
        sums[row, members.to_list()] = 1
    shown, few = figures["shown"].to_numpy(), (figures["number"] < 5).to_numpy()
    _, sizes, spanning = np.linalg.svd(sums[shown], full_matrices=False)
    spanning = spanning[sizes > 1e-9]
    beyond = sums[few] - sums[few] @ spanning.T @ spanning
    return int((np.abs(beyond).max(axis=1) < 1e-7).sum())


def test_no_figures_together_determine_the_time_of_fewer_than_five(dense_force: Store) -> None:
    reader, cells = Reader.open(dense_force, NOBODY), lost(dense_force)
    asked = [
        Question(indicators=(LOST,), level=level, since=since, until=until, by=by, grain=grain)
        for level in AREA_LEVELS
        for since, until in combinations_with_replacement(MONTHS, 2)
        for by in BREAKDOWNS
        for grain in ("period", *GRAINS)
    ]
    figures = (
        pl.concat([told(reader, cells, one) for one in asked])
        .group_by("cell")
        .agg(pl.col("number").first(), pl.col("shown").any())
    )
    assert figures["shown"].sum() > 50
    assert (figures["number"] < 5).sum() > 50
    assert determined(figures, cells.height) == 0


def test_a_team_in_two_areas_together_tells_no_few_of_one_of_them(dense_force: Store) -> None:
    """A team of both areas is read inside them: what it withholds in one is withheld in both together."""
    reader = Reader.open(dense_force, Scope(viewer="chief", force=True, people="team"))

    def told_in(codes: str) -> dict[tuple, dict]:
        question = Question(
            indicators=(LOST,), level="team", since=MONTHS[0], until=MONTHS[0], by=("category", "weekday"),
            within=(("lpa", codes),),
        )  # fmt: skip
        return {(row["category"], row["weekday"]): row for row in answer(reader, question).to_dicts()}

    both = told_in(together(("L1", "L2")))
    withheld = {key for code in ("L1", "L2") for key, row in told_in(code).items() if row["note"] == TOO_FEW}
    assert withheld
    assert {both[key]["value"] for key in withheld} == {None}


def test_two_rates_of_abstraction_tell_no_mandatory_time_of_fewer_than_five(dense_force: Store) -> None:
    """All abstraction less operational abstraction is time in court and training: shown, it is of five or more."""
    reader = Reader.open(dense_force, NOBODY)
    mandatory = facts(dense_force, "duty", WHOLE).filter(pl.col("family") == "mandatory", pl.col("seconds") > 0)
    assert mandatory.height
    told = 0
    for level in AREA_LEVELS:
        question = Question(indicators=("ABS-01", "ABS-02"), level=level, since=MONTHS[0], until=MONTHS[-1])
        rows = answer(reader, question).select("indicator_id", "area_code", "month", "numerator").drop_nulls()
        sides = (rows.filter(indicator_id=one).rename({"numerator": one}) for one in ("ABS-01", "ABS-02"))
        both = next(sides).join(next(sides), on=["area_code", "month"])
        told += both.height
        of_area = mandatory.group_by(
            level_code(level, mandatory.columns, dense_force.settings.force.code).alias("area_code"),
            pl.col("day").dt.truncate("1mo").alias("month"),
        ).agg(number=pl.col("officer_id").n_unique(), hours=pl.col("seconds").sum() / 3600)
        found = both.join(of_area, on=["area_code", "month"])
        assert (found["ABS-02"] - found["ABS-01"] - found["hours"]).abs().max() in (None, 0)
        assert found.filter(pl.col("number") < 5).is_empty()
    assert told > 3
