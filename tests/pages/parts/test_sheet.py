"""Every printed sheet says what it is, of where and when, and no name can get out of its string."""

from hypothesis import given
from hypothesis import strategies as st

from pages.parts.sheet import css_text, margins


def test_a_sheet_has_marking_area_month_version_and_page():
    said = margins("LPA L1", "Oct 2024", 7)
    assert 'content: "OFFICIAL \\b7  LPA L1 \\b7  Oct 2024"' in said
    assert "Data version 7" in said
    assert "counter(page)" in said


@given(st.text())
def test_a_hostile_name_stays_text(name):
    written = css_text(name)
    assert not set(written[1:-1]) & set("\"<>{}();\n\r\f'")
