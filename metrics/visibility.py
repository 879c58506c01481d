"""Officer visibility: what the radio fixes say of who was seen where (definitions §3)."""

from dataclasses import replace

import polars as pl

from metrics.abstraction import on_duty
from metrics.indicator import Indicator, Part
from metrics.levels import AREA_LEVELS, PEOPLE_LEVELS

uniformed = pl.col("uniformed").fill_null(True)
visible = pl.col("place_kind") == "visible"
out_of_force = pl.col("place_kind") == "out_of_force"
placed_in_force = pl.col("place_kind").is_in(["visible", "police_building", "other_premises"])
seconds = pl.col("seconds")

# Who has no home sector (is posted to a whole LPA) is in neither part of ABS-06; without an LPA, of ABS-07.
_has_sector = pl.col("sector_code").is_not_null()
_has_lpa = pl.col("lpa_code").is_not_null()
_off_sector = visible & pl.col("place_sector_code").ne_missing(pl.col("sector_code"))
_in_sector = visible & (pl.col("place_sector_code") == pl.col("sector_code"))
_off_lpa = visible & pl.col("place_lpa_code").ne_missing(pl.col("lpa_code"))

_ALL_LEVELS = (*AREA_LEVELS, *PEOPLE_LEVELS)
_BESIDE = "Read it beside data coverage and the seconds between fixes: unknown time is not counted as invisible."
_PILLAR = "Police back on the beat"
_PRINCIPLE = "Engaging communities"


def _time(words: str, source: str, rows: pl.Expr) -> Part:
    return Part(words=words, source=source, rows=pl.when(rows).then(seconds), unit="seconds")


_VISIBLE_HERE = _time(
    "uniformed officers' known time in the force area outside buildings",
    "visibility_place",
    uniformed & visible,
)


_PLACED = _time(
    "their known time in the force area, in buildings or not", "visibility_home", uniformed & placed_in_force
)
# What it has beyond _PLACED is time outside the force area, and that of a few officers is theirs.
_KNOWN = replace(_time("uniformed officers' time whose place is known", "visibility_home", uniformed), holds=_PLACED)

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="VIS-01",
        name="visible hours",
        unit="h",
        better="higher",
        numerator=_VISIBLE_HERE,
        levels=_ALL_LEVELS,
        why="Officer-hours that the public could see, where they were spent.",
        caveat=f"By place. Two officers in one car count twice; VIS-03 counts them once. {_BESIDE}",
        reference="S2 paras 21-22",
        principle=_PRINCIPLE,
        pillar=_PILLAR,
        subject="Visibility",
        page="visibility",
        roles=("lead", "card"),
        coverage="beside",
    ),
    Indicator(
        id="VIS-02",
        name="share of time visible",
        unit="%",
        better="higher",
        numerator=_time("uniformed officers' visible time", "visibility_home", uniformed & visible),
        denominator=_PLACED,
        scale=100,
        levels=_ALL_LEVELS,
        why="How much of the time whose place is known is spent where people can see it.",
        caveat="By home posting. Withheld where coverage is below {min_coverage} %. " + _BESIDE,
        reference="S2 paras 21-22",
        principle=_PRINCIPLE,
        pillar=_PILLAR,
        subject="Visibility",
        page="visibility",
        roles=("card", "share"),
        coverage="withheld",
    ),
    Indicator(
        id="VIS-03",
        name="neighbourhood presence hours",
        unit="h",
        better="higher",
        numerator=Part(
            words="time with at least one visible uniformed officer in a neighbourhood, over neighbourhoods",
            source="presence",
            rows=seconds,
            unit="seconds",
        ),
        why="Hours in which a neighbourhood had anybody there at all.",
        caveat=f"By place, per neighbourhood and day, then summed over neighbourhoods. {_BESIDE}",
        reference="S2 paras 21-22",
        principle=_PRINCIPLE,
        pillar=_PILLAR,
        subject="Visibility",
        page="visibility",
        roles=("card", "presence"),
        coverage="beside",
    ),
    Indicator(
        id="VIS-04",
        name="data coverage",
        unit="%",
        better="higher",
        numerator=_KNOWN,
        denominator=_time("uniformed officers' duty time", "duty", uniformed & on_duty),
        scale=100,
        levels=_ALL_LEVELS,
        why="How much of duty time the radios account for: how far the other figures can be trusted.",
        caveat="By home posting. A fix holds for at most {max_gap} minutes; what lies beyond is unknown.",
        reference="S2 paras 21-22",
        principle="Building analytical capability",
        subject="Visibility",
        page="visibility",
        roles=("card", "coverage"),
        news=False,  # how good the data is, is no news of policing
    ),
    Indicator(
        id="VIS-05",
        name="visible hours per 1,000 residents",
        unit="h per 1,000",
        better="higher",
        numerator=_VISIBLE_HERE,
        denominator=Part(words="residents", source="residents", rows=pl.col("residents"), unit="people", stock=True),
        scale=1000,
        why="Makes areas of different size comparable.",
        caveat=f"By place. Need differs more than population does. {_BESIDE}",
        reference="S2 paras 21-22",
        principle=_PRINCIPLE,
        pillar=_PILLAR,
        subject="Visibility",
        page="visibility",
        roles=("per head",),
        coverage="beside",
        news=False,  # tells VIS-01's story again
    ),
    Indicator(
        id="VIS-06",
        name="neighbourhood officers' time in their community",
        unit="%",
        better="higher",
        numerator=_time("visible time in the home sector", "visibility_home", _in_sector),
        denominator=_time("duty time", "duty", on_duty),
        scale=100,
        department="NPT",
        levels=_ALL_LEVELS,
        why="The Neighbourhood Policing Guarantee asks that officers spend the majority of their time there.",
        caveat=(
            "By home posting, of all duty time: unknown time and time in buildings are not time in the community. "
            "Withheld where coverage is below {min_coverage} %. " + _BESIDE
        ),
        reference="NPG",
        principle=_PRINCIPLE,
        pillar=_PILLAR,
        subject="Visibility",
        page="visibility",
        roles=("card",),
        coverage="withheld",
        headline=2,
    ),
    Indicator(
        id="ABS-06",
        name="location-based abstraction, neighbourhood teams",
        unit="%",
        better="lower",
        numerator=_time(
            "visible time outside the home sector, and time outside the force area",
            "visibility_home",
            _has_sector & (_off_sector | out_of_force),
        ),
        denominator=_time(
            "visible time and time outside the force area, of officers with a home sector",
            "visibility_home",
            _has_sector & (visible | out_of_force),
        ),
        scale=100,
        department="NPT",
        levels=_ALL_LEVELS,
        why="What duty codes do not say: neighbourhood officers at work somewhere else.",
        caveat=f"By home posting. A sector's edge is a line on a map, not a wall. {_BESIDE}",
        reference="S1, S2 paras 21-22",
        principle="Promoting the right culture",
        pillar=_PILLAR,
        subject="Abstraction",
        page="visibility",
        roles=("off patch",),
        coverage="beside",
    ),
    Indicator(
        id="ABS-07",
        name="location-based abstraction, Response",
        unit="%",
        better="neither",
        numerator=_time(
            "visible time outside the home LPA, and time outside the force area",
            "visibility_home",
            _has_lpa & (_off_lpa | out_of_force),
        ),
        denominator=_time(
            "visible time and time outside the force area, of officers with a home LPA",
            "visibility_home",
            _has_lpa & (visible | out_of_force),
        ),
        scale=100,
        department="Response",
        levels=_ALL_LEVELS,
        why="How much Response works across borders, which has no good direction.",
        caveat=f"By home posting. {_BESIDE}",
        reference="S2 paras 21-22",
        principle="Promoting the right culture",
        subject="Abstraction",
        page="visibility",
        roles=("off patch",),
        coverage="beside",
    ),
)
