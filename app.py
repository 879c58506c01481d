"""The launcher: the server around the dashboards; the main script is pages/_shell.py.

`streamlit run app.py` and `uvicorn app:app` both start it. The main script lies in `pages/`, so that there is no
`pages/pages/` and Streamlit's old discovery can never run a page file without the shell.
"""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote, unquote

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.shell import start
from pages.shell.order import PAGES

SHELL = Path(__file__).parent / "pages" / "_shell.py"
PAGE_NAMES = frozenset(("", *(module.__name__.rsplit(".", 1)[-1] for module in PAGES)))
SIGNED_IN = "_streamlit_user"  # Streamlit's own cookie; it alone says who it is, this only whether to lead on
LINK, LINK_KEPT = "npd_link", 600  # seconds: time enough to sign in
WARM_EVERY = 60  # seconds between two looks for a new data version
_LOG = logging.getLogger(__name__)

# Streamlit needs inline style, eval and blob workers; all of them stay on this host, and nothing else is reachable.
_CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' ws: wss: data: blob:",
        "worker-src 'self' blob:",
        "frame-ancestors 'self'",
        "form-action 'self'",
        "base-uri 'self'",
        "object-src 'none'",
    )
)
SECURITY_HEADERS = {
    "content-security-policy": _CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class SecurityHeaders:
    """ASGI middleware that adds `SECURITY_HEADERS` to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; add the headers where the response starts."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = [(name.encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]
                message = {**message, "headers": [*message["headers"], *given]}
            await send(message)

        await self.app(scope, receive, send_with_headers)


class KeptStatic:
    """ASGI middleware that keeps the compressed files of the frontend: they are named by their content.

    Compressing 12 MB anew for every new browser takes a second of a core, on a morning when everybody is new.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._kept: dict[str, list[Message]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory what was answered before; pass everything else on."""
        if not _is_static(scope):
            await self.app(scope, receive, send)
            return
        messages = self._kept.get(scope["path"]) or await self._answer(scope, receive)
        for message in messages:
            await send(message)

    async def _answer(self, scope: Scope, receive: Receive) -> list[Message]:
        messages: list[Message] = []

        async def collect(message: Message) -> None:
            messages.append(message)

        await self.app(scope, receive, collect)
        if messages[0]["status"] == 200:
            self._kept[scope["path"]] = messages
        return messages


async def back_to_link(request: Request, answer: RequestResponseEndpoint) -> Response:
    """Lead a viewer who had to sign in back to the link that they came by.

    Streamlit's way back from the identity provider ends at the root: meanwhile the link waits in a cookie.
    """
    if start.settings().sign_in.mode != "oidc" or not _is_page(request.url.path):
        return await answer(request)
    signed_in, kept = SIGNED_IN in request.cookies, unquote(request.cookies.get(LINK, ""))
    if signed_in and kept and request.url.path == "/" and _is_page(kept):
        response: Response = RedirectResponse(kept, status_code=303)
        response.delete_cookie(LINK)
        return response
    response = await answer(request)
    if not signed_in:
        link = f"{request.url.path}?{request.url.query}".removesuffix("?")
        response.set_cookie(LINK, quote(link), max_age=LINK_KEPT, httponly=True, samesite="lax")
    return response


def _is_page(link: str) -> bool:
    return link.removeprefix("/").partition("?")[0] in PAGE_NAMES


def _is_static(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith("/static/"):
        return False
    headers = dict(scope["headers"])
    partial = b"range" in headers or b"if-none-match" in headers
    return b"gzip" in headers.get(b"accept-encoding", b"") and not partial


async def health(_: Request) -> JSONResponse:
    """Answer 200 with the data version when the store can be read, 503 when it cannot."""
    version, status = await run_in_threadpool(start.health)
    return JSONResponse({"status": "ok" if status == 200 else "no data", "version": version}, status_code=status)


async def first_page(request: Request) -> RedirectResponse:
    """Lead the first page's own name to the root, selection and all: Streamlit knows that page by the root alone."""
    return RedirectResponse(f"/?{request.url.query}".removesuffix("?"))


def say_sorry(_: Exception) -> bool:
    """Say in our own words that a page failed; Streamlit has written the details to the log."""
    st.error("This page could not be drawn. Clear the selections, or open another page; the log says what went wrong.")
    return True


@asynccontextmanager
async def warm_up(_: st.App) -> AsyncIterator[None]:
    """Import and read once before the first viewer arrives: 1.2 s of their first second otherwise.

    The figures themselves are worked out beside the first viewers, who need not wait for them.
    """
    await run_in_threadpool(start.warm_up)
    gc.freeze()
    figures = asyncio.create_task(_keep_warm())
    yield
    figures.cancel()


async def _keep_warm() -> None:
    """Work the figures out ahead of the viewers, now and after each nightly load; what is known costs nothing."""
    while True:
        try:
            await run_in_threadpool(start.warm_answers)
        except Exception as error:  # the store may be away for a while; the viewers' own pages say so
            _LOG.warning("figures not worked out ahead, tried again in %s s: %s", WARM_EVERY, type(error).__name__)
        await asyncio.sleep(WARM_EVERY)


app = st.App(
    SHELL,
    lifespan=warm_up,
    on_script_error=say_sorry,
    routes=[Route("/health", health), Route("/overview", first_page)],
    middleware=[
        Middleware(SecurityHeaders),
        Middleware(BaseHTTPMiddleware, dispatch=back_to_link),
        Middleware(KeptStatic),
        Middleware(GZipMiddleware, minimum_size=1024, compresslevel=5),
    ],
)
