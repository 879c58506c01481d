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


def days_between(first: str, second: str) -> int:
    return (date.fromisoformat(second) - date.fromisoformat(first)).days


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


def flagged_outcomes(rows: list[Row], positive: set[str], lpas: dict[str, str], asked: str) -> Figures:
    """FLG-02 of a month that ended 90 days ago."""
    flags = {flag for row in rows for flag in row["flags"].split(";") if flag}
    found: Figures = {}
    for area in every_area(lpas):
        for flag in flags:
            mine = [
                row
                for row in rows
                if row["recorded_on"].startswith(asked)
                and flag in row["flags"].split(";")
                and area in areas_of(row["neighbourhood_code"], lpas)
            ]
            led = [row for row in mine if row["outcome_on"] and row["outcome_code"] in positive]
            days = [
                (date.fromisoformat(row["outcome_on"]) - date.fromisoformat(row["recorded_on"])).days for row in led
            ]
            found[f"FLG-02:{flag}", area] = share(sum(number <= 90 for number in days), len(mine))
    return found


def back(asked: str, months: int) -> str:
    """Give the month so many months before."""
    index = int(asked[:4]) * 12 + int(asked[5:]) - 1 - months
    return f"{index // 12}-{index % 12 + 1:02}"


def every_area(lpas: dict[str, str]) -> list[str]:
    return [FORCE, *sorted(set(lpas.values())), *lpas]


def powers(rows: list[Row], lpas: dict[str, str], asked: str) -> Figures:
    """ASB-08 and ASB-09 of a month."""
    found: Figures = {}
    for area in every_area(lpas):
        here = [row for row in rows if area in areas_of(row["neighbourhood_code"], lpas)]
        for power in {row["power"] for row in rows}:
            used = [row for row in here if row["power"] == power and row["issued_on"].startswith(asked)]
            found[f"ASB-08:{power}", area] = len(used)
        year = [row for row in here if back(asked, 11) <= row["issued_on"][:7] <= asked]
        found["ASB-09", area] = share(sum(bool(row["breached_on"]) for row in year), len(year))
    return found


def reviews(rows: list[Row], asked: str) -> Figures:
    """ASB-10 of a month, at force and LPA."""
    mine = [row for row in rows if row["requested_on"].startswith(asked)]
    found: Figures = {}
    for area in {FORCE, *(row["lpa_code"] for row in mine)}:
        here = [row for row in mine if area in (FORCE, row["lpa_code"])]
        found["ASB-10", area] = share(sum(row["threshold_met"] == "true" for row in here), len(here))
    return found


def actions(rows: list[Row], plans: dict[str, str], lpas: dict[str, str], asked: str) -> Figures:
    """PS-05 of a month."""
    found: Figures = {}
    mine = [row for row in rows if row["due_on"].startswith(asked)]
    for area in every_area(lpas):
        here = [
            row for row in mine if area in areas_of(row["neighbourhood_code"] or plans.get(row["problem_id"], ""), lpas)
        ]
        found["PS-05", area] = share(sum("" < row["done_on"] <= row["due_on"] for row in here), len(here))
    return found


def searches(rows: list[Row], residents: dict[tuple[str, str], int], lpas: dict[str, str], asked: str) -> Figures:
    """SAS-01 and SAS-02 of a month; `residents` by neighbourhood and group; the group as the search has it."""
    found: Figures = {}
    groups = {group for _, group in residents}
    for area in every_area(lpas):
        here = [row for row in rows if area in areas_of(row["neighbourhood_code"], lpas)]
        linked = [row["linked_outcome"] for row in here if month(local(row["searched_at"])) == asked]
        known = [one for one in linked if one]
        found["SAS-01", area] = share(sum(one == "true" for one in known), len(known))
        year = [row for row in here if back(asked, 11) <= month(local(row["searched_at"])) <= asked]
        count = {group: sum(row["group"] == group for row in year) for group in groups}
        people = {
            group: sum(
                number for (code, of), number in residents.items() if of == group and area in areas_of(code, lpas)
            )
            for group in groups
        }
        for group in groups:
            if min(count[group], count["White"]) >= 5 and people[group] and people["White"]:
                ratio = (count[group] / people[group]) / (count["White"] / people["White"])
                found[f"SAS-02:{group}", area] = ratio
    return found


def surveys(rows: list[Row], parents: dict[str, str], asked: str) -> Figures:
    """CON-01.. of a month: an area's own answers, else those of the areas under it together."""
    found: Figures = {}
    mine = [row for row in rows if row["period_end"].startswith(asked)]
    for question in {row["question"] for row in mine}:
        for area in {FORCE, *parents, *parents.values()}:
            yes, people = _answers([row for row in mine if row["question"] == question], parents, area)
            found[question, area] = share(yes, people)
    return found


def _answers(rows: list[Row], parents: dict[str, str], area: str) -> tuple[int, int]:
    own = [row for row in rows if row["area_code"] == area]
    if own:
        return sum(int(row["yes"]) for row in own), sum(int(row["asked"]) for row in own)
    below = [_answers(rows, parents, child) for child, parent in parents.items() if parent == area]
    return sum(yes for yes, _ in below), sum(people for _, people in below)
