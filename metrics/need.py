"""Neighbourhood need: a transparent index of weighted, ranked parts, set beside the visible hours a place gets.

The recipe is data that the reader sees, never a formula of ours: each part ranks the neighbourhoods, ranks are
weighted and added. The five types follow the force's typology of 2015 in number; they are fifths of the index.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

TYPES = 5


@dataclass(frozen=True, kw_only=True)
class NeedPart:
    """One part of the recipe: a column of figures, its weight, and whether a higher figure means more need."""

    column: str
    words: str
    weight: float
    more_is_need: bool = True


def need(figures: pl.DataFrame, recipe: Sequence[NeedPart]) -> pl.DataFrame:
    """Add `<column>_rank` per part, `need` (0..100), `need_rank` (1: most need) and `need_type` (1..5, 5: most).

    `figures` has a row per neighbourhood (area_code) and the recipe's columns. A part ranks from 0 (least need) to
    1, equal figures sharing the mean rank; the index is the weighted mean of ranks times 100. A neighbourhood in
    which a part is unknown has no index. Raises ValueError for a recipe without a positive weight.
    """
    if not recipe or any(part.weight <= 0 for part in recipe):
        given = [(part.column, part.weight) for part in recipe]
        raise ValueError(f"a need recipe of {given}: give at least one part, each with a weight above 0")
    total = sum(part.weight for part in recipe)
    ranked = figures.with_columns(_rank(part).alias(f"{part.column}_rank") for part in recipe)
    index = sum((part.weight / total * pl.col(f"{part.column}_rank") for part in recipe), pl.lit(0.0))
    indexed = ranked.with_columns(need=100 * index)
    order = pl.col("need").rank("min", descending=True).cast(pl.Int64)
    below = pl.col("need").rank("ordinal") - 1
    fifth = (below * TYPES // pl.col("need").count() + 1).cast(pl.Int64)
    return indexed.sort("area_code").with_columns(need_rank=order, need_type=fifth)


def _rank(part: NeedPart) -> pl.Expr:
    figure = pl.col(part.column)
    others = figure.count() - 1
    rank = figure.rank("average", descending=not part.more_is_need) - 1
    return pl.when(figure.is_not_null()).then(pl.when(others > 0).then(rank / others).otherwise(0.5))


def served(needs: pl.DataFrame, hours: pl.DataFrame) -> pl.DataFrame:
    """Add hours, fair_hours and gap_hours: what each gets, its share by need of all hours, and what it gets over that.

    `hours` has area_code and hours; a neighbourhood it does not name got none. gap_hours below 0: under-served.
    Where no need is known there is no fair share, and its hours are not shared out.
    """
    joined = needs.join(hours.select("area_code", "hours"), on="area_code", how="left", maintain_order="left")
    known = joined.with_columns(pl.col("hours").fill_null(0.0))
    shared = pl.col("hours").filter(pl.col("need").is_not_null()).sum()
    everyone = pl.col("need").sum()
    share = pl.when(everyone > 0).then(pl.col("need") / everyone)
    fair = known.with_columns(fair_hours=share * shared)
    return fair.with_columns(gap_hours=pl.col("hours") - pl.col("fair_hours"))


def move_hours(needs: pl.DataFrame, amount: float) -> pl.DataFrame:
    """Add moved_hours and gap_after to `served`'s rows: what moving `amount` hours to the worst-served would do.

    Hours leave the over-served in proportion to what they have over, and lift the worst-served of the rest until
    the lowest gaps are level. Nobody is pushed past the fair share, so less may move than asked. Raises ValueError
    for an amount below 0.
    """
    if amount < 0:
        raise ValueError(f"{amount} hours to move: give 0 or more")
    gap = pl.col("gap_hours")
    over = needs.select(gap.clip(lower_bound=0).sum()).item()
    moving = min(amount, over)
    floor = _water_level([value for value in needs["gap_hours"].to_list() if value is not None and value < 0], moving)
    leaves = pl.when(gap > 0).then(-gap * (moving / over if over else 0.0))
    moved = leaves.otherwise((floor - gap).clip(lower_bound=0))
    return needs.with_columns(moved_hours=moved).with_columns(gap_after=gap + pl.col("moved_hours"))


def _water_level(gaps: list[float], amount: float) -> float:
    """Return the level to which `amount` fills the lowest of negative gaps, as water would; 0 if it fills all."""
    filled = 0.0
    levels = sorted([*gaps, 0.0])
    for count, (level, above) in enumerate(pairwise(levels), start=1):
        step = count * (above - level)
        if filled + step >= amount:
            return level + (amount - filled) / count
        filled += step
    return 0.0
