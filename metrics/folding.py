"""Facts about people, folded into facts about areas and teams: what is left of a month whose people's time is over.

A folded row has neither officer nor hour, and stands on the first day of its month. `heads` lists who is behind it,
under numbers drawn for that month alone: they tell how many officers a figure of the month rests on, and nobody who.
"""

from collections.abc import Callable

import polars as pl

HEADS = "heads"
OFFICERS = "officer_ids"  # several officers' time in one row
# Sums of a month, by all that is no time, no person and no sum; the sums that a row must share to be added to another
# keep "this row is 0" as true of the whole as it was of the parts.
_SUMS = {"duty": ("seconds", "shifts", "episodes"), "visibility": ("seconds",), "presence": ("seconds",)}
_SHARED = {"duty": (pl.col("shifts").alias("_shifts"), pl.col("episodes").alias("_episodes"))}
_TIMES = ("day", "hour")
# Rows that are one person's month, or a day of somebody's fixes, of which medians are taken: they stay, without a key.
_ROWS = ("special_hours", "fix_quality")
# What names nobody when it is published, and is made of rows that do: it stays as it is.
_AS_THEY_ARE = ("visibility_months", "hotspot_months", "patrols")
_OF_SEVERAL = ("taskings", "hotspot_time")  # they too, but for whose time they are
FOLDED = (*_SUMS, *_ROWS, *_OF_SEVERAL, *_AS_THEY_ARE)


def fold(rows: pl.DataFrame, dataset: str, numbers: Callable[[int], list[int]]) -> pl.DataFrame:
    """Return a month of a published dataset (one of FOLDED) with its columns, and with nobody's time apart.

    `numbers` gives the numbers from 0 to below a count in an order that nobody can foresee. Sums over areas, teams,
    roles and categories are those of `rows`, to the second.
    """
    if dataset in _AS_THEY_ARE:
        return rows
    if dataset in _OF_SEVERAL:
        return _with_numbers(rows, numbers)
    dated = rows.with_columns(pl.col("day").dt.truncate("1mo"))
    if "hour" in rows.columns:
        dated = dated.with_columns(hour=pl.lit(None, rows.schema["hour"]))
    numbered = _numbered(dated, numbers) if HEADS in rows.columns else dated
    if dataset in _ROWS:
        kept = numbered.with_columns(pl.lit(None, pl.String).alias("officer_id"))
        return kept.select(rows.columns).sample(fraction=1, shuffle=True)
    return _summed(numbered, dataset).select(rows.columns)


def _summed(rows: pl.DataFrame, dataset: str) -> pl.DataFrame:
    sums = _SUMS[dataset]
    people = [HEADS] if HEADS in rows.columns else []
    keys = [name for name in rows.columns if name not in (*sums, *_TIMES, "officer_id", HEADS)]
    shared = [*_SHARED.get(dataset, ()), (pl.col("seconds") > 0).alias("_any")]
    known = [pl.col(name).explode().drop_nulls().unique().sort() for name in people]
    whole = rows.group_by(*keys, *shared, maintain_order=True).agg(pl.col("day").first(), pl.col([*sums]).sum(), *known)
    unnamed = {"hour": rows.schema["hour"], **({"officer_id": pl.String} if people else {})}
    return whole.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in unnamed.items())


def _numbered(rows: pl.DataFrame, numbers: Callable[[int], list[int]]) -> pl.DataFrame:
    """Put a number in `heads` in place of each officer; a row that names nobody has an empty list."""
    head = _head(pl.col("officer_id"), rows["officer_id"], numbers)
    return rows.with_columns(pl.concat_list(head).list.drop_nulls().alias(HEADS))


def _with_numbers(rows: pl.DataFrame, numbers: Callable[[int], list[int]]) -> pl.DataFrame:
    """Put numbers in `heads` in place of the officers that rows list."""
    heads = pl.col(OFFICERS).list.eval(_head(pl.element(), rows[OFFICERS].explode(), numbers)).list.sort()
    return rows.with_columns(heads.alias(HEADS), pl.lit(None, rows.schema[OFFICERS]).alias(OFFICERS))


def _head(officer: pl.Expr, officers: pl.Series, numbers: Callable[[int], list[int]]) -> pl.Expr:
    known = officers.unique().drop_nulls()
    drawn = pl.Series([str(number) for number in numbers(len(known))], dtype=pl.String)
    return officer.replace_strict(known, drawn, default=None, return_dtype=pl.String)
