"""The maps: what is drawn and named, the buttons that zoom, and which host is asked for streets."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from data_access.settings import SettingsError, load_settings
from pages.parts import deck, hatching
from serving.headers import content_security_policy

Run = Callable[..., AppTest]
STREETS = "https://maps.force.example/plain/style.json"
VIEW = {"longitude": -1.9, "latitude": 52.5, "zoom": 9.0}


def drawn(app: AppTest) -> dict[str, Any]:
    (found,) = [one.proto for one in app.get("deck_gl_json_chart")]
    return json.loads(found.json)


def layer(picture: dict[str, Any], name: str) -> Any:
    return next((one["data"] for one in picture["layers"] if one["id"] == name), [])


def names(picture: dict[str, Any]) -> set[str]:
    return {one["name"] for one in layer(picture, "names")}


def test_the_buttons_zoom_and_name_sectors_and_reset_shows_the_whole_again(shell: Run) -> None:
    app = shell(page="abstractions")
    whole = drawn(app)
    assert names(whole) == {"LPA L1", "LPA L2"}
    near = drawn(app.button(key="zoom_abs_map_1").click().run())
    assert near["initialViewState"]["zoom"] > whole["initialViewState"]["zoom"]
    assert names(near) == names(whole)
    closer = drawn(app.button(key="zoom_abs_map_1").click().run())
    assert closer["initialViewState"]["zoom"] > near["initialViewState"]["zoom"]
    assert {"Sector S1", "Sector S2"} <= names(closer)
    assert drawn(app.button(key="zoom_abs_map_0").click().run()) == whole
    assert (
        drawn(app.button(key="zoom_abs_map_-1").click().run())["initialViewState"]["zoom"]
        < (whole["initialViewState"]["zoom"])
    )


def test_another_area_is_seen_whole(shell: Run) -> None:
    app = shell(page="abstractions")
    app.button(key="zoom_abs_map_1").click().run()
    app.multiselect(key="choose_lpa").set_value(["L1"]).run()
    assert drawn(app) == drawn(shell(page="abstractions", lpa="L1"))


def test_an_lpa_lies_among_whole_grey_lpas_and_a_neighbourhood_among_its_neighbours(shell: Run) -> None:
    lpa, small = (drawn(shell(page="abstractions", **place)) for place in ({"lpa": "L1"}, {"neighbourhood": "N001"}))
    assert len(layer(lpa, "around")["features"]) == 1  # L2, one outline
    assert len(layer(small, "around")["features"]) > 1
    assert len(layer(lpa, "borders")["features"]) == 1


def test_a_wheel_over_the_map_scrolls_the_page(shell: Run) -> None:
    (view,) = drawn(shell(page="abstractions"))["views"]
    assert view["controller"] == {"scrollZoom": False}


@given(st.lists(st.tuples(st.floats(0, 0.1), st.floats(0, 0.1)), min_size=3, max_size=8), st.floats(0.001, 0.02))
def test_hatching_has_no_empty_line_which_would_hide_all_of_it_and_stays_inside(corners, spacing: float) -> None:
    area = shapely.convex_hull(shapely.multipoints([(-2 + across, 52.5 + up) for across, up in corners]))
    assume(area.geom_type == "Polygon" and area.area > 1e-5)
    lines = json.loads(hatching.hatched(shapely.to_geojson(area), spacing))["coordinates"]
    assert all(len(line) >= 2 for line in lines)
    wide = area.bounds[2] - area.bounds[0] + area.bounds[3] - area.bounds[1] > 6 * spacing
    assert lines or not wide or area.area < spacing * spacing
    assert shapely.multilinestrings(lines).difference(area.buffer(2e-5)).length < 1e-6 if lines else True


def test_streets_stand_under_the_areas_where_the_force_serves_them_and_no_host_is_named_else() -> None:
    picture = deck.Picture(features=(), shapes=(), empty=(), overlays=())
    assert json.loads(deck.deck(picture, VIEW, STREETS).to_json())["mapStyle"] == STREETS
    assert "http" not in deck.deck(picture, VIEW).to_json()


def test_a_browser_may_ask_the_map_server_and_no_other() -> None:
    scope = {"type": "http", "headers": [(b"host", b"npd.force.example")], "scheme": "http"}
    told, silent = (content_security_policy(scope, host) for host in ("https://maps.force.example", ""))
    assert told.count("https://maps.force.example") == 2  # style and tiles, pictures of tiles
    assert "maps.force.example" not in silent


def test_the_host_of_the_style_is_what_a_browser_is_told(tmp_path) -> None:
    (tmp_path / "config.toml").write_text(f'[map]\nstyle_url = "{STREETS}"\n')
    assert load_settings(tmp_path / "config.toml").map.host == "https://maps.force.example"


@pytest.mark.parametrize("url", ["maps.force.example", "javascript:x", "https://a b/style.json", "https://a;b/x"])
def test_what_is_no_address_of_a_map_is_refused(tmp_path, url: str) -> None:
    (tmp_path / "config.toml").write_text(f'[map]\nstyle_url = "{url}"\n')
    with pytest.raises(SettingsError, match="style_url"):
        load_settings(tmp_path / "config.toml")
