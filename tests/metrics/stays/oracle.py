"""definitions.md §3 as plain loops: one fix after the other, one second after the other, shapely for places.

Shares nothing with the engine. Instants are whole seconds since 1970 (UTC).
"""

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

import pyproj
import shapely

LONDON = ZoneInfo("Europe/London")
TO_METRES = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)


@dataclass(frozen=True, kw_only=True)
class Area:
    code: str
    shape: shapely.Geometry
    kind: str = ""
    valid_from: date = date.min
    valid_to: date = date.max

    def valid(self, day: date) -> bool:
        return self.valid_from <= day < self.valid_to


@dataclass(frozen=True, kw_only=True)
class World:
    neighbourhoods: list[Area]
    premises: list[Area]
    hotspots: list[Area]


@dataclass(frozen=True, kw_only=True)
class Answer:
    visibility: Counter = field(default_factory=Counter)  # officer, day, hour, kind, neighbourhood -> seconds
    presence: Counter = field(default_factory=Counter)  # neighbourhood, day, hour -> seconds
    hotspots: Counter = field(default_factory=Counter)  # officer, hotspot, second -> 1
    counts: Counter = field(default_factory=Counter)  # officer, day, reason or "fixes" -> fixes
    gaps: dict = field(default_factory=lambda: defaultdict(list))  # officer, day -> seconds


def clock(second: int) -> tuple[date, int]:
    local = datetime.fromtimestamp(second, UTC).astimezone(LONDON)
    return local.date(), local.hour


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle metres by the spherical law of haversines."""
    lon1, lat1, lon2, lat2 = map(math.radians, (*a, *b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(math.sqrt(h))


def neighbourhood_of(world: World, position: tuple[float, float], day: date) -> str | None:
    point = shapely.Point(position)
    return min((a.code for a in world.neighbourhoods if a.valid(day) and a.shape.intersects(point)), default=None)


def raw_kind(world: World, position: tuple[float, float], day: date) -> str:
    point = shapely.Point(TO_METRES.transform(*position))
    near = set()
    for area in world.premises:
        footprint = shapely.transform(area.shape, TO_METRES.transform, interleaved=False)
        if area.valid(day) and footprint.distance(point) <= 20:
            near.add(area.kind)
    if "police_building" in near:
        return "police_building"
    if near:
        return "other_premises"
    return "visible" if neighbourhood_of(world, position, day) else "out_of_force"


def stays(fixes, duties, world: World, uniformed: set[str], max_gap: int = 600) -> Answer:
    """`fixes`: (officer, second, lon, lat); `duties`: (officer, start, end), disjoint, not touching."""
    answer = Answer()
    present = defaultdict(set)
    for officer in sorted({fix[0] for fix in fixes}):
        own = [fix[1:] for fix in fixes if fix[0] == officer]
        own_duties = [(start, end) for who, start, end in duties if who == officer]
        _officer(answer, present, officer, own, own_duties, world, uniformed, max_gap)
    for place, seconds in present.items():
        for second in seconds:
            answer.presence[place, *clock(second)] += 1
    return answer


def _officer(answer, present, officer, fixes, duties, world, uniformed, max_gap):
    kept = _kept(answer, officer, fixes, duties, max_gap)
    duty_of = [next(d for d in duties if d[0] <= t < d[1]) for t, _ in kept]
    raw = [raw_kind(world, position, clock(t)[0]) for t, position in kept]

    def near(i, j):
        return duty_of[i] == duty_of[j] and kept[j][0] - kept[i][0] <= max_gap

    for i, (t, position) in enumerate(kept):
        kind = raw[i]
        if 0 < i < len(kept) - 1 and near(i - 1, i) and near(i, i + 1):
            around = {raw[i - 1], raw[i + 1]}
            if len(around) == 1 and "out_of_force" not in around | {kind}:
                kind = raw[i - 1]
        until = min(t + max_gap, duty_of[i][1])
        if i + 1 < len(kept):
            until = min(until, kept[i + 1][0])
        if i > 0 and near(i - 1, i):
            answer.gaps[officer, clock(t)[0]].append(t - kept[i - 1][0])
        place = neighbourhood_of(world, position, clock(t)[0])
        inside = [
            area.code
            for area in world.hotspots
            if area.valid(clock(t)[0]) and area.shape.intersects(shapely.Point(position))
        ]
        for second in range(t, until):
            answer.visibility[officer, *clock(second), kind, place] += 1
            for hotspot in inside:
                answer.hotspots[officer, hotspot, second] += 1
            if kind == "visible" and place and officer in uniformed:
                present[place].add(second)


def _kept(answer, officer, fixes, duties, max_gap):
    best = {}
    for t, lon, lat in fixes:
        day = clock(t)[0]
        answer.counts[officer, day, "fixes"] += 1
        bad = lon is None or lat is None or not (-9 <= lon <= 2 and 49 <= lat <= 61)
        if bad:
            answer.counts[officer, day, "bad_position"] += 1
        elif t in best:
            answer.counts[officer, day, "duplicate"] += 1
            best[t] = min(best[t], (lon, lat))
        else:
            best[t] = (lon, lat)
    left = []
    for t in sorted(best):
        if any(start <= t < end for start, end in duties):
            left.append((t, best[t]))
        else:
            answer.counts[officer, clock(t)[0], "off_duty"] += 1
    fast = [b[0] - a[0] <= max_gap and metres(a[1], b[1]) / (b[0] - a[0]) * 3.6 > 180 for a, b in pairwise(left)]
    spikes = {i for i in range(1, len(left) - 1) if fast[i - 1] and fast[i]}
    for i in spikes:
        answer.counts[officer, clock(left[i][0])[0], "spike"] += 1
    return [fix for i, fix in enumerate(left) if i not in spikes]


def medians(answer: Answer) -> dict:
    return {key: median(gaps) for key, gaps in answer.gaps.items()}
