"""Which data version a server answers from: the one it has worked out, until the next is worked out too.

After a nightly load every figure is another one's, and all viewers would wait for all of them at once. Nobody waits
who is shown the version of before for some minutes more. A page says which version it shows, and is of no other.
"""

from datetime import UTC, datetime, timedelta

from data_access.database import ledger
from data_access.database.connection import reading
from data_access.facts import folded
from data_access.facts.publish import GRACE
from data_access.store import DataVersion, Store

LONGEST = timedelta(minutes=10)  # from the end of the load; then the new version is shown, worked out or not


class Changeover:
    """A store's newest data version, and the one whose figures this process has worked out; None: it has none yet."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._worked_out: int | None = None

    def shown(self) -> DataVersion:
        """Return the version to answer from: the newest, or the one worked out where the newest may wait for that."""
        newest = self.store.version()
        known = self._worked_out
        if known is None or known >= newest.number or not self._may_wait(known):
            return newest
        return self.store.version(known)

    def worked_out(self, version: DataVersion) -> None:
        """Note that the figures of a version are known: from now on it is shown."""
        self._worked_out = version.number

    def _may_wait(self, known: int) -> bool:
        """Tell whether viewers may be shown a version that others came after.

        Not what tells of people who were erased, folded or put under pseudonyms since. Not once its files may be
        deleted: GRACE counts from when the load began that replaced them, and a page that is open has half of it.
        """
        with reading(self.store.engine) as connection:
            if ledger.is_urgent(connection, known) or folded.since(connection, known):
                return False
            began, ended = ledger.times_of_next(connection, known)
        return datetime.now(UTC) < min(ended + LONGEST, began + GRACE / 2)
