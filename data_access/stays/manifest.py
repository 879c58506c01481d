"""What a folder of stays says of itself: what its fixes were judged by, which files they came from, what it holds."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from data_access.settings import PrivacySettings
from data_access.stays.seam import Days
from data_access.stays.task import DATASETS, REJECTED, REJECTED_SCHEMA
from metrics.parameters import Parameters

MANIFEST = "manifest.json"
FORMAT = 1  # of the folder: raise it when a dataset gains, loses or renames a column
ENGINE = 1  # of the figures: raise it when the engine gives others for the same fixes
SCHEMA = {
    name: {column: str(dtype) for column, dtype in columns.items()}
    for name, columns in {**DATASETS, REJECTED: REJECTED_SCHEMA}.items()
}


class UnusableStays(Exception):
    """A folder of stays cannot be loaded; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class SourceFile:
    """A file of fixes that the job read: what the ledger of loads says of it."""

    name: str
    rows_read: int
    rows_set_aside: int
    newest_event: datetime | None


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A folder of stays. `fixes` counts them by local day, `reach` has their first and last instant.

    `parameters` and `judged_by` are what the facts depend on; `rows` counts those of each dataset; `schema` types them.
    """

    parameters: Mapping[str, float]
    judged_by: Mapping[str, str]
    fixes: Mapping[date, int]
    reach: tuple[datetime, datetime]
    files: tuple[SourceFile, ...]
    rows: Mapping[str, int]
    schema: Mapping[str, Mapping[str, str]]
    engine: int = ENGINE
    format: int = FORMAT

    @property
    def days(self) -> Days:
        """The first and the last local day with fixes."""
        return min(self.fixes), max(self.fixes)


def parameters_of(parameters: Parameters, privacy: PrivacySettings) -> dict[str, float]:
    """Return the parameters that stays depend on, and those that say which fixes are kept beside them."""
    return {
        "max_gap": parameters.max_gap,
        "building_buffer_m": float(parameters.building_buffer_m),
        "keep_fixes_days": privacy.keep_fixes_days,
        "keep_edge_days": privacy.keep_edge_days,
    }


def as_json(manifest: Manifest) -> str:
    """Write a manifest; the same job on the same fixes writes the same."""
    values: dict[str, Any] = asdict(manifest)
    values["fixes"] = {day.isoformat(): count for day, count in sorted(manifest.fixes.items())}
    return json.dumps(values, indent=2, ensure_ascii=False, default=datetime.isoformat)


def from_json(text: str) -> Manifest:
    """Read a manifest; UnusableStays where it is none, or one of another version of the suite."""
    try:
        values = json.loads(text)
        found = values["format"]
        if found == FORMAT:
            return _read(values)
    except (ValueError, KeyError, TypeError) as error:
        raise UnusableStays(f"its {MANIFEST} cannot be read ({error!r}): run the stays job again") from error
    raise UnusableStays(
        f"its {MANIFEST} has format {found!r} and this suite reads {FORMAT}: run the stays job with this version"
    )


def _read(values: dict[str, Any]) -> Manifest:
    return Manifest(
        **{
            **values,
            "fixes": {date.fromisoformat(day): count for day, count in values["fixes"].items()},
            "reach": tuple(datetime.fromisoformat(instant) for instant in values["reach"]),
            "files": tuple(_file(one) for one in values["files"]),
        }
    )


def _file(values: dict[str, Any]) -> SourceFile:
    newest = values["newest_event"]
    return SourceFile(**{**values, "newest_event": datetime.fromisoformat(newest) if newest else None})
