"""Anti-social behaviour incidents: counts, category, repeat locations and the dip sample (definitions §4)."""

from hashlib import blake2b

import polars as pl

from metrics.indicator import Indicator, Part
from metrics.levels import AREA_COLUMNS, local_day, local_hour
from metrics.parameters import Parameters

Z_95 = 1.959963984540054  # two-sided 95 % of the normal distribution
UNKNOWN = "unknown"  # the category of open data, which publishes none

_RISE = "A rise may be better recording: ASB counts have no good direction [S2 para 29]."
_SAMPLED = "A sample, not a count: read it with its 95 % interval (Wilson)."
_FACT = (
    "incident_id", "reported_at", "day", "hour", "day_known", "lon", "lat", *AREA_COLUMNS, "category",
    "location_ref", "caller_ref", "repeat", "risk_assessed", "mental_health", "closing_codes", "closed_at",
    "provenance",
)  # fmt: skip


def asb_facts(
    incidents: pl.LazyFrame,
    closure_codes: pl.LazyFrame,
    *,
    repeat_n: int = Parameters.repeat_n,
    repeat_days: int = Parameters.repeat_days,
) -> pl.LazyFrame:
    """Return the source `asb` from incidents whose areas are stamped (lpa_code, sector_code,
    neighbourhood_code).

    An incident is ASB if a closing code is in the ASB set; its category is that of the last such code. Open
    data (`provenance` other than 'force', where that column is given) is ASB as it comes, of category
    'unknown', its day and hour unknown where `day_known` is false. `repeat` looks `repeat_days` back: to
    derive some months, give the incidents of that many days before too. Its order within an instant is by
    incident_id.
    """
    present = incidents.collect_schema().names()
    assumed = {"provenance": pl.lit("force"), "day_known": pl.lit(True)}
    rows = incidents.with_columns(**{name: value for name, value in assumed.items() if name not in present}).cache()
    rows = rows.join(_categories(rows, closure_codes), on="incident_id", how="left")
    published = pl.when(pl.col("provenance") != "force").then(pl.lit(UNKNOWN))
    asb = rows.with_columns(category=pl.coalesce("category", published)).filter(pl.col("category").is_not_null())
    dated = asb.with_columns(
        day=local_day(pl.col("reported_at")),
        hour=pl.when("day_known").then(local_hour(pl.col("reported_at"))),
    )
    return _mark_repeats(dated, repeat_n, repeat_days).select(_FACT)


def codes(incidents: pl.LazyFrame) -> pl.LazyFrame:
    """Return incident_id, closure_code, position: a row for each closing code, positions in order of closing."""
    split = incidents.select("incident_id", closure_code=pl.col("closing_codes").str.split(";"))
    listed = split.explode("closure_code").with_columns(pl.col("closure_code").str.strip_chars())
    return listed.with_columns(position=pl.int_range(pl.len()))


def _categories(incidents: pl.LazyFrame, closure_codes: pl.LazyFrame) -> pl.LazyFrame:
    asb = codes(incidents).join(closure_codes.select("closure_code", "asb_category"), on="closure_code")
    known = asb.filter(pl.col("asb_category").is_not_null())
    return known.group_by("incident_id").agg(category=pl.col("asb_category").sort_by("position").last())


def _mark_repeats(asb: pl.LazyFrame, repeat_n: int, repeat_days: int) -> pl.LazyFrame:
    """Call an incident a repeat if the (n-1)th before it there is at most `repeat_days` local days older."""
    earlier = pl.col("day").shift(repeat_n - 1).over("location_ref")
    recent = (pl.col("day") - earlier).dt.total_days() <= repeat_days
    ordered = asb.sort("reported_at", "incident_id")
    return ordered.with_columns(repeat=pl.when(pl.col("location_ref").is_not_null()).then(recent.fill_null(False)))


def audit_facts(audits: pl.LazyFrame, asb: pl.LazyFrame) -> pl.LazyFrame:
    """Return the source `audits`: audited ASB incidents with the incident's day, areas and category.

    An audit of an incident that is not ASB is left out.
    """
    incidents = asb.select("incident_id", "day", *AREA_COLUMNS, "category")
    verdicts = audits.select("incident_id", "audited_on", "correct", "should_be_crime")
    return incidents.join(verdicts, on="incident_id")


def wilson(numerator: pl.Expr, denominator: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Return the lower and upper 95 % Wilson limit, in %, of numerator / denominator; null where nothing was
    sampled.
    """
    share, z2 = numerator / denominator, Z_95**2
    centre = (share + z2 / (2 * denominator)) / (1 + z2 / denominator)
    spread = share * (1 - share) / denominator + z2 / (4 * denominator**2)
    half = Z_95 * spread.sqrt() / (1 + z2 / denominator)
    lower, upper = (centre - half).clip(0, 1), (centre + half).clip(0, 1)
    sampled = denominator > 0
    return pl.when(sampled).then(100 * lower), pl.when(sampled).then(100 * upper)


def draw_sample(asb: pl.DataFrame, *, per_stratum: int, seed: int) -> pl.DataFrame:
    """Draw `per_stratum` incidents of each LPA x category (all, where there are fewer), the same for the same
    seed.

    The order is that of a keyed hash of incident_id, so an incident that arrives late never reshuffles the
    others.
    """
    key = str(seed).encode()
    drawn = [blake2b(str(name).encode(), key=key, digest_size=8).hexdigest() for name in asb["incident_id"]]
    ordered = asb.with_columns(_drawn=pl.Series(drawn, dtype=pl.String)).sort("_drawn")
    stratum = pl.int_range(pl.len()).over("lpa_code", "category")
    drawn_rows = ordered.filter(stratum < per_stratum).drop("_drawn")
    return drawn_rows.sort("lpa_code", "category", "incident_id", nulls_last=True)


_ASB = "ASB incidents"
_INCIDENTS = Part(words="ASB incidents", source="asb", rows=pl.col("incident_id").is_not_null(), quantity=_ASB)
_RESIDENTS = Part(words="residents", source="residents", rows=pl.col("residents"), unit="people", stock=True)
_AUDITED = Part(words="audited ASB incidents", source="audits", rows=pl.col("incident_id").is_not_null())
_personal = pl.col("category") == "personal"
_PILLAR = "Crackdown on anti-social behaviour"

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="ASB-01",
        name="ASB incidents",
        unit="count",
        better="neither",
        numerator=_INCIDENTS,
        why="How much anti-social behaviour people report, and where.",
        caveat=f"{_RISE} A median ward has six a month. ASB is never added to crime.",
        reference="S2 paras 27-29",
        principle="Targeting activity",
        pillar=_PILLAR,
        subject="Anti-social behaviour",
        page="asb",
        roles=("lead", "card"),
        headline=3,
    ),
    Indicator(
        id="ASB-02",
        name="ASB incidents per 1,000 residents",
        unit="per 1,000",
        better="neither",
        numerator=_INCIDENTS,
        denominator=_RESIDENTS,
        scale=1000,
        why="Makes areas of different size comparable.",
        caveat=f"{_RISE} Visitors and night-time crowds are not residents: centres read high.",
        reference="S2 paras 27-29",
        principle="Targeting activity",
        pillar=_PILLAR,
        subject="Anti-social behaviour",
        page="asb",
        roles=("card", "per head"),
        news=False,  # tells ASB-01's story again
    ),
    Indicator(
        id="ASB-03",
        name="ASB by category",
        unit="%",
        better="neither",
        numerator=Part(
            words="ASB incidents of this category",
            source="asb",
            rows=pl.col("incident_id").is_not_null(),
            quantity=_ASB,
        ),
        denominator=_INCIDENTS,
        scale=100,
        split="category",
        why="Personal ASB is aimed at somebody: the mix says who is hurt.",
        caveat="The category is that of the last ASB closing code; open data publishes none ('unknown').",
        reference="S2 paras 27-29, S4",
        principle="Targeting activity",
        pillar=_PILLAR,
        subject="Anti-social behaviour",
        page="asb",
        news=False,  # the parts of one mix move together: one story told many times
    ),
    Indicator(
        id="ASB-04",
        name="repeat share",
        unit="%",
        better="lower",
        numerator=Part(
            words="incidents whose location had at least {repeat_n} in {repeat_days} days up to this one",
            source="asb",
            rows=pl.col("repeat"),
        ),
        denominator=Part(
            words="ASB incidents with a location",
            source="asb",
            rows=pl.col("location_ref").is_not_null(),
            among=_ASB,
        ),
        scale=100,
        why="Places called to again and again need a problem solved, not another visit.",
        caveat="Only incidents whose location is recorded can repeat.",
        reference="S2 paras 27-29, S4",
        principle="Solving problems",
        pillar=_PILLAR,
        subject="Anti-social behaviour",
        page="asb",
        roles=("card",),
    ),
    Indicator(
        id="ASB-05",
        name="personal ASB risk-assessed",
        unit="%",
        better="higher",
        numerator=Part(
            words="personal ASB incidents with a completed risk assessment",
            source="asb",
            rows=_personal & pl.col("risk_assessed").fill_null(False),
        ),
        denominator=Part(
            words="personal ASB incidents", source="asb", rows=_personal, quantity=_ASB, category="personal"
        ),
        scale=100,
        why="Personal ASB can hide a vulnerable victim: each needs its risk assessed.",
        caveat="No assessment recorded counts as none done.",
        reference="S4 (THRIVE+)",
        principle="Engaging communities",
        pillar=_PILLAR,
        subject="Anti-social behaviour",
        page="asb",
        roles=("card", "funnel"),
    ),
    Indicator(
        id="ASB-06",
        name="dip sample: closed correctly",
        unit="%",
        better="higher",
        numerator=Part(words="audited incidents closed correctly", source="audits", rows=pl.col("correct")),
        denominator=_AUDITED,
        scale=100,
        why="Whether the closing codes can be believed.",
        caveat=_SAMPLED,
        reference="S2 para 29",
        principle="Developing and sharing learning",
        pillar=_PILLAR,
        subject="Anti-social behaviour",
        page="asb",
        column="correct",
    ),
    Indicator(
        id="ASB-07",
        name="dip sample: should have been a crime",
        unit="%",
        better="lower",
        numerator=Part(
            words="audited incidents that should have been a crime",
            source="audits",
            rows=pl.col("should_be_crime"),
        ),
        denominator=_AUDITED,
        scale=100,
        why="ASB that was a crime hides a victim.",
        caveat=_SAMPLED,
        reference="S2 para 29",
        principle="Developing and sharing learning",
        pillar=_PILLAR,
        subject="Anti-social behaviour",
        page="asb",
        column="crime",
    ),
)
