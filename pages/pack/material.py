"""What a pack says: the briefing's material, and for each finding its series, what is said of it, and who owns it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from data_access.answers.answer import Question, answer
from data_access.answers.explanations import explained
from data_access.answers.overview import targets
from data_access.answers.reader import Reader
from metrics.levels import add_months
from metrics.news import News, strongest
from pages.briefing import material as briefing
from pages.briefing.material import Area
from pages.wording.sentences import SPARK_MONTHS

MOST_OWN, MOST_INSIDE, AREAS_EACH = 6, 6, 2  # findings: a meeting of an hour has no more
MOST_STANDING = 8  # lines that find room on a slide
_FRAMES = ("shifts", "spikes", "standing")
Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class Finding:
    """A new signal: its row, the months to it (oldest first), what is said of it, and the target somebody owns."""

    row: Row
    series: tuple[Row, ...]
    said: tuple[Row, ...]
    target: Row | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Pack:
    """The briefing's material and the findings that have a slide, the strongest of what is `new`.

    `new` and `standing` (shifts found earlier) are of the area itself and of the areas in it, as metrics.news has them.
    """

    briefing: briefing.Material
    new: tuple[pl.DataFrame, pl.DataFrame]
    standing: pl.DataFrame
    findings: tuple[Finding, ...]


def gather(reader: Reader, area: Area, month: date) -> Pack:
    """Ask for everything that the pack of `month` (its first day) says, as the viewer's scope allows."""
    material = briefing.gather(reader, area, month)
    below = material.news_inside or News(**dict.fromkeys(_FRAMES, material.news.new.clear()), looked_at=0)
    own, inside = material.news.new, below.new
    standing = pl.concat([material.news.standing, below.standing], how="diagonal_relaxed")
    shown = (own.head(MOST_OWN), strongest(inside, most=MOST_INSIDE, each=AREAS_EACH))
    rows = [row for frame in shown for row in frame.to_dicts()]
    said, owned = explained(reader).filter(month=month), targets(reader, month)
    findings = tuple(
        Finding(
            row=row,
            series=_series(reader, row, month),
            said=tuple(_of(said, row).to_dicts()),
            target=next(_of(owned, row).iter_rows(named=True), None) if row["category"] is None else None,
        )
        for row in rows
    )
    listed = strongest(standing, most=MOST_STANDING, each=AREAS_EACH)
    return Pack(briefing=material, new=(own, inside), standing=listed, findings=findings)


def _series(reader: Reader, row: Row, month: date) -> tuple[Row, ...]:
    level, code = row["area_level"], row["area_code"]
    asked = Question(
        indicators=(row["indicator_id"],),
        level=level,
        since=add_months(month, 1 - SPARK_MONTHS),
        until=month,
        within=() if level == "force" else ((level, code),),
    )
    rows = _of(answer(reader, asked), row)
    return tuple(rows.filter(pl.col("category").eq_missing(row["category"])).sort("month").to_dicts())


def _of(rows: pl.DataFrame, row: Row) -> pl.DataFrame:
    return rows.filter(indicator_id=row["indicator_id"], area_level=row["area_level"], area_code=row["area_code"])
