"""One straight line of imports, and pages that do nothing without the shell."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.places import ROOT

PAGES = sorted(path for path in (ROOT / "pages").glob("*.py") if not path.name.startswith("_"))
MAY_IMPORT = {
    "metrics": {"metrics", "polars", "numpy", "numba", "scipy", "shapely", "pyproj"},
    "data_access": {"metrics", "data_access", "polars", "numpy", "shapely", "pyproj", "sqlalchemy", "alembic"}
    | {"psycopg", "cryptography", "pyarrow", "pyspark", "pandas", "uvicorn", "xlsxwriter", "prometheus_client"},
    "serving": {"metrics", "data_access", "pages", "serving", "polars", "prometheus_client", "starlette", "streamlit"},
    "pages": {"metrics", "data_access", "pages", "polars", "pptx", "shapely", "streamlit", "plotly", "pydeck"},
}
STANDARD_LIBRARY = __import__("sys").stdlib_module_names


def imported(path: Path) -> Iterator[str]:
    """The top-level packages that a file imports, wherever in the file it does so."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the layer"
            yield (node.module or "").split(".")[0]


@pytest.mark.parametrize("layer", MAY_IMPORT)
def test_imports_point_down(layer: str) -> None:
    files = list((ROOT / layer).rglob("*.py"))
    assert files
    for path in files:
        wrong = set(imported(path)) - MAY_IMPORT[layer] - set(STANDARD_LIBRARY)
        assert not wrong, f"{path.relative_to(ROOT)} imports {sorted(wrong)}; {layer} may not"


def test_pages_ask_and_draw_but_compute_nothing() -> None:
    """Text is joined too, but never `on` a column."""
    found = [
        f"{path.relative_to(ROOT)}:{call.lineno}: {call.func.attr}"
        for path in (ROOT / "pages").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        if call.func.attr in {"group_by", "agg", "pivot", "over", "join_asof"}
        or (call.func.attr == "join" and any(one.arg in {"on", "left_on"} for one in call.keywords))
    ]
    assert found == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_page_file_run_alone_shows_nothing(page: Path) -> None:
    app = AppTest.from_file(str(page), default_timeout=30).run()
    assert not app.exception
    assert not app.main.children


def test_no_module_beside_a_command_hides_one_of_python_s_own() -> None:
    """Spark's spark-submit runs data_access/__main__.py as a file, so that its folder comes first where it imports."""
    beside = {path.stem for path in (ROOT / "data_access").glob("*.py")}
    assert beside & sys.stdlib_module_names == set()
