"""The briefing as one HTML page: nothing outside it is referred to, and on paper it is two sides of A4."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from html import escape
from pathlib import Path
from typing import Any

import polars as pl

from data_access.export import MARKING
from metrics import DEFINITION_VERSION, headlines, indicator
from metrics.indicator import Indicator
from metrics.news import News, strongest, tally
from metrics.parameters import Parameters, worded
from pages.briefing.material import Area, Material
from pages.parts import drawing, sheet
from pages.wording import explained, figures, sentences, words

MOST_NEWS, AREAS_EACH = 4, 2  # so many find room on a side beside figures and areas
STYLE = Path(__file__).parent / "style.css"
# Not even by accident may the page ask for anything from anywhere.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
Row = dict[str, Any]


def write(material: Material, made_at: datetime) -> str:
    """Write the page. `made_at` is an aware instant, shown in local time."""
    title = f"{material.area.name}, {words.month(material.month)}"
    parts = (_head(material), _cards(material), _news(material), _comparisons(material), _trends(material))
    foot = (_figures(material), _definitions(material.parameters), _provenance(material, made_at))
    return (
        f'<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>Briefing: {escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<style>{STYLE.read_text(encoding='utf-8')}{_margins(material)}</style></head>\n<body><main>\n"
        + "\n".join((*parts, *foot))
        + "\n</main></body></html>\n"
    )


def _margins(material: Material) -> str:
    return sheet.margins(material.area.name, words.month(material.month), material.version.number)


def file_name(area: Area, month: date) -> str:
    """Name the file of a briefing: 'briefing-E08000026-2024-10.html'."""
    return f"briefing-{area.code}-{month:%Y-%m}.html"


def _head(material: Material) -> str:
    sample = '<span class="tag sample">SAMPLE DATA</span>' if material.version.sample else ""
    provisional = " Provisional: the data ends before the month does." if material.provisional else ""
    finding = sentences.news_title(material.area.name, tally(material.news.new))
    beside = material.news_inside
    looked_at = material.news.looked_at + (beside.looked_at if beside else 0)
    return (
        f'<header><p class="strip"><strong>Neighbourhood policing briefing</strong> {escape(material.force_name)} '
        f'<span class="tag">{MARKING}</span>{sample}</p><h1>{escape(finding)}</h1>'
        f"<p>{_kind(material.area)} · {words.month(material.month)}.{provisional} Listed as new is only what "
        f"chance does not explain, of {looked_at:,} figures looked at. LPA: local policing area.</p></header>"
    )


def _kind(area: Area) -> str:
    return "The whole force" if area.level == "force" else f"{escape(area.name)} {words.level(area.level)}"


def _cards(material: Material) -> str:
    cards = (
        f'<div class="cell">{drawing.card_html(one, _series(material, one.id), name=one.name)}</div>'
        for one in headlines()
    )
    return f'<section><h2>Headline figures</h2><div class="cards">{"".join(cards)}</div></section>'


def _news(material: Material) -> str:
    listed = _listed(material.news, material.news.new.head(MOST_NEWS))
    own = f"<h2>What is new in {escape(material.area.name)}</h2>{listed}"
    inside, below = "", material.news_inside
    if below and material.area.below:
        listed = _listed(below, strongest(below.new, most=MOST_NEWS, each=AREAS_EACH))
        inside = f"<h2>And in its {words.level(material.area.below, many=True)}</h2>{listed}"
    said = "".join(f"<li>{_said(row)}</li>" for row in material.said.to_dicts())
    explained_here = f"<h2>What is said of these figures</h2><ul>{said}</ul>" if said else ""
    return f"<section>{own}{inside}{explained_here}</section>"


def _said(row: Row) -> str:
    name = indicator(row["indicator_id"]).name
    return f"<strong>{escape(name)}</strong>, {escape(row['kind'])}: {escape(row['sentence'])} ({escape(row['owner'])})"


def _listed(told: News, shown: pl.DataFrame) -> str:
    """Write the news that has room, and how much there is in all."""
    if not told.looked_at:
        return f"<p>{sentences.TOO_FEW}</p>"
    if told.new.is_empty():
        return "<p>Nothing new: every figure judged is within what this month of the year usually brings.</p>"
    left_out = f"<p>The strongest {shown.height} of {told.new.height}.</p>" if shown.height < told.new.height else ""
    return f"<ul>{''.join(map(_item, shown.to_dicts()))}</ul>{left_out}"


def _item(row: Row) -> str:
    one, mark = indicator(row["indicator_id"]), words.mark(row["verdict"])
    name = sentences.name(one, row["category"])
    said = f"{row['area_name']}: {name}. {sentences.sentence(one, row)}"
    return f"<li>{drawing.mark_html(mark)}<span><strong>{mark.word}</strong> · {escape(said)}</span></li>"


def _comparisons(material: Material) -> str:
    area = material.area
    newest = material.own.filter(pl.col("month") == material.month)
    tables = []
    if area.below and area.below != "lpa":
        tables.append(_side_by_side(f"The {words.level(area.below, many=True)}", newest, material.inside))
    force, lpas = (material.totals.filter(pl.col("area_level") == level) for level in ("force", "lpa"))
    tables.append(_side_by_side("The LPAs (local policing areas) and the force", force, lpas))
    return f"<section class=\"areas\">{''.join(tables)}</section>"


def _side_by_side(title: str, whole: pl.DataFrame, parts: pl.DataFrame) -> str:
    """Write headline figures as columns; the whole first, then its parts by name."""
    shown = headlines()
    rows = [*whole.to_dicts(), *parts.sort("area_name", "area_code").to_dicts()]
    cells = {(row["area_code"], row["indicator_id"]): row for row in rows}
    names = dict.fromkeys((row["area_code"], row["area_name"]) for row in rows)
    lines = ([escape(name), *(_cell(cells.get((code, one.id), {}), one) for one in shown)] for code, name in names)
    return _table(title, ["Area", *(_with_unit(one) for one in shown)], lines)


def _cell(row: Row, one: Indicator) -> str:
    if row.get("value") is None:
        return escape(row.get("note") or words.NOTHING)
    said = figures.value(one, row)
    if figures.judged(one, row).get("verdict") not in sentences.REAL:
        return said
    mark = words.mark(row["verdict"])
    return f"{said}<br><small>{drawing.mark_html(mark)} {mark.word}</small>"


def _trends(material: Material) -> str:
    figures = "".join(_trend(one, _series(material, one.id)) for one in headlines())
    note = "Shaded: the expected range. Dashed: its mean. Marked: months that really changed."
    return f"<section class=\"side\"><h2>By month, {escape(material.area.name)}</h2><p>{note}</p>{figures}</section>"


def _trend(one: Indicator, series: Sequence[Row]) -> str:
    caption = f"{one.name} ({words.unit_words(one.unit)})"
    return f"<figure><figcaption>{escape(caption)}</figcaption>{drawing.trend(one, series)}</figure>"


def _figures(material: Material) -> str:
    """Write the charts' values as a table: a month a row, with the expected range under each value."""
    shown = headlines()
    cells = {(row["month"], row["indicator_id"]): row for row in material.own.to_dicts()}
    months = sorted({month for month, _ in cells}, reverse=True)
    lines = ([words.month(month), *(_ranged(cells.get((month, one.id), {}), one) for one in shown)] for month in months)
    title = f"The figures behind the charts, {escape(material.area.name)}, with the expected range"
    return f"<section class=\"screen\">{_table(title, ['Month', *(_with_unit(one) for one in shown)], lines)}</section>"


def _ranged(row: Row, one: Indicator) -> str:
    said = _cell({**row, "verdict": None}, one)
    if row.get("value") is None or row.get("lower_limit") is None:
        return said
    low, high = (words.number(row[limit], one.unit) for limit in ("lower_limit", "upper_limit"))
    return f"{said} <small>({low} to {high})</small>"


def _definitions(parameters: Parameters) -> str:
    blocks = "".join(_definition(worded(one, parameters)) for one in headlines())
    judged = f"<h3>What counts as a real change</h3><p>{escape(explained.JUDGED)}</p>"
    return f'<section class="words screen"><h2>How the figures are worked out</h2>{blocks}{judged}</section>'


def _definition(one: Indicator) -> str:
    lines = "".join(f"<p><b>{head}.</b> {escape(text)}</p>" for head, text in explained.definition(one))
    return f"<article><h3>{escape(one.name)}</h3>{lines}</article>"


def _provenance(material: Material, made_at: datetime) -> str:
    version = material.version
    return (
        f"<footer><p>Data version {version.number}, loaded {words.moment(version.loaded_at)} · definitions of "
        f"{DEFINITION_VERSION} · made {words.moment(made_at)} · {MARKING}</p>"
        '<p class="paper">This file has every month, and how each figure is worked out, on a screen.</p></footer>'
    )


def _table(title: str, heads: Iterable[str], lines: Iterable[Sequence[str]]) -> str:
    """Write a table; heads are escaped here, cells (the first is the row's head) are HTML already."""
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    body = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
        for first, *cells in lines
    )
    return f'<h2>{title}</h2><div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _with_unit(one: Indicator) -> str:
    unit = words.unit_words(one.unit)
    name = one.name[0].upper() + one.name[1:]
    return name if one.unit in ("count", "score") else f"{name} ({unit})"


def _series(material: Material, indicator_id: str) -> list[Row]:
    return material.own.filter(pl.col("indicator_id") == indicator_id).sort("month").to_dicts()
