"""What pictures owe their reader: contrast in both themes, classes that stay, hatching that is told apart."""

import json
import re
from collections.abc import Callable
from itertools import product

import pytest
from shapely.geometry import MultiLineString, shape
from streamlit.testing.v1 import AppTest

from pages.parts import deck, hatching, palette, scale, tables
from pages.wording import words
from pages.wording.sentences import REAL
from tests.pages.test_shell import text
from tests.places import ROOT

WHITE, BLACK = (1.0, 1.0, 1.0), (20 / 255,) * 3  # the grounds that .streamlit/config.toml sets
# hue-rotate(180deg) of the CSS Filter Effects specification.
TURNED = ((-0.574, 1.43, 0.144), (0.426, 0.43, 0.144), (0.426, 1.43, -0.856))
INVERTED = 0.92
LINES_AND_BARS = (*palette.SERIES, *(palette.VERDICTS[verdict][0] for verdict in REAL))


def colour(code: str) -> tuple[float, ...]:
    return tuple(int(code[step : step + 2], 16) / 255 for step in (1, 3, 5))


def dark(code: str) -> tuple[float, ...]:
    """Turn a colour as style.css does on a dark page: invert(0.92) hue-rotate(180deg)."""
    light = [INVERTED + part * (1 - 2 * INVERTED) for part in colour(code)]
    return tuple(min(max(sum(a * b for a, b in zip(row, light, strict=True)), 0), 1) for row in TURNED)


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Give the contrast ratio of WCAG 2.2."""

    def luminance(parts: tuple[float, ...]) -> float:
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(a * b for a, b in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_test_turns_colours_as_the_stylesheet_does() -> None:
    style = (ROOT / "pages" / "style.css").read_text()
    assert f"filter: invert({INVERTED}) hue-rotate(180deg)" in style
    config = (ROOT / ".streamlit" / "config.toml").read_text()
    assert 'backgroundColor = "#141414"' in config
    assert dark("#ffffff") == pytest.approx(BLACK, abs=0.005)


@pytest.mark.parametrize("code", [palette.INK, palette.QUIET])
def test_words_in_pictures_have_a_contrast_of_four_and_a_half_in_both_themes(code: str) -> None:
    assert contrast(colour(code), WHITE) >= 4.5
    assert contrast(dark(code), BLACK) >= 4.5


@pytest.mark.parametrize("code", [*LINES_AND_BARS, palette.HATCH])
def test_lines_bars_and_marks_have_a_contrast_of_three_in_both_themes(code: str) -> None:
    assert round(contrast(colour(code), WHITE), 1) >= 3
    assert contrast(dark(code), BLACK) >= 3


def test_the_sign_on_a_mark_can_be_read_in_both_themes() -> None:
    concern, ink = palette.VERDICTS["concern"]
    assert contrast(colour(ink), colour(concern)) >= 4.5
    assert contrast(dark("#ffffff"), dark(concern)) >= 4.5


def test_a_verdict_has_a_colour_and_colours_stand_in_the_palette_only() -> None:
    assert {mark.word for mark in (*words.VERDICTS.values(), words.TOO_FEW)} == palette.VERDICTS.keys()
    literal = re.compile(r'#[0-9a-fA-F]{6}\b|"#[0-9a-fA-F]{3}"|rgba\(')
    found = [path.name for path in (ROOT / "pages").rglob("*.py") if literal.search(path.read_text(encoding="utf-8"))]
    assert found == ["palette.py"]


def test_the_classes_of_a_map_stay_while_values_stay_near_what_is_usual() -> None:
    usual = [float(value) for value in range(40, 60)]
    months = ([value + step for value in usual] for step in (-1.0, 0.0, 1.0))
    assert len({scale.classes([*usual, *month]) for month in months}) == 1


def test_one_area_far_from_all_others_does_not_take_the_classes_from_them() -> None:
    assert scale.classes([*map(float, range(5, 45)), 900.0]) == scale.classes([*map(float, range(5, 45)), 45.0])


SQUARE_WITH_A_HOLE = {
    "type": "Polygon",
    "coordinates": [
        [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]],
        [[0.4, 0.4], [0.6, 0.4], [0.6, 0.6], [0.4, 0.6], [0.4, 0.4]],
    ],
}


@pytest.mark.parametrize(("spacing", "many"), [*product((0.05, 0.2), (False, True))])
def test_hatching_lies_inside_its_area_and_outside_its_holes(spacing: float, many: bool) -> None:
    area = SQUARE_WITH_A_HOLE
    if many:
        area = {"type": "MultiPolygon", "coordinates": [SQUARE_WITH_A_HOLE["coordinates"]]}
    drawn = shape(json.loads(hatching.hatched(json.dumps(area), spacing)))
    assert isinstance(drawn, MultiLineString)
    assert drawn.within(shape(area).buffer(1e-4))
    # Diagonals one `spacing` apart across: their length is the area over the distance between them.
    assert drawn.length == pytest.approx(shape(area).area / spacing * 2**0.5, rel=0.05)


def test_a_change_below_one_per_cent_is_not_written_as_none() -> None:
    assert [words.percent(value) for value in (0.34, -0.34, 12.3, 0.0)] == ["+0.3 %", "−0.3 %", "+12 %", "+0 %"]


def test_a_name_starts_large_and_keeps_its_abbreviations() -> None:
    assert words.capital("personal ASB risk-assessed") == "Personal ASB risk-assessed"


def drawn(app: AppTest) -> list[str]:
    return [chart.proto.spec for chart in app.get("plotly_chart")]


def test_comparing_with_last_year_draws_it_beside_this_one(shell: Callable[..., AppTest]) -> None:
    assert not any("last year" in spec for spec in drawn(shell(page="abstractions")))
    app = shell(page="abstractions", compare="year")
    assert not app.exception
    assert any("last year" in spec for spec in drawn(app))


@pytest.mark.parametrize(("page", "compare"), [("patrols", "force"), ("impact_areas", "lpa:L2")])
def test_every_page_with_a_trend_compares_it_with_another_place(
    shell: Callable[..., AppTest], page: str, compare: str
) -> None:
    app = shell(page=page, lpa="L1", compare=compare)
    assert not app.exception
    name = {"force": "West Midlands Police", "lpa:L2": "LPA L2"}[compare]
    assert any(f"<extra>{name}</extra>" in json.dumps(json.loads(spec), ensure_ascii=False) for spec in drawn(app))


def test_before_a_year_of_data_the_overview_does_not_say_that_nothing_changed(shell: Callable[..., AppTest]) -> None:
    said = text(shell(page="overview"))
    assert "too few months for a verdict" in said
    assert "No real change in" not in said


def test_a_map_hatches_the_areas_without_a_figure() -> None:
    """The hatching lies above the fill and below the layers that are switched on."""
    area = {"code": "N", "name": "N", "lpa": "L", "sector": "S", "bounds": (0.0, 0.0, 1.0, 1.0)}
    square = deck.Shape(kind="neighbourhood", geometry=json.dumps(SQUARE_WITH_A_HOLE), **area)
    hotspot = deck.Shape(kind="hotspots", geometry=json.dumps(SQUARE_WITH_A_HOLE), **area)
    view = deck.view_of([square], 400, 400)
    drawn = {"features": [], "shapes": [square], "overlays": [hotspot]}
    ids = [
        [layer["id"] for layer in json.loads(deck.deck(deck.Picture(**drawn, **more), view).to_json())["layers"]]
        for more in ({"empty": []}, {"empty": [square]}, {"empty": [square], "ground": [square]})
    ]
    assert ids == [
        ["areas", "hotspots"],
        ["areas", "hatching", "hotspots"],
        ["ground", "rim", "areas", "hatching", "hotspots"],
    ]


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ({"rank": 3, "ranked_of": 44, "tie": False}, "3 of 44"),
        ({"rank": 3, "ranked_of": 44, "tie": None}, "3 of 44"),
        ({"rank": 3, "ranked_of": 44, "tie": True}, "tie: chance"),
        ({"rank": None, "ranked_of": 0, "tie": None}, None),
    ],
)
def test_places_that_chance_explains_are_said_as_ties(place: dict, said: str | None) -> None:
    assert tables._rank(place) == said
