"""How many officers a figure rests on, and which figures would tell of fewer than five: those are withheld.

A figure is made of officers' time if its rows name officers, or if another source names the officers of its rows.
What is withheld is decided for the whole force and every level at once, so that no two viewers see different holes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from metrics.indicator import Indicator, Part
from metrics.sources import SOURCES
from metrics.sums import Cut, Facts, placed, splitting

SMALLEST_GROUP = 5  # officers; ICO, Monitoring workers, 2023
TOO_FEW = "withheld: fewer than five officers"
OFFICER = "officer_id"
ROUNDING = 1e-8  # of sums of zeros and ones
# Presence is a union over officers and names none of them: they are those who were visible there.
_NAMED_BY: Mapping[str, tuple[str, pl.Expr]] = {
    "presence": ("visibility_place", pl.col("uniformed").fill_null(True) & (pl.col("place_kind") == "visible"))
}
_CELL = ["quantity", "mix", "area_level", "area_code", "month"]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Count:
    """Whose time a cell is made of: rows of a source that are not 0, and what the cell is called."""

    quantity: str
    source: str
    rows: pl.Expr
    home: str | None
    split: str | None = None
    beyond: bool = False


def of_officers(part: Part | None) -> bool:
    """Tell whether a part is made of officers' time."""
    return part is not None and (OFFICER in SOURCES[part.source] or part.source in _NAMED_BY)


def made_of_officers_time(indicator: Indicator) -> bool:
    """Tell whether an indicator shows officers' time, in either of its parts."""
    return of_officers(indicator.numerator) or of_officers(indicator.denominator)


def sources_of_officers(indicators: Sequence[Indicator]) -> list[str]:
    """Name the sources that `officers_behind` reads for these indicators."""
    parts = [part for one in indicators for part in (one.numerator, one.denominator) if of_officers(part)]
    return sorted({_named_by(part)[0] for part in parts if part is not None})


def quantity_of(part: Part, home: str | None) -> str:
    """Name what a part of officers' time counts, and of whom: the same wherever it stands."""
    return f"{home or 'everyone'}, {part.quantity or f'{part.source}: {part.words}'}"


def officers_behind(facts: Facts, indicators: Sequence[Indicator], cut: Cut) -> pl.LazyFrame:
    """Give quantity, mix, area_level, area_code, month, *by, officers: who has a part in each cell.

    A cell is what a numerator or denominator shows; `officers` lists those whose rows in it are not 0. The officers of
    what a denominator has beyond its numerator stand under the numerator's name with `beyond` true, since the one
    gives the other away.
    """
    counts = {(one.quantity, one.split, one.beyond): one for each in indicators for one in _counts(each, cut)}
    pieces = [_behind(facts, count, cut) for count in counts.values()]
    schema = {"quantity": pl.String, "mix": pl.String, "area_level": pl.String, "area_code": pl.String}
    nothing = {**schema, "month": pl.Date, **dict.fromkeys(cut.by, pl.Null), "beyond": pl.Boolean}
    return pl.concat(
        [pl.LazyFrame(schema={**nothing, "officers": pl.List(pl.String)}), *pieces], how="diagonal_relaxed"
    )


def _counts(indicator: Indicator, cut: Cut) -> list[_Count]:
    home, upper, below = cut.home(indicator), indicator.numerator, indicator.denominator
    found = [] if below is None or not of_officers(below) else [_count(below, home, None)]
    if not of_officers(upper):
        return found
    found.append(_count(upper, home, indicator.split))
    if below is not None and below.source == upper.source and indicator.split is None:
        rest = below.rows.cast(pl.Float64).fill_null(0) - upper.rows.cast(pl.Float64).fill_null(0)
        found.append(replace(found[-1], rows=rest, beyond=True))
    return found


def _count(part: Part, home: str | None, split: str | None) -> _Count:
    source, rows = _named_by(part)
    return _Count(quantity=quantity_of(part, home), source=source, rows=rows, home=home, split=split)


def _named_by(part: Part) -> tuple[str, pl.Expr]:
    return _NAMED_BY.get(part.source, (part.source, part.rows))


def _behind(facts: Facts, count: _Count, cut: Cut) -> pl.LazyFrame:
    rows = placed(facts, count.source, cut, count.home)
    category = pl.lit("") if count.split is None else pl.col(count.split).fill_null("")
    keys = ["area_code", "month", *_splitting(count.source, cut)]
    takes_part = rows.filter(count.rows.cast(pl.Float64).fill_null(0) != 0)
    named = takes_part.group_by(*keys, category.alias("mix")).agg(officers=pl.col(OFFICER).unique())
    return named.with_columns(
        quantity=pl.lit(count.quantity), area_level=pl.lit(cut.level), beyond=pl.lit(count.beyond)
    )


def _splitting(source: str, cut: Cut) -> tuple[str, ...]:
    return splitting(cut.by, SOURCES[source], stock=False)


def too_few(
    behind: pl.DataFrame, parents: pl.DataFrame, by: Sequence[str] = (), *, months: bool = True
) -> pl.DataFrame:
    """Give the cells to withhold, of `officers_behind`'s answer at every level: quantity to month, and *by.

    A cell goes that rests on one to four officers (an officer who is not known counts for nobody), or whose rest up to
    the denominator does; then more, until nothing that can be worked out by subtraction rests on fewer than five: of
    an area's parts, of a mix's categories, of the values of a column in `by`, and (`months` false) of a month's days
    or weeks, the cells withheld are at least two and of at least five officers, or their sum is withheld as well.
    `parents` has area_level, area_code, month, parent_level, parent_code.
    """
    cells = _cells(behind, parents, by)
    families = [*_FAMILIES, *((name,) for name in by), *(() if months else (("month",),))]
    closed = _closed(_numbered(cells, families, by), len(families))
    settled: set[tuple[object, ...]] = set()
    while more := _determined(closed, len(families), settled):
        closed = _closed(_also_hidden(closed, more), len(families))
    return closed.filter("hidden").select(*_CELL, *by)


def _closed(cells: pl.DataFrame, steps: int) -> pl.DataFrame:
    """Hide more cells until no family of them tells too much."""
    while True:
        wider = cells
        for step in range(steps):
            wider = _widened(wider, f"_family_{step}", f"_whole_{step}")
        if wider["hidden"].sum() == cells["hidden"].sum():
            return wider
        cells = wider


def _also_hidden(cells: pl.DataFrame, more: Sequence[int]) -> pl.DataFrame:
    return cells.with_columns(hidden=pl.col("hidden") | pl.col("_cell").is_in(list(more)))


_FAMILIES = (("area_code",), ("mix",))  # what tells the members of a family apart


def _cells(behind: pl.DataFrame, parents: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Give a row a cell, with its officers, how many they are and whether they are too few; and the area's parent."""
    known = pl.col("officers").list.drop_nulls()
    counted = behind.with_columns(officers=known, number=known.list.len())
    few = pl.col("number") < SMALLEST_GROUP
    beyond = counted.filter("beyond", few).select(*_CELL, *by, _gives_away=pl.lit(True)).unique()
    own = counted.filter(~pl.col("beyond")).join(beyond, on=[*_CELL, *by], how="left", nulls_equal=True)
    placed = own.join(parents, on=["area_level", "area_code", "month"], how="left")
    hidden = few | pl.col("_gives_away").fill_null(False)
    return (
        placed.with_columns(hidden=hidden, small=hidden)
        .drop("beyond", "_gives_away")
        .sort(*_CELL, *by)
        .with_row_index("_cell")
    )


def _numbered(cells: pl.DataFrame, families: Sequence[tuple[str, ...]], by: Sequence[str]) -> pl.DataFrame:
    """Add for each kind of family its number, and the cell that is its sum: null where no such cell is shown."""
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
    """Give, for each member of a family, the cell of its parent area, or of all categories."""
    above = {"area_level": "parent_level", "area_code": "parent_code"} if own == "area_code" else {}
    whole = cells.filter(pl.lit(True) if above else pl.col("mix") == "")
    sums = whole.select(*(pl.col(name).alias(above.get(name, name)) for name in keys), pl.col("_cell").alias("_sum"))
    on = [above.get(name, name) for name in keys if above or name != "mix"]
    joined = cells.join(sums.drop([] if above else "mix"), on=on, how="inner", nulls_equal=True)
    return joined.filter(pl.col("_sum") != pl.col("_cell")).select("_cell", pl.col("_sum").alias(f"_whole_{step}"))


def _widened(cells: pl.DataFrame, family: str, whole: str) -> pl.DataFrame:
    """Hide one more cell of each family that tells too much: the one of fewest officers, else the sum of all."""
    own = pl.col("hidden")
    sum_hidden = own.gather(pl.col(whole)).fill_null(False)
    members = cells.with_columns(_sum_hidden=sum_hidden).filter(pl.col(family).is_not_null())
    held = members.group_by(family).agg(
        unknown=own.sum() + pl.col("_sum_hidden").first().cast(pl.UInt32),
        most=pl.col("number").filter(own).max(),
        sum_hidden=pl.col("_sum_hidden").first(),
        sum=pl.col(whole).first(),
    )
    # One of them that has enough officers makes enough of them all: the others need to be told apart.
    few_each = held.filter(~pl.col("sum_hidden"), pl.col("most") < SMALLEST_GROUP)
    together = members.filter(own).join(few_each, on=family, how="semi").explode("officers").group_by(family)
    few = together.agg(union=pl.col("officers").n_unique()).filter(pl.col("union") < SMALLEST_GROUP)
    weak = pl.concat([held.filter(pl.col("unknown") == 1), held.join(few, on=family, how="semi")]).unique(family)
    offered = members.filter(~own).join(weak, on=family, how="semi").sort("number", "_cell")
    chosen = offered.unique(family, keep="first", maintain_order=True)
    stuck = weak.join(chosen, on=family, how="anti").filter(~pl.col("sum_hidden"))["sum"].drop_nulls()
    return _also_hidden(cells, pl.concat([chosen["_cell"], stuck]).to_list())


def _determined(cells: pl.DataFrame, steps: int, settled: set[tuple[object, ...]]) -> list[int]:
    """Give, for cells of too few that follow from several sums together, more cells to hide.

    Sums over areas and over categories cross, so that no single one of them need give a cell away. What is found to
    give nothing away is remembered in `settled`.
    """
    crossing = cells.filter(pl.col("mix") != "").select("quantity", "month").unique()
    more: list[int] = []
    for block in cells.join(crossing, on=["quantity", "month"], how="semi").partition_by("quantity", "month"):
        unknown = set(block.filter("hidden")["_cell"])
        if (state := (*block.select("quantity", "month").row(0), len(unknown))) in settled:
            continue
        few = set(block.filter("hidden", "small")["_cell"])
        officers = dict(block.filter(~pl.col("hidden")).select("_cell", "number").iter_rows())
        parts = _connected(_relations(block, steps), unknown)
        found = [cell for relations in parts for cell in _giving_away(relations, unknown, few, officers)]
        if not found:
            settled.add(state)
        more += found
    return more


def _relations(block: pl.DataFrame, steps: int) -> list[list[int]]:
    """List the sums: the cells of each family, and last the cell that is their sum, -1 where it is not shown as one."""
    found = []
    for step in range(steps):
        family, whole = f"_family_{step}", f"_whole_{step}"
        known = block.filter(pl.col(family).is_not_null()).group_by(family, maintain_order=True)
        for members, total in known.agg("_cell", pl.col(whole).first()).select("_cell", whole).iter_rows():
            found.append([*members, -1 if total is None else total])
    return found


def _connected(relations: list[list[int]], unknown: set[int]) -> list[list[list[int]]]:
    """Part the sums into those that share unknown cells, directly or through others."""
    parts: list[tuple[set[int], list[list[int]]]] = []
    for relation in relations:
        held = unknown.intersection(relation)
        if not held:
            continue
        mine, others = [relation], []
        for cells, lines in parts:
            if held.isdisjoint(cells):
                others.append((cells, lines))
            else:
                held, mine = held | cells, [*lines, *mine]
        parts = [*others, (held, mine)]
    return [lines for _, lines in parts]


def _giving_away(
    relations: list[list[int]], unknown: set[int], few: set[int], officers: Mapping[int, int]
) -> list[int]:
    """Solve the sums for their unknown cells; where one of too few follows, give a shown cell of a sum it follows from.

    The sums are brought to the form in which each line leads with an unknown that no other line has: an unknown that
    stands alone in its line is determined, by the sums that the line was made of. Of their cells the one of fewest
    officers is given.
    """
    columns = sorted(unknown.intersection(set().union(*relations)))
    place = {cell: at for at, cell in enumerate(columns)}
    matrix = np.zeros((len(relations), len(columns) + len(relations)))
    for line, relation in enumerate(relations):
        for at, cell in enumerate(relation):
            if cell in place:
                matrix[line, place[cell]] += -1 if at == len(relation) - 1 else 1
        matrix[line, len(columns) + line] = 1
    found = []
    for line in _reduced(matrix, len(columns)):
        led = np.flatnonzero(np.abs(line[: len(columns)]) > ROUNDING)
        if len(led) == 1 and columns[led[0]] in few:
            used = np.flatnonzero(np.abs(line[len(columns) :]) > ROUNDING)
            offered = {cell for relation in used for cell in relations[relation] if cell in officers}
            found += sorted(offered, key=lambda cell: (officers[cell], cell))[:1]
    return found


def _reduced(matrix: np.ndarray, columns: int) -> np.ndarray:
    """Bring the first `columns` to reduced row echelon form, the rest along with them."""
    top = 0
    for column in range(columns):
        if top == len(matrix):
            break
        pivot = top + int(np.abs(matrix[top:, column]).argmax())
        if abs(matrix[pivot, column]) <= ROUNDING:
            continue
        matrix[[top, pivot]] = matrix[[pivot, top]]
        matrix[top] /= matrix[top, column]
        lines = np.flatnonzero(np.abs(matrix[:, column]) > ROUNDING)
        others = lines[lines != top]
        matrix[others] -= np.outer(matrix[others, column], matrix[top])
        top += 1
    return matrix[:top]


def withhold_few(rows: pl.DataFrame, indicators: Sequence[Indicator], hidden: pl.DataFrame, cut: Cut) -> pl.DataFrame:
    """Empty the figures of compute's rows that show a cell of `hidden`, `too_few`'s answer, and say why."""
    noted = rows if "note" in rows.columns else rows.with_columns(note=pl.lit(None, pl.String))
    numbered = noted.with_row_index("_row")
    told = [_showing(numbered, one, part, hidden, cut) for one in indicators for part in _parts(one)]
    gone = pl.col("_row").is_in(pl.concat([pl.Series(dtype=pl.UInt32), *told]).unique().to_list())
    kept = [pl.when(~gone).then(name).alias(name) for name in ("numerator", "denominator", "value")]
    return numbered.with_columns(*kept, note=pl.when(gone).then(pl.lit(TOO_FEW)).otherwise("note")).drop("_row")


def _parts(indicator: Indicator) -> list[Part]:
    return [part for part in (indicator.numerator, indicator.denominator) if part is not None and of_officers(part)]


def _showing(rows: pl.DataFrame, indicator: Indicator, part: Part, hidden: pl.DataFrame, cut: Cut) -> pl.Series:
    """Give the numbers of an indicator's rows in which a part's hidden cells stand."""
    mixed = indicator.split is not None and part is indicator.numerator
    category = pl.col("category").fill_null("") if mixed else pl.lit("")
    mine = rows.filter(pl.col("indicator_id") == indicator.id).with_columns(mix=category)
    on = ["mix", "area_level", "area_code", "month", *_splitting(_named_by(part)[0], cut)]
    cells = hidden.filter(pl.col("quantity") == quantity_of(part, cut.home(indicator))).select(on).unique()
    return mine.join(cells, on=on, how="semi", nulls_equal=True)["_row"]
