"""What a load brings of radio fixes: raw, or judged before by the stays job; and what becomes of both in the store."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from data_access.database.schema import metadata
from data_access.facts import copies, folded
from data_access.facts.copies import Copies
from data_access.load import fixes, judged
from data_access.load.fix_files import Stage
from data_access.load.judged import StaysFolder
from data_access.load.upsert import Range
from data_access.settings import PrivacySettings
from data_access.stays.manifest import UnusableStays
from data_access.stays.seam import DAY, keeping, run_ends
from data_access.stays.task import DATASETS
from metrics.parameters import Parameters


@dataclass(frozen=True, kw_only=True, eq=False)
class Coming:
    """Raw fixes laid down, and folders of stays."""

    stage: Stage
    folders: Sequence[StaysFolder] = ()

    @property
    def days(self) -> Counter[date]:
        """Fixes by local day."""
        return sum((Counter(one.manifest.fixes) for one in self.folders), Counter(self.stage.days))

    @property
    def reach(self) -> list[datetime]:
        """Instants of which the first and the last are those of all fixes."""
        return [*self.stage.reach, *(moment for one in self.folders for moment in one.manifest.reach)]


def refuse(
    connection: Connection, coming: Coming, parameters: Parameters, privacy: PrivacySettings
) -> None:
    """Raise UnusableStays where a day comes twice, or a folder was judged by other things than the store has now."""
    seen, since = set(coming.stage.days), folded.until(connection)
    for folder in coming.folders:
        if twice := sorted(seen & folder.manifest.fixes.keys()):
            raise UnusableStays(
                f"{twice[0]} is in {folder.path} and in other fixes of this load ({len(twice)} such days): "
                "every load replaces whole local days, so give each day once"
            )
        if (first := min(folder.manifest.fixes)) < since:
            raise UnusableStays(
                f"{folder.path} has fixes of {first}, and the months before {since:%Y-%m} are folded "
                "([privacy] keep_people_months): run the stays job on the fixes of later days"
            )
        seen |= folder.manifest.fixes.keys()
        judged.refuse_other_judgement(connection, folder, parameters, privacy)


def put(
    connection: Connection,
    coming: Coming,
    parameters: Parameters,
    privacy: PrivacySettings,
    tell: Callable[[str], None] = lambda _: None,
    *,
    piece_fixes: int = fixes.PIECE_FIXES,
    copied: Copies | None = None,
    judged_spans: int = 0,
    keep_spans: Callable[[int], None] = lambda _: None,
) -> list[Range]:
    """Replace the facts of every day that comes; give the ranges of local days, both included, that may differ now.

    Fixes at the ends of what comes are kept to the end of the load: they join its days to those of another part of it.
    """
    days = coming.days
    if not days:
        return []
    before = fixes.days_with_fixes(connection)
    settled = fixes.settled(before, days, privacy)
    ends = {*run_ends(coming.stage.days), *(day for one in coming.folders for day in run_ends(one.manifest.fixes))}
    keep = keeping(max(before | set(days)), privacy, ends)
    if copied and not coming.folders:  # where a folder meets raw fixes, it takes the place of some of their hours
        for name in DATASETS:
            copies.begin(copied, connection, metadata.tables[name])
    spans = fixes.load_fixes(
        connection,
        coming.stage,
        parameters,
        keep,
        settled,
        tell,
        piece_fixes=piece_fixes,
        copied=copied,
        judged=judged_spans,
        keep_spans=keep_spans,
    )
    for folder in coming.folders:
        tell(f"stays: {folder.path.name}")
        spans += judged.put_stays(connection, folder, parameters, settled, keep)
    fixes.let_go(connection, parameters, privacy)
    return [(span.since[0], span.last + DAY) for span in spans]
