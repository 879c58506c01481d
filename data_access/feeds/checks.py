"""Rows held against the contract: the good ones typed, one failure for each bad line."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from data_access.feeds.contract import FAILURES, Feed, Reference, columns_of, key_of
from data_access.feeds.reading import as_text
from data_access.feeds.values import tests_of, typed_name, value_of
from metrics.levels import in_force, local_day

Broken = tuple[str, str, pl.Expr]
"""(rule, column, broken): the rule's name, the column whose value is shown, and what is true of a bad row."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _Judgement:
    """What a feed asks of its rows: tests of the text beside its typed values, then rules of the typed values."""

    typed: tuple[pl.Expr, ...]
    tests: tuple[Broken, ...]
    first_failed: pl.Expr
    clean: tuple[pl.Expr, ...]
    rules: tuple[Broken, ...]
    first_broken: pl.Expr


def check(feed: Feed, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the good rows of `rows` (text, with `line`), typed, and FAILURES: one for each bad line.

    An absent optional column counts as empty. Of several broken rules the first is named; of rows with the same key
    the last stays and the others are `duplicate_key`.
    """
    asked = _judgement(feed)
    absent = [pl.lit(None, pl.String).alias(one.name) for one in columns_of(feed) if one.name not in rows.columns]
    # Spreadsheets pad cells and write "" for nothing: neither is a value.
    stripped = [pl.col(name).str.strip_chars().replace("", None) for name in rows.columns if name != "line"]
    given = rows.with_columns(stripped).with_columns(absent)
    typed = given.with_columns(asked.typed)
    failed = typed.select(asked.first_failed).to_series()
    clean = typed.select("line", *asked.clean)
    broken = clean.select(asked.first_broken).to_series()
    if failed.null_count() == broken.null_count() == len(rows):
        return clean, pl.DataFrame(schema=FAILURES)
    failures = [
        _failures(given, failed, asked.tests),
        _failures(given.filter(failed.is_null()), broken.filter(failed.is_null()), asked.rules),
    ]
    return clean.filter(failed.is_null() & broken.is_null()), pl.concat(failures)


@lru_cache(maxsize=64)
def _judgement(feed: Feed) -> _Judgement:
    """Return what a feed asks, made once: a batch of few rows takes less time than making its expressions."""
    columns = columns_of(feed)
    tests = tuple(test for column in columns for test in tests_of(column))
    # A rule about a value that is not there holds: whether it may be missing is for `required` to say.
    rules = tuple((rule.name, rule.column, ~rule.holds.fill_null(True)) for rule in feed.rules)
    return _Judgement(
        typed=tuple(value_of(column).alias(typed_name(column)) for column in columns),
        tests=tests,
        first_failed=_first_failing(tests),
        clean=tuple(pl.col(typed_name(column)).alias(column.name) for column in columns),
        rules=rules,
        first_broken=_first_failing(rules),
    )


def last_of_each_key(feed: Feed, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the last row of each key, and the earlier ones as failures by `duplicate_key`."""
    key = key_of(feed)
    last = rows.select(pl.struct(key).is_last_distinct()).to_series()
    return rows.filter(last), duplicates(feed, rows.filter(~last))


def duplicates(feed: Feed, rows: pl.DataFrame) -> pl.DataFrame:
    """Return FAILURES of rows whose key comes again later in the same file."""
    key = key_of(feed)
    shown = pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in key], separator=", ")
    return rows.select(
        pl.col("line").cast(pl.Int64),
        rule=pl.lit("duplicate_key"),
        column_name=pl.lit(", ".join(key)),
        value=shown,
    )


def unknown_codes(rows: pl.DataFrame, reference: Reference, known: pl.DataFrame) -> pl.Series:
    """Tell of each row whether `known` (the target column; valid_from, valid_to if dated) lacks its code."""
    codes = known[reference.target].unique().implode()
    missing = rows.select(~pl.col(reference.column).is_in(codes).fill_null(True)).to_series()
    if reference.on is None:
        return missing
    # Each code and day once: a month of duties has hundreds of thousands of rows, and some dozen codes on 31 days.
    days = rows.select(pl.col(reference.column).alias(reference.target), day=local_day(pl.col(reference.on)))
    valid = in_force("day", "valid_from", "valid_to")
    covered = days.unique().join(known, on=reference.target).filter(valid).select(reference.target, "day").unique()
    found = days.join(covered.with_columns(found=True), on=[reference.target, "day"], how="left", maintain_order="left")
    return found["found"].is_null()


def _first_failing(tests: Sequence[Broken]) -> pl.Expr:
    """Return the number of the first test that a row fails; null: it passes all."""
    numbered = [pl.when(broken).then(pl.lit(number, pl.Int32)) for number, (_, _, broken) in enumerate(tests)]
    # Of every row, also where nothing is asked of any: a literal alone would have one row.
    return pl.coalesce([*numbered, pl.when(pl.col("line").is_null()).then(pl.lit(None, pl.Int32))])


def _failures(given: pl.DataFrame, broken: pl.Series, tests: Sequence[Broken]) -> pl.DataFrame:
    found = [pl.DataFrame(schema=FAILURES)]
    for number in broken.drop_nulls().unique().to_list():
        rule, column, _ = tests[number]
        failing = given.filter(broken == number)
        found.append(
            failing.select(
                pl.col("line").cast(pl.Int64),
                rule=pl.lit(rule),
                column_name=pl.lit(column),
                value=pl.col(column),
            )
        )
    return pl.concat(found)


def set_aside(rows: pl.DataFrame, rules: list[Broken]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the typed rows (with `line`) that keep all rules, and FAILURES, which name the first rule broken."""
    good, failures = rows, [pl.DataFrame(schema=FAILURES)]
    for rule, column, broken in rules:
        is_bad = good.select(broken.fill_null(False).alias("bad")).to_series()
        if not is_bad.any():
            continue
        bad = good.filter(is_bad)
        shown = bad.select("line", rule=pl.lit(rule), column_name=pl.lit(column), value=as_text(bad[column]))
        failures.append(shown.cast(FAILURES))
        good = good.filter(~is_bad)
    return good, pl.concat(failures).sort("line")
