"""Whatever names an area leads to it on the same page; an address that contradicts itself says what was used."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from data_access.scope import Scope
from metrics import indicators_of
from pages.parts.area_table import number
from pages.selections import links
from pages.selections.places import AREAS, Places, line, places_of
from pages.selections.selection import read, write, write_place
from tests.pages.test_shell import linked_rows, text

Run = Callable[..., AppTest]
MONTH = date(2024, 10, 1)
TREE = {"L1": {"S1": ["N1", "N2"], "S2": ["N3"]}, "L2": {"S3": ["N4"]}}


def places() -> Places:
    rows = [("force", "F", "", "")]
    for lpa, sectors in TREE.items():
        rows += [("lpa", lpa, "force", "F"), ("hotspot", f"T{lpa}", "lpa", lpa)]
        for sector, neighbourhoods in sectors.items():
            rows += [
                ("sector", sector, "lpa", lpa),
                *(("neighbourhood", one, "sector", sector) for one in neighbourhoods),
            ]
    names = ("level", "code", "name", "parent_level", "parent_code")
    told = [dict(zip(names, (level, code, f"the {code}", *above), strict=True)) for level, code, *above in rows]
    return places_of(told, Scope(viewer="chief", force=True, people="none"))


PLACES = places()
given_areas = st.fixed_dictionaries(
    {},
    optional={level: st.sampled_from([code for name, code in PLACES.names if name == level]) for level in AREAS[1:]},
)


@given(given_areas)
def test_an_address_is_contradicted_exactly_where_it_names_what_the_shown_area_does_not_lie_in(address) -> None:
    chosen, said = read(address, PLACES, [MONTH], MONTH)
    holding = line(PLACES, (chosen.level, chosen.code))
    left_out = [
        (level, address[level]) for level in AREAS if (level, address.get(level)) not in (*holding, (level, None))
    ]
    assert len(said) == len(left_out)
    for sentence, place in zip(said, left_out, strict=True):
        assert PLACES.names[place] in sentence
        assert sentence.endswith(f"the {chosen.code} is shown.")


@pytest.mark.parametrize("spot", ["hotspot", "impact_area"])
def test_another_lpa_takes_the_place_in_the_first_one_away(spot: str) -> None:
    address = {"lpa": "L1", spot: "TL1", "month": "2024-10"}
    assert write(address, "lpa", "L2") == {"lpa": "L2", "month": "2024-10"}
    assert write_place(address, PLACES, ("sector", "S3")) == {"lpa": "L2", "sector": "S3", "month": "2024-10"}


def test_a_page_says_that_its_address_contradicts_itself(shell: Run) -> None:
    app = shell(lpa="L2", sector="S1")
    assert "The address names LPA L2 and Sector S1, but Sector S1 lies in LPA L1: Sector S1 is shown." in text(app)
    assert app.multiselect(key="choose_lpa").value == ["L1"]


def test_a_hotspot_of_another_lpa_is_left_out_and_said(shell: Run) -> None:
    app = shell(page="impact_areas", lpa="L2", impact_area="I1")
    assert not app.exception
    assert not [one for one in app.button if one.key == "chip_impact_area"]


@pytest.mark.parametrize(
    ("page", "level", "code"), [("patrols", "hotspot", "T1"), ("impact_areas", "impact_area", "I1")]
)
def test_a_chosen_place_is_a_chip_that_takes_it_away(shell: Run, page: str, level: str, code: str) -> None:
    app = shell(page=page, **{level: code})
    chip = app.button(key=f"chip_{level}")
    assert f"Place {code}" in chip.label
    chip.click().run()
    assert level not in app.query_params


def crumbs(app: AppTest) -> str:
    (found,) = [str(one.proto.body) for one in app.get("html") if 'class="npd-crumbs"' in str(one.proto.body)]
    return found


def test_each_step_above_the_selected_area_leads_there_and_keeps_the_month(shell: Run) -> None:
    found = crumbs(shell(page="abstractions", neighbourhood="N001", month="2024-10"))
    assert found.count("<a ") == 3
    assert 'href="?month=2024-10"' in found
    assert 'href="?month=2024-10&amp;lpa=L1"' in found
    assert 'href="?month=2024-10&amp;lpa=L1&amp;sector=S1"' in found


def test_a_viewer_s_steps_begin_at_their_own_area(shell: Run) -> None:
    assert "<a " not in crumbs(shell("commander"))
    assert crumbs(shell("commander", sector="S1")).count("<a ") == 1


def test_every_row_leads_to_its_area_on_the_same_page_with_the_month_kept(shell: Run) -> None:
    rows = linked_rows(shell(page="asb", month="2024-10", asb_tab="every"), "value")
    assert rows
    for row in rows:
        address = urlsplit(str(row["leads to"]))
        assert address.path == ""
        asked = {name: value for name, (value,) in parse_qs(address.query).items()}
        assert asked.pop("month") == "2024-10"
        opened = shell(page="asb", **asked)
        assert str(row["area_name"]) in crumbs(opened)


ROWS = [
    {"area_name": name, "area_level": "lpa", "area_code": code} for name, code in (("Hill", "L1"), ("Hill End", "L2"))
]


@pytest.mark.parametrize(
    ("title", "place", "said"),
    [
        ("Harm; new in Hill and Hill End", "The force", "Harm; new in [Hill](?lpa=L1) and [Hill End](?lpa=L2)"),
        ("Harm high in Hill End", "Hill End", "Harm high in Hill End"),
        ("Harm high in Hill sector", "Hill sector", "Harm high in Hill sector"),
        ("Hilly * harm", "The force", r"Hilly \* harm"),
    ],
)
def test_the_areas_that_a_title_names_are_links_and_nothing_else(title: str, place: str, said: str) -> None:
    context = SimpleNamespace(places=PLACES, place=place)
    assert links.named(context, title, ROWS) == said  # type: ignore[arg-type]


def test_engagement_s_indicators_lead_to_engagement() -> None:
    subjects = ("Engagement", "Problem solving", "Satisfaction and surveys", "Stop and search")
    assert {one.page for one in indicators_of() if one.subject in subjects} == {"engagement"}


@pytest.mark.parametrize(
    ("value", "form", "said"),
    [
        (1234, "%,d", "1,234"),
        (-0.01, "%,.1f", "0.0"),
        (0.04, "%+,.1f", "0.0"),
        (-3.25, "%+.1f %%", "−3.2 %"),
        (3_824_000, "%,.0f", "3.82 m"),
        (12, "%+d", "+12"),
        (5.0, None, "5"),
        (0.25, None, "0.2"),
    ],
)
def test_a_number_of_a_table_is_written_sensibly(value: float, form: str | None, said: str) -> None:
    assert number(value, form) == said
