"""The small force that the specifications are about, where a case does not say otherwise.

Two LPAs: L1 with the sectors S1 (neighbourhood N1) and S2 (N2), L2 with S3 (N3 and N4). Ann and Bob are neighbourhood
officers of S1, Pat wears plain clothes, Lea is posted to the whole of L1, Rob is in Response, Sue and Tom are specials.
On the afternoon of 8 October 2024 all but the specials are on duty.
"""

from collections.abc import Mapping

FORCE: Mapping[str, str] = {
    "neighbourhoods": """
        neighbourhood_code | sector_code | lpa_code | residents
        N1                 | S1          | L1       | 1000
        N2                 | S2          | L1       | 3000
        N3                 | S3          | L2       | 500
        N4                 | S3          | L2       |
    """,
    "members": """
        level         | code | parent_level | parent_code
        force         | F    |              |
        lpa           | L1   | force        | F
        lpa           | L2   | force        | F
        sector        | S1   | lpa          | L1
        sector        | S2   | lpa          | L1
        sector        | S3   | lpa          | L2
        neighbourhood | N1   | sector       | S1
        neighbourhood | N2   | sector       | S2
        neighbourhood | N3   | sector       | S3
        neighbourhood | N4   | sector       | S3
    """,
    "officers": """
        officer_id | role    | uniformed
        Ann        | officer | yes
        Bob        | officer | yes
        Pat        | officer | no
        Lea        | officer | yes
        Rob        | officer | yes
        Sue        | special | yes
        Tom        | special | yes
    """,
    "postings": """
        officer_id | department | team | lpa_code | sector_code | neighbourhood_code | start_date
        Ann        | NPT        | A    | L1       | S1          | N1                 | 2020-01-01
        Bob        | NPT        | A    | L1       | S1          | N1                 | 2020-01-01
        Pat        | NPT        | A    | L1       | S1          | N1                 | 2020-01-01
        Lea        | NPT        | A    | L1       |             |                    | 2020-01-01
        Rob        | Response   | R    | L1       |             |                    | 2020-01-01
        Sue        | NPT        | A    | L1       | S1          |                    | 2020-01-01
        Tom        | NPT        | B    | L2       | S3          |                    | 2020-01-01
    """,
    "activity_codes": """
        activity_code | category          | family
        PATROL        | neighbourhood     | core
        BACKFILL      | response backfill | demand
        GUARD         | scene guard       | demand
        FOOTBALL      | football aid      | aid
        COURT         | court             | mandatory
        TRAINING      | training          | mandatory
        LEAVE         | leave             | absence
    """,
    "hotspots": """
        hotspot_id | kind        | lpa_code
        H1         | asb         | L1
        I1         | impact_area | L1
    """,
    "closure_codes": """
        closure_code | asb_category
        PER          | personal
        NUI          | nuisance
        ENV          | environmental
        DOM          |
    """,
    "offences": """
        offence_code | offence_group | neighbourhood_crime | violence_with_injury | homicide | town_centre
        MURDER       | Homicide      |                     |                      | yes      |
        ROBBERY      | Robbery       | robbery             |                      |          |
        WOUNDING     | Violence      |                     | yes                  |          |
        SHOPLIFTING  | Theft         |                     |                      |          | yes
        PERJURY      | Other         |                     |                      |          |
    """,
    "outcome_codes": """
        outcome_code | positive
        charged      | yes
        8            | yes
        5            | no
    """,
    "weights": """
        weight_set | offence_code | weight
        ONS        | MURDER       | 8000
        ONS        | ROBBERY      | 800
        ONS        | WOUNDING     | 200
        ONS        | SHOPLIFTING  | 10
        Cambridge  | ROBBERY      | 365
    """,
    "duties": """
        officer_id | starts_at        | ends_at          | activity_code
        Ann        | 2024-10-08 12:00 | 2024-10-08 16:00 | PATROL
        Bob        | 2024-10-08 12:00 | 2024-10-08 16:00 | PATROL
        Pat        | 2024-10-08 12:00 | 2024-10-08 16:00 | PATROL
        Lea        | 2024-10-08 12:00 | 2024-10-08 16:00 | PATROL
        Rob        | 2024-10-08 12:00 | 2024-10-08 16:00 | PATROL
    """,
}
