"""The OpenAPI document says what is: each path, parameter, column and refusal of it is asked for and met."""

import re
from typing import Any

import pytest

from serving.api.endpoints import ENDPOINTS, Endpoint
from serving.api.problems import TITLES
from tests.serving.conftest import ask

MONTH = "2024-10"
VALUES = {"month": MONTH, "since": MONTH, "until": MONTH, "within": "lpa:L1", "weight_set": "ons-2020", "by": "weekday"}
NEEDED = {"/answer": {"indicator": "ABS-04", "level": "lpa", "since": MONTH, "until": MONTH}}
PYTHON = {"string": str, "integer": int, "number": (int, float), "null": type(None), "array": list, "object": dict}
LOCAL = re.compile(r'(?:href|src|action)="([^"]*)"|url\(')


def document() -> dict[str, Any]:
    return ask("/openapi.json").json()


def query(endpoint: Endpoint, **more: str) -> str:
    needed = NEEDED.get(endpoint.path) or {one.name: VALUES[one.name] for one in endpoint.parameters if one.required}
    return f"{endpoint.path}?" + "&".join(f"{name}={value}" for name, value in {**needed, **more}.items())


def followed(schema: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    return whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """Tell whether a value is one of a schema, as far as this document uses the language."""
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(isinstance(value, PYTHON[kind]) for kind in kinds) or (isinstance(value, bool)):
        return False
    if isinstance(value, dict):
        listed = schema.get("properties", {})
        return set(schema.get("required", ())) <= set(value) <= set(listed) and all(
            fits(one, listed[name]) for name, one in value.items()
        )
    if isinstance(value, list):
        return all(fits(one, schema["items"]) for one in value)
    return not isinstance(value, str) or re.search(schema.get("pattern", ""), value) is not None


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda one: one.path)
def test_an_answer_has_the_columns_that_the_document_lists(token_of, endpoint: Endpoint) -> None:
    whole, answer = document(), ask(query(endpoint), token_of("chief"))
    described = whole["paths"][endpoint.path]["get"]["responses"]["200"]
    schema = followed(described["content"]["application/json"]["schema"], whole)
    assert fits(answer.json(), schema)
    assert list(answer.json()["rows"][0]) == list(schema["properties"]["rows"]["items"]["properties"])
    assert set(described["headers"]) <= {"ETag", *answer.headers}
    assert set(described["content"]) == {
        ask(query(endpoint, format=name), token_of("chief")).headers["content-type"].partition(";")[0]
        for name in ("json", "csv", "arrow")
    }


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda one: one.path)
def test_each_parameter_is_taken_and_the_required_ones_are(token_of, endpoint: Endpoint) -> None:
    token = token_of("chief")
    for one in document()["paths"][endpoint.path]["get"]["parameters"]:
        schema = one["schema"].get("items", one["schema"])
        value = VALUES.get(one["name"]) or schema["enum"][0]
        assert value in schema.get("enum", [value])
        assert ask(query(endpoint, **{one["name"]: value}), token).status_code == 200, one["name"]
        without = re.sub(rf"([?&]){one['name']}=[^&]*", r"\1", query(endpoint)).replace("?&", "?")
        assert (ask(without.replace("&&", "&").rstrip("&"), token).status_code == 400) == one["required"]


def test_a_refusal_is_as_the_document_says(token_of) -> None:
    whole = document()
    problem = whole["components"]["schemas"]["Problem"]
    token = token_of("commander")
    for path, shown in (
        ("/answer", None),
        ("/answer", token),
        ("/catalogue?format=x", token),
        (query(ENDPOINTS[1], within="lpa:L2"), token),
    ):
        refusal = ask(path, shown)
        told = whole["paths"][path.partition("?")[0]]["get"]["responses"][str(refusal.status_code)]
        assert told["description"] == TITLES[refusal.status_code] == refusal.json()["title"]
        assert refusal.headers["content-type"] in told["content"]
        assert fits(refusal.json(), problem)


def test_the_page_describes_every_endpoint_and_asks_no_other_host() -> None:
    page = ask("/")
    assert page.headers["content-type"].startswith("text/html")
    for endpoint in ENDPOINTS:
        assert f"GET /api/v1{endpoint.path}" in page.text
        assert all(f"<code>{one.name}</code>" in page.text for one in endpoint.parameters)
    assert [found.group(1) for found in LOCAL.finditer(page.text)] == ["/api/v1/openapi.json"]
    assert "<script" not in page.text
