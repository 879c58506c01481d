"""The worked example with more feeds, whose every free text is an attack: a formula, a link, a tag."""

import csv
import io
import json
from pathlib import Path

from data_access.feeds.tables import FEED_TABLES
from tests.data_access.small_force import write
from tests.places import EXAMPLE

HOST = "evil.example"
ATTACK = f'=[Sign in](//{HOST})<b>evil</b><a href="//{HOST}">here</a>%{{x}} www.{HOST} '
# What is no free text: an indicator's id, the departments that definitions name, areas that no page lists.
_KEPT = {"indicator_id", "department", "worked_area"}
_MORE = {
    "problems": "problem_id,neighbourhood_code,title,opened_on,stage,stage_on,closed_on,assessed,effective\n"
    "P1,N001,Off-road bikes,2024-08-01,analysis,2024-09-01,,,\n",
    "patrols": "patrol_id,tasking_id,hotspot_id,officer_id,checked_in_at,checked_out_at,arrests\n"
    "K1,K001,T1,O01,2024-10-01T15:00:00+01:00,2024-10-01T16:00:00+01:00,1\n",
    "establishment": "month,lpa_code,department,role,establishment_fte,strength_fte,as_at\n"
    "2024-10,L1,NPT,officer,10,9,2024-10-31\n2024-10,L2,NPT,pcso,5,5,2024-10-31\n",
    "queries": "query_id,neighbourhood_code,received_at,answered_at\n"
    "Q1,N001,2024-10-01T10:00:00Z,2024-10-02T10:00:00Z\n",
    "targets": "indicator_id,area_code,value,owner,start_date,end_date\nENG-04,L1,90,The owner,2024-01-01,\n",
}


def hostile_files() -> dict[str, str | bytes]:
    """Give the extract files of the example and more, each free text with the attack before it."""
    files: dict[str, str | bytes] = {f"{feed}.csv": _table(feed, text) for feed, text in _MORE.items()}
    for path in sorted((EXAMPLE / "extracts").iterdir()):
        if path.stem not in FEED_TABLES and path.stem != "fixes":
            files[path.name] = path.read_bytes()
        elif path.suffix == ".geojson":
            files[path.name] = _shapes(path)
        else:
            files[path.name] = _fixes(path) if path.stem == "fixes" else _table(path.stem, path.read_text())
    return files


def hostile_folder(folder: Path) -> Path:
    """Write the files into a folder."""
    return write(folder, hostile_files())


def _free(feed: str) -> set[str]:
    """Name the text columns of a feed that are no closed set."""
    columns = FEED_TABLES[feed].columns
    return {one.name for one in columns if one.type.python_type is str and "allowed" not in one.info} - _KEPT


def _attacked(value: str) -> str:
    return ";".join(ATTACK + part for part in value.split(";")) if value else value


def _table(feed: str, text: str) -> str:
    free = _free(feed)
    rows = list(csv.DictReader(io.StringIO(text)))
    written = io.StringIO(newline="")
    out = csv.DictWriter(written, list(rows[0]), lineterminator="\n")
    out.writeheader()
    out.writerows({name: _attacked(cell) if name in free else cell for name, cell in row.items()} for row in rows)
    return written.getvalue()


def _fixes(path: Path) -> str:
    head, *rows = path.read_text().splitlines()
    quoted = '"' + ATTACK.replace('"', '""')
    return "\n".join([head, *(f"{quoted}{row.replace(',', chr(34) + ',', 1)}" for row in rows)]) + "\n"


def _shapes(path: Path) -> str:
    shapes, free = json.loads(path.read_text()), _free(path.stem)
    for feature in shapes["features"]:
        own = feature["properties"]
        own.update({name: ATTACK + own[name] for name in free & set(own)})
    return json.dumps(shapes)
