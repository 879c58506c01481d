"""Engagement: who can be reached, who answers, and what people say of the police (definitions §7)."""

import polars as pl

from metrics.harm import RECORDED_CRIMES
from metrics.indicator import Better, Indicator, Part, Pillar, Principle
from metrics.workforce import measure

REVIEWED_WITHIN_DAYS = 92
ANSWERED_WITHIN_HOURS = 72

_LED: Pillar = "Community-led policing"
_TOWN: Pillar = "Safer town centres"
_ENGAGING: Principle = "Engaging communities"
_SURVEY = "A survey: small differences are chance. Arrives already added up (`measures`)."

_reviewed = (pl.col("day").dt.month_end() - pl.col("priorities_reviewed_on")).dt.total_days()
_in_town = pl.col("town_centre").fill_null(False)
_positive = pl.col("positive_outcome").fill_null(False)

_TOWN_CRIMES = Part(words="retail and street crimes", source="crimes", rows=_in_town, among=RECORDED_CRIMES)
_NEIGHBOURHOODS = Part(
    words="neighbourhoods", source="residents", rows=pl.col("neighbourhood_code").is_not_null(), stock=True
)


def attendance(meetings: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row: meetings, counted (those that say how many came), attendees of these, and their median."""
    came = pl.col("attendees")
    return meetings.select(
        meetings=pl.len().cast(pl.Int64),
        counted=came.count().cast(pl.Int64),
        attendees=came.sum().cast(pl.Int64),
        median=came.median(),
    )


def joined_and_left(measures: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row: joined and left, the members of WMNow who came and went; null where none were handed over.

    They arrive as measures of their own: 'ENG-05:joined' and 'ENG-05:left'.
    """
    own = {name: pl.col("numerator").filter(pl.col("indicator_id") == f"ENG-05:{name}") for name in ("joined", "left")}
    return measures.select(**{name: pl.when(rows.len() > 0).then(rows.sum()) for name, rows in own.items()})


def _csew(number: int, name: str, words: str, *, better: Better, pillar: Pillar) -> Indicator:
    indicator_id = f"SAT-{number:02}"
    return Indicator(
        id=indicator_id,
        name=name,
        unit="%",
        better=better,
        numerator=measure(words, indicator_id, "numerator"),
        denominator=measure("people asked", indicator_id, "denominator"),
        scale=100,
        why="What people see and hear, by the Crime Survey for England and Wales (CSEW).",
        caveat=_SURVEY,
        reference="NPG",
        principle=_ENGAGING,
        pillar=pillar,
        subject="Satisfaction and surveys",
        page="engagement",
        roles=("card",),
    )


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="ENG-01",
        name="named, contactable officer",
        unit="%",
        better="higher",
        numerator=Part(
            words="neighbourhoods whose profile names a contactable officer",
            source="profiles",
            rows=pl.col("named_officer"),
            stock=True,
        ),
        denominator=_NEIGHBOURHOODS,
        scale=100,
        why="Everybody should know whom to ask.",
        caveat="A neighbourhood without a profile that month counts as having none.",
        reference="NPG",
        principle=_ENGAGING,
        pillar=_LED,
        subject="Engagement",
        page="engagement",
        roles=("card",),
    ),
    Indicator(
        id="ENG-02",
        name="priorities reviewed in the last 92 days",
        unit="%",
        better="higher",
        numerator=Part(
            words=f"neighbourhoods with priorities reviewed in the {REVIEWED_WITHIN_DAYS} days to the month's end",
            source="profiles",
            rows=_reviewed.is_between(0, REVIEWED_WITHIN_DAYS),
            stock=True,
        ),
        denominator=_NEIGHBOURHOODS,
        scale=100,
        why="Priorities that nobody reviews are not the neighbourhood's.",
        caveat="A neighbourhood without a profile that month counts as not reviewed.",
        reference="NPG",
        principle=_ENGAGING,
        pillar=_LED,
        subject="Engagement",
        page="engagement",
        roles=("card",),
    ),
    Indicator(
        id="ENG-03",
        name="meetings held per neighbourhood",
        unit="per neighbourhood",
        better="neither",
        numerator=Part(words="meetings held", source="meetings", rows=pl.col("meeting_id").is_not_null()),
        denominator=_NEIGHBOURHOODS,
        why="Whether people are met where they live.",
        caveat="Counts meetings, not who came or what came of them.",
        reference="NPG",
        principle=_ENGAGING,
        pillar=_LED,
        subject="Engagement",
        page="engagement",
        roles=("card",),
    ),
    Indicator(
        id="ENG-04",
        name="queries answered within 72 hours",
        unit="%",
        better="higher",
        numerator=Part(
            words=f"queries answered within {ANSWERED_WITHIN_HOURS} hours",
            source="queries",
            rows=pl.col("reply_hours") <= ANSWERED_WITHIN_HOURS,
        ),
        denominator=Part(words="queries received", source="queries", rows=pl.col("query_id").is_not_null()),
        scale=100,
        why="The Neighbourhood Policing Guarantee promises an answer within 72 hours.",
        caveat="By the day the query came; one not answered yet counts as not answered. See median and p90 too.",
        reference="NPG",
        principle=_ENGAGING,
        pillar=_LED,
        subject="Engagement",
        page="engagement",
        roles=("lead", "card"),
    ),
    Indicator(
        id="ENG-05",
        name="WMNow members",
        unit="people",
        better="neither",
        numerator=measure("members of WMNow, the force's messaging service", "ENG-05", "numerator", stock=True),
        why="How many people the force can reach directly.",
        caveat="Members at the month's end; the net change is the change on the month.",
        reference="S2 para 19",
        principle=_ENGAGING,
        pillar=_LED,
        subject="Engagement",
        page="engagement",
        roles=("card",),
    ),
    Indicator(
        id="SAT-01",
        name="victims satisfied",
        unit="%",
        better="higher",
        numerator=measure("victims satisfied", "SAT-01", "numerator"),
        denominator=measure("victims surveyed", "SAT-01", "denominator"),
        scale=100,
        why="What the people who needed us say.",
        caveat=_SURVEY,
        reference="S1",
        principle=_ENGAGING,
        subject="Satisfaction and surveys",
        page="engagement",
        roles=("card",),
    ),
    _csew(
        2,
        "foot patrol seen",
        "people who saw foot patrol at least once a week",
        better="higher",
        pillar="Police back on the beat",
    ),
    _csew(
        3,
        "ASB experienced or witnessed",
        "people who experienced or witnessed ASB",
        better="lower",
        pillar="Crackdown on anti-social behaviour",
    ),
    _csew(
        4,
        "seen or heard what police do",
        "people who saw or heard what police do locally",
        better="higher",
        pillar=_LED,
    ),
    Indicator(
        id="TOWN-01",
        name="retail and street crime",
        unit="count",
        better="lower",
        numerator=_TOWN_CRIMES,
        why="The crimes that empty a town centre.",
        caveat="Which offences count is set in the offence list.",
        reference="NPG",
        principle="Targeting activity",
        pillar=_TOWN,
        subject="Town centres",
        page="framework",
    ),
    Indicator(
        id="TOWN-02",
        name="positive outcomes of retail and street crime",
        unit="%",
        better="higher",
        numerator=Part(
            words="retail and street crimes with a positive outcome", source="crimes", rows=_in_town & _positive
        ),
        denominator=_TOWN_CRIMES,
        scale=100,
        why="Whether such a crime leads to anything.",
        caveat="By the month the crime was recorded: the latest months' outcomes are still to come.",
        reference="NPG",
        principle="Targeting activity",
        pillar=_TOWN,
        subject="Town centres",
        page="framework",
        news=False,  # outcomes come months after the crime: the newest months are always low
    ),
)
