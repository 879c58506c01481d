"""The way back to the link that a viewer came by, who had to sign in first."""

from urllib.parse import quote, unquote

from starlette.middleware.base import RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pages.shell import start
from pages.shell.order import PAGES

PAGE_NAMES = frozenset(("", *(module.__name__.rsplit(".", 1)[-1] for module in PAGES)))
SIGNED_IN = "_streamlit_user"  # Streamlit's own cookie; it alone says who it is, this only whether to lead on
LINK, LINK_KEPT = "npd_link", 600  # seconds: time enough to sign in


async def back_to_link(request: Request, answer: RequestResponseEndpoint) -> Response:
    """Lead a viewer who had to sign in back to the link that they came by.

    Streamlit's way back from the identity provider ends at the root: meanwhile the link waits in a cookie.
    """
    if start.current().sign_in.mode != "oidc" or not _is_page(request.url.path):
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
