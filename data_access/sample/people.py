"""Who serves in the sample force: officers, PCSOs and specials, with their teams, areas and transfers."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from data_access.sample import figures
from data_access.sample.areas import Areas
from data_access.sample.span import Month, dates, day_number, stream

NPT, PCSO, RESPONSE, PCT, SPECIAL = range(5)
_DEPARTMENTS = np.array(["NPT", "NPT", "Response", "PCT", "Special Constabulary"])
_ROLES = np.array(["officer", "pcso", "officer", "officer", "special"])
_TEAMS = np.array(list("ABCDE"))
NEVER = 10**6
NOWHERE = -1
MOVED_SHARE_A_YEAR = 0.05


@dataclass(frozen=True, kw_only=True, eq=False)
class Posting:
    """Where each person is posted: numbers of LPA, sector and ward, NOWHERE above that level."""

    lpa: np.ndarray
    sector: np.ndarray
    ward: np.ndarray


@dataclass(frozen=True, kw_only=True, eq=False)
class People:
    """All staff, numbered; `first` holds until the day `moves_on` (NEVER: always), `then` from that day."""

    identifiers: np.ndarray
    kind: np.ndarray
    rank: np.ndarray
    first: Posting
    then: Posting
    moves_on: np.ndarray
    special_team: np.ndarray
    phase: np.ndarray

    def home(self, person: np.ndarray, day: np.ndarray) -> Posting:
        """Return the posting of each `person` on each `day` (whole days since 1970)."""
        early = day < self.moves_on[person]
        return Posting(
            lpa=np.where(early, self.first.lpa[person], self.then.lpa[person]),
            sector=np.where(early, self.first.sector[person], self.then.sector[person]),
            ward=np.where(early, self.first.ward[person], self.then.ward[person]),
        )


def make_people(areas: Areas, months: tuple[Month, ...], scale: float, seed: int) -> People:
    """Recruit the force at `scale` (1: all of it), everyone in at least the smallest number that covers the areas."""
    chance = stream(seed, "people")
    kind, first, special_team = _recruited(areas, scale)
    count = len(kind)
    moves_on, then = _transfers(kind, first, areas, months, chance)
    mobile = moves_on < NEVER
    ranks = np.array(["constable", "sergeant", "inspector"])
    rank = ranks[np.searchsorted([0.84, 0.97], chance.random(count))]
    return People(
        identifiers=np.array([f"SAMPLE-{number:05d}" for number in range(1, count + 1)]),
        kind=kind,
        rank=np.where(np.isin(kind, [PCSO, SPECIAL]), "", rank),
        first=first,
        then=Posting(
            lpa=np.where(mobile, then.lpa, first.lpa),
            sector=np.where(mobile, then.sector, first.sector),
            ward=np.where(mobile, NOWHERE, first.ward),
        ),
        moves_on=moves_on,
        special_team=special_team,
        phase=_phases(kind, chance),
    )


def officers(people: People) -> pl.DataFrame:
    """Return the `officers` feed."""
    numbers = [f"Sample Officer {identifier[7:]}" for identifier in people.identifiers.tolist()]
    return pl.DataFrame(
        {
            "officer_id": people.identifiers,
            "display_name": numbers,
            "role": _ROLES[people.kind],
            "rank": pl.Series(people.rank).replace("", None),
            "uniformed": people.kind != PCT,
        }
    )


def postings(people: People, areas: Areas, months: tuple[Month, ...]) -> pl.DataFrame:
    """Return the `postings` feed: two rows for those who transfer, one for the others."""
    everyone = np.arange(len(people.kind))
    moved = np.flatnonzero(people.moves_on < NEVER)
    start = np.full(len(everyone), day_number(months[0].first) - 365)
    end = pl.Series(people.moves_on).replace(NEVER, None)
    before = _posting_rows(people, areas, everyone, people.first).with_columns(
        start_date=dates(start), end_date=end.cast(pl.Int32).cast(pl.Date)
    )
    after = _posting_rows(people, areas, moved, people.then).with_columns(
        start_date=dates(people.moves_on[moved]), end_date=pl.lit(None, pl.Date)
    )
    return pl.concat([before, after]).sort("officer_id", "start_date")


def _posting_rows(people: People, areas: Areas, person: np.ndarray, home: Posting) -> pl.DataFrame:
    person_lpa, sector, ward = home.lpa[person], home.sector[person], home.ward[person]
    kind = people.kind[person]
    return pl.DataFrame(
        {
            "officer_id": people.identifiers[person],
            "department": _DEPARTMENTS[kind],
            "team": _team_names(people, areas, person, home),
            "lpa_code": np.array(areas.lpas)[person_lpa],
            "sector_code": _named_or_null(areas.sectors, sector),
            "neighbourhood_code": _named_or_null(areas.wards["neighbourhood_code"].to_list(), ward),
        }
    )


def _named_or_null(names: list[str], number: np.ndarray) -> pl.Series:
    return pl.Series([*names, None])[pl.Series(number % (len(names) + 1))]


def _team_names(people: People, areas: Areas, person: np.ndarray, home: Posting) -> np.ndarray:
    """Name teams after their sector (NPT), shift team (Response) or LPA."""
    lpa_names = dict(areas.wards.select("lpa_code", "lpa_name").iter_rows())
    lpa = np.array([lpa_names[code] for code in areas.lpas])[home.lpa[person]]
    sector_names = dict(areas.wards.select("sector_code", "sector_name").iter_rows())
    titles = [sector_names[code].removesuffix(" sector") + " NPT" for code in areas.sectors]
    sector = np.array([*titles, ""])[home.sector[person]]
    shift = _TEAMS[people.phase[person] // 2]
    kind = people.kind[person]
    team = np.where(kind == RESPONSE, np.char.add(np.char.add(lpa, " Response "), shift), np.char.add(lpa, " PCT"))
    neighbourhood = np.isin(kind, [NPT, PCSO])
    team = np.where(neighbourhood, np.where(home.sector[person] < 0, np.char.add(lpa, " NPT command"), sector), team)
    own = people.special_team[person]
    specials = np.where(own == "", np.char.add(lpa, " specials"), np.char.add(np.char.add("Specials: ", own), ""))
    return np.where(kind == SPECIAL, specials, team)


def _recruited(areas: Areas, scale: float) -> tuple[np.ndarray, Posting, np.ndarray]:
    share = np.array([figures.CRIME_SHARE[code] for code in areas.lpas])
    wards_of_sector = np.bincount(areas.sector_of)
    sector_share = wards_of_sector / np.bincount(areas.lpa_of)[areas.lpa_of_sector] * share[areas.lpa_of_sector]
    groups = [
        _neighbourhood(areas, NPT, _spread(sector_share, figures.NPT_OFFICERS * scale, least=2)),
        _neighbourhood(areas, PCSO, _spread(sector_share, figures.PCSOS * scale, least=0)),
        _by_lpa(RESPONSE, _spread(share, figures.RESPONSE_OFFICERS * scale, least=5)),
        _by_lpa(PCT, _spread(share, figures.PCT_OFFICERS * scale, least=2)),
    ]
    specials = np.array([max(1, round(figures.SPECIALS[code] * scale)) for code in areas.lpas])
    elsewhere = {team: max(1, round(number * scale)) for team, number in figures.SPECIALS_ELSEWHERE.items()}
    groups.append(_by_lpa(SPECIAL, specials))
    groups.append(_by_lpa(SPECIAL, np.array([sum(elsewhere.values())])))
    kinds, lpa, sector, ward = (np.concatenate(parts) for parts in zip(*groups, strict=True))
    teams = [team for team, number in elsewhere.items() for _ in range(number)]
    special_team = np.array([""] * (len(kinds) - len(teams)) + teams)
    return kinds, Posting(lpa=lpa, sector=sector, ward=ward), special_team


def _spread(share: np.ndarray, total: float, *, least: int) -> np.ndarray:
    """Round `total` by share, largest remainders first, none below `least`."""
    exact = share / share.sum() * round(total)
    number = np.floor(exact).astype(int)
    order = np.argsort(number - exact, kind="stable")
    number[order[: round(total) - number.sum()]] += 1
    return np.maximum(number, least)


def _by_lpa(kind: int, number: np.ndarray) -> tuple[np.ndarray, ...]:
    lpa = np.repeat(np.arange(len(number)), number)
    nowhere = np.full(len(lpa), NOWHERE)
    return np.full(len(lpa), kind), lpa, nowhere, nowhere


def _neighbourhood(areas: Areas, kind: int, number: np.ndarray) -> tuple[np.ndarray, ...]:
    """Post every other officer and every PCSO to a ward of the sector in turn; a few to the LPA's command."""
    sector = np.repeat(np.arange(len(number)), number)
    turn = np.concatenate([np.arange(count) for count in number.tolist()]) if len(sector) else sector
    wards = [np.flatnonzero(areas.sector_of == one) for one in range(len(areas.sectors))]
    step = turn if kind == PCSO else turn // 2
    number = np.array([len(of_sector) for of_sector in wards])
    padded = np.array([np.resize(of_sector, number.max()) for of_sector in wards])
    ward = padded[sector, step % number[sector]]
    if kind == NPT:
        ward = np.where(turn % 2 == 1, NOWHERE, ward)
    lpa = areas.lpa_of_sector[sector]
    command = (turn >= 12) & (turn % 12 == 0) & (kind == NPT)
    return np.full(len(sector), kind), lpa, np.where(command, NOWHERE, sector), np.where(command, NOWHERE, ward)


def _transfers(
    kind: np.ndarray, first: Posting, areas: Areas, months: tuple[Month, ...], chance: np.random.Generator
) -> tuple[np.ndarray, Posting]:
    """Move some officers to another LPA's or another sector's team on a day within the span."""
    count = len(kind)
    days = np.concatenate([month.days for month in months])
    moves = chance.random(count) < MOVED_SHARE_A_YEAR * len(months) / 12
    moves &= np.isin(kind, [NPT, RESPONSE]) & ((first.sector >= 0) | (kind == RESPONSE))
    moves_on = np.where(moves, chance.choice(days[len(days) // 10 :], count), NEVER)
    sector = chance.integers(0, len(areas.sectors), count)
    elsewhere = chance.random(count) < 0.3
    near = np.array([chance.choice(np.flatnonzero(areas.lpa_of_sector == lpa)) for lpa in first.lpa.tolist()])
    sector = np.where(elsewhere, sector, near)
    lpa = areas.lpa_of_sector[sector]
    responds = kind == RESPONSE
    return moves_on, Posting(lpa=lpa, sector=np.where(responds, NOWHERE, sector), ward=np.full(count, NOWHERE))


def _phases(kind: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Return each person's place in the ten-day cycle; Response works in five teams two days apart."""
    anywhere = chance.integers(0, 10, len(kind))
    return np.where(kind == RESPONSE, np.arange(len(kind)) % 5 * 2, anywhere)
