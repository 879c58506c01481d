"""The optional feeds' figures by plain loops over the rows as they were handed over: no frame, no expression."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

Row = dict[str, str]
Figures = dict[tuple[str, str], float | None]  # (indicator, area) -> value
FORCE = "E23000014"


def local(text: str) -> date:
    return datetime.fromisoformat(text).astimezone(ZoneInfo("Europe/London")).date()


def month(day: date) -> str:
    return f"{day:%Y-%m}"


def quantile(values: list[float], share: float) -> float:
    """Interpolate between neighbours, as spreadsheets do."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def areas_of(code: str, lpas: dict[str, str]) -> list[str]:
    return [FORCE, *([lpas[code], code] if code in lpas else [])]


def minutes(row: Row) -> float | None:
    if not row["arrived_at"] or row["attended"] == "false":
        return None
    waited = datetime.fromisoformat(row["arrived_at"]) - datetime.fromisoformat(row["reported_at"])
    return waited.total_seconds() / 60


def standard(row: Row, standards: Iterable[Row]) -> float | None:
    day = local(row["reported_at"]).isoformat()
    held = [
        one
        for one in standards
        if one["grade"] == row["grade"] and one["valid_from"] <= day and (not one["valid_to"] or day < one["valid_to"])
    ]
    return float(max(held, key=lambda one: one["valid_from"])["minutes"]) if held else None


def share(above: int, below: int) -> float | None:
    return 100 * above / below if below else None


def incidents(rows: list[Row], standards: list[Row], lpas: dict[str, str], asked: str) -> Figures:
    """RSP-01..03 and MH-01..02 of a month, at force, LPA and neighbourhood."""
    found: Figures = {}
    grades = sorted({row["grade"] for row in rows if row["grade"]})
    mine = [row for row in rows if month(local(row["reported_at"])) == asked]
    for area in {area for row in mine for area in areas_of(row["neighbourhood_code"], lpas)}:
        here = [row for row in mine if area in areas_of(row["neighbourhood_code"], lpas)]
        for grade in grades:
            graded = [row for row in here if row["grade"] == grade]
            waits = [wait for wait in map(minutes, graded) if wait is not None]
            if waits:
                found[f"RSP-01:{grade}", area] = quantile(waits, 0.5)
                found[f"RSP-01:{grade}:p90", area] = quantile(waits, 0.9)
            found[f"RSP-03:{grade}", area] = share(len(graded), len(here))
        attended = [row for row in here if row["attended"] == "true" or minutes(row) is not None]
        held = [row for row in attended if standard(row, standards) is not None]
        soon = [row for row in held if minutes(row) is not None and minutes(row) <= standard(row, standards)]
        found["RSP-02", area] = share(len(soon), len(held))
        care = [row for row in here if row["mental_health"] == "true"]
        found["MH-01", area] = share(len(care), len(here))
        known = [row for row in care if row["attended"]]
        found["MH-02", area] = share(sum(row["attended"] == "true" for row in known), len(known))
    return found


def handovers(rows: list[Row], lpas: dict[str, str], asked: str) -> Figures:
    """MH-03 of a month."""
    found: Figures = {}
    mine = [row for row in rows if month(local(row["detained_at"])) == asked and row["handed_over_at"]]
    for area in {area for row in mine for area in areas_of(row["neighbourhood_code"], lpas)}:
        here = [row for row in mine if area in areas_of(row["neighbourhood_code"], lpas)]
        hours = [
            (datetime.fromisoformat(row["handed_over_at"]) - datetime.fromisoformat(row["detained_at"])).total_seconds()
            / 3600
            for row in here
        ]
        found["MH-03:median", area], found["MH-03:p90", area] = quantile(hours, 0.5), quantile(hours, 0.9)
    return found


def flagged(rows: list[Row], lpas: dict[str, str], asked: str) -> Figures:
    """FLG-01 of a month, for every area that has a row."""
    flags = {flag for row in rows for flag in row["flags"].split(";") if flag}
    found: Figures = {}
    for area in {FORCE, *lpas, *lpas.values()}:
        mine = [
            row
            for row in rows
            if row["recorded_on"].startswith(asked) and area in areas_of(row["neighbourhood_code"], lpas)
        ]
        for flag in flags:
            found[f"FLG-01:{flag}", area] = sum(flag in row["flags"].split(";") for row in mine)
    return found
