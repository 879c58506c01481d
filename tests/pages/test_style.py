"""What the style sheet costs at every click: which elements a browser styles anew."""

import re
from collections.abc import Iterator

from tests.places import ROOT

_COMMENT, _RULE = re.compile(r"/\*.*?\*/", re.DOTALL), re.compile(r"([^{};]+)\{")
_WITHIN_BRACKETS = r"(?![^(\[]*[)\]])"


def selectors(style: str) -> Iterator[list[str]]:
    """Each selector of a style sheet as its compounds, outermost first."""
    for heads in _RULE.findall(_COMMENT.sub("", style)):
        for head in re.split(rf",{_WITHIN_BRACKETS}", heads):
            yield re.split(rf"\s*[ >+~]\s*{_WITHIN_BRACKETS}", head.strip())


def is_named(compound: str) -> bool:
    """Tell whether a compound says a tag, class or attribute, and not merely a part of a class."""
    return bool(re.sub(r"\[class[^]]*\]|:.*", "", compound).strip("*"))


def test_a_part_of_a_class_is_never_followed_by_what_any_element_is() -> None:
    """Else each change of a class, of which a click makes hundreds, styles all that lies in that element anew."""
    style = (ROOT / "pages" / "style.css").read_text()
    read = [one for one in selectors(style) if any("[class*=" in compound for compound in one[:-1])]
    assert len(read) > 10
    assert [" ".join(one) for one in read if not is_named(one[-1])] == []
