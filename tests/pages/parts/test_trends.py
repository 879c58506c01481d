"""A line's trends are one picture, each at the left of its column, as long and as high as a trend of its own."""

import re
from xml.etree import ElementTree

from pages.parts.drawing import TRENDS_WIDTH, has_trend, trends

HIGH = 18  # pixels
SVG = "{http://www.w3.org/2000/svg}"


def paths(drawn: str) -> tuple[list[list[tuple[float, float]]], list[tuple[float, float]]]:
    """Return the points of each line, and the dots."""
    lines, dots = (path.attrib["d"] for path in ElementTree.fromstring(drawn).iter(f"{SVG}path"))
    runs = [[tuple(map(float, one.split(","))) for one in run.split()] for run in lines.split("M")[1:]]
    return runs, [(float(x), float(y)) for x, y in re.findall(r"M([\d.]+),([\d.]+)h0", dots)]


def test_each_run_is_drawn_at_the_left_of_its_column() -> None:
    lines, dots = paths(trends([[1, 2, 3], [5, None, 3, 4], [7, 7]]))
    assert lines == [
        [(2, 15), (21, 9), (40, 3)],
        [(350, 3), (375.3, 15), (388, 9)],  # the month that is not known is passed over, its room is kept
        [(698, 15), (736, 15)],
    ]
    assert dots == [line[-1] for line in lines]


def test_a_run_with_fewer_than_two_known_keeps_its_column_and_is_not_drawn() -> None:
    lines, _ = paths(trends([[], [None, 4], [1, 2]]))
    assert lines == [[(698, 15), (736, 3)]]
    assert [has_trend(values) for values in ([], [None, 4], [1, None, 2])] == [False, False, True]


def test_the_picture_is_stretched_over_the_columns_and_its_strokes_are_not() -> None:
    picture = ElementTree.fromstring(trends([[1, 2]] * 9))
    assert picture.attrib["viewBox"] == f"0 0 {TRENDS_WIDTH} {HIGH}"
    assert picture.attrib["preserveAspectRatio"] == "none"
    assert [path.attrib["vector-effect"] for path in picture] == ["non-scaling-stroke"] * 2


def test_there_is_no_picture_where_nothing_can_be_drawn() -> None:
    assert trends([[], [3], [None, None]]) == ""
