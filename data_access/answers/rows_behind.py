"""The rows behind a figure, as far as the viewer may see rows at all; every look is entered in the audit trail."""

from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from data_access.answers.answer import Question, answer
from data_access.answers.counting import facts_of
from data_access.answers.few_officers import reaches
from data_access.answers.reader import Reader
from data_access.scope import FREE_TEXT
from metrics import indicator as find_indicator
from metrics import named
from metrics.folding import HEADS, OFFICERS
from metrics.levels import AREA_LEVELS, PLACE_LEVELS, Level
from metrics.officers import of_officers
from metrics.rows_behind import Side, part_of, rows_behind
from metrics.sums import AS_DEFINED, Cut

MOST = 1000  # rows that are listed; a month of the force's duties has some 100,000
# Never listed, whoever asks: who it is, who called, and what would tell of a single person.
NOT_LISTED = frozenset(
    {"officer_id", OFFICERS, HEADS, "caller_ref", "lon", "lat", "victim_age", "age_range", "ethnic_group", *FREE_TEXT}
)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A side of one figure: an indicator (of a mix with its category, 'ABS-05:football aid') in an area and month.

    `where` is what the figure is narrowed to, as a question has it.
    """

    indicator_id: str
    level: Level
    code: str
    month: date
    side: Side = "numerator"
    where: tuple[tuple[str, str | bool | int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class RowsBehind:
    """The rows behind a figure: `rows` (those counted first, at most MOST), and what all of them come to.

    `total` is the sum of the amounts, `counted` how many rows are counted, `left_out` how many are not, by the reason.
    `rows` is None for a viewer who may see no rows.
    """

    rows: pl.DataFrame | None
    total: float
    counted: int
    left_out: dict[str, int]


def rows_of(reader: Reader, figure: Figure) -> RowsBehind:
    """Return the rows behind a figure of the viewer's own areas, and enter the look in the audit trail.

    Raises PermissionError for an area beyond the viewer's own, for a figure that is withheld, and where the rows are
    officers' time of which the viewer may not see the teams; ValueError for an unknown indicator or side, or one that
    is not counted at the level.
    """
    known, category = named(figure.indicator_id)
    one = find_indicator(known)
    part = part_of(one, figure.side)
    if figure.level not in (*AREA_LEVELS, *PLACE_LEVELS) or figure.level not in one.levels:
        raise ValueError(f"the rows of {known} can be had at {', '.join(one.levels)} for areas, not {figure.level!r}")
    own_areas = set(reader.members().select("level", "code").iter_rows())
    beyond = figure.level == "force" and not reader.scope.force
    if beyond or (figure.level, figure.code) not in own_areas:
        raise PermissionError("the rows behind a figure can be seen for your own areas only")
    if of_officers(part) and not reaches(reader.scope, figure.level):
        raise PermissionError("these rows are officers' time: they are for viewers who may see teams")
    month = {"since": figure.month, "until": figure.month}
    asked = Question(indicators=(known,), level=figure.level, **month, where=figure.where)
    _require_shown(reader, asked, figure.code)
    facts = {part.source: facts_of(reader, replace(asked, grain="period"), part.source)}  # unsummed
    cut = Cut(level=figure.level, by=(), force_code=reader.settings.force.code, department=AS_DEFINED, grain="1mo")
    mixed = category.removesuffix(":p90") if category and one.split else None  # a duration has median and p90 for one
    found = rows_behind(facts, one, figure.side, cut, figure.code, figure.month, mixed).collect()
    only = "".join(f", {name} {value}" for name, value in figure.where)
    what = f"{figure.side} of {figure.indicator_id}, {figure.level} {figure.code}, {figure.month:%Y-%m}{only}"
    reader.record("viewed", f"rows: {what}", "the rows behind a figure", daily=True)
    is_counted = found["left_out"].is_null()
    return RowsBehind(
        rows=_listed(found) if reader.scope.names("team") else None,
        total=found["amount"].sum(),
        counted=int(is_counted.sum()),
        left_out=dict(found.filter(~is_counted).group_by("left_out").len().sort("left_out").iter_rows()),
    )


def _require_shown(reader: Reader, question: Question, code: str) -> None:
    rows = answer(reader, question).filter(pl.col("area_code") == code)
    withheld = rows["note"].drop_nulls().filter(rows["note"].drop_nulls().str.starts_with("withheld"))
    if len(withheld):
        raise PermissionError(f"this figure is {withheld[0]}; so are its rows")


def _listed(found: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that are listed, without what would name anybody and without what none of them has."""
    kept = [name for name in found.columns if name not in NOT_LISTED]
    rows = found.select(kept).sort(pl.col("left_out").is_not_null(), "day", maintain_order=True).head(MOST)
    told = [name for name in rows.columns if name in ("amount", "left_out") or rows[name].null_count() < rows.height]
    plain = [name for name in told if not rows.schema[name].is_nested()]
    leading = ["day", "amount", "left_out"]
    return rows.select(*leading, *(name for name in plain if name not in leading))
