"""The README cannot drift: what it says is printed by the code, and compared here."""

import re
import subprocess
import sys

from metrics.__main__ import catalogue
from tests.places import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_catalogue_is_the_one_that_the_code_prints():
    block = README.split("<!-- catalogue -->\n")[1].split("<!-- /catalogue -->")[0]
    assert block == catalogue() + "\n", "paste the output of `python -m metrics` between the catalogue marks"


def test_it_names_every_command_that_there_is_and_no_other():
    asked = [sys.executable, "-m", "data_access", "--help"]
    told = subprocess.run(asked, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    named = set(re.findall(r"python -m data_access ([a-z]+)", README))
    assert named == set(re.findall(r"^    ([a-z]+) ", told, re.MULTILINE))


def test_it_is_short_and_its_picture_is_there():
    assert len(README.splitlines()) < 200
    for picture in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README):
        assert (ROOT / picture).is_file()


def test_continuous_integration_runs_the_readmes_test_command():
    assert "./run test" in README
    assert "./run test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
