"""What an indicator can be broken down by beyond area and month, and at which levels: what is offered is answered."""

from collections.abc import Collection, Mapping, Sequence

from metrics.abstraction import counts_shifts
from metrics.disclosure import GROUP_LEVELS
from metrics.indicator import Indicator
from metrics.levels import AREA_LEVELS, PLACE_LEVELS, Level
from metrics.officers import made_of_officers_time
from metrics.sums import HOUR, TIMES, WEEKDAY

MOST = 2  # columns at once
# By source, the columns that group its rows and name nobody. What would tell of a single person (an age, an id, a
# repeat caller) is none, nor is what is nested in another column, from which its parts could be subtracted.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "duty": ("category", "worked_area", "role", WEEKDAY, HOUR),
    "visibility_home": ("place_kind", "department", "role", WEEKDAY, HOUR),
    "visibility_place": ("department", "role", WEEKDAY, HOUR),
    "presence": (WEEKDAY, HOUR),
    "asb": ("category", WEEKDAY, HOUR),
    "audits": ("category",),
    "crimes": ("offence_group", "neighbourhood_crime", "outcome_code", "in_impact_areas", "in_hotspots", WEEKDAY),
    "recorded_crimes": ("is_neighbourhood_crime", "violence_with_injury", "town_centre", "in_impact_areas"),
    "settled_crimes": ("is_neighbourhood_crime", "violence_with_injury", "town_centre", "in_impact_areas"),
    "outcomes": ("is_neighbourhood_crime", "violence_with_injury", "town_centre", "in_impact_areas"),
    "incidents": ("grade", "resource", "mental_health", WEEKDAY, HOUR),
    "taskings": ("kind", "result", WEEKDAY),
    "patrols": ("kind", WEEKDAY),
    "hotspot_months": ("kind",),
    "asb_powers": ("power",),
    "asb_powers_year": ("power",),
    "plan_actions": ("source", "owner_role"),
    "stop_searches": ("legislation", "object", "outcome", WEEKDAY),
    "establishment": ("department", "role"),
    "problems": ("stage",),
}
# Officers' time of which each hour may be one officer's: what a viewer who may not see teams is offered of it. Figures
# of which one is a part of the other are not broken down by the same column: the difference may be of few.
_OF_ANYBODY = (("worked_area",), (WEEKDAY,), (HOUR,), (WEEKDAY, HOUR))


def columns_of(indicator: Indicator) -> tuple[str, ...]:
    """Return the columns that an indicator can be broken down by, whoever asks.

    Those of its numerator's rows, but for the one that makes it a mix; of a ratio none by which its numerator is told
    from its denominator, for it would be all or nothing. A ratio of two rates has none, nor has a figure that is
    withheld where the radios know too little: that is known of an area's month, not of its parts.
    """
    part, shifts = indicator.numerator, counts_shifts(indicator)
    if indicator.relative_to or indicator.coverage == "withheld":
        return ()
    formula = set(part.rows.meta.root_names()) if indicator.denominator is not None else set()
    no_times = TIMES if part.stock or (shifts and indicator.denominator) else frozenset()
    left_out = {indicator.split, *formula, *no_times}
    if part.source == "duty" and indicator.denominator is not None:
        left_out |= {"category", "worked_area"}  # time on duty in a category is all abstraction, or none of it
    if indicator.department is not None:
        left_out.add("department")
    return tuple(name for name in COLUMNS.get(part.source, ()) if name not in left_out)


def breakdowns(indicator: Indicator, *, teams: bool) -> tuple[tuple[str, ...], ...]:
    """Return every breakdown that is offered, nothing first: no column, one, or two at once in their order.

    `teams` tells whether the viewer may see the people below the level asked: of officers' time others are offered
    what the pages show, and of totals alone.
    """
    columns = columns_of(indicator)
    if made_of_officers_time(indicator) and not teams:
        total = indicator.denominator is None and {"total", "lead"}.intersection(indicator.roles)
        return ((), *(one for one in _OF_ANYBODY if total and set(one) <= set(columns)))
    pairs = [(one, other) for step, one in enumerate(columns) for other in columns[step + 1 :]]
    return ((), *((one,) for one in columns), *pairs)


def levels_of(indicator: Indicator, people: Collection[Level] = ()) -> tuple[Level, ...]:
    """Return the levels at which an indicator can be asked for; of people, those of `people` that the viewer may see.

    Officers are none: one of them is opened on a page of its own, for a reason that the audit trail keeps.
    """
    groups = [level for level in GROUP_LEVELS if level in people]
    return tuple(level for level in (*AREA_LEVELS, *PLACE_LEVELS, *groups) if level in indicator.levels)


def is_offered(
    indicator: Indicator, level: Level, by: Sequence[str], *, teams: bool, people: Collection[Level]
) -> bool:
    """Tell whether an indicator is offered at a level, broken down by these columns; groups of people are by none.

    Of groups, those of fewer than five officers are withheld by the month, which a breakdown has not.
    """
    if level not in levels_of(indicator, people) or (by and level in GROUP_LEVELS):
        return False
    return set(by) in [set(one) for one in breakdowns(indicator, teams=teams)]
