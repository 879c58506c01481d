"""A line's trends are one picture: each cell shows its part, the runs as long and as high as a trend of its own."""

import re
from xml.etree import ElementTree

from pages.parts.drawing import TREND_WIDTH, has_trend, trends

HIGH = 18  # pixels
SVG = "{http://www.w3.org/2000/svg}"


def paths(drawn: str) -> tuple[list[list[tuple[float, float]]], list[tuple[float, float]]]:
    """Return the points of each line, and the dots."""
    lines, dots = (path.attrib["d"] for path in ElementTree.fromstring(drawn).iter(f"{SVG}path"))
    runs = [[tuple(map(float, one.split(","))) for one in run.split()] for run in lines.split("M")[1:]]
    return runs, [(float(x), float(y)) for x, y in re.findall(r"M([\d.]+),([\d.]+)h0", dots)]


def test_each_run_is_drawn_in_its_own_part_of_the_picture() -> None:
    lines, dots = paths(trends([[1, 2, 3], [5, None, 3, 4], [7, 7]]))
    assert lines == [
        [(2, 15), (21, 9), (40, 3)],
        [(46, 3), (71.3, 15), (84, 9)],  # the month that is not known is passed over, its room is kept
        [(90, 15), (128, 15)],
    ]
    assert dots == [line[-1] for line in lines]


def test_a_run_with_fewer_than_two_known_keeps_its_room_and_is_not_drawn() -> None:
    lines, _ = paths(trends([[], [None, 4], [1, 2]]))
    assert lines == [[(90, 15), (128, 3)]]
    assert [has_trend(values) for values in ([], [None, 4], [1, None, 2])] == [False, False, True]


def test_the_picture_is_as_wide_as_its_runs() -> None:
    picture = ElementTree.fromstring(trends([[1, 2]] * 9))
    assert picture.attrib["width"] == f"{9 * TREND_WIDTH}" and picture.attrib["height"] == f"{HIGH}"


def test_there_is_no_picture_where_nothing_can_be_drawn() -> None:
    assert trends([[], [3], [None, None]]) == ""
