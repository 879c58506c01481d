"""The API described: an OpenAPI 3.1 document made of the endpoints themselves, and the same as a plain page."""

from functools import lru_cache
from html import escape
from typing import Any

from data_access.export import Column
from serving.api.asked import Parameter
from serving.api.endpoints import ENDPOINTS, Endpoint
from serving.api.formats import FORMATS
from serving.api.problems import MEDIA_TYPE, TITLES

REFUSALS = (400, 401, 403, 406, 429, 500, 503)
_TYPES = {
    "number": {"type": ["number", "null"]},
    "integer": {"type": ["integer", "null"]},
    "date": {"type": ["string", "null"], "format": "date"},
    "gYearMonth": {"type": "string", "pattern": r"^\d{4}-\d{2}$"},
    "string": {"type": ["string", "null"]},
}
_ABOUT = """Read only. The figures are those of the pages and of the monthly CSV, to the digit, as far as the token's
viewer may see: what is withheld there is withheld here. Every request is entered in the audit trail. OFFICIAL."""
_SAMPLES = {
    "pandas": """import io, httpx, pandas as pd
asked = {"indicator": "ABS-01", "level": "lpa", "since": "2026-01", "until": "2026-10", "format": "csv"}
answer = httpx.get("https://HOST/api/v1/answer", params=asked, headers={"Authorization": f"Bearer {TOKEN}"})
rows = pd.read_csv(io.StringIO(answer.raise_for_status().text))""",
    "Polars": """answer = httpx.get("https://HOST/api/v1/benchmark?month=2026-10&format=arrow", headers=...)
rows = pl.read_ipc_stream(io.BytesIO(answer.raise_for_status().content))""",
    "Power BI, Excel (Power Query)": """Csv.Document(Web.Contents("https://HOST", [
    RelativePath = "api/v1/benchmark",
    Query = [month = "2026-10", format = "csv"],
    Headers = [Authorization = "Bearer " & Token]]), [Encoding = 65001])""",
}


@lru_cache(maxsize=1)
def openapi() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Neighbourhood Policing Dashboards",
            "version": "1",
            "description": " ".join(_ABOUT.split()),
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": {one.path: {"get": _operation(one)} for one in ENDPOINTS},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Problem": _PROBLEM, **{_name(one): _answer(one) for one in ENDPOINTS}},
        },
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "operationId": _name(endpoint),
        "summary": endpoint.summary,
        "description": endpoint.description,
        "parameters": [_parameter(one) for one in endpoint.parameters],
        "responses": {
            "200": {"description": "The rows.", "headers": _headers(), "content": _content(endpoint)},
            "304": {"description": "Nothing has changed since the answer whose ETag was sent in If-None-Match."},
            **{str(status): _refusal(status) for status in REFUSALS},
        },
    }


def _parameter(one: Parameter) -> dict[str, Any]:
    schema = {"type": "array", "items": dict(one.schema)} if one.many else dict(one.schema)
    return {"name": one.name, "in": "query", "required": one.required, "description": one.description, "schema": schema}


def _headers() -> dict[str, Any]:
    told = {
        "ETag": "Changes with the data version, what viewers record, the viewer's rights and the question.",
        "npd-data-version": "Number of the load that the figures come from.",
        "npd-definition-version": "Edition of the definitions.",
        "npd-marking": "Protective marking.",
    }
    return {name: {"description": words, "schema": {"type": "string"}} for name, words in told.items()}


def _content(endpoint: Endpoint) -> dict[str, Any]:
    binary = {one.media_type: {} for one in FORMATS.values()}
    return {**binary, FORMATS["json"].media_type: {"schema": {"$ref": f"#/components/schemas/{_name(endpoint)}"}}}


def _refusal(status: int) -> dict[str, Any]:
    return {
        "description": TITLES[status],
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _answer(endpoint: Endpoint) -> dict[str, Any]:
    told = {name: {"type": "string"} for name in ("marking", "definition_version", "first_month", "last_month")}
    rows = {"type": "object", "properties": {one.name: _column(one) for one in endpoint.columns}}
    properties = {**told, "data_version": {"type": "integer"}, "rows": {"type": "array", "items": rows}}
    return {"type": "object", "required": list(properties), "properties": properties}


def _column(column: Column) -> dict[str, Any]:
    return {**_TYPES[column.datatype], "description": column.description}


_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "given": {"type": "string", "description": "What was given."},
        "allowed": {"type": "array", "items": {"type": "string"}, "description": "What is allowed."},
        "do": {"type": "string", "description": "What to do."},
    },
}


def _name(endpoint: Endpoint) -> str:
    return endpoint.path.removeprefix("/")


@lru_cache(maxsize=1)
def page() -> str:
    """Return the document as a page that asks no host for anything."""
    parts = "".join(_section(one) for one in ENDPOINTS)
    samples = "".join(f"<h3>{escape(name)}</h3><pre>{escape(code)}</pre>" for name, code in _SAMPLES.items())
    refusals = "".join(f"<tr><td>{status}<td>{escape(TITLES[status])}" for status in REFUSALS)
    return f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>API · Neighbourhood Policing</title>
<meta name="viewport" content="width=device-width"><style>{_STYLE}</style><body><main>
<p class="marking">OFFICIAL</p><h1>The same figures, for other tools</h1><p>{escape(_ABOUT)}</p>
<p>Show a token: <code>Authorization: Bearer TOKEN</code>. Whoever runs the suite makes one with
<code>python -m data_access token make --viewer ID --purpose WORDS</code>. Answers come as JSON, CSV or an Arrow
stream, by <code>?format=</code> or the Accept header, with an ETag: send it back in If-None-Match, and where nothing
has changed the answer is 304.</p>
<p>All of it as an OpenAPI 3.1 document: <a href="/api/v1/openapi.json">openapi.json</a>.</p>{parts}
<h2>Where it is not answered</h2>
<p>As <code>application/problem+json</code>: what was given, what is allowed, what to do.</p>
<div><table><tr><th>status<th>meaning{refusals}</table></div><h2>Examples</h2>{samples}</main></html>"""


def _section(endpoint: Endpoint) -> str:
    asked = "".join(_parameter_row(one) for one in endpoint.parameters)
    columns = endpoint.columns
    told = "".join(f"<tr><td><code>{one.name}</code><td>{one.datatype}<td>{escape(one.description)}" for one in columns)
    return f"""<h2>GET /api/v1{endpoint.path}</h2><p>{escape(endpoint.description)}</p>
<div><table><tr><th>parameter<th>given<th>meaning{asked}</table></div>
<details><summary>{len(columns)} columns</summary>
<div><table><tr><th>column<th>type<th>meaning{told}</table></div></details>"""


def _parameter_row(one: Parameter) -> str:
    often = f"{'required' if one.required else 'optional'}{', repeatable' if one.many else ''}"
    values = one.schema.get("enum", ())
    listed = f"<br><small>{escape(', '.join(values))}</small>" if values else ""
    return f"<tr><td><code>{one.name}</code><td>{often}<td>{escape(one.description)}{listed}"


_STYLE = """body{font:16px/1.5 system-ui,sans-serif;color:#1b2733;margin:0}
main{max-width:60rem;margin:0 auto;padding:1rem}
.marking{font-weight:700;text-align:center;margin:0}h1{line-height:1.2}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #d5dbe1}
div{overflow-x:auto}pre{background:#f2f5f7;padding:.8rem;overflow-x:auto}small{color:#4a5a68;overflow-wrap:anywhere}
h2{margin-top:2rem}summary{cursor:pointer;padding:.4rem 0}"""
