"""The door of the API: who asks, how often, whether it has changed since; then the answer, in threads of its own.

Whoever waits here waits beside the pages, not before them: two threads answer, a few requests wait, more are sent away.
"""

import asyncio
import hashlib
import logging
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from prometheus_client import Counter
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Receive, Scope, Send

from data_access.answers.reader import Reader
from data_access.database.tokens import Token
from data_access.export import MARKING
from data_access.identity import NotLetIn, viewer_of_token
from data_access.scope import scope_of
from data_access.settings import SettingsError, StoreSettings, ViewerSettings
from metrics import DEFINITION_VERSION
from pages.shell import start
from serving.api import asked, document
from serving.api.endpoints import ENDPOINTS, Endpoint
from serving.api.formats import Format, wanted
from serving.api.problems import Problem
from serving.failures import places

REQUESTS = Counter("npd_api_requests", "Requests to the HTTP API, by the status of the answer", ["status"])
BASE = "/api/v1"
WAITING = 8  # requests that wait for a thread; a tool that is sent away asks again
TRAIL_LENGTH = 500  # characters of a request that the audit trail keeps
_REALM = {"www-authenticate": 'Bearer realm="Neighbourhood Policing Dashboards"'}
_BY_PATH = {f"{BASE}{one.path}": one for one in ENDPOINTS}
_LOG = logging.getLogger(__name__)
_inside: set[object] = set()  # the requests that are answered or wait


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request to anything under /api/."""
    request = Request(scope, receive)
    try:
        response = await _answered(request)
    except Problem as problem:
        response = problem.response()
    REQUESTS.labels(response.status_code).inc()
    await response(scope, receive, send)


async def _answered(request: Request) -> Response:
    if request.method not in ("GET", "HEAD"):
        raise Problem(405, "only GET is answered", given=request.method, headers={"allow": "GET, HEAD"})
    path = request.url.path
    if path.rstrip("/") in ("/api", BASE):
        return HTMLResponse(document.page())
    if path == f"{BASE}/openapi.json":
        return JSONResponse(document.openapi())
    if path not in _BY_PATH:
        raise Problem(404, "no such path", given=path, allowed=list(_BY_PATH), do=f"{BASE}/ describes them")
    return await _in_a_thread(request, _BY_PATH[path])


async def _in_a_thread(request: Request, endpoint: Endpoint) -> Response:
    at_once, mine = start.settings().api.at_once, object()
    if len(_inside) >= at_once + WAITING:
        raise Problem(503, "too many ask at once", do="ask again in some seconds", headers={"retry-after": "10"})
    _inside.add(mine)
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads(at_once), _response, request, endpoint)
    finally:
        _inside.discard(mine)


@lru_cache(maxsize=1)
def _threads(at_once: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(at_once, thread_name_prefix="api")


def _response(request: Request, endpoint: Endpoint) -> Response:
    try:
        return _of_token(request, endpoint)
    except Problem:
        raise
    except Exception as error:  # its message may name somebody, and so is neither told nor logged
        reference = secrets.token_hex(4).upper()
        _LOG.error("a request to the API failed, reference %s: %s", reference, places(error))
        do = f"tell whoever runs the suite this reference: {reference}. It is in the server's log"
        raise Problem(500, "something went wrong here", do=do) from None


def _of_token(request: Request, endpoint: Endpoint) -> Response:
    """Let a token in, enter what it asks, and answer: 304 where its tool has that answer already."""
    token, viewer = _admitted(request)
    try:
        given = asked.read(request.query_params.multi_items(), endpoint.parameters)
        form = wanted((given.get("format") or [None])[0], request.headers.get("accept", ""))
    except Problem as problem:
        _enter(token, f"{endpoint.path}: refused, {problem}")
        raise
    _enter(token, _entry(endpoint, given))
    reader = Reader(store=start.store(), version=start.shown(), scope=scope_of(viewer))
    try:
        return _known_or_new(request, endpoint, reader, given, form)
    except PermissionError as refusal:
        reader.record("refused", f"{BASE}{endpoint.path}", str(refusal), daily=True)
        do = f"ask for what {BASE}/areas and {BASE}/catalogue list, within=level:CODE, or ask for the right"
        raise Problem(403, str(refusal), do=do) from refusal


def _entry(endpoint: Endpoint, given: asked.Given) -> str:
    """Write a request as the trail keeps it: each value once, long lists last and cut, so that they hide nothing."""
    once = [urlencode([(name, one) for one in dict.fromkeys(values)]) for name, values in given.items()]
    whole = f"{endpoint.path}?{'&'.join(sorted(once, key=len))}"
    return whole if len(whole) <= TRAIL_LENGTH else f"{whole[: TRAIL_LENGTH - 1]}…"


def _admitted(request: Request) -> tuple[Token, ViewerSettings]:
    """Return the token shown and its viewer, as config.toml lists them at this moment; 401 where there is none."""
    kind, _, shown = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer":
        do = "send the header Authorization: Bearer TOKEN; the performance team makes tokens"
        raise Problem(401, "no token was shown", do=do, headers=_REALM)
    try:
        settings = start.current()
    except SettingsError as error:
        raise Problem(503, "config.toml cannot be read: nobody is let in", do="tell whoever runs the suite") from error
    token = start.store().token(shown.strip())
    try:
        viewer = viewer_of_token(token, settings)
    except NotLetIn as refusal:
        if token:  # of what is no token of ours nothing is entered: whoever is on the network could fill the trail
            start.store().record(token.viewer, "refused", token.name, str(refusal), daily=True)
        invalid = f'{_REALM["www-authenticate"]}, error="invalid_token"'
        raise Problem(401, str(refusal), headers={"www-authenticate": invalid}) from refusal
    if token is None:
        raise AssertionError("a viewer without a token")
    return token, viewer


def _enter(token: Token, what: str) -> None:
    """Enter a request in the audit trail; 429 where the token has asked too often."""
    most = start.settings().api.requests_per_hour
    wait = start.store().asked_by_token(token, what, most)
    if wait is not None:
        seconds = str(max(1, round(wait.total_seconds())))
        allowed = [f"{most} requests in an hour ([api] requests_per_hour in config.toml)"]
        raise Problem(
            429,
            "this token has asked too often",
            allowed=allowed,
            do=f"wait {seconds} seconds; send If-None-Match, and keep what you have read",
            headers={"retry-after": seconds},
        )


def _known_or_new(
    request: Request, endpoint: Endpoint, reader: Reader, given: asked.Given, form: Format
) -> Response:
    if endpoint.data:
        reader.scope.demand("export")
    if not reader.version.months:
        raise Problem(503, "nothing is loaded yet", do="ask whoever runs the suite", headers={"retry-after": "3600"})
    headers = {
        "etag": _etag(reader, endpoint, given, form),
        "cache-control": "private, no-cache",
        "vary": "Authorization, Accept",
        "npd-data-version": str(reader.version.number),
        "npd-definition-version": DEFINITION_VERSION,
        "npd-marking": MARKING,
    }
    if headers["etag"] in {one.strip() for one in request.headers.get("if-none-match", "").split(",")}:
        return Response(status_code=304, headers=headers)
    rows = endpoint.rows(reader, given)
    body = form.write(rows, _about(reader))
    name = f"{endpoint.path.removeprefix('/')}.{form.name}"
    disposition = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=form.media_type, headers={**headers, **disposition})


def _about(reader: Reader) -> dict[str, Any]:
    first, last = reader.version.months or (None, None)
    return {
        "marking": MARKING,
        "data_version": reader.version.number,
        "definition_version": DEFINITION_VERSION,
        "first_month": f"{first:%Y-%m}",
        "last_month": f"{last:%Y-%m}",
    }


def _etag(reader: Reader, endpoint: Endpoint, given: asked.Given, form: Format) -> str:
    """Name an answer by all that it depends on; weak, since it may be compressed on its way."""
    version, settings = reader.version, replace(reader.settings, store=StoreSettings(), viewers=())
    moments = (version.number, version.loaded_at, version.judged_at, version.explained_at, version.decided_at)
    scope = replace(reader.scope, viewer="")
    areas = (sorted(scope.lpas), sorted(scope.sectors), sorted(scope.teams), sorted(scope.rights))
    told = repr((moments, settings, scope.force, scope.people, areas, DEFINITION_VERSION))
    question = repr((endpoint.path, sorted(given.items()), form.name))
    return f'W/"{version.number}-{hashlib.sha256((told + question).encode()).hexdigest()[:32]}"'
