"""Which cells of officers' time are withheld: those of fewer than five, and those that would give them away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import polars as pl

from metrics.linear_sums import connected, giving_away, relations_of

SMALLEST_GROUP = 5  # officers; ICO, Monitoring workers, 2023
_CELL = ["quantity", "mix", "area_level", "area_code", "month"]
_FAMILIES = (("area_code",), ("mix",))  # what tells the members of a family apart


def too_few(
    behind: pl.DataFrame,
    parents: pl.DataFrame,
    by: Sequence[str] = (),
    *,
    months: bool = True,
    hidden: Sequence[pl.DataFrame] = (),
) -> pl.DataFrame:
    """Return the cells to withhold, of `officers_behind`'s answer at every level: quantity to month, and *by.

    A cell goes that rests on one to four officers (an officer who is not known counts for nobody), or whose rest up to
    the denominator does; then more, until nothing that can be worked out by subtraction rests on fewer than five: of
    an area's parts, of a mix's categories, of the values of a column in `by`, and (`months` false) of a month's days
    or weeks, the cells withheld are at least two and of at least five officers, or their sum is withheld as well.
    `parents` has area_level, area_code, month, parent_level, parent_code. The cells of each frame in `hidden`
    (quantity to month, and some columns of `by`) go with every part of them.
    """
    cells = _cells(behind, parents, by)
    for gone in hidden:
        cells = _also_hidden(cells, _parts_of(gone, cells, by))
    families = [*_FAMILIES, *((name,) for name in by), *(() if months else (("month",),))]
    closed = _closed(_numbered(cells, families, by), len(families))
    blocks, settled = _blocks(closed, len(families)), set[frozenset[int]]()
    # Hiding a cell for one family may leave another with a single hidden one, or let two sums together give one away:
    # so until nothing changes.
    while more := _determined(blocks, set(closed.filter("hidden")["_cell"]), settled):
        closed = _closed(_also_hidden(closed, more), len(families))
    return closed.filter("hidden").select(*_CELL, *by)


def _closed(cells: pl.DataFrame, steps: int) -> pl.DataFrame:
    """Return the cells with more of them hidden, until no family of them tells too much."""
    while True:
        wider = cells
        for step in range(steps):
            wider = _widened(wider, f"_family_{step}", f"_whole_{step}")
        if wider["hidden"].sum() == cells["hidden"].sum():
            return wider
        cells = wider


def _also_hidden(cells: pl.DataFrame, more: Sequence[int]) -> pl.DataFrame:
    return cells.with_columns(hidden=pl.col("hidden") | pl.col("_cell").is_in(list(more)))


def _cells(behind: pl.DataFrame, parents: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Return a row a cell, with its officers, how many they are and whether they are too few; and the area's parent."""
    known = pl.col("officers").list.drop_nulls()
    counted = behind.with_columns(officers=known, number=known.list.len())
    few = pl.col("number") < SMALLEST_GROUP
    beyond = counted.filter("beyond", few).select(*_CELL, *by, _gives_away=pl.lit(True)).unique()
    shown = counted.filter(~pl.col("beyond")).join(beyond, on=[*_CELL, *by], how="left", nulls_equal=True)
    placed = shown.join(parents, on=["area_level", "area_code", "month"], how="left")
    hidden = few | pl.col("_gives_away").fill_null(False)
    return (
        placed.with_columns(hidden=hidden, small=hidden)
        .drop("beyond", "_gives_away")
        .sort(*_CELL, *by)
        .with_row_index("_cell")
    )


def _parts_of(gone: pl.DataFrame, cells: pl.DataFrame, by: Sequence[str]) -> list[int]:
    on = [*_CELL, *(name for name in by if name in gone.columns)]
    return cells.join(gone, on=on, how="semi", nulls_equal=True)["_cell"].to_list()


def _numbered(cells: pl.DataFrame, families: Sequence[tuple[str, ...]], by: Sequence[str]) -> pl.DataFrame:
    """Return the cells with, for each kind of family, its number and the cell that is its sum (null: none is shown)."""
    keys = [*_CELL, *by]
    found = cells
    for step, (own,) in enumerate(families):
        shared = [name for name in keys if name != own]
        if own == "area_code":
            shared = [*shared, "parent_level", "parent_code"]
        member = pl.col("parent_code").is_not_null() if own == "area_code" else pl.col(own).is_not_null()
        if own == "mix":
            member = pl.col("mix") != ""
        if own == "month":
            found = found.with_columns(_of_month=pl.col("month").dt.truncate("1mo"))
            shared = [*shared, "_of_month"]
        number = pl.when(member).then(pl.col("_cell").first().over(shared))
        found = found.with_columns(number.alias(f"_family_{step}"), pl.lit(None, pl.UInt32).alias(f"_whole_{step}"))
        if own in ("area_code", "mix"):
            found = found.drop(f"_whole_{step}").join(_wholes(cells, own, keys, step), on="_cell", how="left")
    return found


def _wholes(cells: pl.DataFrame, own: str, keys: Sequence[str], step: int) -> pl.DataFrame:
    """Return, for each member of a family, the cell of its parent area, or of all categories."""
    above = {"area_level": "parent_level", "area_code": "parent_code"} if own == "area_code" else {}
    whole = cells.filter(pl.lit(True) if above else pl.col("mix") == "")
    sums = whole.select(*(pl.col(name).alias(above.get(name, name)) for name in keys), pl.col("_cell").alias("_sum"))
    on = [above.get(name, name) for name in keys if above or name != "mix"]
    joined = cells.join(sums.drop([] if above else "mix"), on=on, how="inner", nulls_equal=True)
    return joined.filter(pl.col("_sum") != pl.col("_cell")).select("_cell", pl.col("_sum").alias(f"_whole_{step}"))


def _widened(cells: pl.DataFrame, family: str, whole: str) -> pl.DataFrame:
    """Return the cells, of each family that tells too much one more hidden: of fewest officers, else the sum of all."""
    is_hidden = pl.col("hidden")
    sum_hidden = is_hidden.gather(pl.col(whole)).fill_null(False)
    members = cells.with_columns(_sum_hidden=sum_hidden).filter(pl.col(family).is_not_null())
    held = members.group_by(family).agg(
        unknown=is_hidden.sum() + pl.col("_sum_hidden").first().cast(pl.UInt32),
        most=pl.col("number").filter(is_hidden).max(),
        sum_hidden=pl.col("_sum_hidden").first(),
        sum=pl.col(whole).first(),
    )
    # One of them that has enough officers makes enough of them all: the others need to be told apart.
    few_each = held.filter(~pl.col("sum_hidden"), pl.col("most") < SMALLEST_GROUP)
    together = members.filter(is_hidden).join(few_each, on=family, how="semi").explode("officers").group_by(family)
    few = together.agg(union=pl.col("officers").n_unique()).filter(pl.col("union") < SMALLEST_GROUP)
    weak = pl.concat([held.filter(pl.col("unknown") == 1), held.join(few, on=family, how="semi")]).unique(family)
    offered = members.filter(~is_hidden).join(weak, on=family, how="semi").sort("number", "_cell")
    chosen = offered.unique(family, keep="first", maintain_order=True)
    stuck = weak.join(chosen, on=family, how="anti").filter(~pl.col("sum_hidden"))["sum"].drop_nulls()
    return _also_hidden(cells, pl.concat([chosen["_cell"], stuck]).to_list())


@dataclass(frozen=True, kw_only=True, eq=False)
class _Block:
    """A quantity and month whose sums cross: its sums, the cells of too few, and how many officers each cell has."""

    sums: list[list[int]]
    small: frozenset[int]
    officers: Mapping[int, int]


def _blocks(cells: pl.DataFrame, steps: int) -> list[_Block]:
    """Return the blocks in which sums over areas and over categories cross."""
    crossing = cells.filter(pl.col("mix") != "").select("quantity", "month").unique()
    parts = cells.join(crossing, on=["quantity", "month"], how="semi").partition_by("quantity", "month")
    return [
        _Block(
            sums=relations_of(part, steps),
            small=frozenset(part.filter("small")["_cell"]),
            officers=dict(part.select("_cell", "number").iter_rows()),
        )
        for part in parts
    ]


def _determined(blocks: Sequence[_Block], hidden: set[int], settled: set[frozenset[int]]) -> list[int]:
    """Return, for cells of too few that follow from several sums together, more cells to hide.

    Sums over areas and over categories cross, so that no single one of them need give a cell away. Unknown cells that
    hang together and give nothing away are remembered in `settled`: most stay as they are from one round to the next.
    """
    more: list[int] = []
    for block in blocks:
        unknown = hidden & block.officers.keys()
        shown = {cell: number for cell, number in block.officers.items() if cell not in unknown}
        for sums in connected(block.sums, unknown):
            held = frozenset(unknown.intersection(chain.from_iterable(sums)))
            if held in settled:
                continue
            found = giving_away(sums, unknown, unknown & block.small, shown)
            if not found:
                settled.add(held)
            more += found
    return more
