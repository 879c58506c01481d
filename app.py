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

# Plotly takes pandas as it stands in sys.modules: while one viewer's thread imports it, it is half there for another's.
import pandas  # noqa: F401
import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send

from pages.shell import start
from serving.connections import NamedConnections
from serving.failures import name_nobody, say_sorry
from serving.frontend import OwnStyle
from serving.gates import Gates
from serving.headers import SecurityHeaders
from serving.links import back_to_link
from serving.metrics import PATH as METRICS
from serving.metrics import CountedSteps, metrics
from serving.static import KeptStatic

SHELL = Path(__file__).parent / "pages" / "_shell.py"
WARM_EVERY = 10  # seconds between two looks for a new data version, of some 2 ms a viewer
_LOG = logging.getLogger(__name__)


async def health(_: Request) -> JSONResponse:
    """Answer 200 with the data version when the store can be read, 503 when it cannot."""
    version, status = await run_in_threadpool(start.health)
    return JSONResponse({"status": "ok" if status == 200 else "no data", "version": version}, status_code=status)


async def first_page(request: Request) -> RedirectResponse:
    """Lead the first page's own name to the root, selection and all: Streamlit knows that page by the root alone."""
    return RedirectResponse(f"/?{request.url.query}".removesuffix("?"))


async def api(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer other tools; what that takes is imported when the first of them asks."""
    from serving.api.door import answer

    await answer(scope, receive, send)


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
    """Work the figures out ahead of the viewers, now and after each nightly load, once a version."""
    while start.settings().start.figures_ahead:
        try:
            await run_in_threadpool(start.warm_answers)
        except Exception as error:  # the store may be away for a while; the viewers' own pages say so
            _LOG.warning("figures not worked out ahead, tried again in %s s: %s", WARM_EVERY, type(error).__name__)
        await asyncio.sleep(WARM_EVERY)


name_nobody()
app = st.App(
    SHELL,
    lifespan=warm_up,
    on_script_error=say_sorry,
    routes=[Route("/health", health), Route(METRICS, metrics), Route("/overview", first_page), Mount("/api", api)],
    middleware=[
        Middleware(SecurityHeaders, map_host=lambda: start.settings().map.host),
        Middleware(Gates),
        Middleware(NamedConnections),
        Middleware(CountedSteps),
        Middleware(BaseHTTPMiddleware, dispatch=back_to_link),
        Middleware(KeptStatic),
        Middleware(GZipMiddleware, minimum_size=1024, compresslevel=5),
        Middleware(OwnStyle),
    ],
)
