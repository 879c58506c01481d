"""What an indicator is: two parts counted over rows of facts, a scale, and the words that explain them."""

from dataclasses import dataclass
from typing import Literal

import polars as pl

from metrics.levels import AREA_LEVELS, Level

Better = Literal["higher", "lower", "neither"]
# 'number' is as it arrives and may be a fraction; a 'duration' is in the indicator's unit, and shown as median and 90th
# percentile.
PartUnit = Literal["seconds", "count", "score", "people", "hours", "fte", "number", "km2", "duration"]
Unit = Literal[
    "%",
    "h",
    "count",
    "score",
    "people",
    "per 100",
    "per 1,000",
    "per 100 h",
    "h per 1,000",
    "score per 1,000",
    "per neighbourhood",
    "days",
    "hours",
    "minutes",
    "ratio",
]
# What an indicator is about, as the About page groups them.
Subject = Literal[
    "Abstraction",
    "Anti-social behaviour",
    "Crime harm",
    "Engagement",
    "Flagged crime",
    "Hotspots",
    "Mental health",
    "Outcomes",
    "Problem solving",
    "Response",
    "Satisfaction and surveys",
    "Stop and search",
    "Targeted patrols",
    "Town centres",
    "Training",
    "Visibility",
    "Workforce",
]
# The page that tells more: what names an indicator anywhere leads there.
Page = Literal[
    "abstractions", "visibility", "asb", "impact_areas", "patrols", "workforce", "response", "engagement", "framework"
]
# What the page of an indicator does with it. Any number of a page's indicators may be a 'card'; of the other roles a
# page asks for the one that it draws.
Role = Literal[
    "lead",  # its title, its trend and its first comparison of areas; always a card too
    "card",  # a card
    "total",  # an amount that adds up: split by hour, by who gave and who received it
    "per head",  # compares areas of different size
    "share",  # a share of the whole: compares groups, or a part with the force
    "average",  # how much each one weighs
    "breakdown",  # split by cause, type or stage
    "victims",  # split by whom it happened to
    "duration",  # how long it lasts
    "heads",  # how many people there are
    "presence",  # that anybody was there at all
    "off patch",  # work away from where one is posted
    "coverage",  # how much the data knows: stands beside every figure that is read with it
    "funnel",  # what areas are compared on first where chance is told from difference
]
# 'beside': the share of time that the radios know stands beside the figure; 'withheld': below `min_coverage`, the
# figure itself is withheld too.
Coverage = Literal["beside", "withheld"]

# As the force's Neighbourhood Policing Ambition (§2) and the Home Office name them. The NPCC's own list of indicators
# is unpublished, so the mapping of an indicator to a principle is ours [S1, NPG].
Principle = Literal[
    "Engaging communities",
    "Solving problems",
    "Targeting activity",
    "Promoting the right culture",
    "Building analytical capability",
    "Developing officers, staff and volunteers",
    "Developing and sharing learning",
]
Pillar = Literal[
    "Police back on the beat",
    "Community-led policing",
    "Clear performance standards and professional excellence",
    "Crackdown on anti-social behaviour",
    "Safer town centres",
]


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """A numerator or a denominator: an amount per row of one source, summed over the rows asked for.

    `words` says it in plain English. `rows` is an expression over the columns of `source` (see
    `metrics.sources`). 'seconds' are given back as hours. A `stock` (residents, establishment) does not add
    over months: a longer period takes its latest month. `quantity` and `category` name what is counted where
    another part counts the same (or is harm of the same crimes), so that what is hidden in one is in all. A stock
    or a duration is hidden where few only if it names one. `among` names the quantity of which it counts some, and
    `year_of` that of which it counts the twelve months to the month's end: nothing hidden may follow from them.
    `holds` is a smaller part of the same source and home that another indicator shows: their difference is told too.
    """

    words: str
    source: str
    rows: pl.Expr
    unit: PartUnit = "count"
    stock: bool = False
    quantity: str | None = None
    category: str | None = None
    among: str | None = None
    year_of: str | None = None
    holds: "Part | None" = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Indicator:
    """`scale` x sum of numerator / sum of denominator over the rows asked for; no denominator: a plain total.

    `split` names the column of the numerator's source that makes a mix: one row per category ('football aid');
    `split_both`: what it is divided by is split by the same column of its own source.
    `relative_to` names the category whose rate all others are divided by: the value is a ratio of two rates.
    `sample` is the effective number asked, where the figure is a share of a sample and has an interval.
    `department` is the home department counted (None: everyone; a question may override it). `levels` are those at
    which the figure means something, `published` those of the monthly benchmark. `least` and `most` bound the possible
    values (`most` None: 100 for a %, else no bound). `missing` says why a month may have no figure yet. `reference`
    names the force's paper (S0..S4, NPG).

    The rest says where the figure stands: what it is about (`subject`), the `page` that tells more and the `roles` it
    has there; its place among the `headline` figures (1 first; None: not one); whether a real change is `news`; how
    it is read with data `coverage` (None: it does not come from radio fixes); and the `column` that holds it where
    figures of one page stand side by side in a row.
    """

    id: str
    name: str
    unit: Unit
    better: Better
    numerator: Part
    denominator: Part | None = None
    scale: float = 1.0
    split: str | None = None
    split_both: bool = False
    relative_to: str | None = None
    sample: Part | None = None
    department: str | None = None
    levels: tuple[Level, ...] = AREA_LEVELS
    published: tuple[Level, ...] = AREA_LEVELS
    least: float = 0.0
    most: float | None = None
    why: str
    caveat: str = ""
    missing: str = ""
    reference: str
    principle: Principle | None = None
    pillar: Pillar | None = None
    subject: Subject
    page: Page
    roles: tuple[Role, ...] = ()
    headline: int | None = None
    news: bool = True
    coverage: Coverage | None = None
    column: str | None = None
