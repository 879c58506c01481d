"""The frontend's HTML file as it is served: with the suite's own style and links, whatever is asked and however."""

import gzip
from urllib.request import Request, urlopen

import pytest

ASKED = (
    {},
    {"Accept-Encoding": "gzip"},
    {"If-None-Match": "*"},
    {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
)


@pytest.mark.parametrize("path", ["/", "/abstractions"])
@pytest.mark.parametrize("headers", ASKED, ids=lambda headers: next(iter(headers), "plain"))
def test_style_and_links_stand_in_every_page_that_is_opened(address: str, path: str, headers: dict[str, str]) -> None:
    with urlopen(Request(address + path, headers=headers), timeout=30) as answer:
        body = answer.read()
        told = {name.lower(): value for name, value in answer.headers.items()}
    assert int(told["content-length"]) == len(body)
    assert "etag" not in told
    assert "last-modified" not in told
    page = (gzip.decompress(body) if told.get("content-encoding") == "gzip" else body).decode()
    assert page.count(".npd-brand {") == 1
    assert page.count("history.pushState") == 1
    assert page.index(".npd-brand {") < page.index("</body>")


def test_a_file_of_the_frontend_is_passed_on_as_it_is(address: str) -> None:
    with urlopen(f"{address}/", timeout=30) as answer:
        page = answer.read().decode()
    script = page.split('src="./static/js/')[1].split('"')[0]
    with urlopen(f"{address}/static/js/{script}", timeout=30) as answer:
        assert ".npd-brand {" not in answer.read().decode()
