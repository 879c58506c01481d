"""Every websocket gets a name of its own, so that what was offered to one is never given to another."""

import secrets

from starlette.types import ASGIApp, Receive, Scope, Send

from pages.shell.connection import CURRENT, HEADER


class NamedConnections:
    """ASGI middleware that names each websocket, in place of any name that a browser may have sent."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Name a websocket; pass everything else on."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        name = secrets.token_hex(16)
        given = [header for header in scope["headers"] if header[0] != HEADER.encode()]
        CURRENT.set(name)  # this task is the connection's own, and so are the tasks that it starts
        await self.app({**scope, "headers": [*given, (HEADER.encode(), name.encode())]}, receive, send)
