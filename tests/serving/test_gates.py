"""Asked by anything but a browser: what the server answers, whom it refuses, and what it does not keep."""

import asyncio
import gzip
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
import websockets

from serving.static import KeptStatic


def asked(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Ask once, following nothing."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urlopen(Request(url, headers=named), timeout=30) as answer:
            return answer.status, dict(answer.headers.items()), answer.read()
    except HTTPError as error:
        return error.code, dict(error.headers.items()), error.read()


def connects(address: str, **options: str) -> bool:
    """Tell whether a page of `origin` may open the websocket that figures come by."""

    async def attempt() -> bool:
        url = f"{address.replace('http', 'ws')}/_stcore/stream"
        try:
            async with websockets.connect(url, proxy=None, **options):
                return True
        except websockets.InvalidStatus:
            return False

    return asyncio.run(attempt())


def test_the_policy_names_this_host_and_no_other(address: str) -> None:
    host = urlsplit(address).netloc
    status, headers, _ = asked(address)
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert status == 200
    assert policy["connect-src"] == f"'self' ws://{host} wss://{host} data: blob:"
    assert policy["object-src"] == "'none'"
    for path in ("/api/v1/", "/api/v1/answer"):
        _, of_the_api, _ = asked(f"{address}{path}")
        assert of_the_api["content-security-policy"] == headers["content-security-policy"]
        assert "access-control-allow-origin" not in of_the_api


def test_memory_and_sessions_are_nobodys_business(address: str) -> None:
    for path in ("/_stcore/metrics", "/_stcore/metrics/", "/_stcore/metrics?families=session_events"):
        assert asked(f"{address}{path}")[0] == 404
    assert asked(f"{address}/health")[0] == 200
    assert asked(f"{address}/metrics")[0] == asked(f"{address}/metrics/")[0] == 404


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (None, True),
        ("{}", True),
        ("http://127.0.0.1", False),
        ("http://127.0.0.1:1", False),
        ("http://localhost:8501", False),
        ("https://attacker.example", False),
        ("{}.attacker.example", False),
        ("null", False),
    ],
)
def test_only_the_suites_own_pages_open_its_websocket(address: str, origin: str | None, allowed: bool) -> None:
    assert connects(address, origin=origin and origin.format(address)) is allowed


@pytest.mark.parametrize("host", ["dashboards.force.example", "attacker.example:8501", "127.0.0.1.attacker.example"])
def test_the_demo_answers_to_this_machines_own_name_only(address: str, host: str) -> None:
    status, _, words = asked(address, Host=host)
    assert status == 403
    assert b'mode = "oidc"' in words
    assert not connects(address, additional_headers={"Host": host})
    assert asked(f"{address}/api/v1/catalogue", Host=host)[0] == 403
    assert asked(f"{address}/health", Host=host)[0] == 200


def test_the_demo_refuses_whom_a_proxy_brings(address: str) -> None:
    assert asked(address, X_Forwarded_For="203.0.113.7")[0] == 403
    assert asked(address, X_Forwarded_For="127.0.0.1")[0] == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"Referer": "https://attacker.example/"}, 403),
        ({}, 403),
        ({"Sec_Fetch_Site": "same-origin"}, 200),
    ],
)
def test_another_site_signs_nobody_out(address: str, headers: dict[str, str], status: int) -> None:
    assert asked(f"{address}/auth/logout", **headers)[0] == status


def test_cookies_are_for_tls_alone_where_the_browser_came_by_it(address: str) -> None:
    asked_by_tls = {"X_Forwarded_Proto": "https"}
    _, plain, _ = asked(f"{address}/_stcore/health")
    _, by_tls, _ = asked(f"{address}/_stcore/health", **asked_by_tls)
    assert "Secure" not in plain["set-cookie"]
    assert by_tls["set-cookie"].endswith("; Secure")
    assert by_tls["strict-transport-security"] == "max-age=31536000"
    assert "ws://" not in by_tls["content-security-policy"]
    assert "strict-transport-security" not in plain


def test_names_that_are_no_files_are_never_kept() -> None:
    """Three thousand of them took 12 MB that nobody could give back."""

    async def app(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": gzip.compress(b"x")})

    async def ask(kept: KeptStatic, path: str) -> None:
        async def send(_message):
            pass

        scope = {"type": "http", "method": "GET", "path": path, "headers": [(b"accept-encoding", b"gzip")]}
        await kept(scope, None, send)

    kept = KeptStatic(app)
    real = sorted(kept._files)[0]
    for path in (real, *(f"/static/{number}.js" for number in range(3000)), f"{real}/", f"/static/../{real}"):
        asyncio.run(ask(kept, path))
    assert list(kept._kept) == [real]


def test_a_real_file_of_the_frontend_is_served_compressed(address: str) -> None:
    index = asked(address)[2].decode()
    name = index.partition('src="./static/')[2].partition('"')[0]
    for _ in range(2):
        status, headers, body = asked(f"{address}/static/{name}", Accept_Encoding="gzip")
        assert (status, headers["content-encoding"]) == (200, "gzip")
        assert Path(name).suffix == ".js"
        assert gzip.decompress(body)
