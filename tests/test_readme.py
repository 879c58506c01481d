"""README and CONTRIBUTING cannot drift: what they say is printed by the code, or compared with it here."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from metrics.__main__ import catalogue
from tests.places import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
TO_BE_WRITTEN = "pages/NAME.py"
# A folder of the house, or a file with its suffix; a bare file name is told by the folder of the line it stands in.
PATH = re.compile(r"\b(?:[\w.]+/)+(?:[\w*]+\.\w+|\w+)?")


def test_the_catalogue_is_the_one_that_the_code_prints():
    block = README.split("<!-- catalogue -->\n")[1].split("<!-- /catalogue -->")[0]
    assert block == catalogue() + "\n", "paste the output of `python -m metrics` between the catalogue marks"


def test_it_names_every_command_that_there_is_and_no_other():
    asked = [sys.executable, "-m", "data_access", "--help"]
    told = subprocess.run(asked, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    named = set(re.findall(r"python -m data_access ([a-z-]+)", README))
    assert named == set(re.findall(r"^    ([a-z-]+)\s", told, re.MULTILINE))


def test_it_is_short_and_its_picture_is_there():
    assert len(README.splitlines()) < 200
    for picture in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README):
        assert (ROOT / picture).is_file()


def test_continuous_integration_runs_the_readmes_test_command():
    assert "./run test" in README
    assert "./run test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_path_that_contributing_names_is_there():
    named = set(PATH.findall(CONTRIBUTING)) - {TO_BE_WRITTEN}
    assert len(named) > 30
    assert [path for path in sorted(named) if not list(ROOT.glob(path))] == []


def test_contributing_is_short_and_the_readme_leads_to_it():
    assert len(CONTRIBUTING.splitlines()) < 120
    assert "(CONTRIBUTING.md)" in README


def test_the_glossarys_words_are_those_of_the_code():
    glossary = (ROOT / "metrics" / "README.md").read_text(encoding="utf-8")
    terms = [line.split("|")[1].strip() for line in glossary.splitlines() if line.startswith("| ")][1:]
    files = [path for room in ("metrics", "data_access") for path in (ROOT / room).rglob("*.py")]
    code = " ".join(path.read_text(encoding="utf-8") for path in files).lower()
    assert len(terms) > 25
    assert [term for term in terms if not re.search(rf"\b{term.replace(' ', '[ _]')}", code)] == []


def floors() -> list[list[str]]:
    """Return the house's picture: a list of rooms (folders, files, `folder/*.py`) for each line, the top one first."""
    picture = CONTRIBUTING.split("```\n")[1]
    return [re.findall(r"[\w/*.]+", line[:37]) for line in picture.splitlines()]


def files_by_floor() -> Iterator[tuple[Path, int, str]]:
    """Return each file of the house with its floor and its room; a file named itself is not also its folder's."""
    told = [(room, floor) for floor, rooms in enumerate(floors()) for room in rooms]
    for room, floor in sorted(told, key=lambda one: (one[0].endswith(".py"), "*" not in one[0]), reverse=True):
        for path in ROOT.glob(f"{room}**/*.py" if room.endswith("/") else room):
            yield path, floor, room


def modules_of(path: Path) -> Iterator[Path]:
    """Return the files of this project that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            base = ROOT / node.module.replace(".", "/")
            named = [base / name.name for name in node.names]
            inside = [one for name in named for one in (name.with_suffix(".py"), name / "__init__.py") if one.is_file()]
            yield from inside or [base.with_suffix(".py"), base / "__init__.py"]


def test_the_house_is_built_as_its_picture_says():
    place: dict[Path, tuple[int, str]] = {}
    for path, floor, room in files_by_floor():
        place.setdefault(path, (floor, room))
    upward = {
        f"{path.relative_to(ROOT)} imports {found.relative_to(ROOT)}"
        for path, (floor, room) in place.items()
        for found in modules_of(path)
        if found in place and place[found][1] != room and place[found][0] <= floor
    }
    assert len(place) > 100
    assert upward == set()
