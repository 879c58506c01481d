"""Explanations of figures, and the decisions that make a recording change a step change; rows are only ever added."""

import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Literal, get_args

import polars as pl
from sqlalchemy import Engine, func, insert, select

from data_access.database.connection import read_frame, reading, writing
from data_access.database.schema import metadata

Kind = Literal["explained", "recording change", "action taken", "disputed"]
KINDS: tuple[Kind, ...] = get_args(Kind)
RECORDING_CHANGE: Kind = "recording change"
Decision = Literal["approved", "withdrawn"]
LONGEST = 400  # letters: a sentence, not a report

explanations, decisions = metadata.tables["explanations"], metadata.tables["decisions"]


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """What a viewer says of an indicator in an area and month. `thread` names what it supersedes; None: nothing."""

    indicator_id: str
    area_level: str
    area_code: str
    month: date
    kind: Kind
    sentence: str
    owner: str
    review_on: date
    thread: str | None = None

    def __post_init__(self) -> None:
        """Refuse what nobody could act on: no sentence, no owner, or a kind that does not exist."""
        if not self.sentence.strip() or len(self.sentence) > LONGEST:
            raise ValueError(f"an explanation is a sentence of at most {LONGEST} letters; given: {len(self.sentence)}")
        if not self.owner.strip():
            raise ValueError("an explanation needs an owner; none was given: name who answers for it")
        if self.kind not in KINDS:
            raise ValueError(f"the kind of an explanation is {self.kind!r}; allowed: {', '.join(KINDS)}")


def write(engine: Engine, author: str, given: Explanation) -> str:
    """Add an explanation; return its identifier. An earlier one of its thread stays in the store."""
    own = uuid.uuid4().hex
    values = {**asdict(given), "sentence": given.sentence.strip(), "owner": given.owner.strip()}
    values |= {"explanation_id": own, "thread": given.thread or own, "author": author, "written_at": datetime.now(UTC)}
    with writing(engine) as connection:
        connection.execute(insert(explanations).values(values))
    return own


def decide(engine: Engine, explanation_id: str, decision: Decision, decided_by: str) -> None:
    """Add a decision on a recording change."""
    values = {"explanation_id": explanation_id, "decision": decision, "decided_by": decided_by}
    with writing(engine) as connection:
        connection.execute(
            insert(decisions).values(decision_id=uuid.uuid4().hex, decided_at=datetime.now(UTC), **values)
        )


def read(engine: Engine, until: datetime) -> pl.DataFrame:
    """Return the newest explanation of each thread as of `until`, with `decision` and `decided_by` (null: none)."""
    with reading(engine) as connection:
        written = read_frame(connection, select(explanations).where(explanations.c.written_at <= until))
        decided = read_frame(connection, select(decisions).where(decisions.c.decided_at <= until))
    newest = written.sort("written_at").unique("thread", keep="last", maintain_order=True)
    last = decided.sort("decided_at").unique("explanation_id", keep="last", maintain_order=True)
    return newest.join(last.select("explanation_id", "decision", "decided_by"), on="explanation_id", how="left")


def newest(engine: Engine) -> tuple[datetime | None, datetime | None, int]:
    """Return when the newest explanation or decision was made, when the newest decision, and how many there are."""
    with reading(engine) as connection:
        written, said = connection.execute(
            select(func.max(explanations.c.written_at), func.count()).select_from(explanations)
        ).one()
        decided, made = connection.execute(
            select(func.max(decisions.c.decided_at), func.count()).select_from(decisions)
        ).one()
    return max((one for one in (written, decided) if one), default=None), decided, said + made
