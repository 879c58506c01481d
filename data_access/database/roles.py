"""PostgreSQL roles for reading, the desk and loading: `python -m data_access roles` writes the SQL that makes them.

The suite's own login is a member of npd_read and npd_desk. The loader's is one of npd_load: it alone owns the tables,
and so it alone migrates them. Rows about people are read by LPA: a reader who has not said which sees none of them
(`SET npd.lpas = 'E08000026'`, or `'*'` for the force). The suite's pages read published facts and set nothing.
"""

import argparse

from data_access.database.own_tables import CHANGES, OWN
from data_access.database.schema import metadata

READ, DESK, LOAD = "npd_read", "npd_desk", "npd_load"
APPENDED = ("trail", "verdicts", "withdrawals", "explanations", "decisions", "editions")
SIGN_INS = "sign_ins"
OWNED = tuple(table.name for table in OWN)  # rows come and go with their viewer; an owner is never changed
TOKENS = "tokens"  # whoever takes over the suite's login can make none
LOADER_ALONE = ("folded", "erased")  # what pages read of these is published
VERSION = "alembic_version"
# Values at fault may be anybody's; the count of them is everybody's.
REJECTED, REJECTED_OPEN = "rejected", ("file_id", "line", "rule", "column_name")
_OF_OFFICER = "npd_sees_officer({table}.officer_id)"
_OF_PLACE = "npd_sees_place({table}.neighbourhood_code)"
_FUNCTIONS = """
CREATE OR REPLACE FUNCTION npd_lpas() RETURNS text[] LANGUAGE sql STABLE AS
$$ SELECT string_to_array(coalesce(current_setting('npd.lpas', true), ''), ',') $$;
CREATE OR REPLACE FUNCTION npd_sees_lpa(lpa text) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT '*' = ANY (npd_lpas()) OR coalesce(lpa = ANY (npd_lpas()), false) $$;
CREATE OR REPLACE FUNCTION npd_sees_officer(officer text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT '*' = ANY (npd_lpas()) OR EXISTS
   (SELECT 1 FROM postings WHERE postings.officer_id = officer AND npd_sees_lpa(postings.lpa_code)) $$;
CREATE OR REPLACE FUNCTION npd_sees_place(place text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT '*' = ANY (npd_lpas()) OR EXISTS
   (SELECT 1 FROM neighbourhoods WHERE neighbourhood_code = place AND npd_sees_lpa(neighbourhoods.lpa_code)) $$;
"""


def about_people() -> dict[str, str]:
    """Name the tables with rows about people, each with the condition under which a row may be read."""
    conditions = {"postings": "npd_sees_lpa(postings.lpa_code)"}
    for table in metadata.sorted_tables:
        if table.name in conditions or table.name in (*APPENDED, SIGN_INS, *OWNED):
            continue
        if "caller_ref" in table.c:
            conditions[table.name] = _OF_PLACE.format(table=table.name)
        elif "officer_id" in table.c:
            conditions[table.name] = _OF_OFFICER.format(table=table.name)
    return conditions


def statements() -> str:
    """Write the SQL; run again after a migration, it changes what is new and leaves the rest as it is."""
    names = [*(table.name for table in metadata.sorted_tables), VERSION]
    others = (*APPENDED, *OWNED, *LOADER_ALONE, SIGN_INS, TOKENS, REJECTED)
    shared = [name for name in names if name not in others]
    return "\n".join(
        (
            "BEGIN;",
            *(_role(role) for role in (READ, DESK, LOAD)),
            "REVOKE ALL ON SCHEMA public FROM PUBLIC;",
            f"GRANT USAGE ON SCHEMA public TO {READ}, {DESK};",
            f"GRANT USAGE, CREATE ON SCHEMA public TO {LOAD};",
            *(f"ALTER TABLE {name} OWNER TO {LOAD};" for name in names),
            *(f"REVOKE ALL ON {name} FROM PUBLIC, {READ}, {DESK};" for name in names),
            *(f"GRANT SELECT ON {name} TO {READ};" for name in shared),
            f"GRANT SELECT ({', '.join(REJECTED_OPEN)}) ON {REJECTED} TO {READ};",
            *(f"GRANT SELECT ON {name} TO {DESK};" for name in (VERSION, TOKENS)),
            *(f"GRANT SELECT, INSERT ON {name} TO {DESK};" for name in APPENDED),
            *(f"GRANT SELECT, INSERT, DELETE ON {name} TO {DESK};" for name in OWNED),
            *(f"GRANT UPDATE ({', '.join(names)}) ON {one.name} TO {DESK};" for one, names in CHANGES.items() if names),
            f"GRANT SELECT, INSERT, UPDATE (seen_at, ended_at, ended_by) ON {SIGN_INS} TO {DESK};",
            _FUNCTIONS.strip(),
            *(_by_lpa(name, condition) for name, condition in about_people().items()),
            "COMMIT;",
        )
    )


def _role(name: str) -> str:
    exists = f"SELECT FROM pg_roles WHERE rolname = '{name}'"
    return f"DO $$ BEGIN IF NOT EXISTS ({exists}) THEN CREATE ROLE {name} NOLOGIN; END IF; END $$;"


def _by_lpa(name: str, condition: str) -> str:
    return (
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;\n"
        f"DROP POLICY IF EXISTS by_lpa ON {name};\n"
        f"CREATE POLICY by_lpa ON {name} FOR SELECT TO {READ} USING ({condition});"
    )


def add_arguments(_: argparse.ArgumentParser) -> None:
    """Declare no arguments: the SQL is the same for every store."""


def run(_: argparse.Namespace) -> int:
    """Print the SQL, for psql as the database's administrator."""
    print(statements())
    return 0
