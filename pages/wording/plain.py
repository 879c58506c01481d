"""Names and messages that came from an extract, an address or a viewer, written so that they show as plain text.

Whatever is not the suite's own words passes one of these on its way into Markdown or a chart; into HTML, `html.escape`.
"""

import re
from html import escape
from typing import Any

# Streamlit's Markdown looks for addresses, emoji and icons after it has undone every backslash: they are broken by a
# character that takes no room instead.
_JOINER = "\N{WORD JOINER}"
_MARKS = re.compile(r"([\\`*_~\[\]<>|$#])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_LINKED = re.compile(r"(?<=:)(?=//|[\w/+-]+:)|(?<=@)|(?<=\bwww)(?=\.)", re.IGNORECASE)
_STARTS_A_LIST = re.compile(r"^(?=[-+=])|(?<=^\d)(?=[.)])|(?<=^\d\d)(?=[.)])")


def markdown(text: str) -> str:
    """Write text so that Streamlit's Markdown shows it as it is, on one line: no link, no style, no formula."""
    line = _ENTITY.sub(r"\\&", _MARKS.sub(r"\\\1", " ".join(text.split())))
    return _LINKED.sub(_JOINER, _STARTS_A_LIST.sub(r"\\", line))


def chart(text: str) -> str:
    """Write text so that a chart shows it as it is: Plotly reads tags in every label, and columns after a %."""
    return escape(text).replace("%{", "&#37;{")


def labels(values: Any) -> Any:
    """Write the texts among a chart's values with `chart`, however deep their lists are; leave numbers and days."""
    if isinstance(values, str):
        return chart(values)
    if isinstance(values, list | tuple):
        return [labels(value) for value in values]
    return values
