"""What the shell hands a page: who sees what, what is selected, and the one way to ask for figures."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from data_access.answers.answer import Question, answer, answer_ahead
from data_access.answers.explanations import explained
from data_access.answers.overview import targets
from data_access.answers.reader import Reader
from data_access.scope import Scope
from metrics import indicator as find_indicator
from metrics import named
from metrics.indicator import Indicator
from metrics.levels import YEAR, add_months
from metrics.parameters import worded
from metrics.period import beside
from pages.selections.places import Place, Places, name_of
from pages.selections.selection import Selection
from pages.wording import words


@dataclass(frozen=True, kw_only=True)
class Narrowed:
    """A value that figures are narrowed to: of which dimension, in words, and as `where` of a question."""

    dimension: str
    value: str
    words: str
    where: tuple[tuple[str, str | int], ...]


@dataclass(frozen=True, kw_only=True)
class Context:
    """A viewer's question frame. `months` are those with data, oldest first; `provisional` may still change.

    `reader` was opened when the page began: all its figures are of one load. `compared` is the area chosen under
    “Compare with” (None: a month), `compared_name` what it is called. `scope_now` tells, after the page is drawn, what
    the same browser may see by then; it raises PermissionError for any other. Every figure asked for is `narrowed`
    (see pages.selections.narrowing).
    """

    reader: Reader
    places: Places
    months: tuple[date, ...]
    provisional: frozenset[date]
    selection: Selection
    compared: Place | None
    compared_name: str
    scope_now: Callable[[], Scope]
    narrowed: tuple[Narrowed, ...] = ()

    def ask(self, *indicators: str, level: str | None = None, months: int = 1, **question: Any) -> pl.DataFrame:
        """Ask for indicators at `level` inside the selected area, over the last `months` up to the chosen one.

        Where several months are selected, one month (the default) is these counted as one, and so is a breakdown with
        `by`, unless `since` and `until` are given; more `months` come with the period's figure beside the last (see
        metrics.period.beside), and reach back to the year before it.
        `level` defaults to the selected area's own level: then one area. Else every area of that level within the
        selection. `question` passes on what `Question` knows (by, grain, department, within, ...).
        Gives answers.answer's frame: indicator_id, category, area_level, area_code, area_name, month, numerator,
        denominator, value and compare's columns (with `by`: the by columns instead, one row per combination over the
        period).
        """
        asked = self.question(*indicators, level=level, months=months, **question)
        series = answer(self.reader, asked)
        if months == 1 or asked.by or asked.grain != "1mo" or not self.selection.spans or "since" in question:
            return series
        return beside(series, self.ask(*indicators, level=level, **question))

    def question(self, *indicators: str, level: str | None = None, months: int = 1, **question: Any) -> Question:
        """Return what `ask` asks."""
        asked: dict[str, Any] = {
            **self._when(months, question),
            "within": self.within,
            # Areas counted together are one where they themselves are asked for, and side by side where parts are.
            "apart": level is not None and "within" not in question,
            **question,
            "where": (*self.where, *question.get("where", ())),
        }
        return Question(indicators=indicators, level=level or self.selection.level, **asked)

    def _when(self, months: int, question: Mapping[str, Any]) -> dict[str, Any]:
        """Return the months that are asked about; what stands in a question itself goes before."""
        first, counted = add_months(self.selection.month, 1 - months), self.selection.months
        if "since" in question or not self.selection.spans:
            return {"since": first, "until": self.selection.month}
        if (months == 1 or question.get("by")) and "grain" not in question:
            return {"since": counted[0], "until": counted[-1], "period": counted}
        return {"since": min(first, counted[0]), "until": self.selection.month}

    def ask_compared(self, *indicators: str, months: int = 1, **question: Any) -> pl.DataFrame | None:
        """Ask for the area chosen under “Compare with”; None where a month is compared with."""
        if self.compared is None:
            return None
        asked = {"within": self.within_compared, **question}
        return self.ask(*indicators, level=self.compared[0], months=months, **asked)

    def ask_ahead(self, indicator_id: str, level: str, code: str, **question: Any) -> pl.DataFrame:
        """Ask for an area's selected month and the months that come, each with its expected range: metrics.ahead.

        `question` is what the series beside it was asked with beyond area and months.
        """
        own = (level, code) == (self.selection.level, self.selection.code)
        elsewhere = {"level": level, "within": () if level == "force" else ((level, code),)}
        asked = self.question(indicator_id, **({} if own else elsewhere), **question)
        month = self.selection.month
        return answer_ahead(self.reader, replace(asked, since=month, until=month, period=()))

    @property
    def seen(self) -> Hashable:
        """All that what is drawn follows from, beside the rest of the address: of the reader also what came since.

        Who looks is no part of it: viewers of the same scope see the same.
        """
        version = self.reader.version
        recorded = (version.judged_at, version.explained_at, version.explained)
        chosen = (self.selection, self.compared, self.compared_name, self.narrowed)
        return self.reader, recorded, self.places, self.months, self.provisional, chosen

    @property
    def where(self) -> tuple[tuple[str, str | int], ...]:
        """What figures are narrowed to, as `where` of a question."""
        return tuple(pair for one in self.narrowed for pair in one.where)

    @property
    def only(self) -> str:
        """What figures are narrowed to, in words: 'nuisance, Sat 22:00 to 22:59'; '' for nothing."""
        return ", ".join(one.words for one in self.narrowed)

    def titled(self, title: str) -> str:
        """Return a title with what its figures are narrowed to."""
        return f"{title}, {self.only}" if self.narrowed else title

    def chosen(self, dimension: str) -> str | None:
        """Return the value of a dimension that figures are narrowed to."""
        return next((one.value for one in self.narrowed if one.dimension == dimension), None)

    def without(self, *dimensions: str) -> "Context":
        """Return the context whose figures are not narrowed by these dimensions; where none is named, by none."""
        kept = [one for one in self.narrowed if dimensions and one.dimension not in dimensions]
        return replace(self, narrowed=tuple(kept))

    @cached_property
    def explanations(self) -> list[dict[str, Any]]:
        """What viewers say of figures in the viewer's own areas, the oldest first."""
        return explained(self.reader).to_dicts()

    def explanations_of(self, indicator_id: str, level: str, code: str) -> list[dict[str, Any]]:
        """Return what is said of an indicator in an area, of any month, the oldest month first."""
        figure = (indicator_id, level, code)
        own = (one for one in self.explanations if (one["indicator_id"], one["area_level"], one["area_code"]) == figure)
        return sorted(own, key=lambda one: one["month"])

    @cached_property
    def targets(self) -> dict[tuple[str, str, str], dict[str, Any]]:
        """The targets in force in the selected month, by indicator, level and code, each with its assurance."""
        rows = targets(self.reader, self.selection.month).iter_rows(named=True)
        return {(row["indicator_id"], row["area_level"], row["area_code"]): row for row in rows}

    @property
    def within(self) -> tuple[tuple[str, str], ...]:
        """The selected area as a question's `within`; nothing for the force."""
        return () if self.selection.level == "force" else ((self.selection.level, self.selection.code),)

    @property
    def within_compared(self) -> tuple[tuple[str, str], ...] | None:
        """The area compared with as a question's `within`: nothing for the force; None where a month is compared."""
        if self.compared is None:
            return None
        return () if self.compared[0] == "force" else (self.compared,)

    @property
    def whole_compared(self) -> Place | None:
        """The LPA or force compared with, where the viewer sees all of it: else a part would be told as the whole."""
        level, code = self.compared or ("", "")
        scope = self.reader.scope
        seen = scope.force or (level == "lpa" and code in scope.lpas)
        return self.compared if seen and level in ("lpa", "force") else None

    def sides(self, own: pl.DataFrame, both: pl.DataFrame) -> tuple[str, str, frozenset[str]] | None:
        """Return the names of the two areas compared and the codes of `both` that `own` has not; None where none is."""
        theirs = frozenset(both["area_code"]) - frozenset(own["area_code"])
        return (self.place, self.compared_name, theirs) if theirs else None

    def when(self, months: int = 1) -> str:
        """Name the months that are counted: those selected where there are several, else so many to the last."""
        month = words.month(self.selection.month)
        if self.selection.spans:
            return words.span(self.selection.months)
        return month if months == 1 else f"{months} months to {month}"

    def dated(self, title: str) -> str:
        """Add to the title of a breakdown the months that it counts, where several are selected."""
        return f"{title}, {self.when()}" if self.selection.spans else title

    @property
    def in_all(self) -> str:
        """Name the time that is added up, as an axis does: 'in the month', 'in 6 months'."""
        return f"in {len(self.selection.months)} months" if self.selection.spans else "in the month"

    @property
    def year_before(self) -> str:
        """Name the months that a period is compared with."""
        return words.span([add_months(month, -YEAR) for month in self.selection.months])

    @property
    def place(self) -> str:
        """The name of the selected area."""
        return self.name(self.selection.level, self.selection.code)

    def indicator(self, indicator_id: str) -> Indicator:
        """Return the definition of an indicator; a mix may be named with its category."""
        return self.worded(find_indicator(indicator_id))

    def worded(self, one: Indicator) -> Indicator:
        """Return an indicator whose texts say what the force chose in config.toml."""
        return worded(one, self.reader.settings.parameters)

    def with_names(self, frame: pl.DataFrame, column: str) -> pl.DataFrame:
        """Return a frame whose area codes in `column` are replaced by the areas' names, whatever their level."""
        names = {code: name for (_, code), name in self.places.names.items()}
        return frame.with_columns(pl.col(column).replace(names))

    def name(self, level: str, code: str) -> str:
        """Name an area or a group of people; a code without a name is its own."""
        return name_of(self.places, (level, code))


def compared_place(selection: Selection, places: Places, force: tuple[str, str]) -> tuple[Place | None, str]:
    """Return the area that a selection compares with and its name; None and 'last month' or 'last year' for a month."""
    if selection.compare in ("month", "year"):
        return None, f"last {selection.compare}" if not selection.spans else "last year"
    if selection.compare == "force":
        return ("force", force[0]), force[1]
    level, _, code = selection.compare.partition(":")
    return (level, code), places.names[level, code]


def headed(frame: pl.DataFrame, indicator_id: str) -> pl.DataFrame:
    """Keep one indicator's rows of an answer, or those of the category that it is named with."""
    own, category = named(indicator_id)
    rows = frame.filter(pl.col("indicator_id") == own)
    return rows if category is None else rows.filter(pl.col("category") == category)
