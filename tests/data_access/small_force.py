"""A force small enough to count by hand, written as extract files."""

import json
from datetime import date
from pathlib import Path

from data_access.answers.reader import Reader
from data_access.database import ledger
from data_access.database.connection import reading
from data_access.scope import Scope

WHOLE = Scope(viewer="the tests", force=True, people="officer")
ALL_TIME = (date(2000, 1, 1), date(2100, 1, 1))


def square(west, south, size=0.02):
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def neighbourhood(code, sector, lpa, west, **more):
    names = {"neighbourhood_name": f"Ward {code}", "sector_code": sector, "sector_name": f"Sector {sector}"}
    area = {"neighbourhood_code": code, "lpa_code": lpa, "lpa_name": f"LPA {lpa}"}
    return feature(square(west, 52.44), **area, **names, **more)


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


FORCE = {
    "neighbourhoods.geojson": collection(
        neighbourhood("N1", "S1", "L1", -1.95, residents=1000),
        neighbourhood("N2", "S2", "L1", -1.93, residents=2000),
        neighbourhood("N3", "S3", "L2", -1.91),
    ),
    "officers.csv": "officer_id,role\nA,officer\nB,pcso\n",
    "postings.csv": (
        "officer_id,department,team,lpa_code,sector_code,neighbourhood_code,start_date,end_date\n"
        "A,NPT,One,L1,S1,N1,2024-01-01,\n"
        "B,NPT,Two,L2,S3,,2024-01-01,\n"
    ),
    "activity_codes.csv": (
        "activity_code,activity_name,category,family,valid_from\n"
        "PAT,Patrol,patrol,core,2020-01-01\n"
        "BACK,Backfill,response backfill,demand,2020-01-01\n"
    ),
    "closure_codes.csv": "closure_code,closure_name,asb_category\nASBP,Personal,personal\nOTH,Other,\n",
    "offences.csv": "offence_code,offence_name,offence_group\n45,Theft from vehicle,Vehicle\n",
    "duties.csv": (
        "officer_id,shift_id,starts_at,ends_at,activity_code\n"
        "A,A1,2024-10-01T08:00:00+01:00,2024-10-01T16:00:00+01:00,PAT\n"
        "B,B1,2024-10-01T08:00:00+01:00,2024-10-01T12:00:00+01:00,BACK\n"
    ),
    "incidents.csv": (
        "incident_id,reported_at,closing_codes,lon,lat,location_ref\n"
        "I1,2024-10-01T10:00:00Z,ASBP,-1.94,52.45,P1\n"
        "I2,2024-10-02T10:00:00Z,OTH,-1.94,52.45,P1\n"
        "I3,2024-10-03T10:00:00Z,OTH;ASBP,-1.92,52.45,P1\n"
    ),
    "crimes.csv": "crime_id,recorded_on,offence_code,lon,lat\nC1,2024-10-05,45,-1.94,52.45\nC2,2024-10-06,45,,\n",
}


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def reader(store, scope=WHOLE):
    return Reader.open(store, scope)


def set_aside(store):
    """Every row set aside, the newest load's first."""
    with reading(store.engine) as connection:
        return ledger.rejected(connection, 1000)


def facts(store, source, scope=WHOLE, **options):
    return reader(store, scope).facts(source, *ALL_TIME, **options).collect()


def everything(store):
    """Every fact of the store, in an order that does not depend on how it came in."""
    from metrics.sources import SOURCES

    found, whole = {}, reader(store)
    for source in SOURCES:
        rows = whole.facts(source, *ALL_TIME).collect()
        plain = [name for name, dtype in rows.schema.items() if not dtype.is_nested()]
        found[source] = rows.sort(plain).rows()
    return found
