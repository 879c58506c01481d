"""`python -m tests.bench.verdicts`: the table of definitions §8, beside the former XmR rule and exponential smoothing.

Needs tests/bench/requirements.txt. Series without change are flagged falsely, steps are found in time; and the real
Birmingham series where the open data is (NPD_OPEN_DATA). Exit 1 where the table is not met. `--replicas` sets how many
forces of seven areas each line has.
"""

import argparse
import sys

import numpy as np
import polars as pl

from metrics import INDICATORS
from metrics.compare import compare
from tests.bench import smoothing, xmr
from tests.bench.simulated import (
    AREAS,
    CALENDAR,
    CASES,
    DAYS,
    HISTORY,
    LENGTH,
    STEP_AT,
    STEPS,
    Case,
    Step,
    false_flags,
    found_within,
    judged,
    stepped,
)
from tests.places import OPEN_DATA

SMOOTHED = 3  # replicas for exponential smoothing: it takes a second a series
SERIES = OPEN_DATA / "series" / "birmingham_month_crime_type_2023-06_2026-05.csv"


def main() -> int:
    """Simulate, judge and print the tables; 1 where one is not met."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.verdicts", description=__doc__)
    parser.add_argument("--replicas", type=int, default=200, help="forces of seven areas for each line")
    parser.add_argument("--smoothed", type=int, default=SMOOTHED, help="of them, for exponential smoothing")
    given = parser.parse_args()
    print("No change: % of months flagged (worst calendar month)")
    print(f"{'':<32}{'areas':>14}{'force':>14}{'XmR, areas':>16}{'smoothing':>12}   asked")
    met = [without_change(case, given.replicas, given.smoothed) for case in CASES]
    print("\nA step in one of seven areas: % found as a lasting shift by month")
    print(f"{'':<32}{''.join(f'{month:>6}' for month in range(1, 7))}{'XmR':>8}{'smoothing':>12}   asked")
    met += [with_a_step(step, given.replicas, given.smoothed) for step in STEPS]
    if SERIES.exists():
        birmingham()
    return 0 if all(met) else 1


def without_change(case: Case, replicas: int, smoothed: int) -> bool:
    """Print how often a kind of series is flagged by each rule; tell whether ours is as asked."""
    above, below = case.make(np.random.default_rng(8), (replicas, AREAS, LENGTH))
    rows = judged(case.indicator_id, above, below)
    (share, worst), (force, force_worst) = (false_flags(rows, level) for level in ("lpa", "force"))
    values = above / (DAYS if below is None and case.indicator_id != "ENG-05" else 1 if below is None else below)
    charted = xmr.flags(values.reshape(-1, LENGTH))
    by_month = [charted[:, CALENDAR[HISTORY:] == month].mean() for month in range(12)]
    other = smoothing.flags(above[:smoothed].reshape(-1, LENGTH)).mean() if below is None and smoothed else None
    met = share <= case.most and worst <= case.most_in
    asked = f"<= {case.most:.1%}" + (f", {case.most_in:.0%} in a month" if case.most_in < 1 else "")
    print(
        f"{case.name:<32}{_both(share, worst):>14}{_both(force, force_worst):>14}"
        f"{_both(charted.mean(), max(by_month)):>16}{_percent(other):>12}   {asked}{'' if met else '  NOT MET'}",
        flush=True,
    )
    return met


def with_a_step(step: Step, replicas: int, smoothed: int) -> bool:
    """Print how soon a step is found by each rule, the others by any flag within the months asked."""
    above = stepped(step, np.random.default_rng(9), replicas)
    found = found_within(judged("HRM-01", above), step)
    window = slice(STEP_AT - HISTORY, STEP_AT - HISTORY + step.months)
    first = above[:, 0]
    charted = xmr.flags(first / DAYS)[:, window].any(axis=1).mean()
    other = smoothing.flags(first[: smoothed * AREAS])[:, window].any(axis=1).mean() if smoothed else None
    met = found[step.months - 1] >= step.least
    print(
        f"{step.name:<32}{''.join(f'{share:>6.0%}' for share in found)}{charted:>8.0%}{_percent(other):>12}"
        f"   {step.least:.0%} by month {step.months}{'' if met else '  NOT MET'}",
        flush=True,
    )
    return met


def birmingham() -> None:
    """Print what the real series give: 36 months of each crime type, all judged that have twelve before them."""
    counts = pl.read_csv(SERIES).with_columns(pl.col("month").str.to_date("%Y-%m"), pl.col("count").cast(pl.Float64))
    rows = counts.select(
        "month",
        "crime_type",
        indicator_id=pl.lit("HRM-01"),
        category=pl.lit(None, pl.String),
        area_level=pl.lit("lpa"),
        area_code=pl.lit("Birmingham"),
        numerator="count",
        denominator=pl.lit(None, pl.Float64),
        value="count",
    )
    months = counts["month"].unique().sort().to_list()
    found = compare(rows, INDICATORS, months, by=["crime_type"])
    signals = found.filter(pl.col("signal").is_not_null())
    shifts = signals.filter(pl.col("signal") == "shift")
    charted = birmingham_by_xmr(counts)
    print("\nBirmingham: months called a real change, by crime type (XmR judges a month more: the 12th)")
    for name, flagged in charted.items():
        mine = found.filter(pl.col("crime_type") == name)
        ours = f"{mine['signal'].count()} of {mine['verdict'].count()}"
        print(f"  {name:<30}{ours:>12}{f'{flagged.sum()} of {len(flagged)}':>12}")
    every = np.concatenate(list(charted.values()))
    ours = f"{signals.height} of {found['verdict'].count()}"
    print(f"  {'all':<30}{ours:>12}{f'{every.sum()} of {len(every)}':>12}")
    print(f"{shifts.height} of ours are dated lasting shifts:")
    for row in shifts.sort("month", "crime_type").iter_rows(named=True):
        size = row["level_change_percent"] or 0.0
        print(f"  {row['month']:%b %Y}  {row['crime_type']}: {size:+.0f} % since {row['since']:%b %Y}")


def birmingham_by_xmr(counts: pl.DataFrame) -> dict[str, np.ndarray]:
    """Tell for each crime type which months from the 12th on the former rule flags, by their daily means."""
    daily = counts.sort("month").with_columns(pl.col("count") / pl.col("month").dt.days_in_month())
    series = daily.partition_by("crime_type", as_dict=True, maintain_order=False)
    values = {name: one["count"].to_numpy()[None] for (name,), one in sorted(series.items())}
    return {name: xmr.flags(one, since=xmr.AT_LEAST - 1)[0] for name, one in values.items()}


def _both(share: float, worst: float) -> str:
    return f"{100 * share:.2f} ({100 * worst:.1f})"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f}"


if __name__ == "__main__":
    sys.exit(main())
