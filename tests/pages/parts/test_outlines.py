"""Names on a map of outlines: none covers another, and none moves further than it must."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.parts.outlines import _HIGH, _WIDTH, Place, apart

_HEIGHT = 600.0
_ANYWHERE = st.tuples(st.floats(0, _WIDTH), st.floats(0, _HEIGHT))


@pytest.mark.parametrize(
    ("places", "wide", "expected"),
    [
        ([], [], []),
        ([(280, 100), (280, 151)], [100, 100], [(280, 100), (280, 151)]),  # one just below the other
        ([(280, 100), (370, 100)], [100, 100], [(280, 100), (380, 100)]),  # ten to the right is the least
        ([(280, 100), (280, 140)], [100, 100], [(280, 100), (280, 151)]),  # eleven down is the least
        ([(60, 100), (60, 151), (60, 120)], [100, 100, 100], [(60, 100), (60, 151), (60, 49)]),  # below stands another
        ([(10, 100), (555, 590)], [100, 40], [(50, 100), (540, 574.5)]),  # each stays on the drawing
    ],
)
def test_a_name_gives_way_by_the_least(places: list[Place], wide: list[float], expected: list[Place]) -> None:
    assert apart(places, wide, _HEIGHT) == expected


@given(st.lists(st.tuples(_ANYWHERE, st.floats(40, 160)), max_size=7))
def test_seven_names_find_room(named: list[tuple[Place, float]]) -> None:
    wide = [width for _, width in named]
    found = apart([place for place, _ in named], wide, _HEIGHT)
    for step, (x, y) in enumerate(found):
        assert wide[step] / 2 - 1e-9 <= x <= _WIDTH - wide[step] / 2 + 1e-9
        for (a, b), width in zip(found[:step], wide, strict=False):
            assert abs(x - a) >= (wide[step] + width) / 2 - 1e-9 or abs(y - b) >= _HIGH - 1e-9
