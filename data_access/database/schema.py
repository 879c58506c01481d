"""Every table of the store, each column commented: the one definition of what is kept."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, LargeBinary, Table, Text

from data_access.database import append_only
from data_access.database.own_tables import OWN
from data_access.feeds.columns import Instant, day, flag, instant, number, text, whole
from data_access.feeds.tables import metadata

loads = Table(
    "loads",
    metadata,
    Column(
        "load_id",
        BigInteger,
        primary_key=True,
        autoincrement=False,
        comment="number of the data version, from 1",
    ),
    instant("started_at", "when the load began"),
    instant("finished_at", "when its rows were complete"),
    text("loaded_by", "who ran it"),
    text("folder", "name of the folder it read"),
    text("report", "what it did, as JSON; of a first load that is not at its end, what it has done"),
    flag("sample", "its data are a sample force's: invented, all of them"),
    text("people_key", "fingerprint of the key that people are named with; null: they are as they came", optional=True),
    comment="data versions: one for each load that changed anything",
)
load_files = Table(
    "load_files",
    metadata,
    Column("file_id", BigInteger, primary_key=True, autoincrement=False, comment="number of the file, from 1"),
    Column("load_id", ForeignKey(loads.c.load_id), nullable=False, index=True, comment="the load that read it"),
    text("feed", "the feed it belongs to"),
    text("file_name", "its path within the folder"),
    text("sha256", "SHA-256 of its bytes, hexadecimal"),
    whole("rows_read", "rows it holds"),
    whole("rows_loaded", "rows that passed every rule"),
    whole("rows_set_aside", "rows that broke a rule"),
    instant("newest_event", "newest moment its rows speak of; null: the feed has none", optional=True),
    CheckConstraint("rows_read = rows_loaded + rows_set_aside", name="every_row_is_accounted_for"),
    comment="the files of each load",
)
rejected = Table(
    "rejected",
    metadata,
    Column("file_id", ForeignKey(load_files.c.file_id), primary_key=True, comment="the file it stands in"),
    Column("line", BigInteger, primary_key=True, autoincrement=False, comment="line, from 1 (a feature's place)"),
    text("rule", "the rule it broke"),
    text("column_name", "the column at fault; null: the row as a whole", optional=True),
    text("value", "the value at fault; null: none was given", optional=True),
    comment="rows set aside",
    sqlite_with_rowid=False,
)
published = Table(
    "published",
    metadata,
    text("path", "file within the facts folder", key=True),
    text("dataset", "which facts"),
    day("month", "the month of its rows, as its first day; of a small feed kept whole, the first day of all"),
    whole("rows", "how many rows"),
    flag("came", "anything came from which there might have been rows: then no row says 0, not unknown", optional=True),
    Column("load_id", ForeignKey(loads.c.load_id), nullable=False, comment="the load that wrote it"),
    Column("retired_by", BigInteger, comment="the load that replaced it; null: it is current"),
    Column("retired_at", Instant, comment="when it was replaced; it is deleted after a grace period"),
    Index("ix_published_current", "retired_by", "dataset", "month"),
    comment="the manifest of the published read copies: immutable Parquet files",
)

visibility = Table(
    "visibility",
    metadata,
    day("day", "local day", key=True),
    whole("hour", "local hour, 0-23", key=True),
    text("officer_id", "the officer", key=True),
    text("place_kind", "police_building, other_premises, visible or out_of_force", key=True),
    text("neighbourhood_code", "where the officer was; empty: in no neighbourhood", key=True),
    whole("seconds", "time held there"),
    comment="time known from radio fixes; the fixes themselves are not kept",
    sqlite_with_rowid=False,
)
presence = Table(
    "presence",
    metadata,
    day("day", "local day", key=True),
    whole("hour", "local hour, 0-23", key=True),
    text("neighbourhood_code", "the neighbourhood", key=True),
    whole("seconds", "time with at least one visible uniformed officer there"),
    comment="neighbourhood presence: the length of a union, which does not add up from officers",
    sqlite_with_rowid=False,
)
hotspot_stays = Table(
    "hotspot_stays",
    metadata,
    instant("starts_at", "first instant on site", key=True),
    text("officer_id", "the officer", key=True),
    text("hotspot_id", "the hotspot", key=True),
    instant("ends_at", "first instant after it"),
    comment="held intervals inside hotspots, [starts_at, ends_at), cut at every hour",
    sqlite_with_rowid=False,
)
fix_quality = Table(
    "fix_quality",
    metadata,
    day("day", "local day", key=True),
    text("officer_id", "the officer", key=True),
    whole("fixes", "fixes read"),
    whole("bad_position", "dropped: no position, or far outside the country"),
    whole("duplicate", "dropped: same officer and instant"),
    whole("off_duty", "dropped: outside duty time"),
    whole("spike", "dropped: faster than 180 km/h both ways"),
    number("median_gap_seconds", "median seconds between kept fixes; null: fewer than two", optional=True),
    comment="fixes read and dropped, by officer and day, judged on that day's fixes alone",
    sqlite_with_rowid=False,
)
fix_edges = Table(
    "fix_edges",
    metadata,
    instant("at", "when", key=True),
    text("officer_id", "the officer", key=True),
    number("lon", "longitude as received", key=True),
    number("lat", "latitude as received", key=True),
    comment="fixes near local midnight, kept for days so that a late file of the day beside theirs can join them",
    sqlite_with_rowid=False,
)
judged_earlier = Table(
    "judged_earlier",
    metadata,
    day("day", "local day", key=True),
    text("feed", "what has changed since the fixes of that day were judged by it", key=True),
    Column("load_id", ForeignKey(loads.c.load_id), primary_key=True, comment="the load that brought the change"),
    Column("cleared_by", BigInteger, comment="the load that judged the day anew; null: the mark stands"),
    comment="days whose radio facts follow duties, people or areas as they were: their fixes are no longer kept",
    sqlite_with_rowid=False,
)
folded = Table(
    "folded",
    metadata,
    text("dataset", "which facts", key=True),
    day("month", "the month, as its first day", key=True),
    Column("content", LargeBinary, nullable=False, comment="its rows without anybody's time apart: a Parquet file"),
    flag("came", "anything came from which there might have been rows"),
    Column("load_id", ForeignKey(loads.c.load_id), nullable=False, comment="the load that folded it"),
    comment="months whose facts about people were folded: what they came from is gone",
)
erased = Table(
    "erased",
    metadata,
    text("person", "an officer or caller who was erased, under a keyed pseudonym", key=True),
    instant("erased_at", "when"),
    comment="who may not be taken in again",
)
trail = Table(
    "trail",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False, comment="place in the trail, from 1"),
    instant("at", "when"),
    text("viewer", "who did it"),
    text("what", "what they did: signed in, signed out, refused, viewed, revealed, exported, asked by token, judged"),
    text("whom", "the person (under a pseudonym) or thing it was done to", optional=True),
    text("reason", "why, in the viewer's words, or what exactly", optional=True),
    Column("once", Text, unique=True, comment="what may be entered one time only; null: any number of times"),
    text("seal", "HMAC-SHA-256 of this entry and the seal before it, hexadecimal"),
    Index("ix_trail_at", "at"),
    comment="the audit trail: who looked at, took away or was refused what; appended to and never changed",
)
sign_ins = Table(
    "sign_ins",
    metadata,
    text("sign_in", "SHA-256 of what the identity provider said at this sign-in", key=True),
    text("viewer", "who signed in"),
    instant("began_at", "when"),
    instant("seen_at", "when a page was last asked for, to the minute"),
    instant("ended_at", "when it ended; null: it goes on", optional=True),
    text("ended_by", "what ended it: signed out, idle", optional=True),
    comment="sign-ins, so that an open tab and a saved cookie end with theirs",
)
tokens = Table(
    "tokens",
    metadata,
    text("token_id", "the part of the token that may be told", key=True),
    text("digest", "SHA-256 of its secret part, hexadecimal: a random number of 256 bits, which nobody can guess"),
    text("viewer", "the viewer of config.toml whose eyes it has"),
    text("purpose", "what it is for, in the words of who made it"),
    text("made_by", "who made it"),
    instant("made_at", "when"),
    instant("expires_at", "from when on it is worth nothing"),
    instant("revoked_at", "when it was revoked; null: it was not", optional=True),
    comment="tokens of the HTTP API; the loader's role makes and revokes them, the suite's can only read",
)
verdicts = Table(
    "verdicts",
    metadata,
    text("incident_id", "the incident judged", key=True),
    instant("judged_at", "when", key=True),
    day("audited_on", "local day of the verdict"),
    flag("correct", "it was closed correctly"),
    flag("should_be_crime", "it should have been recorded as a crime"),
    text("reason", "why"),
    text("auditor", "who judged"),
    comment="dip-sample verdicts recorded in the suite; the newest of an incident counts",
)
withdrawals = Table(
    "withdrawals",
    metadata,
    text("incident_id", "the incident whose verdict was withdrawn", key=True),
    instant("withdrawn_at", "when", key=True),
    text("reason", "why"),
    text("viewer", "who withdrew it"),
    comment="dip-sample verdicts withdrawn; a later verdict of the same incident counts again",
)
explanations = Table(
    "explanations",
    metadata,
    text("explanation_id", "random identifier", key=True),
    text("thread", "the identifier of the first one that this supersedes, or its own"),
    text("indicator_id", "the indicator explained"),
    text("area_level", "the level of the area"),
    text("area_code", "the area"),
    day("month", "the month explained, as its first day"),
    text("kind", "explained, recording change, action taken or disputed"),
    text("sentence", "what the author says"),
    text("owner", "who answers for it"),
    day("review_on", "when it is to be looked at again"),
    text("author", "the viewer who wrote it"),
    instant("written_at", "when"),
    Index("ix_explanations_written_at", "written_at"),
    comment="what viewers say of a figure; never overwritten: the newest of a thread counts",
)
decisions = Table(
    "decisions",
    metadata,
    text("decision_id", "random identifier", key=True),
    Column("explanation_id", ForeignKey(explanations.c.explanation_id), nullable=False, comment="what it is about"),
    text("decision", "approved or withdrawn"),
    text("decided_by", "the viewer who decided"),
    instant("decided_at", "when"),
    comment="recording changes approved by a second person, and withdrawn; the newest of an explanation counts",
)
editions = Table(
    "editions",
    metadata,
    Column("edition", BigInteger, primary_key=True, autoincrement=False, comment="number of the edition, from 1"),
    instant("released_at", "when"),
    text("released_by", "who released it"),
    text("months", "the months published, YYYY-MM, with a blank between them"),
    whole("data_version", "number of the load that it is of"),
    Column("cells", LargeBinary, nullable=False, comment="counts below the LPA, hidden or as shown: a Parquet file"),
    comment="public editions of the benchmark: what each told, so that a later one does not give it away",
)

APPEND_ONLY = (trail, verdicts, withdrawals, explanations, decisions, editions)
# What viewers write: on SQLite the rows of these are in a file of their own (see database/desk.py).
DESK = (*APPEND_ONLY, sign_ins, *OWN)
for _table in APPEND_ONLY:
    append_only.declare(_table)
