"""The workforce: posts filled, specials' hours, training, and what is left for neighbourhoods (definitions §7)."""

from collections.abc import Collection

import polars as pl

from metrics.indicator import Indicator, Part, Principle
from metrics.too_few import SMALLEST_GROUP

SIXTEEN_HOURS = 16  # a special's expected hours in a month [S2 32]
_SKILLS: Principle = "Developing officers, staff and volunteers"
_ARRIVES = "Arrives already added up (`measures`): it cannot be split further than it was given."
_POLICING = pl.col("role").is_in(("officer", "pcso", "special"))
_SPECIAL = Part(words="specials with a return that month", source="special_hours", rows=pl.col("hours").is_not_null())


def measure(words: str, indicator_id: str, column: str, *, stock: bool = False) -> Part:
    """Return a part that reads an indicator's own figure from `measures`; unknown, not 0, where none arrived."""
    mine = pl.when(pl.col("indicator_id") == indicator_id).then(pl.col(column))
    return Part(words=words, source="measures", rows=mine, unit="number", stock=stock)


def with_vacancies(tidy: pl.DataFrame) -> pl.DataFrame:
    """Add `vacancies` to WRK-01's rows: posts funded less posts filled, in FTE; below 0 where over strength."""
    return tidy.with_columns(vacancies=pl.col("denominator") - pl.col("numerator"))


def capacity(strength: pl.DataFrame, abstraction: pl.DataFrame) -> pl.DataFrame:
    """Return area_level, area_code, month, fte, rate, fte_left: neighbourhood strength after operational abstraction.

    `strength` holds WRK-01's rows of neighbourhood officers, `abstraction` those of ABS-01 alone, of the same areas and
    months; fte_left is null where the rate is unknown.
    """
    area = ["area_level", "area_code", "month"]
    filled = strength.select(*area, fte="numerator")
    joined = filled.join(abstraction.select(*area, rate="value"), on=area, how="left", maintain_order="left")
    return joined.with_columns(fte_left=pl.col("fte") * (1 - pl.col("rate") / 100))


def lpas_of_few(special_hours: pl.LazyFrame, withheld: Collection[str]) -> list[str | None]:
    """List the LPAs (null: of no LPA) whose specials' hours are withheld; `special_hours` are the whole force's.

    Those of fewer than five specials, whose hours would be individuals'; those `withheld` elsewhere; and of the others
    the smallest, until those that are left out are at least two and of five specials: else the force's total less
    what is shown would tell of them.
    """
    known = special_hours.filter(pl.col("hours").is_not_null())
    held = known.group_by("lpa_code").agg(specials=pl.len()).sort("specials", "lpa_code").collect().rows()
    hidden = [one for one in held if one[1] < SMALLEST_GROUP or one[0] in withheld]
    others = [one for one in held if one not in hidden]
    while hidden and others and (len(hidden) == 1 or sum(number for _, number in hidden) < SMALLEST_GROUP):
        hidden.append(others.pop(0))
    return [code for code, _ in hidden]


def tours_of_duty(special_hours: pl.LazyFrame, withheld: Collection[str | None]) -> pl.LazyFrame:
    """Return lpa_code (null: of no LPA), specials with a return, hours, duties, mean_hours and mean_duties of each.

    The LPAs `withheld`, and any of which fewer than five specials are given, have no hours nor duties.
    """
    known = special_hours.filter(pl.col("hours").is_not_null())
    sums = known.group_by("lpa_code").agg(pl.col("hours", "duties").sum(), specials=pl.len().cast(pl.Int64))
    gone = pl.col("lpa_code").is_in(list(withheld), nulls_equal=True) | (pl.col("specials") < SMALLEST_GROUP)
    shown = sums.with_columns(pl.when(~gone).then(pl.col("hours", "duties")))
    each = {f"mean_{name}": pl.col(name) / pl.col("specials") for name in ("hours", "duties")}
    return shown.with_columns(**each).sort("lpa_code", nulls_last=True)


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="WRK-01",
        name="strength against establishment",
        unit="%",
        better="higher",
        numerator=Part(
            words="posts of officers, PCSOs and specials filled, FTE",
            source="establishment",
            rows=pl.when(_POLICING).then("strength_fte"),
            unit="fte",
            stock=True,
        ),
        denominator=Part(
            words="posts of officers, PCSOs and specials funded, FTE",
            source="establishment",
            rows=pl.when(_POLICING).then("establishment_fte"),
            unit="fte",
            stock=True,
        ),
        scale=100,
        levels=("force", "lpa", "department"),
        published=("force", "lpa"),
        most=float("inf"),
        why="Whether the posts that exist are filled: officers, PCSOs and specials.",
        caveat="On the day of the count, without police staff. A filled post is not an officer on the street: ABS-01.",
        reference="S2, NPG",
        principle=_SKILLS,
        pillar="Police back on the beat",
        subject="Workforce",
        page="workforce",
        roles=("lead", "card"),
    ),
    Indicator(
        id="WRK-02",
        name="specials' hours",
        unit="h",
        better="neither",
        numerator=Part(words="hours given by specials", source="special_hours", rows=pl.col("hours"), unit="hours"),
        levels=("force", "lpa", "department", "team"),
        published=("force", "lpa"),
        why="What volunteers add.",
        caveat="By the home posting of the month's last day.",
        reference="S2 para 32",
        principle=_SKILLS,
        subject="Workforce",
        page="workforce",
        roles=("card", "total"),
    ),
    Indicator(
        id="WRK-03",
        name="specials with at least 16 hours",
        unit="%",
        better="higher",
        numerator=Part(
            words=f"specials with at least {SIXTEEN_HOURS} hours in the month",
            source="special_hours",
            rows=pl.col("hours") >= SIXTEEN_HOURS,
        ),
        denominator=_SPECIAL,
        scale=100,
        levels=("force", "lpa", "department", "team"),
        published=("force", "lpa"),
        why="Whether specials give the hours that keep their skills up.",
        caveat="A special without a return is not counted. Over several months a special counts once a month.",
        reference="S2 para 32",
        principle=_SKILLS,
        subject="Workforce",
        page="workforce",
        roles=("card", "share"),
    ),
    Indicator(
        id="SPC-01",
        name="specials",
        unit="people",
        better="higher",
        numerator=Part(
            words="specials with a return that month",
            source="special_hours",
            rows=pl.col("hours").is_not_null(),
            unit="people",
            stock=True,
        ),
        levels=("force", "lpa", "department", "team"),
        published=("force", "lpa"),
        why="How many volunteers there are.",
        caveat="By the home posting of the month's last day. A special without a return is not counted.",
        reference="S2 para 32",
        principle=_SKILLS,
        subject="Workforce",
        page="workforce",
        roles=("heads",),
    ),
    Indicator(
        id="SPC-02",
        name="mean hours of a special",
        unit="h",
        better="higher",
        numerator=Part(words="hours given by specials", source="special_hours", rows=pl.col("hours"), unit="hours"),
        denominator=_SPECIAL,
        levels=("force", "lpa", "department", "team"),
        published=("force", "lpa"),
        why="Whether there are many volunteers or a few who give much.",
        caveat="Over several months a special counts once a month. See the share with at least 16 hours too.",
        reference="S2 para 32",
        principle=_SKILLS,
        subject="Workforce",
        page="workforce",
        roles=("average",),
    ),
    Indicator(
        id="DEV-01",
        name="trained in problem solving",
        unit="%",
        better="higher",
        numerator=measure("staff trained in problem solving", "DEV-01", "numerator", stock=True),
        denominator=measure("staff eligible", "DEV-01", "denominator", stock=True),
        scale=100,
        why="Problem solving is a skill: 359 of 1,500 had been trained in September 2024.",
        caveat=_ARRIVES,
        reference="S2 para 16",
        principle=_SKILLS,
        subject="Training",
        page="workforce",
        roles=("card",),
    ),
    Indicator(
        id="DEV-02",
        name="neighbourhood pathway portfolios completed",
        unit="%",
        better="higher",
        numerator=measure("portfolios completed", "DEV-02", "numerator", stock=True),
        denominator=measure("officers eligible", "DEV-02", "denominator", stock=True),
        scale=100,
        why="The national pathway says what a neighbourhood officer must be able to do.",
        caveat=_ARRIVES,
        reference="NPG",
        principle=_SKILLS,
        pillar="Clear performance standards and professional excellence",
        subject="Training",
        page="workforce",
        roles=("card",),
    ),
)
