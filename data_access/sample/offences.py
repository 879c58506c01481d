"""The sample force's offence codes: Home Office count codes, how often each is recorded, and what it counts as.

Yearly numbers are round figures fitted to the published totals (year to June 2024: 323,197 crimes, of them robbery 8,122,
burglary 12,189, vehicle 28,452, theft from the person 3,236, homicide 38); the split within a group is invented.
"""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, kw_only=True)
class Offence:
    """An offence code with its crimes a year in the whole force; `street` makes hotspots and Impact Areas likelier."""

    code: str
    name: str
    group: str
    a_year: int
    neighbourhood: str | None = None
    injury: bool = False
    town: bool = False
    street: bool = False
    victim: bool = False


VIOLENCE, SEXUAL, ROBBERY, BURGLARY = "Violence", "Sexual offences", "Robbery", "Burglary"
VEHICLE, THEFT, DAMAGE, ORDER = "Vehicle crime", "Theft", "Criminal damage and arson", "Public order"
DRUGS, WEAPONS, OTHER = "Drugs", "Possession of weapons", "Other crime"

HOMICIDE_CODE = "1"
OFFENCES = (
    Offence(code=HOMICIDE_CODE, name="Homicide", group=VIOLENCE, a_year=37, victim=True),
    Offence(code="2", name="Attempted murder", group=VIOLENCE, a_year=70, injury=True, street=True, victim=True),
    Offence(code="5D", name="Assault with intent to cause serious harm", group=VIOLENCE, a_year=2_900, injury=True, street=True, victim=True),
    Offence(code="5E", name="Endangering life", group=VIOLENCE, a_year=280, injury=True, victim=True),
    Offence(code="8N", name="Assault with injury", group=VIOLENCE, a_year=31_000, injury=True, street=True, victim=True),
    Offence(code="8P", name="Racially or religiously aggravated assault with injury", group=VIOLENCE, a_year=330, injury=True, victim=True),
    Offence(code="8S", name="Assault with injury on a constable", group=VIOLENCE, a_year=700, injury=True, victim=True),
    Offence(code="105A", name="Assault without injury", group=VIOLENCE, a_year=41_000, victim=True),
    Offence(code="8L", name="Harassment", group=VIOLENCE, a_year=17_000, victim=True),
    Offence(code="8R", name="Malicious communications", group=VIOLENCE, a_year=19_000, victim=True),
    Offence(code="8Q", name="Stalking", group=VIOLENCE, a_year=9_500, victim=True),
    Offence(code="3B", name="Threats to kill", group=VIOLENCE, a_year=2_600, victim=True),
    Offence(code="36", name="Kidnapping", group=VIOLENCE, a_year=620, victim=True),
    Offence(code="11A", name="Cruelty to children or young persons", group=VIOLENCE, a_year=1_500, victim=True),
    Offence(code="19C", name="Rape of a female aged 16 or over", group=SEXUAL, a_year=2_500, victim=True),
    Offence(code="20A", name="Sexual assault on a female aged 13 and over", group=SEXUAL, a_year=3_200, victim=True),
    Offence(code="88E", name="Exposure and voyeurism", group=SEXUAL, a_year=900, victim=True),
    Offence(code="34A", name="Robbery of business property", group=ROBBERY, a_year=1_060, neighbourhood="robbery", street=True, town=True),
    Offence(code="34B", name="Robbery of personal property", group=ROBBERY, a_year=7_060, neighbourhood="robbery", street=True, victim=True, town=True),
    Offence(code="28E", name="Burglary - residential", group=BURGLARY, a_year=7_500, neighbourhood="residential_burglary"),
    Offence(code="28F", name="Attempted burglary - residential", group=BURGLARY, a_year=1_600, neighbourhood="residential_burglary"),
    Offence(code="30C", name="Burglary - business and community", group=BURGLARY, a_year=3_090),
    Offence(code="45", name="Theft from a vehicle", group=VEHICLE, a_year=15_000, neighbourhood="vehicle"),
    Offence(code="48", name="Theft or unauthorised taking of a motor vehicle", group=VEHICLE, a_year=10_450, neighbourhood="vehicle"),
    Offence(code="126", name="Vehicle interference", group=VEHICLE, a_year=3_000, neighbourhood="vehicle"),
    Offence(code="39", name="Theft from the person", group=THEFT, a_year=3_236, neighbourhood="theft_person", street=True, victim=True, town=True),
    Offence(code="46", name="Shoplifting", group=THEFT, a_year=24_500, town=True),
    Offence(code="44", name="Theft or unauthorised taking of a pedal cycle", group=THEFT, a_year=2_400),
    Offence(code="49", name="Other theft", group=THEFT, a_year=21_000),
    Offence(code="49A", name="Making off without payment", group=THEFT, a_year=6_500),
    Offence(code="56A", name="Arson endangering life", group=DAMAGE, a_year=260),
    Offence(code="56B", name="Arson not endangering life", group=DAMAGE, a_year=1_200),
    Offence(code="58A", name="Criminal damage to a dwelling", group=DAMAGE, a_year=6_500),
    Offence(code="58C", name="Criminal damage to a vehicle", group=DAMAGE, a_year=11_500),
    Offence(code="58D", name="Other criminal damage", group=DAMAGE, a_year=6_000),
    Offence(code="9A", name="Public fear, alarm or distress", group=ORDER, a_year=21_000, street=True, town=True),
    Offence(code="62A", name="Violent disorder", group=ORDER, a_year=420, street=True),
    Offence(code="66", name="Other offences against the State or public order", group=ORDER, a_year=4_500),
    Offence(code="92A", name="Trafficking in controlled drugs", group=DRUGS, a_year=1_900, street=True),
    Offence(code="92D", name="Possession of controlled drugs (excluding cannabis)", group=DRUGS, a_year=1_900, street=True),
    Offence(code="92E", name="Possession of cannabis", group=DRUGS, a_year=5_400, street=True),
    Offence(code="10D", name="Possession of article with blade or point", group=WEAPONS, a_year=3_100, street=True),
    Offence(code="81", name="Other firearms offences", group=WEAPONS, a_year=210, street=True),
    Offence(code="33", name="Going equipped for stealing", group=OTHER, a_year=700),
    Offence(code="54", name="Handling stolen goods", group=OTHER, a_year=900),
    Offence(code="79", name="Perverting the course of justice", group=OTHER, a_year=700),
    Offence(code="S901", name="Sample offence without a severity weight", group=OTHER, a_year=1_100),
)  # fmt: skip


def offences() -> pl.DataFrame:
    """Give the `offences` feed."""
    return pl.DataFrame(
        {
            "offence_code": [one.code for one in OFFENCES],
            "offence_name": [one.name for one in OFFENCES],
            "offence_group": [one.group for one in OFFENCES],
            "neighbourhood_crime": [one.neighbourhood for one in OFFENCES],
            "violence_with_injury": [one.injury for one in OFFENCES],
            "homicide": [one.code == HOMICIDE_CODE for one in OFFENCES],
            "town_centre": [one.town for one in OFFENCES],
        }
    )
