"""What sums tell together of cells that none of them tells alone."""

from itertools import chain

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from metrics.linear_sums import connected, giving_away

MOST, TOTAL = 8, 100  # cells, and the number of the first sum's total
CELLS = st.integers(0, MOST - 1)
SUMS = st.lists(st.lists(CELLS, min_size=1, max_size=5, unique=True), min_size=1, max_size=8)


def test_what_cancels_out_would_not_help():
    """1 + 2 + 3 = 10 and 2 + 3 = 11: cell 1 is their difference, whether or not cell 2 is shown."""
    sums, officers = [[1, 2, 3, 10], [2, 3, 11]], {2: 1, 10: 9, 11: 8}
    assert giving_away(sums, {1, 3}, {1}, officers) == [11]
    assert giving_away(sums, {1, 2, 3}, {1}, {10: 9, 11: 8}) == [11]
    assert giving_away(sums, {1, 3, 11}, {1}, {2: 1, 10: 9}) == []


def test_sums_hang_together_by_what_is_unknown_in_them():
    first, second, joining, known = [1, 2, 20], [3, 4, 21], [2, 3, 22], [5, 6, 23]
    assert connected([first, second, known], {1, 2, 3, 4}) == [[first], [second]]
    assert connected([first, second, joining], {1, 2, 3, 4}) == [[second, first, joining]]


@given(SUMS, st.sets(CELLS), st.sets(CELLS))
def test_every_cell_that_follows_from_sums_together_is_found(
    members: list[list[int]], unknown: set[int], few: set[int]
) -> None:
    """A cell follows where a sum of it alone adds nothing to the rank of all sums."""
    sums = [[*one, TOTAL + at] for at, one in enumerate(members)]  # each with a total of its own, which is shown
    lines = np.array([[one.count(cell) if cell in unknown else 0 for cell in range(MOST)] for one in members])
    rank = np.linalg.matrix_rank(lines)
    follows = [cell for cell in unknown if np.linalg.matrix_rank(np.vstack([lines, np.eye(MOST)[cell]])) == rank]
    shown = {cell: 9 for cell in {*chain.from_iterable(sums)} - unknown}
    found = giving_away(sums, unknown, few, shown)
    assert len(found) == len(few.intersection(follows))
    assert shown.keys() >= set(found)
