"""What every response carries: which hosts a page may talk to, and that cookies and downloads stay private."""

from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.origins import by_tls, host

# Streamlit needs inline style, eval and blob workers; all of them stay on this host, and nothing else is reachable but
# the force's own map server, where config.toml names one.
_POLICY = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:{maps}",
    "font-src": "'self' data:",
    "connect-src": "'self' {sockets} data: blob:{maps}",
    "worker-src": "'self' blob:",
    "frame-ancestors": "'self'",
    "form-action": "'self'",
    "base-uri": "'self'",
    "object-src": "'none'",
}
_ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_A_YEAR = "max-age=31536000"
Header = tuple[bytes, bytes]


class SecurityHeaders:
    """ASGI middleware that adds the security headers to every response, and `Secure` to its cookies behind TLS.

    `map_host` tells the scheme and host of the force's own map server; '' where there is none.
    """

    def __init__(self, app: ASGIApp, map_host: Callable[[], str] = str) -> None:
        self.app = app
        self.map_host = map_host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; complete the headers where the response starts."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _completed(scope, message["headers"], self.map_host())}
            await send(message)

        await self.app(scope, receive, send_with_headers)


def content_security_policy(scope: Scope, map_host: str = "") -> str:
    """Return the policy of a response: a page may talk to the host it was asked of, the map server, and no other."""
    named, kinds = host(scope), ("wss",) if by_tls(scope) else ("ws", "wss")
    sockets = " ".join(f"{kind}://{named}" for kind in kinds) if named else ""
    maps = f" {map_host}" if map_host else ""
    return "; ".join(f"{name} {sources.format(sockets=sockets, maps=maps)}" for name, sources in _POLICY.items())


def _completed(scope: Scope, given: list[Header], map_host: str) -> list[Header]:
    own = {"content-security-policy": content_security_policy(scope, map_host), **_ALWAYS}
    if by_tls(scope):
        own["strict-transport-security"] = _A_YEAR
    if _is_download(scope, given):
        own["cache-control"] = "no-store"
    kept = [(name, value) for name, value in given if name.decode().lower() not in own]
    cookies = [(name, _private(value) if by_tls(scope) else value) for name, value in kept if name == b"set-cookie"]
    others = [header for header in kept if header[0] != b"set-cookie"]
    return [*others, *cookies, *((name.encode(), value.encode()) for name, value in own.items())]


def _private(cookie: bytes) -> bytes:
    return cookie if b"; secure" in cookie.lower() else cookie + b"; Secure"


def _is_download(scope: Scope, given: list[Header]) -> bool:
    attached = any(name == b"content-disposition" for name, _ in given)
    return attached and scope["path"].startswith("/media/")
