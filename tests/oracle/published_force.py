"""A random force as its publication counts it: events in neighbourhoods, added up by plain loops."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from metrics import indicator
from metrics.levels import add_months

SCHEMA = {
    "indicator_id": pl.String, "category": pl.String, "area_level": pl.String, "area_code": pl.String,
    "month": pl.Date, "numerator": pl.Float64, "denominator": pl.Float64, "value": pl.Float64,
}  # fmt: skip
CATEGORIES, POWERS, YEAR = ("personal", "nuisance", "environmental"), ("cpw", "closure"), 12
# What each row shows: indicator, category, numerator, denominator (None: a plain count).
ROWS = (
    ("ASB-01", None, "asb", None),
    *(("ASB-03", one, f"asb {one}", "asb") for one in CATEGORIES),
    ("ASB-04", None, "repeat", "located"),
    ("ASB-05", None, "assessed", "asb personal"),
    ("HRM-01", None, "crimes", None),
    ("HRM-05", None, "local crimes", None),
    ("OUT-01", None, "solved", "crimes"),
    ("ENG-04", None, "answered", "queries"),
    *(("ASB-08", one, f"power {one}", None) for one in POWERS),
    ("ASB-09", None, "breached", "powers of the year"),
)


@dataclass(frozen=True)
class Force:
    """Areas as code -> parent, months, and how many events of each kind every neighbourhood and month has."""

    parents: dict[str, str]
    months: list[date]
    events: dict[tuple[str, date], Counter[str]] = field(default_factory=dict)


def random_force(seed: int, *, lpas: int = 2, sectors: int = 2, wards: int = 3, months: int = 2) -> Force:
    """Make a force with so many areas in each area above; some LPAs are quiet, some busy."""
    chance, parents = random.Random(seed), {}
    for lpa in range(lpas):
        for sector in range(chance.randint(1, sectors)):
            parents[f"S{lpa}{sector}"] = f"L{lpa}"
            for ward in range(chance.randint(1, wards)):
                parents[f"N{lpa}{sector}{ward}"] = f"S{lpa}{sector}"
    force = Force(parents, [add_months(date(2025, 4, 1), step) for step in range(months)])
    busy = {f"L{lpa}": chance.choice((0.3, 1, 3, 8)) for lpa in range(lpas)}
    for ward in (code for code in parents if code[0] == "N"):
        for month in force.months:
            force.events[ward, month] = _happened(chance, busy[parents[parents[ward]]])
    return force


def late(force: Force, seed: int, changes: int) -> Force:
    """Return the force as a later load knows it: some rows came late, some were withdrawn."""
    chance, events = random.Random(seed), {key: Counter(counted) for key, counted in force.events.items()}
    for _ in range(changes):
        counted = events[chance.choice(sorted(events))]
        more = _happened(chance, 0.15)
        counted.update(more) if chance.random() < 0.7 else counted.subtract(counted & more)
    return Force(force.parents, force.months, {key: _consistent(counted) for key, counted in events.items()})


def _happened(chance: random.Random, busy: float) -> Counter[str]:
    counted: Counter[str] = Counter()
    for _ in range(_number(chance, 3 * busy)):
        category, located = chance.choices(CATEGORIES, (3, 6, 1))[0], chance.random() < 0.8
        counted.update(["asb", f"asb {category}"] + ["located"] * located)
        counted["repeat"] += located and chance.random() < 0.4
        counted["assessed"] += category == "personal" and chance.random() < 0.7
    for _ in range(_number(chance, 6 * busy)):
        counted.update(["crimes"] + ["local crimes"] * (chance.random() < 0.4) + ["solved"] * (chance.random() < 0.2))
    for _ in range(_number(chance, 2 * busy)):
        counted.update(["queries"] + ["answered"] * (chance.random() < 0.8))
    for _ in range(_number(chance, 0.5 * busy)):
        counted.update([f"power {chance.choice(POWERS)}"] + ["breached"] * (chance.random() < 0.3))
    return counted


def _consistent(counted: Counter[str]) -> Counter[str]:
    """Let no part be more than its whole after rows were withdrawn."""
    counted["asb"] = sum(counted[f"asb {one}"] for one in CATEGORIES)
    for part, whole in (("located", "asb"), ("repeat", "located"), ("assessed", "asb personal")):
        counted[part] = min(counted[part], counted[whole])
    for part, whole in (("local crimes", "crimes"), ("solved", "crimes"), ("answered", "queries")):
        counted[part] = min(counted[part], counted[whole])
    counted["breached"] = min(counted["breached"], sum(counted[f"power {one}"] for one in POWERS))
    return counted


def _number(chance: random.Random, mean: float) -> int:
    return sum(chance.random() < mean / 12 for _ in range(12))


def true_counts(force: Force) -> dict[tuple[str, str, date], float]:
    """Return every count by what is counted, area (the force's own code is F) and month."""
    counted: Counter[tuple[str, str, date]] = Counter()
    areas = {*force.parents, *force.parents.values(), "F"}
    names = {name for _, _, *names in ROWS for name in names if name}
    counted.update({(name, area, month): 0 for name in names for area in areas for month in force.months})
    for (ward, month), happened in force.events.items():
        for area in _above(force, ward):
            for name, number in happened.items():
                if name != "breached":
                    counted[name, area, month] += number
            for later in force.months:
                if 0 <= _months(month, later) < YEAR:
                    counted["powers of the year", area, later] += sum(happened[f"power {one}"] for one in POWERS)
                    counted["breached", area, later] += happened["breached"]
    return {key: float(number) for key, number in counted.items()}


def _months(first: date, later: date) -> int:
    return (later.year - first.year) * 12 + later.month - first.month


def _above(force: Force, ward: str) -> Iterator[str]:
    area: str | None = ward
    while area:
        yield area
        area = force.parents.get(area)
    yield "F"


def level_of(area: str) -> str:
    return {"F": "force", "L": "lpa", "S": "sector", "N": "neighbourhood"}[area[0]]


def tidy(force: Force) -> pl.DataFrame:
    """Return the rows that the publication starts from."""
    counted, rows = true_counts(force), []
    for indicator_id, category, upper, below in ROWS:
        for area in sorted({*force.parents, *force.parents.values(), "F"}):
            for month in force.months:
                n, d = counted[upper, area, month], counted[below, area, month] if below else None
                scale = indicator(indicator_id).scale
                value = n if d is None else scale * n / d if d else None
                rows.append((indicator_id, category, level_of(area), area, month, n, d, value))
    return pl.DataFrame(rows, SCHEMA, orient="row")


def members(force: Force) -> pl.DataFrame:
    """Return the areas as a store lists them."""
    rows = [(level_of(code), code, level_of(above), above, None, None) for code, above in force.parents.items()]
    rows += [("lpa", code, "force", "F", None, None) for code in sorted(set(force.parents.values())) if code[0] == "L"]
    names = ["level", "code", "parent_level", "parent_code", "valid_from", "valid_to"]
    return pl.DataFrame(rows, names, orient="row")
