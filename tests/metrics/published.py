"""Crimes made so that a force's first six months read as in its paper of Dec 2021 (para 35-37): crime down 4.3 % in
the force, down 4 % in Impact Areas, and harm there down 13.2 %.
"""

import json
from datetime import date
from pathlib import Path

LAST, THIS = 2020, 2021
MONTHS = range(4, 10)  # April to September
ROBBERY, THEFT = "34B", "39"
WEIGHTS = {ROBBERY: 100.0, THEFT: 15.0}
# (year, inside, offence) -> crimes. Inside: 250 -> 240 crimes, 8,850 -> 7,680 harm; outside 750 -> 717 crimes.
COUNTS = {
    (LAST, True, ROBBERY): 60,
    (LAST, True, THEFT): 190,
    (THIS, True, ROBBERY): 48,
    (THIS, True, THEFT): 192,
    (LAST, False, THEFT): 750,
    (THIS, False, THEFT): 717,
}
INSIDE, OUTSIDE = (-1.95, 52.45), (-1.85, 52.45)


def crimes() -> list[tuple[str, date, str, float, float]]:
    """List crime_id, recorded_on, offence_code, lon, lat; also in March and October, which are in no year to date."""
    rows = []
    for (year, inside, offence), count in COUNTS.items():
        place = INSIDE if inside else OUTSIDE
        for step in range(count):
            day = date(year, MONTHS[step % len(MONTHS)], 1 + step % 30)
            rows.append((f"{year}-{inside}-{offence}-{step}", day, offence, *place))
    rows += [(f"before-{step}", date(THIS, 3, 31), ROBBERY, *INSIDE) for step in range(40)]
    rows += [(f"after-{step}", date(LAST, 10, 1), ROBBERY, *INSIDE) for step in range(30)]
    return rows


def write_extracts(folder: Path) -> None:
    """Write the extract files of a force of one LPA and one Impact Area with these crimes."""
    folder.mkdir(parents=True, exist_ok=True)
    area = {"neighbourhood_code": "N1", "neighbourhood_name": "One", "sector_code": "S1", "sector_name": "Sector"}
    lpa = {"lpa_code": "L1", "lpa_name": "LPA One", "residents": 20_000}
    spot = {"hotspot_id": "I1", "name": "Area One", "kind": "impact_area", "lpa_code": "L1"}
    _geojson(folder / "neighbourhoods.geojson", {**area, **lpa}, (-2.0, 52.4, -1.8, 52.5))
    _geojson(folder / "hotspots.geojson", spot, (-1.96, 52.44, -1.94, 52.46))
    offences = [f"{ROBBERY},Robbery,Robbery,robbery", f"{THEFT},Theft from the person,Theft,theft_person"]
    _csv(folder / "offences.csv", "offence_code,offence_name,offence_group,neighbourhood_crime", offences)
    weights = [f"paper,{code},{weight},made for the arithmetic" for code, weight in WEIGHTS.items()]
    _csv(folder / "weights.csv", "weight_set,offence_code,weight,source", weights)
    rows = [",".join(map(str, row)) for row in crimes()]
    _csv(folder / "crimes.csv", "crime_id,recorded_on,offence_code,lon,lat", rows)


def _geojson(path: Path, properties: dict, box: tuple[float, float, float, float]) -> None:
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    feature = {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))


def _csv(path: Path, header: str, rows: list[str]) -> None:
    path.write_text("\n".join([header, *rows]) + "\n")
