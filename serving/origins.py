"""Where a request comes from: the suite's own address as a browser names it, and whether it is this machine."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope
from streamlit.auth_util import get_origin_from_redirect_uri

_OWN_NAMES = ("localhost", "127.0.0.1", "::1")
_HOST = re.compile(r"[A-Za-z0-9.\-_]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")


def host(scope: Scope) -> str | None:
    """Return the host and port that the request names; None: it names none, or something that is no host."""
    named = Headers(scope=scope).get("host", "")
    return named if _HOST.fullmatch(named) else None


def by_tls(scope: Scope) -> bool:
    """Tell whether the browser came by TLS: to us, to a proxy that says so, or to where the sign-in returns."""
    return scope["scheme"] in ("https", "wss") or (get_origin_from_redirect_uri() or "").startswith("https://")


def own_origins(scope: Scope) -> frozenset[str]:
    """Return the origins of the suite's own pages: as the request was addressed, and where the sign-in returns to."""
    scheme = "https" if scope["scheme"] in ("https", "wss") else "http"
    addressed = f"{scheme}://{host(scope)}" if host(scope) else None
    return frozenset(origin for origin in (addressed, get_origin_from_redirect_uri()) if origin)


def is_from_own_page(scope: Scope) -> bool:
    """Tell whether a page of the suite made a request: as the browser says, else by the page that it came from."""
    headers = Headers(scope=scope)
    if site := headers.get("sec-fetch-site"):
        return site == "same-origin"
    page = urlsplit(headers.get("referer", ""))
    return f"{page.scheme}://{page.netloc}" in own_origins(scope)


def is_this_machine(scope: Scope) -> bool:
    """Tell whether the browser runs on this machine and asked for it by name: behind a name it may be anybody's."""
    client = (scope.get("client") or ("",))[0]
    try:
        near = ip_address(client).is_loopback
    except ValueError:
        return bool(client)  # no address of a network: a test client in this very process
    return near and urlsplit(f"//{host(scope)}").hostname in _OWN_NAMES
