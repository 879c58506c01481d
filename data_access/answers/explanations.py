"""What viewers say of figures: read and written inside their own areas only, and entered in the audit trail."""

from datetime import date, datetime
from functools import lru_cache

import polars as pl

from data_access.answers.reader import Reader
from data_access.database import explanations
from data_access.database.explanations import RECORDING_CHANGE, Explanation
from metrics.levels import AREA_LEVELS, PLACE_LEVELS

CACHED = 256
_SHOWN = (
    "explanation_id", "thread", "indicator_id", "area_level", "area_code", "month", "kind", "sentence", "owner",
    "review_on", "author", "written_at", "decision", "decided_by",
)  # fmt: skip


def explained(reader: Reader) -> pl.DataFrame:
    """Return the explanations that stand in the viewer's own areas, the oldest first, each with its decision."""
    return _explained(reader, reader.version.explained_at, reader.version.explained)


@lru_cache(maxsize=CACHED)
def _explained(reader: Reader, _explained_at: datetime | None, _written: int) -> pl.DataFrame:
    rows = reader.explanations().join(own_areas(reader), on=["area_level", "area_code"], how="semi")
    return rows.select(_SHOWN).sort("written_at")


def own_areas(reader: Reader) -> pl.DataFrame:
    """Return area_level and area_code of the areas that lie wholly in the viewer's scope."""
    members = reader.members().filter(pl.col("level").is_in([*AREA_LEVELS, *PLACE_LEVELS]))
    areas = members.select("parent_level", "parent_code", area_level="level", area_code="code")
    if reader.scope.force:
        return areas.select("area_level", "area_code")
    scope = reader.scope
    inside = {("lpa", code) for code in scope.lpas} | {("sector", code) for code in scope.sectors}
    listed = areas.rows()
    while below := {(level, code) for up, above, level, code in listed if (up, above) in inside} - inside:
        inside |= below
    schema = {"area_level": pl.String, "area_code": pl.String}
    return areas.select("area_level", "area_code").join(
        pl.DataFrame(sorted(inside), schema, orient="row"), on=["area_level", "area_code"], how="semi"
    )


def due(reader: Reader, today: date) -> pl.DataFrame:
    """Return the explanations whose day of review has come."""
    return explained(reader).filter(pl.col("review_on") <= today)


def explain(reader: Reader, given: Explanation) -> str:
    """Write an explanation; return its identifier.

    Raises PermissionError without the right, for an area beyond the viewer's own, and for one that supersedes what the
    viewer may not read; ValueError for an incomplete one.
    """
    reader.scope.demand("explain")
    area = pl.DataFrame({"area_level": [given.area_level], "area_code": [given.area_code]})
    if area.join(own_areas(reader), on=["area_level", "area_code"], how="semi").is_empty():
        raise PermissionError("this area is not wholly yours: figures are explained by those whose area they are of")
    if given.thread is not None and given.thread not in explained(reader)["thread"]:
        raise PermissionError("the explanation to be superseded is not in your areas")
    written = explanations.write(reader.store.desk, reader.scope.viewer, given)
    reader.record("explained", f"{given.indicator_id} {given.area_code} {given.month:%Y-%m}", given.kind)
    return written


def approve(reader: Reader, explanation_id: str) -> None:
    """Approve a recording change: from then on it is a step change, at which the series starts anew.

    Raises PermissionError without the right, for what lies beyond the viewer's areas, for the author, and for a kind
    that changes no verdict.
    """
    row = _decidable(reader, explanation_id)
    if row["author"] == reader.scope.viewer:
        raise PermissionError("a recording change is approved by a second person, not by its author")
    explanations.decide(reader.store.desk, explanation_id, "approved", reader.scope.viewer)
    reader.record("approved", f"{row['indicator_id']} {row['area_code']} {row['month']:%Y-%m}", row["kind"])


def withdraw(reader: Reader, explanation_id: str) -> None:
    """Withdraw an approved recording change: it stops being a step change. Raises PermissionError as `approve` does."""
    row = _decidable(reader, explanation_id)
    explanations.decide(reader.store.desk, explanation_id, "withdrawn", reader.scope.viewer)
    reader.record("withdrawn", f"{row['indicator_id']} {row['area_code']} {row['month']:%Y-%m}", row["kind"])


def _decidable(reader: Reader, explanation_id: str) -> dict[str, object]:
    reader.scope.demand("approve")
    found = explained(reader).filter(explanation_id=explanation_id, kind=RECORDING_CHANGE)
    if found.is_empty():
        raise PermissionError("there is no such recording change in your areas")
    return found.row(0, named=True)


def noted(rows: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """Add to `note` of each row what is said of its figure: kind, sentence and owner of each explanation."""
    key = ["indicator_id", "area_level", "area_code", "month"]
    words = pl.format("{}: {} ({})", "kind", "sentence", "owner")
    notes = said.group_by(key, maintain_order=True).agg(_said=words.str.join("; "))
    note = pl.concat_str("note", "_said", separator="; ", ignore_nulls=True)
    with_notes = rows.join(notes, on=key, how="left", maintain_order="left")
    return with_notes.with_columns(note=pl.when(note != "").then(note)).drop("_said")
