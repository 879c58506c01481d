"""The list of indicators is pinned: a lost one, or a new one, shows here."""

import re
import subprocess
import sys

import pytest

from metrics import INDICATORS, indicator
from metrics.__main__ import catalogue
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
    *("RSP-01", "RSP-02", "RSP-03", "MH-01", "MH-02", "MH-03", "FLG-01"),
]


def test_the_list_is_what_it_was():
    assert [one.id for one in INDICATORS] == IDS


@pytest.mark.parametrize("one", INDICATORS, ids=lambda one: one.id)
def test_every_indicator_explains_itself(one):
    assert re.fullmatch(r"[A-Z]+-\d\d", one.id)
    assert one.why.endswith(".") and one.reference
    assert set(one.published) <= set(one.levels) <= set(LEVELS)
    assert one.unit != "%" or one.scale == 100


def test_python_m_metrics_prints_the_catalogue():
    printed = subprocess.run([sys.executable, "-m", "metrics"], capture_output=True, text=True, check=True)
    assert printed.stdout.rstrip("\n") == catalogue()
    assert [line.split(" | ")[0].strip("| ") for line in catalogue().splitlines()[2:]] == IDS


def test_a_mix_is_found_by_its_category_too():
    assert indicator("ABS-05:football aid").id == "ABS-05"


def test_an_unknown_id_is_told_what_there_is():
    with pytest.raises(ValueError, match="no indicator 'ABS-99': choose one of ABS-01, ABS-02"):
        indicator("ABS-99")
