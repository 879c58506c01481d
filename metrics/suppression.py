"""What is emptied before publication: small counts below the LPA, and as many more as keep them from being worked out.

A count of 1 to 4 is emptied wherever it stands, and so is a share that leaves so few. Then one more of a family is
emptied where its sum would give a hidden one away, or leave it less than 1 to 4. Then linear programming audits the
whole publication, all months together: beside a count that can still be told from 1 to 4 another is emptied.
What is shown is exact: rounding would have changed every figure, and a rate of rounded counts is no rate.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.bounds import ROUNDING, Neighbours, Sought, closed, closed_for_good, implied
from metrics.counts import ALWAYS_PUBLISHED, CELL, Counts, counts
from metrics.disclosure import emptied, with_note
from metrics.indicator import Indicator

SMALLEST_COUNT, LARGEST_SMALL_COUNT = 1, 4
SUPPRESSED = "suppressed"
SINGLY = 3  # steps in which one more is hidden; after twice as many, all of its LPA beside a count left
_IN_LPA = ["quantity", "category", "month", "lpa"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Publication:
    """What `suppress` returns: the rows with what is hidden emptied, and `cells`, the counts that they show.

    `cells` has quantity, category, area_level, area_code, month, `hidden` and `amount` (null: hidden or not known).
    """

    rows: pl.DataFrame
    cells: pl.DataFrame


def suppress(
    tidy: pl.DataFrame, indicators: Sequence[Indicator], members: pl.DataFrame, released: pl.DataFrame | None = None
) -> Publication:
    """Empty, for the public, what would tell of 1-4 people or events below the LPA.

    A row goes if a count in it is hidden: the same count is hidden in every indicator it stands in. `members` has
    level, code, parent_level, parent_code, valid_from, valid_to, a row per version: a redrawn area's siblings are those
    it had at the month's end. Force and LPA are always published. `tidy` must hold the whole history that is to be
    published, and every area of a level. `released` are the `cells` of earlier editions, with `edition`: what one of
    them hid stays hidden, and what one showed hides nothing if it is still the same.
    """
    counted = counts(tidy.with_row_index("_row"), indicators, members)
    before, known = _earlier(counted, released)
    table = _table(counted, known)
    hidden = _audited(table, (before | table.small) & ~known) | before | table.small
    in_row = counted.rows.filter(pl.col("cell").is_in(np.flatnonzero(hidden)))["row"].unique()
    gone = ~pl.col("area_level").is_in(ALWAYS_PUBLISHED) & pl.col("_row").is_in(in_row.to_list())
    rows = emptied(with_note(tidy.lazy()).with_row_index("_row"), gone, pl.lit(SUPPRESSED)).drop("_row").collect()
    return Publication(rows=rows, cells=_told(counted, hidden))


@dataclass(frozen=True, kw_only=True, eq=False)
class _Table:
    """The cells as arrays: those that may be hidden (`free`), which families they are of, how much they are.

    `in_lpa` numbers the cells of one quantity, category, month and LPA, `most` is how much the LPA's own figure lets
    each be, at most 4.
    """

    counts: Counts
    amount: np.ndarray
    small: np.ndarray
    free: np.ndarray
    in_lpa: np.ndarray
    most: np.ndarray
    families: tuple[tuple[np.ndarray, np.ndarray], ...]


def _table(counted: Counts, known: np.ndarray) -> _Table:
    cells = counted.cells
    amount, open_ = cells["amount"].fill_null(np.nan).to_numpy(), cells["open"].to_numpy()
    lpas = cells.filter(area_level="lpa").select(*_IN_LPA[:3], lpa="area_code", _most="amount")
    most = cells.join(lpas, on=_IN_LPA, how="left", maintain_order="left")["_most"].fill_null(LARGEST_SMALL_COUNT)
    in_mix = np.where(cells["total"].to_numpy() >= 0, cells["mix"].to_numpy(), -1)
    return _Table(
        counts=counted,
        amount=amount,
        small=open_ & (amount >= SMALLEST_COUNT) & (amount <= LARGEST_SMALL_COUNT),
        free=open_ & ~np.isnan(amount) & ~known,
        in_lpa=cells.select(pl.struct(_IN_LPA).rank("dense"))["quantity"].to_numpy().astype(np.int64) - 1,
        most=np.clip(most.to_numpy(), SMALLEST_COUNT, LARGEST_SMALL_COUNT),
        families=(
            (cells["siblings"].to_numpy(), cells["above"].to_numpy()),
            (in_mix, cells["total"].to_numpy()),
        ),
    )


def _audited(table: _Table, secret: np.ndarray) -> np.ndarray:
    """Hide more until every small count may be anything from 1 to 4, or what its LPA's own figure leaves of that."""
    secret, neighbours = _closure(table, secret), Neighbours(table.counts.equations, table.amount.size)
    small = np.flatnonzero(table.small & secret)
    goal = np.concatenate([table.most[small], np.full(small.size, float(SMALLEST_COUNT))])
    left = Sought(cell=np.tile(small, 2), up=np.repeat([True, False], small.size), goal=goal)
    amount = np.nan_to_num(table.amount)
    step = 0
    while True:
        left = closed(left, secret, amount, _least(table, secret), table.counts.equations)
        if step == SINGLY:  # of what nothing below the LPA could hide, no more need be hidden
            hopeless = closed_for_good(left, secret | table.free, amount, np.zeros(amount.size), table.counts.equations)
            left = left.only(~hopeless)
        if not left.cell.size:
            return secret
        more = _beside(table, neighbours, secret, left)
        beside = np.array([at for at in more if at is not None], dtype=np.int64)
        secret[beside] = True
        if step >= 2 * SINGLY:
            secret |= table.free & np.isin(table.in_lpa, table.in_lpa[beside])
        secret = _closure(table, secret)
        left = left.only(np.array([at is not None for at in more], dtype=bool))
        step += 1


def _beside(table: _Table, neighbours: Neighbours, secret: np.ndarray, shut: Sought) -> list[int | None]:
    """Return what to hide next for each count that can be worked out; None: all that could be hidden is.

    Another nought helps a count to be more only where none of its LPA is hidden yet.
    """
    free, amount = table.free & ~secret, np.nan_to_num(table.amount)
    useful = free & ((amount > 0) | ~_noughts(table, secret))
    return [
        neighbours.nearest(cell, secret, useful if up else free, amount)
        for cell, up in zip(shut.cell, shut.up, strict=True)
    ]


def _least(table: _Table, secret: np.ndarray) -> np.ndarray:
    """Return the least that a reader takes each hidden cell for: 1, for counts are hidden before noughts.

    It is 0 in an LPA where noughts may be hidden too, and of what is left of a share, which nobody counts.
    """
    left = np.zeros(secret.size, dtype=bool)
    left[table.counts.shares[:, 2]] = True
    return np.where((table.amount >= 1) & ~_noughts(table, secret) & ~left, 1.0, 0.0)


def _noughts(table: _Table, secret: np.ndarray) -> np.ndarray:
    """Tell of each cell whether noughts may be among those hidden in its LPA: one is, or all there is is hidden."""
    nought = np.bincount(table.in_lpa, secret & (table.amount == 0)) > 0
    shown = np.bincount(table.in_lpa, ~secret & ~np.isnan(table.amount)) > 0
    return (nought | ~shown)[table.in_lpa]


def _closure(table: _Table, secret: np.ndarray) -> np.ndarray:
    """Hide one more wherever a sum by itself, or a chain of them, gives a hidden count away, until none does."""
    while True:
        wider = _with_shares(table.counts.shares, secret)
        for family, whole in table.families:
            wider = _one_more(table, wider, family, whole)
        if (wider == secret).all():
            wider = _where_tight(table, wider)
        if (wider == secret).all():
            return wider
        secret = wider


def _with_shares(shares: np.ndarray, secret: np.ndarray) -> np.ndarray:
    """Hide a share's numerator with its denominator, and what is left with the numerator: they stand in one row."""
    wider, (upper, below, left) = secret.copy(), shares.T
    np.logical_or.at(wider, upper, secret[below] | secret[left])
    np.logical_or.at(wider, left, wider[upper])
    return wider


def _one_more(table: _Table, secret: np.ndarray, family: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Hide another count in each family that hides just one: the smallest above 0, else a nought, else the sum."""
    inside = np.flatnonzero((family >= 0) & ~np.isnan(table.amount))
    of, size, wider = family[inside], secret.size, secret.copy()
    above = np.full(size, -1)
    above[of] = whole[inside]
    alone = np.bincount(of, secret[inside], size) + ((above >= 0) & secret[above]) == 1
    wants = inside[alone[of] & (table.free & ~secret)[inside]]
    wider[_smallest(wants, of=family[wants], amount=table.amount)] = True
    helped = np.isin(np.arange(size), family[wants])
    sums = above[alone & (above >= 0) & ~helped]
    wider[sums[table.free[sums]]] = True
    return wider


def _smallest(cells: np.ndarray, *, of: np.ndarray, amount: np.ndarray) -> np.ndarray:
    """Return the smallest above 0, else a nought, among the cells of each group."""
    order = np.lexsort((cells, amount[cells], amount[cells] <= 0, of))
    return cells[order][np.unique(of[order], return_index=True)[1]]


def _where_tight(table: _Table, secret: np.ndarray) -> np.ndarray:
    """Hide another count of each equation that leaves a small one less than it should: part of it, or its sum."""
    equations, wider = table.counts.equations, secret.copy()
    low, high = implied(equations, secret, np.nan_to_num(table.amount), _least(table, secret))
    cell, small = equations.cell, (table.small & secret)[equations.cell]
    too_high = small & (low > SMALLEST_COUNT + ROUNDING)
    too_low = small & (high < table.most[cell] - ROUNDING)
    up, down = (np.bincount(equations.equation, one, equations.rest.size) > 0 for one in (too_low, too_high))
    useful = (np.nan_to_num(table.amount) > 0) | ~_noughts(table, secret)
    open_ = (table.free & ~secret)[cell]
    wants = open_ & (down[equations.equation] | (up[equations.equation] & useful[cell]))
    wider[_smallest(cell[wants], of=equations.equation[wants], amount=table.amount)] = True
    return wider


def _earlier(counted: Counts, released: pl.DataFrame | None) -> tuple[np.ndarray, np.ndarray]:
    """Tell which cells an earlier edition hid, and which one showed as they still are.

    Where anything that an edition showed of a quantity in an LPA and month has changed, the reader cannot tell what
    else has: nothing of it is known then.
    """
    size = counted.cells.height
    before, known = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    if released is None or released.is_empty():
        return before, known
    own = counted.named.join(counted.cells.select("cell", "lpa", _now="amount"), on="cell")
    then = released.join(own, on=CELL)
    block = ["edition", "quantity", "month", "lpa"]
    same = (pl.col("amount") == pl.col("_now")).fill_null(True).all().over(block)
    told = then.with_columns(same=same & pl.col("amount").is_not_null())
    before[told.filter("hidden")["cell"].to_numpy()] = True
    known[told.filter("same")["cell"].to_numpy()] = True
    return before, known & ~before


def _told(counted: Counts, hidden: np.ndarray) -> pl.DataFrame:
    """List every count below the LPA by each of its names: is it hidden, and how much is shown where it is not."""
    cells = counted.cells.with_columns(hidden=pl.Series(hidden)).filter("open").select("cell", "amount", "hidden")
    named = counted.named.join(cells, on="cell", maintain_order="left")
    return named.select(*CELL, "hidden", amount=pl.when(~pl.col("hidden")).then("amount")).sort(CELL)
