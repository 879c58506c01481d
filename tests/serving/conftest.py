"""A real server with the worked example, asked without a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import free_port, serving
from tests.pages.conftest import example_store

__all__ = ["example_store"]


@pytest.fixture(scope="package")
def address(example_store: Path) -> Iterator[str]:
    """Serve the worked example to the demo's viewers; give the address."""
    with serving(free_port(), example_store / "config.toml") as served:
        yield served
