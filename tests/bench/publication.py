"""The attack on public editions at the size of a force: `python -m tests.bench.publication`.

A random force of 7 LPAs is published for 23 months, then again after late rows. It prints how many small counts the
public could tell from 1 to 4: where only they themselves are emptied, as published, and from both editions together.
"""

import argparse
import time

import polars as pl

from metrics import INDICATORS
from metrics.suppression import Publication, suppress
from tests.oracle.attack import attacked, joined, shown
from tests.oracle.published_force import Force, late, members, random_force, tidy, true_counts


def published(force: Force, released: pl.DataFrame | None = None) -> Publication:
    """Publish a force, and say how long it took."""
    began = time.process_time()
    found = suppress(tidy(force), INDICATORS, members(force), released)
    hidden = found.cells["hidden"].sum()
    print(f"{hidden:,} of {found.cells.height:,} counts emptied in {time.process_time() - began:.1f} s of processor")
    return found


def by_themselves(force: Force) -> int:
    """Count the small counts that can be told where nothing but small counts is emptied."""
    truth = true_counts(force)
    small = {key for key, value in truth.items() if key[1][0] in "SN" and 1 <= value <= 4}
    return len(attacked(force, truth, {key: value for key, value in truth.items() if key not in small}))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--months", type=int, default=23)
    parser.add_argument("--lpas", type=int, default=7)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    first = random_force(asked.seed, lpas=asked.lpas, sectors=3, wards=6, months=asked.months)
    second = late(first, asked.seed, changes=5 * asked.months)
    print(f"told where only small counts are emptied: {by_themselves(first):,}")
    early = published(first)
    then = published(second, early.cells.with_columns(edition=pl.lit(1)))
    for name, force, own, other in (("first", first, early, then), ("second", second, then, early)):
        truth, known = true_counts(force), shown(own.rows)
        print(f"told by the {name} edition: {len(attacked(force, truth, known)):,}")
        both = joined(force, truth, known, shown(other.rows))
        print(f"together with the other: {len(attacked(force, truth, both)):,}")


if __name__ == "__main__":
    main()
