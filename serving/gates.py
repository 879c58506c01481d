"""What is refused before any page runs: strangers to the demo, foreign origins, and what nobody needs to ask for."""

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from pages.shell import start
from serving import metrics
from serving.origins import is_from_own_page, is_this_machine, own_origins

CLOSED = ("/_stcore/metrics",)  # counts sessions and memory for whoever asks
POLICY_VIOLATION = 1008
_ELSEWHERE = """The demo sign-in lets whoever opens the suite look as anybody. So it answers on the machine that it
runs on, by its own name, and nowhere else: open http://127.0.0.1 there.

For other machines set sign-in up: [sign_in] mode = "oidc" in config.toml (the README's part "Deploy" says how).
"""


class Gates:
    """ASGI middleware that answers 403 or 404, and closes websockets, where a request may not go on."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer why not."""
        refusal = refusal_of(scope) if scope["type"] in ("http", "websocket") else None
        if refusal is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        else:
            status, words = refusal
            await PlainTextResponse(words, status)(scope, receive, send)


def refusal_of(scope: Scope) -> tuple[int, str] | None:
    """Return the status and the words that refuse a request; None: it may go on."""
    path = scope["path"]
    if path.rstrip("/") in CLOSED:
        return 404, "Not found\n"
    if path.rstrip("/") == metrics.PATH and not metrics.may_read(scope):
        return 404, "Not found\n"
    if path != "/health" and start.current().sign_in.mode == "demo" and not is_this_machine(scope):
        return 403, _ELSEWHERE
    if scope["type"] == "websocket" and not _may_connect(scope):
        return 403, "This page belongs to another site.\n"
    if path.rstrip("/") == "/auth/logout" and not is_from_own_page(scope):
        return 403, "Sign out by the suite's own button.\n"
    return None


def _may_connect(scope: Scope) -> bool:
    """Tell whether a websocket is opened by a page of our own; what is no browser names no origin."""
    origin = Headers(scope=scope).get("origin")
    return origin is None or origin in own_origins(scope)
