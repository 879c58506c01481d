"""Where the tests' data lies: the worked example beside them, and the published open data where a machine has it."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "tests" / "example"
NAMED = os.environ.get("NPD_OPEN_DATA")
OPEN_DATA = Path(NAMED or ROOT.parent / "shared" / "data")
if NAMED and not OPEN_DATA.is_dir():  # whoever names a folder means these tests to run: a slip must not skip them
    raise pytest.UsageError(f"NPD_OPEN_DATA names {NAMED!r}, which is no folder: name one that is, or leave it unset")
WARDS = OPEN_DATA / "boundaries" / "wards_may_2025_west_midlands.geojson"

needs_open_data = pytest.mark.skipif(
    not OPEN_DATA.is_dir(),
    reason=f"no published open data at {OPEN_DATA}: put data.police.uk street files (police_uk/), the ONS ward "
    "boundaries (boundaries/), the ONS severity weights (weights/) and the Birmingham series (series/) into a folder "
    "and name it in NPD_OPEN_DATA",
)
