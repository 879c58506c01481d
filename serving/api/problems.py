"""What goes wrong, as RFC 9457 has it: a status, a sentence, what was given, what is allowed and what to do."""

from collections.abc import Mapping, Sequence

from starlette.responses import JSONResponse

LONGEST_GIVEN = 100  # characters of what was given that are said again
MEDIA_TYPE = "application/problem+json"
TITLES: Mapping[int, str] = {
    400: "The question cannot be asked so",
    401: "Nobody is let in without a token that holds",
    403: "This is not yours to see",
    404: "There is nothing here",
    405: "This API is read only",
    406: "No such format",
    429: "Too many requests",
    500: "This could not be answered",
    503: "Not now",
}


class Problem(Exception):
    """A request that is not answered; `headers` go with the status."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        given: str | None = None,
        allowed: Sequence[str] | None = None,
        do: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.headers = status, dict(headers or {})
        said = given and given[:LONGEST_GIVEN]
        told = {"given": said, "allowed": None if allowed is None else list(allowed), "do": do}
        always = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": detail}
        self.body = always | {name: value for name, value in told.items() if value is not None}

    def response(self) -> JSONResponse:
        """Return it as problem+json, which nobody may keep."""
        headers = {"cache-control": "no-store", **self.headers}
        return JSONResponse(self.body, self.status, headers=headers, media_type=MEDIA_TYPE)


def bad(detail: str, *, given: str, allowed: Sequence[str], do: str) -> Problem:
    """Return the problem of a question that cannot be asked."""
    return Problem(400, detail, given=given, allowed=allowed, do=do)
