"""JSON, CSV and Arrow: which of them a request wants, and a frame written as each."""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from data_access.csv_file import csv_bytes
from serving.api.problems import Problem


@dataclass(frozen=True, kw_only=True)
class Format:
    """A way to write rows: its name in `?format=`, its media type, and what writes a frame and what is said of it."""

    name: str
    media_type: str
    write: Callable[[pl.DataFrame, Mapping[str, Any]], bytes]


def _json(rows: pl.DataFrame, about: Mapping[str, Any]) -> bytes:
    head = json.dumps(dict(about), ensure_ascii=False)
    return f'{head[:-1]}, "rows": {rows.write_json()}}}'.encode()


def _csv(rows: pl.DataFrame, _: Mapping[str, Any]) -> bytes:
    return csv_bytes(rows)


def _arrow(rows: pl.DataFrame, _: Mapping[str, Any]) -> bytes:
    written = io.BytesIO()
    rows.write_ipc_stream(written)
    return written.getvalue()


FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format(name="json", media_type="application/json", write=_json),
        Format(name="csv", media_type="text/csv", write=_csv),
        Format(name="arrow", media_type="application/vnd.apache.arrow.stream", write=_arrow),
    )
}


def wanted(named: str | None, accept: str) -> Format:
    """Return the format that `?format=` names, else the one that the Accept header likes best: JSON of equals."""
    if named is not None:
        if named in FORMATS:
            return FORMATS[named]
        raise Problem(406, "no such format", given=named, allowed=list(FORMATS), do="name one of these in ?format=")
    liked = {name: _liking(one.media_type, accept) for name, one in FORMATS.items()}
    best = max(liked, key=lambda name: liked[name])
    if liked[best] > 0:
        return FORMATS[best]
    allowed = [one.media_type for one in FORMATS.values()]
    raise Problem(406, "none of the accepted types is written here", given=accept, allowed=allowed, do="accept one")


def _liking(media_type: str, accept: str) -> float:
    """Return how much an Accept header likes a type (RFC 9110 §12.5.1), by the most exact range that it is in."""
    ranges = [_range(part) for part in (accept or "*/*").split(",")]
    kind = media_type.partition("/")[0]
    for name in (media_type, f"{kind}/*", "*/*"):
        if found := [quality for one, quality in ranges if one == name]:
            return found[0]
    return 0.0


def _range(part: str) -> tuple[str, float]:
    name, *parameters = (one.strip() for one in part.split(";"))
    weights = [one.removeprefix("q=") for one in parameters if one.startswith("q=")]
    try:
        return name.lower(), float(weights[0]) if weights else 1.0
    except ValueError:
        return name.lower(), 0.0
