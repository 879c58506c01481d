"""The list of indicators is pinned: a lost one, or a new one, shows here."""

import re
import subprocess
import sys
from typing import get_args

import pytest

from metrics import INDICATORS, headlines, id_of, indicator, indicators_of
from metrics.__main__ import catalogue
from metrics.indicator import Page, Pillar, Principle
from metrics.levels import LEVELS

IDS = [
    *("ABS-01", "ABS-02", "ABS-03", "ABS-04", "ABS-05"),
    *("ASB-01", "ASB-02", "ASB-03", "ASB-04", "ASB-05", "ASB-06", "ASB-07"),
    *("HRM-01", "HRM-02", "HRM-03", "HRM-04", "HRM-05", "HRM-06", "HRM-07"),
    *("OUT-01", "OUT-02"),
    *("TGP-01", "TGP-02", "TGP-03", "TGP-04", "TGP-05", "TGP-06", "TGP-07", "TGP-08", "TGP-09"),
    *("VIS-01", "VIS-02", "VIS-03", "VIS-04", "VIS-05", "VIS-06", "ABS-06", "ABS-07"),
    *("WRK-01", "WRK-02", "WRK-03", "SPC-01", "SPC-02", "DEV-01", "DEV-02"),
    *("ENG-01", "ENG-02", "ENG-03", "ENG-04", "ENG-05", "SAT-01", "SAT-02", "SAT-03", "SAT-04", "TOWN-01", "TOWN-02"),
    *("PS-01", "PS-02", "PS-03", "PS-04"),
    *("RSP-01", "RSP-02", "RSP-03", "MH-01", "MH-02", "MH-03", "FLG-01", "FLG-02", "FLG-03", "SAS-01", "SAS-02"),
    *("ASB-08", "ASB-09", "ASB-10", "CON-01", "CON-02", "CON-03", "PS-05"),
]


def test_the_list_is_what_it_was():
    assert [one.id for one in INDICATORS] == IDS


@pytest.mark.parametrize("one", INDICATORS, ids=lambda one: one.id)
def test_every_indicator_explains_itself(one):
    assert re.fullmatch(r"[A-Z]+-\d\d", one.id)
    assert one.why.endswith(".") and one.reference
    assert set(one.published) <= set(one.levels) <= set(LEVELS)
    assert one.unit != "%" or one.scale == 100


def test_the_principles_are_the_seven_of_the_forces_ambition():
    assert get_args(Principle) == (
        "Engaging communities",
        "Solving problems",
        "Targeting activity",
        "Promoting the right culture",
        "Building analytical capability",
        "Developing officers, staff and volunteers",
        "Developing and sharing learning",
    )
    assert {one.principle for one in INDICATORS} == set(get_args(Principle))


@pytest.mark.parametrize(
    ("id_", "pillar", "better"),
    [
        ("SAT-02", "Police back on the beat", "higher"),
        ("SAT-03", "Crackdown on anti-social behaviour", "lower"),
        ("SAT-04", "Community-led policing", "higher"),
        ("ENG-01", "Community-led policing", "higher"),
        ("ENG-02", "Community-led policing", "higher"),
        ("ENG-04", "Community-led policing", "higher"),
        ("DEV-02", "Clear performance standards and professional excellence", "higher"),
        ("TOWN-01", "Safer town centres", "lower"),
        ("TOWN-02", "Safer town centres", "higher"),
        ("WRK-01", "Police back on the beat", "higher"),
    ],
)
def test_the_guarantee_says_which_pillar_and_which_way_is_better(id_: str, pillar: Pillar, better: str):
    assert (indicator(id_).pillar, indicator(id_).better) == (pillar, better)


def test_headlines_come_in_the_order_that_they_ask_for():
    assert [one.id for one in headlines()] == ["ABS-01", "VIS-06", "ASB-01", "HRM-02", "TGP-01"]


def test_what_is_read_with_coverage_and_what_is_withheld_below_it():
    beside = {one.id: one.coverage for one in INDICATORS if one.coverage}
    assert beside == dict.fromkeys(("VIS-01", "VIS-03", "VIS-05", "ABS-06", "ABS-07"), "beside") | {
        "VIS-02": "withheld",
        "VIS-06": "withheld",
    }


def test_what_is_no_news():
    quiet = {one.id for one in INDICATORS if not one.news}
    assert quiet == {
        *("VIS-04", "ABS-05", "ASB-02", "ASB-03", "VIS-05", "HRM-07", "TOWN-02", "PS-01", "RSP-03", "TGP-09"),
        *("SAS-02", "ASB-09", "FLG-03"),
    }


@pytest.mark.parametrize("page", sorted(set(get_args(Page)) - {"framework"}))
def test_a_page_has_one_lead_which_is_its_first_card(page: Page):
    lead = id_of(page, "lead")
    assert indicators_of(page=page, role="card")[0].id == lead


def test_a_role_that_several_have_is_not_the_role_of_one():
    with pytest.raises(ValueError, match="indicators have the role 'card' on the page 'asb': one must have it"):
        id_of("asb", "card")


def test_python_m_metrics_prints_the_catalogue():
    printed = subprocess.run([sys.executable, "-m", "metrics"], capture_output=True, text=True, check=True)
    assert printed.stdout.rstrip("\n") == catalogue()
    assert [line.split(" | ")[0].strip("| ") for line in catalogue().splitlines()[2:]] == IDS


def test_a_mix_is_found_by_its_category_too():
    assert indicator("ABS-05:football aid").id == "ABS-05"


def test_an_unknown_id_is_told_what_there_is():
    with pytest.raises(ValueError, match="no indicator 'ABS-99': choose one of ABS-01, ABS-02"):
        indicator("ABS-99")
