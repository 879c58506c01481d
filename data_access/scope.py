"""Who may see what: a scope says where (areas) and how fine about people. It is an argument of every read."""

from dataclasses import dataclass, field, replace
from typing import get_args

import polars as pl

from data_access.settings import PeopleGrain, Right, ViewerSettings
from metrics.folding import HEADS, OFFICERS
from metrics.levels import PEOPLE_LEVELS, Level, team_code

GRAINS: tuple[PeopleGrain, ...] = get_args(PeopleGrain)
# What a viewer may do of whom config.toml says nothing more.
USUAL_RIGHTS: frozenset[Right] = ViewerSettings(id="", name="", people="department").rights
_DEEDS: dict[Right, str] = {
    "judge": "record verdicts",
    "explain": "explain figures",
    "approve": "approve recording changes",
    "export": "download",
    "read_text": "read free text",
    "open_individuals": "open individuals",
    "export_individuals": "download rows about individuals",
    "read_trail": "read the audit trail",
    "administer": "administer the suite",
}
# Columns that name a person or a group of people, and the grain from which a viewer sees them. `department`
# is no secret: every abstraction figure is of one.
PERSONAL: dict[str, PeopleGrain] = {
    "team": "team",
    "officer_id": "officer",
    "caller_ref": "officer",
    OFFICERS: "officer",
    HEADS: "officer",
}

LISTS = (OFFICERS, HEADS)
# Columns in which somebody wrote what they liked, or that stand for an address: blank without the right to read them.
FREE_TEXT = ("title", "action", "location_ref")


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What one viewer may read.

    Where: `force`, or some `lpas`, or some `sectors` (codes; several add up). How fine about people:
    `people`; with `teams` ("department / team") only those teams and their officers are named. `rights` say what
    the viewer may do with what they see. Raises ValueError where nothing may be seen at all: no scope is ever read as
    every scope.
    """

    viewer: str = field(compare=False)  # who asks changes no figure: viewers with the same rights share their answers
    groups: frozenset[str] = field(default=frozenset(), compare=False)  # whom views are shared with by group; the same
    force: bool = False
    lpas: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()
    people: PeopleGrain = "none"
    teams: frozenset[str] = frozenset()
    rights: frozenset[Right] = USUAL_RIGHTS

    def __post_init__(self) -> None:
        """Refuse a scope without any area, or with a grain that does not exist."""
        if not (self.force or self.lpas or self.sectors):
            raise ValueError("this viewer has no area: give force = true, or some lpas or sectors")
        if self.people not in GRAINS:
            raise ValueError(f"a viewer's people is {self.people!r}; allowed: {', '.join(GRAINS)}")

    @staticmethod
    def whole_force(purpose: str) -> "Scope":
        """Return the scope of a command or of the suite itself: every area and nobody's name; `purpose` is recorded."""
        return Scope(viewer=purpose, force=True, people="none")

    @staticmethod
    def one_lpa(purpose: str, lpa: str) -> "Scope":
        """Return the scope of a command that speaks of one LPA: its areas and nobody's name."""
        return Scope(viewer=purpose, lpas=frozenset({lpa}), people="none")

    @staticmethod
    def comparator() -> "Scope":
        """Return the scope in which the force and the LPAs are totalled for whoever sees a part of them.

        Whoever may see a part may compare it with the whole; what is read so names nobody, and `answer` lets it be
        broken down by harmless columns only.
        """
        return Scope.whole_force("comparator")

    def headcount(self) -> "Scope":
        """Return this scope with everybody named, to count the people behind a figure; no id read so is shown."""
        return replace(self, people="officer", teams=frozenset())

    def of_areas(self, *, teams: bool) -> "Scope":
        """Return this scope with no more of people than `teams` says: what figures of areas may depend on.

        Never wider than this one: teams are named only where all of them are in it. Of its rights that to read free
        text stays, which also lets addresses be counted.
        """
        named = teams and self.names("team") and not self.teams
        rights = self.rights & {"read_text"}
        return replace(self, people="team" if named else "none", teams=frozenset(), rights=rights)

    def names(self, grain: PeopleGrain) -> bool:
        """Tell whether people may be seen as finely as `grain`."""
        return GRAINS.index(grain) <= GRAINS.index(self.people)

    def may(self, right: Right) -> bool:
        """Tell whether the viewer has a right."""
        return right in self.rights

    def demand(self, right: Right) -> None:
        """Raise PermissionError where the viewer does not have the right."""
        if not self.may(right):
            raise PermissionError(
                f"this viewer may not {_DEEDS[right]}; who may stands in config.toml under [[viewers]]: may_{right}"
            )

    def require(self, level: Level) -> None:
        """Raise PermissionError where `level` is finer about people than this scope."""
        if level in PEOPLE_LEVELS and not self.names(level):
            raise PermissionError(
                f"this viewer may see people as finely as {self.people!r}, not {level!r}; "
                "who sees what stands in config.toml under [[viewers]]"
            )

    def restrict(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Leave the rows of this scope's areas, with the people it may not see blanked: they count, unnamed.

        Every row of a read passes here, and only here.
        """
        columns = rows.collect_schema().names()
        return rows.filter(self._where(columns)).with_columns(self._blanks(columns))

    def _where(self, columns: list[str]) -> pl.Expr:
        if self.force:
            return pl.lit(True)
        inside = [pl.col(name).is_in(list(codes)) for name, codes in self._areas().items() if name in columns]
        return pl.any_horizontal(inside).fill_null(False) if inside else pl.lit(False)

    def _areas(self) -> dict[str, frozenset[str]]:
        given = {"lpa_code": self.lpas, "sector_code": self.sectors}
        return {name: codes for name, codes in given.items() if codes}

    def _blanks(self, columns: list[str]) -> list[pl.Expr]:
        named = [name for name in PERSONAL if name in columns]
        hidden = [name for name in named if not self.names(PERSONAL[name])]
        if OFFICERS in named and not (self.force and not self.teams):
            hidden += [name for name in LISTS if name not in hidden]  # of whom the row does not tell a home
        if not self.may("read_text"):
            hidden += [name for name in FREE_TEXT if name in columns]
        own = self._own(columns)
        visible = [] if own is None else [name for name in named if name not in hidden]
        return [
            *(pl.lit(None, pl.List(pl.String) if name in LISTS else pl.String).alias(name) for name in hidden),
            *(pl.when(own).then(name).alias(name) for name in visible),
        ]

    def _own(self, columns: list[str]) -> pl.Expr | None:
        """Tell whose people a row is about; None: all its people may be named. A visitor is seen, not named."""
        own = []
        if self.teams and "team" in columns:
            own.append(team_code.is_in(list(self.teams)).fill_null(False))
        if not self.force and "home_lpa_code" in columns:
            homes = [pl.col(f"home_{name}").is_in(list(codes)) for name, codes in self._areas().items()]
            own.append(pl.any_horizontal(homes).fill_null(False))
        return pl.all_horizontal(own) if own else None


def scope_of(viewer: ViewerSettings) -> Scope:
    """Return the scope that config.toml gives a viewer."""
    return Scope(
        viewer=viewer.id,
        groups=frozenset(viewer.groups),
        force=viewer.force,
        lpas=frozenset(viewer.lpas),
        sectors=frozenset(viewer.sectors),
        people=viewer.people,
        teams=frozenset(viewer.teams),
        rights=viewer.rights,
    )
