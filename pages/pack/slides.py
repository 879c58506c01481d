"""The pack as a PowerPoint file: a title, the headline figures, a slide a finding, and how a change is judged."""

import io
from datetime import datetime
from typing import Any

from pptx import Presentation
from pptx.enum.text import MSO_ANCHOR
from pptx.slide import Slide
from pptx.util import Inches

from data_access.export import MARKING
from metrics import DEFINITION_VERSION, headlines, indicator
from metrics.indicator import Indicator
from metrics.news import tally
from pages.pack import boxes, charts
from pages.pack.boxes import Box
from pages.pack.material import Finding, Pack
from pages.parts import palette
from pages.wording import explained, figures, sentences, words

WIDTH, HEIGHT, EDGE = 13.333, 7.5, 0.55  # inches
_WIDE = WIDTH - 2 * EDGE
_STRIP = Box(left=EDGE, top=0.25, width=_WIDE, height=0.3)
_TITLE = Box(left=EDGE, top=0.6, width=_WIDE, height=0.95)
_VERDICT = Box(left=EDGE, top=1.6, width=_WIDE, height=0.35)
_CHART = Box(left=EDGE, top=2.05, width=8.0, height=4.75)
_RIGHT = {"left": 8.95, "width": WIDTH - EDGE - 8.95}
_SENTENCE = Box(top=2.1, height=1.6, **_RIGHT)
_SAID_HEAD, _SAID = Box(top=3.8, height=0.3, **_RIGHT), Box(top=4.12, height=1.65, **_RIGHT)
_OWNER_HEAD, _OWNER = Box(top=5.85, height=0.3, **_RIGHT), Box(top=6.17, height=0.63, **_RIGHT)
_BODY = Box(left=EDGE, top=1.75, width=_WIDE, height=5.0)
_FOOT = Box(left=EDGE, top=7.05, width=_WIDE, height=0.25)
_TITLE_ONLY = 5  # the layout with a title and nothing else
_TITLES, _TEXTS = (28, 24, 20), (18, 16, 14, 12)
_CELLS = (16, 14, 12, 11, 10)
_COLUMNS = (4.4, 1.5, 2.2, 2.3, 1.83)  # inches, together as wide as the slide's text
_ROW = 0.65  # inches
LONGEST_PROPERTY = 255  # letters: longer ones, and control characters, the file may not hold
Row = dict[str, Any]


def write(pack: Pack, made_at: datetime) -> bytes:
    """Return the file. `made_at` is an aware instant, shown in local time."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    slides = 3 + len(pack.findings) + (not pack.standing.is_empty())

    def added() -> Slide:
        slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
        _frame(slide, pack, len(deck.slides), slides)
        return slide

    _first(added(), pack, made_at)
    _headlines(added(), pack)
    for finding in pack.findings:
        _finding(added(), finding)
    if not pack.standing.is_empty():
        _standing(added(), pack)
    _judged(added())
    _describe(deck, pack, made_at)
    written = io.BytesIO()
    deck.save(written)
    return written.getvalue()


def _frame(slide: Slide, pack: Pack, place: int, slides: int) -> None:
    """Write what every slide carries: the marking above, and below of what it is and which slide."""
    material = pack.briefing
    sample = " · SAMPLE DATA" if material.version.sample else ""
    boxes.write(slide, f"{MARKING}{sample}", _STRIP, (12,), bold=True)
    month = words.month(material.month)
    told = f"{MARKING} · {material.area.name} · {month} · data version {material.version.number}"
    foot = boxes.write(slide, told, _FOOT, (11,), ink=palette.QUIET)
    boxes.number(foot, place, slides)


def _first(slide: Slide, pack: Pack, made_at: datetime) -> None:
    material, version = pack.briefing, pack.briefing.version
    boxes.title(slide, f"Neighbourhood policing: {material.area.name}, {words.month(material.month)}", _TITLE, _TITLES)
    loaded, made = words.moment(version.loaded_at), words.moment(made_at)
    lines = [
        *_found(pack),
        *(["Provisional: the data ends before the month does."] if material.provisional else []),
        "",
        material.force_name,
        f"Data version {version.number}, loaded {loaded} · definitions of {DEFINITION_VERSION} · made {made}",
    ]
    boxes.write(slide, "\n".join(lines), _BODY, (20, 18, 16, 14))


def _found(pack: Pack) -> list[str]:
    """Say how much is new, in the area and in the areas in it, of how many figures, and how much of it has a slide."""
    material, inside = pack.briefing, pack.briefing.news_inside
    looked_at = material.news.looked_at + (inside.looked_at if inside is not None else 0)
    if not looked_at:
        return [sentences.TOO_FEW]
    own, below = pack.new
    said = [f"{sentences.news_title(material.area.name, tally(own))}."]
    if material.area.below:
        parts = f"its {words.level(material.area.below, many=True)}"
        said.append(f"{sentences.news_title(f'In {parts}' if below.height else parts, tally(below))}.")
    said.append(f"Of {looked_at:,} figures looked at; new is only what chance does not explain.")
    shown, new = len(pack.findings), own.height + below.height
    return [*said, *([f"The strongest {shown} of {new} have a slide each."] if shown < new else [])]


def _headlines(slide: Slide, pack: Pack) -> None:
    material = pack.briefing
    boxes.title(slide, f"Headline figures, {material.area.name}", _TITLE, _TITLES)
    months = {row["indicator_id"]: row for row in material.own.filter(month=material.month).to_dicts()}
    heads = ("Indicator", words.month(material.month), "On last month", "On same month last year", "Judged")
    lines = [heads, *(_line(one, months.get(one.id, {})) for one in headlines())]
    place = Box(left=EDGE, top=_BODY.top, width=_WIDE, height=_ROW * len(lines))
    table = slide.shapes.add_table(len(lines), len(_COLUMNS), *place.place).table
    rooms = [Box(left=0, top=0, width=width - 0.2, height=_ROW - 0.1) for width in _COLUMNS]
    size = min(boxes.fitted(text, room, _CELLS)[1] for line in lines for text, room in zip(line, rooms, strict=True))
    for column, width in enumerate(_COLUMNS):
        table.columns[column].width = Inches(width)
    for row, line in enumerate(lines):
        table.rows[row].height = Inches(_ROW)
        for column, (text, room) in enumerate(zip(line, rooms, strict=True)):
            _cell(table.cell(row, column), *boxes.fitted(text, room, (size,)), head=row == 0)


def _line(one: Indicator, row: Row) -> tuple[str, ...]:
    """Return the cells of a headline figure, as its card has them."""
    name = f"{one.name[0].upper()}{one.name[1:]}"
    if row.get("value") is None:
        return name, words.NOTHING, words.NOTHING, words.NOTHING, sentences.missing(row.get("note"))
    relative = words.percent(row.get("change_percent"))
    month = words.change(row.get("change"), one.unit) + (f" ({relative})" if relative else "")
    year = words.change(row.get("change_on_year"), one.unit)
    return name, figures.value(one, row), month, year, figures.mark(one, row).word


def _cell(cell: Any, text: str, size: int, *, head: bool) -> None:
    cell.fill.solid()
    cell.fill.fore_color.rgb = boxes.colour(palette.BLUE if head else palette.PAPER)
    boxes.fill(cell.text_frame, text, size, bold=head, ink=palette.PAPER if head else palette.INK)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_left = cell.margin_right = Inches(0.1)
    cell.margin_top = cell.margin_bottom = Inches(0.05)


def _finding(slide: Slide, finding: Finding) -> None:
    """Draw a finding: what changed where, its months, the sentence, what is said of it and who answers for it."""
    row, one = finding.row, indicator(finding.row["indicator_id"])
    mark, said = words.mark(row["verdict"]), sentences.sentence(one, row)
    boxes.title(slide, f"{row['area_name']}: {sentences.name(one, row['category'])}", _TITLE, _TITLES)
    boxes.write(slide, f"{mark.glyph} {mark.word}, new in {words.month(row['month'])}", _VERDICT, (16, 14), bold=True)
    charts.draw(slide, one, finding.series, _CHART, f"{sentences.spark_words(one, finding.series)}. {said}")
    boxes.write(slide, said, _SENTENCE, _TEXTS)
    boxes.write(slide, "Explanation", _SAID_HEAD, (12,), bold=True, ink=palette.QUIET)
    boxes.write(slide, explanation(finding), _SAID, (16, 14, 12, 11, 10))
    boxes.write(slide, "Owner", _OWNER_HEAD, (12,), bold=True, ink=palette.QUIET)
    boxes.write(slide, owner(one, finding), _OWNER, (16, 14, 12, 11, 10))


def explanation(finding: Finding) -> str:
    """Return what is said of a finding, one paragraph each, or that nothing is."""
    lines = [
        f"{row['kind'].capitalize()}: {row['sentence']} (look again {words.day(row['review_on'])})"
        for row in finding.said
    ]
    return "\n".join(lines) or "None yet. To be given at this meeting, or under the figure in the suite."


def owner(one: Indicator, finding: Finding) -> str:
    """Return who answers for a finding: whom its explanations name, else who owns its target."""
    named = list(dict.fromkeys(row["owner"] for row in finding.said))
    held = [sentences.target(one, finding.target)] if finding.target else []
    return "\n".join([*([", ".join(named)] if named else []), *held]) or "To be named at this meeting."


def _standing(slide: Slide, pack: Pack) -> None:
    """List the lasting shifts found in earlier months, which are no news and stand."""
    boxes.title(slide, "Standing from earlier months", _TITLE, _TITLES)
    lines = []
    for row in pack.standing.to_dicts():
        one = indicator(row["indicator_id"])
        named = f"{row['area_name']}: {sentences.name(one, row['category'])}"
        lines.append(f"• {named}, {sentences.shift(one, row)}; {words.figure(row['value'], one.unit)} now")
    boxes.write(slide, "\n".join(lines), _BODY, (20, 18, 16, 14, 12))


def _judged(slide: Slide) -> None:
    boxes.title(slide, "What counts as a real change", _TITLE, _TITLES)
    boxes.write(slide, explained.JUDGED, _BODY, (16, 14, 12))


def _describe(deck: Any, pack: Pack, made_at: datetime) -> None:
    material, told = pack.briefing, deck.core_properties
    title = f"Neighbourhood policing: {material.area.name}, {words.month(material.month)}"
    told.title = "".join(sign if sign.isprintable() else " " for sign in title)[:LONGEST_PROPERTY]
    told.author = told.last_modified_by = material.force_name
    told.category, told.subject = MARKING, f"data version {material.version.number}"
    told.keywords = told.comments = ""
    told.created = told.modified = made_at.replace(tzinfo=None)
