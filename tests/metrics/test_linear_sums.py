"""What sums tell together of cells that none of them tells alone."""

from metrics.linear_sums import connected, giving_away


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
