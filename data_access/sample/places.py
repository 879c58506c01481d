"""Where incidents and crimes happen: addresses that come up again, hotspots, and the records that have no position."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from data_access.sample.areas import ADDRESSES, SPOTS, Areas
from data_access.sample.span import any_of

UNPLACED, BY_CODE = 0.012, 0.02
# The larger, the more the first addresses of a ward come up again.
REPEAT = 2.2
_SCATTER = 0.0001  # degrees: about ten metres


@dataclass(frozen=True, kw_only=True, eq=False)
class Happened:
    """Where things happened, one element each; `spot` is the number of a hotspot or NOT_THERE."""

    ward: np.ndarray
    address: np.ndarray
    position: np.ndarray
    spot: np.ndarray


NOT_THERE = -1


def somewhere(areas: Areas, ward: np.ndarray, chance: np.random.Generator) -> Happened:
    """Place things at addresses of their ward, the same addresses again and again."""
    count = len(ward)
    address = (ADDRESSES * chance.random(count) ** REPEAT).astype(int)
    position = areas.addresses[ward, address] + chance.normal(0, _SCATTER / 3, (count, 2))
    return Happened(ward=ward, address=address, position=position, spot=np.full(count, NOT_THERE))


def into_hotspots(areas: Areas, at: Happened, spot: np.ndarray, chance: np.random.Generator) -> Happened:
    """Move those with a `spot` (a hotspot's number) to a point within it."""
    there = np.flatnonzero(spot != NOT_THERE)
    position = at.position.copy()
    place = chance.integers(0, SPOTS, len(there))
    position[there] = areas.hotspots.spots[spot[there], place] + chance.normal(0, _SCATTER / 3, (len(there), 2))
    return replace(at, position=position, spot=np.where(spot == NOT_THERE, at.spot, spot))


def hotspot_of_lpa(areas: Areas, ward: np.ndarray, spots: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Choose for each ward one of the `spots` (numbers of hotspots) of its LPA, all alike."""
    return spots[any_of(areas.hotspots.lpa[spots], areas.lpa_of[ward], chance)]


def location_columns(
    areas: Areas, at: Happened, chance: np.random.Generator, *, surely: np.ndarray | bool = False
) -> dict[str, pl.Series]:
    """Return lon, lat, neighbourhood_code: most have a position, `surely` all of some; some a ward, a few neither."""
    fate = np.where(surely, 1.0, chance.random(len(at.ward)))
    placed = fate >= UNPLACED + BY_CODE
    by_code = (fate >= UNPLACED) & ~placed & (at.spot == NOT_THERE)
    codes = areas.wards["neighbourhood_code"].to_numpy()[at.ward]
    return {
        "lon": _rounded(at.position[:, 0], placed),
        "lat": _rounded(at.position[:, 1], placed),
        "neighbourhood_code": pl.Series(np.where(by_code, codes, "")).replace("", None),
    }


def _rounded(values: np.ndarray, kept: np.ndarray) -> pl.Series:
    return pl.Series(np.where(kept, np.round(values, 6), np.nan)).fill_nan(None)
