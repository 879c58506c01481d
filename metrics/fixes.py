"""Which radio fixes count: the drops of definitions.md §3, step 1, and their bounds."""

from typing import Literal, get_args

Drop = Literal["bad_position", "duplicate", "off_duty", "spike"]
DROPS: tuple[Drop, ...] = get_args(Drop)

EARTH_RADIUS_M = 6_371_008.8
SPIKE_KMH = 180.0
WEST, EAST, SOUTH, NORTH = -9.0, 2.0, 49.0, 61.0  # inclusive: a position outside cannot be Great Britain

MICRO = 1_000_000  # microseconds in a second: instants are integers of these, so nothing is rounded
