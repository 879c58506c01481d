"""What a load did, file by file, in words and as JSON."""

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

Outcome = Literal["loaded", "unchanged", "left alone"]
LOADED, SET_ASIDE, NOTHING_LOADED = 0, 3, 2
SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class FileReport:
    """One file: what became of it and of its rows. `notes` are for the reader: unknown columns, why left alone."""

    name: str
    feed: str | None
    outcome: Outcome
    sha256: str = ""
    rows_read: int = 0
    rows_loaded: int = 0
    rows_set_aside: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SetAside:
    """A row set aside."""

    file: str
    feed: str
    line: int
    rule: str
    column: str | None
    value: str | None


@dataclass(frozen=True, kw_only=True)
class Report:
    """One load. `data_version` is None if nothing changed; `error` says why nothing could be loaded.

    `notes` say what a reader has to do or to know, though every row was loaded.
    """

    data_version: int | None
    files: tuple[FileReport, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    notes: tuple[str, ...] = ()
    error: str | None = None
    seconds: float = 0.0
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """0: every row loaded; 3: some were set aside; 2: nothing could be loaded, and nothing changed."""
        if self.error:
            return NOTHING_LOADED
        return SET_ASIDE if sum(one.rows_set_aside for one in self.files) else LOADED


def without_values(report: Report) -> Report:
    """Return the report as the store keeps it for good: what was set aside, and no value of it."""
    return replace(report, set_aside=tuple(replace(one, value=None) for one in report.set_aside))


def as_json(report: Report) -> str:
    """Write the report for a program to read; the rows set aside are the first of each file."""
    values: dict[str, Any] = {**asdict(report), "exit_code": report.exit_code}
    return json.dumps(values, indent=2, ensure_ascii=False)


def as_text(report: Report) -> str:
    """Write the report for a person to read."""
    if report.error:
        lines = [f"Nothing was loaded and nothing changed: {report.error}"]
    elif report.data_version is None:
        lines = ["Nothing changed: every file was loaded before."]
    else:
        lines = [f"Data version {report.data_version}, {report.seconds:.1f} s."]
    lines += [_line(one) for one in report.files]
    if any(one.rows_set_aside for one in report.files):
        lines.append("Rows set aside: python -m data_access rejected")
    lines += [f"Note: {note}" for note in report.notes]
    return "\n".join(lines)


def _line(one: FileReport) -> str:
    if one.outcome == "loaded":
        words = f"{one.rows_read:,} rows read, {one.rows_loaded:,} loaded, {one.rows_set_aside:,} set aside"
    elif one.rows_set_aside:
        words = f"unchanged; {one.rows_set_aside:,} of its rows are set aside"
    else:
        words = one.outcome
    return f"  {one.name}: {'; '.join((words, *one.notes))}"
