"""Text on a slide: in a box of a stated size, as large as it fits there, cut with an ellipsis where it fits in none."""

import textwrap
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.shapes.autoshape import Shape
from pptx.slide import Slide
from pptx.text.text import TextFrame
from pptx.util import Inches, Length, Pt

from pages.parts import palette

FONT = "Arial"  # there on every machine, or one of the same widths
_EM = 0.54  # mean width of a letter: a little more than it is, so that what is reckoned to fit does
_LEADING = 1.2  # of lines, in font sizes
POINTS_AN_INCH = 72


@dataclass(frozen=True, kw_only=True)
class Box:
    """Where something stands on a slide, in inches from its top left corner."""

    left: float
    top: float
    width: float
    height: float

    @property
    def place(self) -> tuple[Length, Length, Length, Length]:
        """The same as python-pptx takes it."""
        return Inches(self.left), Inches(self.top), Inches(self.width), Inches(self.height)


def fitted(text: str, box: Box, sizes: Sequence[int]) -> tuple[str, int]:
    """Return a text and the largest of `sizes` (points, falling) in which it fits; cut where it fits in none."""
    for size in sizes:
        if len(_lines(text, box, size)) <= _room(box, size):
            return text, size
    smallest = sizes[-1]
    kept = _lines(text, box, smallest)[: _room(box, smallest)]
    return f"{' '.join(kept)[:-1].rstrip()}…", smallest


def _lines(text: str, box: Box, size: int) -> list[str]:
    letters = max(1, int(box.width * POINTS_AN_INCH / (_EM * size)))
    return [line for part in text.split("\n") for line in textwrap.wrap(part, letters) or [""]]


def _room(box: Box, size: int) -> int:
    return max(1, int(box.height * POINTS_AN_INCH / (_LEADING * size)))


def write(
    slide: Slide, text: str, box: Box, sizes: Sequence[int], *, bold: bool = False, ink: str = palette.INK
) -> Shape:
    """Add a text to a slide; a line a paragraph."""
    shape = slide.shapes.add_textbox(*box.place)
    fill(shape.text_frame, *fitted(text, box, sizes), bold=bold, ink=ink)
    return shape


def title(slide: Slide, text: str, box: Box, sizes: Sequence[int]) -> None:
    """Write the slide's title in its own place, so that outline and screen reader find it."""
    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = box.place
    fill(shape.text_frame, *fitted(text, box, sizes), bold=True)


def fill(frame: TextFrame, text: str, size: int, *, bold: bool = False, ink: str = palette.INK) -> None:
    """Write a text into a frame without margins, from its top left corner."""
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for step, line in enumerate(text.split("\n")):
        paragraph = frame.paragraphs[0] if step == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.LEFT
        run = paragraph.add_run()
        run.text = line
        run.font.name, run.font.size, run.font.bold = FONT, Pt(size), bold
        run.font.color.rgb = colour(ink)


def number(shape: Shape, shown: int, of: int) -> None:
    """Add 'slide 2 of 9' to a text: the first number is a field, right also where slides are moved."""
    paragraph = shape.text_frame.paragraphs[0]
    before, after = paragraph.runs[0].text + " · slide ", f" of {of}"
    paragraph.runs[0].text = before
    look = paragraph.runs[0]._r.rPr
    field = parse_xml(
        f'<a:fld {nsdecls("a")} id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum">'
        f"<a:t>{shown}</a:t></a:fld>"
    )
    field.insert(0, deepcopy(look))
    paragraph._p.append(field)
    end = paragraph.add_run()
    end.text = after
    end._r.insert(0, deepcopy(look))


def colour(hexadecimal: str) -> RGBColor:
    """Return one of the house's colours as python-pptx takes it."""
    return RGBColor.from_string(hexadecimal.removeprefix("#"))
