"""The files of the frontend, compressed once: they are named by their content."""

from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.file_util import get_static_dir


class KeptStatic:
    """ASGI middleware that keeps the compressed files of the frontend, and nothing that is not one of them.

    Compressing 12 MB anew for every new browser takes a second of a core, on a morning when everybody is new.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._kept: dict[str, list[Message]] = {}
        root = Path(get_static_dir())
        self._files = frozenset(f"/{path.relative_to(root).as_posix()}" for path in root.glob("static/**/*.*"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory what was answered before; pass everything else on."""
        if not _is_static(scope) or scope["path"] not in self._files:
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


def _is_static(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith("/static/"):
        return False
    headers = dict(scope["headers"])
    partial = b"range" in headers or b"if-none-match" in headers
    return b"gzip" in headers.get(b"accept-encoding", b"") and not partial
