"""Did the patrols work, and are these still the right places? Hotspots beside comparable squares of the force area.

Answers are cached by reader and frozen question, like those of `answer`.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

import numpy as np
import polars as pl
import shapely

from data_access.answers.few_officers import counting, reaches
from data_access.answers.patrol import few_patrolled
from data_access.answers.reader import Reader
from metrics.cells import CELL_KM2, Cells, amounts, cells_of, positions
from metrics.compute import SECONDS_AN_HOUR
from metrics.concentration import Accuracy, Concentration, best_catch, curve, holding_half
from metrics.cost import HoursCost, PoundsRange, cost_of_hours, cost_of_prevented
from metrics.displacement import (
    Counts,
    Difference,
    Positions,
    away_from,
    cluster_size,
    counts_in,
    ring,
    shape_of,
    weighted_displacement_difference,
    worst_clusters,
)
from metrics.edges import to_degrees, to_national_grid
from metrics.harm import robbery, violence_with_injury
from metrics.hotspots import IMPACT_AREA
from metrics.levels import add_months, is_area, months_between
from metrics.officers import few_behind

CACHED = 64
LONGEST, SHORTEST, QUARTER = 12, 3, 3  # months
SQUARE_METRES = 1e6  # in a km²
Counted = Literal["violence", "crime", "asb"]
_COUNTED: dict[Counted, tuple[str, pl.Expr]] = {
    "violence": ("crimes", violence_with_injury | robbery),
    "crime": ("crimes", pl.lit(True)),
    "asb": ("asb", pl.lit(True)),
}


@dataclass(frozen=True, kw_only=True)
class PlacesQuestion:
    """Which hotspots (of a `kind`, of an `lpa`; None: all), as known at the end of `month` (its first day)."""

    month: date
    kind: str | None = None
    lpa: str | None = None


@dataclass(frozen=True, kw_only=True)
class Start:
    """Hotspots that were first tasked in one month, and how many months can be compared on either side of it."""

    month: date
    hotspots: tuple[str, ...]
    months: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Evaluation:
    """What changed in hotspots since they were tasked, beside comparable places.

    `counts` has a row per place: place, before, after, change, change_percent (null below 20 before). `patrol_hours`
    are officer-hours in the windows tasked (None: withheld, of fewer than five officers); `cost` is theirs, at the mean
    price of the roles that were there (None: no price is given); `prevented` what an offence prevented cost (None: none
    was). `comparable` has name, harm and geometry (GeoJSON, degrees) of each place.
    """

    difference: Difference
    counts: pl.DataFrame
    patrol_hours: float | None
    cost: HoursCost | None
    prevented: PoundsRange | None
    comparable: pl.DataFrame


@dataclass(frozen=True, kw_only=True, eq=False)
class RightPlaces:
    """Whether the hotspots are where crime is: of twelve months, and of the newest quarter by the choice before it.

    `curves` has `what`, squares and held in %. `touched` of `hotspots` touch one of the as many places with the most
    harm; `overlap` % of their area lies in those, where chance would put `chance` %.
    """

    crime: Concentration
    harm: Concentration
    curves: pl.DataFrame
    hotspots: int
    touched: int
    overlap: float
    chance: float
    accuracy: Accuracy


@lru_cache(maxsize=CACHED)
def starts(reader: Reader, question: PlacesQuestion) -> tuple[Start, ...]:
    """Return the months in which hotspots were first tasked, with at least 3 months on either side, newest first."""
    tasked = _hotspot_rows(reader, question, date.min).group_by("hotspot_id").agg(pl.col("day").min().dt.month_start())
    known = reader.months_of("crimes")
    found = []
    for (month,), group in tasked.collect().group_by("day"):
        before = len([one for one in known if one < month])
        after = len(months_between(month, question.month)) if month <= question.month else 0
        months = min(LONGEST, before, after)
        if months >= SHORTEST:
            found.append(Start(month=month, hotspots=tuple(sorted(group["hotspot_id"])), months=months))
    return tuple(sorted(found, key=lambda one: one.month, reverse=True))


@lru_cache(maxsize=CACHED)
def evaluation(reader: Reader, question: PlacesQuestion, start: Start, counted: Counted) -> Evaluation:
    """Return what changed in the hotspots of `start`, in their ring and in comparable places; see Evaluation."""
    began, ended = start.month, add_months(start.month, start.months)
    spots = _shapes(reader, ended - timedelta(days=1))
    own = spots.filter(pl.col("hotspot_id").is_in(start.hotspots))
    hotspots, treated = _union(spots), _union(own)
    cells = _cells(reader, began, question.lpa)
    harm = _harm(reader, cells, add_months(began, -LONGEST), began, question.lpa)
    size = cluster_size(treated.area / SQUARE_METRES / max(len(own), 1))
    places = worst_clusters(cells, harm, away_from(cells, hotspots), size=size, count=len(own))
    control = shape_of(cells, places)
    spans = ((add_months(began, -start.months), began), (began, ended))
    before, after = (_positions(reader, counted, *span, question.lpa) for span in spans)
    named = {
        "treated": treated,
        "control": control,
        "treated_ring": ring(treated, hotspots),
        "control_ring": ring(control, hotspots),
    }
    counts = {name: counts_in(shape, before, after) for name, shape in named.items()}
    tasked = _hotspot_rows(reader, question, began).filter(
        pl.col("hotspot_id").is_in(start.hotspots), pl.col("day") < ended
    )
    hours = None
    if not few_patrolled(reader, start.hotspots, began, ended):
        hours = tasked.select(pl.col("officer_s").sum() / SECONDS_AN_HOUR).collect().item()
    difference, cost = weighted_displacement_difference(**counts), _cost(reader, start, hours)
    return Evaluation(
        difference=difference,
        counts=_table(counts),
        patrol_hours=hours,
        cost=cost,
        prevented=cost and cost_of_prevented(cost.pounds, difference),
        comparable=_named(reader, cells, places, harm, began),
    )


def _cost(reader: Reader, start: Start, patrol_hours: float | None) -> HoursCost | None:
    """Price the patrol hours by the roles of all who were in these hotspots: a tasking does not say who came.

    None where hours are withheld, or are of fewer than five officers of a role for who may not see teams: hours and
    cost together tell those of two roles.
    """
    span = start.month, add_months(start.month, start.months)
    here = pl.col("hotspot_id").is_in(start.hotspots)
    of_role = few_behind(counting(reader).facts("hotspot_time", *span).filter(here, pl.col("seconds") > 0), "role")
    if patrol_hours is None or not (of_role.is_empty() or reaches(reader.scope, "hotspot")):
        return None
    seconds = reader.facts("hotspot_time", *span).filter(here).group_by("role").agg(pl.col("seconds").sum())
    share = pl.col("seconds") / pl.col("seconds").sum()
    by_role = seconds.select("role", hours=patrol_hours * share).collect()
    return cost_of_hours(by_role, reader.settings.cost.hour)


@lru_cache(maxsize=CACHED)
def right_places(reader: Reader, question: PlacesQuestion) -> RightPlaces | None:
    """Return where crime was in twelve months and in the newest quarter; None where no hotspot or no crime is known."""
    end = add_months(question.month, 1)
    quarter = add_months(end, -QUARTER)
    now, chosen = (_of(_shapes(reader, day - timedelta(days=1)), question) for day in (end, quarter))
    cells = _cells(reader, question.month, question.lpa)
    x, y = _positions(reader, "crime", add_months(end, -LONGEST), end, question.lpa)
    if now.is_empty() or not len(x):
        return None
    crime = amounts(cells, x, y, np.ones(len(x)))
    harm = _harm(reader, cells, add_months(end, -LONGEST), end, question.lpa)
    area = _union(now)
    size = cluster_size(area.area / SQUARE_METRES / len(now))
    best = shape_of(cells, worst_clusters(cells, harm, cells.inside, size=size, count=len(now)))
    return RightPlaces(
        crime=holding_half(crime[cells.inside]),
        harm=holding_half(harm[cells.inside]),
        curves=pl.concat([_curve("crimes", crime[cells.inside]), _curve("crime harm", harm[cells.inside])]),
        hotspots=len(now),
        touched=int(shapely.intersects(_grid(now), best).sum()),
        overlap=100 * shapely.intersection(area, best).area / area.area,
        chance=100 * best.area / SQUARE_METRES / _km2(cells),
        accuracy=_accuracy(reader, cells, _union(chosen), quarter, end, question.lpa),
    )


def _accuracy(
    reader: Reader, cells: Cells, chosen: shapely.Geometry, since: date, until: date, lpa: str | None
) -> Accuracy:
    x, y = _positions(reader, "crime", since, until, lpa)
    shapely.prepare(chosen)
    inside, km2 = int(shapely.intersects_xy(chosen, x, y).sum()), chosen.area / SQUARE_METRES
    happened = amounts(cells, x, y, np.ones(len(x)))[cells.inside]
    return Accuracy(events=len(x), inside=inside, km2=_km2(cells), km2_inside=km2, best=best_catch(happened, km2))


def _km2(cells: Cells) -> float:
    return float(cells.inside.sum()) * CELL_KM2


def _hotspot_rows(reader: Reader, question: PlacesQuestion, since: date) -> pl.LazyFrame:
    rows = reader.facts("taskings", since, date.max)
    return rows.filter(_wanted(question))


def _shapes(reader: Reader, day: date) -> pl.DataFrame:
    return reader.hotspots(day).filter(pl.col("kind") != IMPACT_AREA)


def _of(spots: pl.DataFrame, question: PlacesQuestion) -> pl.DataFrame:
    return spots.filter(_wanted(question))


def _wanted(question: PlacesQuestion) -> list[pl.Expr]:
    of_kind = [pl.col("kind") == question.kind] if question.kind else []
    inside = [is_area(pl.col("lpa_code"), "lpa", question.lpa)] if question.lpa else []
    return [pl.lit(True), *of_kind, *inside]


def _grid(features: pl.DataFrame) -> np.ndarray:
    return shapely.make_valid(to_national_grid(shapely.from_geojson(features["geometry"].to_list())))


def _union(features: pl.DataFrame) -> shapely.Geometry:
    return shapely.union_all(_grid(features)) if len(features) else shapely.MultiPolygon()


@lru_cache(maxsize=CACHED)
def _cells(reader: Reader, day: date, lpa: str | None) -> Cells:
    wards = reader.boundaries(day)
    return cells_of(_union(wards if lpa is None else wards.filter(is_area(pl.col("lpa_code"), "lpa", lpa))))


def _placed(reader: Reader, source: str, since: date, until: date, lpa: str | None) -> pl.LazyFrame:
    rows = reader.facts(source, since, until).filter(pl.col("lon").is_not_null(), pl.col("lat").is_not_null())
    return rows.filter(pl.col("lpa_code").is_not_null() if lpa is None else is_area(pl.col("lpa_code"), "lpa", lpa))


def _harm(reader: Reader, cells: Cells, since: date, until: date, lpa: str | None) -> np.ndarray:
    weighed = _placed(reader, "crimes", since, until, lpa).select("lon", "lat", pl.col("weight").fill_null(0.0))
    rows = weighed.collect()
    return amounts(cells, *positions(rows), rows["weight"].to_numpy())


def _positions(reader: Reader, counted: Counted, since: date, until: date, lpa: str | None) -> Positions:
    source, wanted = _COUNTED[counted]
    return positions(_placed(reader, source, since, until, lpa).filter(wanted).select("lon", "lat").collect())


def _table(counts: dict[str, Counts]) -> pl.DataFrame:
    names = {
        "treated": "hotspots",
        "control": "comparable places",
        "treated_ring": "100 m around the hotspots",
        "control_ring": "100 m around the comparable places",
    }
    rows = [(names[name], one.before, one.after, one.change, one.change_percent) for name, one in counts.items()]
    schema = {"place": pl.String, "before": pl.Int64, "after": pl.Int64, "change": pl.Int64}
    return pl.DataFrame(rows, schema=schema | {"change_percent": pl.Float64}, orient="row")


def _named(reader: Reader, cells: Cells, places: list[np.ndarray], harm: np.ndarray, day: date) -> pl.DataFrame:
    """Name each place by its rank and by the neighbourhood that holds most of it."""
    wards = reader.boundaries(day)
    shapes, grounds = [shape_of(cells, [place]) for place in places], _grid(wards)
    held = [int(np.argmax(shapely.area(shapely.intersection(grounds, shape)))) for shape in shapes]
    names = [f"Comparable place {number}, {wards['neighbourhood_name'][ward]}" for number, ward in enumerate(held, 1)]
    drawn = [shapely.to_geojson(one) for one in to_degrees(np.array(shapes, dtype=object))] if shapes else []
    totals = [float(harm[place].sum()) for place in places]
    schema = {"name": pl.String, "harm": pl.Float64, "geometry": pl.String}
    return pl.DataFrame({"name": names, "harm": totals, "geometry": drawn}, schema=schema)


def _curve(what: str, amount: np.ndarray) -> pl.DataFrame:
    """Thin the curve to what a chart can show: its first tenth by the square would be thousands of points."""
    squares, held = curve(amount)
    kept = np.unique(np.linspace(0, len(squares) - 1, 200).astype(int))
    return pl.DataFrame({"what": what, "squares": squares[kept], "held": held[kept]})
