"""A real server with the worked example, asked without a browser; and the API in this process, for each viewer."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from data_access.__main__ import main
from serving.api.door import answer
from tests.browser.conftest import free_port, serving
from tests.pages.conftest import VIEWERS, example_store, serve_as_configured

__all__ = ["example_store"]
MORE_VIEWERS = """
[[viewers]]
id = "onlooker"
name = "May look and take nothing away"
force = true
may_export = false
"""
API = Starlette(routes=[Mount("/api", answer)])
Ask = Callable[..., httpx.Response]


@pytest.fixture(scope="package")
def address(example_store: Path) -> Iterator[str]:
    """Serve the worked example to the demo's viewers; give the address."""
    with serving(free_port(), example_store / "config.toml") as served:
        yield served


@pytest.fixture
def token_of(
    example_store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """Give the function that makes a token for a viewer of the worked example, as the command does."""
    configure(example_store / "config.toml", monkeypatch)
    return lambda viewer, days=1: made(viewer, capsys, days)


def made(viewer: str, capsys: pytest.CaptureFixture[str], days: int = 1) -> str:
    capsys.readouterr()
    assert main(["token", "make", "--viewer", viewer, "--purpose", "the tests", "--days", str(days)]) == 0
    return capsys.readouterr().out.strip()


def configure(file: Path, monkeypatch: pytest.MonkeyPatch, more: str = "") -> None:
    """Let this process serve the worked example with more settings than the other server has."""
    if more or not file.exists():
        file.write_text(f'[store]\nurl = "sqlite:///npd.sqlite"\n{more}{VIEWERS}{MORE_VIEWERS}')
    monkeypatch.setenv("NPD_CONFIG", str(file))
    monkeypatch.delenv("NPD_STORE_URL", raising=False)
    serve_as_configured()


def ask(path: str, token: str | None = None, method: str = "GET", **headers: str) -> httpx.Response:
    """Ask the API in this process once."""
    return ask_all([path], token, method, **headers)[0]


def ask_all(paths: list[str], token: str | None, method: str = "GET", **headers: str) -> list[httpx.Response]:
    """Ask the API in this process several things at the same time."""
    shown = {} if token is None else {"authorization": f"Bearer {token}"}
    sent: dict[str, Any] = {**shown, **{name.replace("_", "-"): value for name, value in headers.items()}}

    async def all_of_them() -> list[httpx.Response]:
        transport = httpx.ASGITransport(API)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await asyncio.gather(*(client.request(method, f"/api/v1{path}", headers=sent) for path in paths))

    return asyncio.run(all_of_them())
