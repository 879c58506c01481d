"""The frontend's one HTML file with the suite's own style and links in it, so that neither comes after the first view.

A style sent by the main script arrives when the page already stands: everything on it would jump.
"""

from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.shell import start

LINKS = Path(__file__).with_name("links.js")
_END = b"</body>"
NOT_OURS = "/api/"  # what other tools read is no page, and "as you have it" is an answer to them
# The file is another one as soon as the style is: what says when it changed speaks of Streamlit's part alone.
_VALIDATORS = frozenset((b"etag", b"last-modified", b"content-length", b"accept-ranges"))
_CONDITIONS = frozenset((b"if-none-match", b"if-modified-since", b"range", b"accept-encoding"))


class OwnStyle:
    """ASGI middleware that writes style and links at the end of every HTML page; what compresses stands before it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        style, links = (path.read_text(encoding="utf-8") for path in (start.STYLE, LINKS))
        self._own = f"<style>{style}</style><script>{links}</script>".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and hold an HTML answer back until it is whole."""
        if scope["type"] != "http" or scope["path"].startswith(NOT_OURS):
            await self.app(scope, receive, send)
            return
        held: list[Message] = []

        async def send_completed(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_html(message):
                held.append(message)
            elif held:
                held.append(message)
                if not message.get("more_body", False):
                    for one in self._completed(held):
                        await send(one)
            else:
                await send(message)

        await self.app(_unconditional(scope), receive, send_completed)

    def _completed(self, held: list[Message]) -> tuple[Message, Message]:
        begun, *parts = held
        body = b"".join(part.get("body", b"") for part in parts).replace(_END, self._own + _END)
        headers = [header for header in begun["headers"] if header[0].lower() not in _VALIDATORS]
        length = (b"content-length", str(len(body)).encode())
        return {**begun, "headers": [*headers, length]}, {"type": "http.response.body", "body": body}


def _is_html(start: Message) -> bool:
    return start["status"] == 200 and dict(start["headers"]).get(b"content-type", b"").startswith(b"text/html")


def _unconditional(scope: Scope) -> Scope:
    """Return a request whose answer is whole and as it is: not “as you have it”, not a part, not compressed."""
    if scope["path"].startswith("/static/"):
        return scope
    return {**scope, "headers": [header for header in scope["headers"] if header[0] not in _CONDITIONS]}
