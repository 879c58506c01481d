"""Nothing that is published is without its specification, and none is specified twice."""

import importlib
from collections import Counter

from metrics import INDICATORS
from tests.places import ROOT


def test_every_indicator_has_exactly_one_specification() -> None:
    names = [path.stem for path in (ROOT / "tests" / "specs").glob("test_*.py")]
    modules = [importlib.import_module(f"tests.specs.{name}") for name in names]
    tests = [test for module in modules for name, test in vars(module).items() if name.startswith("test_")]
    specified = Counter(test.specifies for test in tests if hasattr(test, "specifies"))
    assert specified == Counter(one.id for one in INDICATORS), "see tests/specs/notation.py for how to write one"
