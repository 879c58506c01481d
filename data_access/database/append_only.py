"""Tables that are appended to and never changed: the database itself refuses, whoever asks."""

from sqlalchemy import DDL, Table, event

_REFUSAL = "{name} is append-only"
_SQLITE = """CREATE TRIGGER IF NOT EXISTS {name}_keeps_{deed} BEFORE {deed} ON {name}
BEGIN SELECT RAISE(ABORT, '{refusal}'); END"""
# INSERT OR REPLACE deletes what stands in its way, and no trigger on DELETE hears of it.
_SQLITE_REPLACE = """CREATE TRIGGER IF NOT EXISTS {name}_keeps_INSERT BEFORE INSERT ON {name}
WHEN EXISTS (SELECT 1 FROM {name} AS kept WHERE {same})
BEGIN SELECT RAISE(ABORT, '{refusal}'); END"""
_POSTGRES = (
    """CREATE OR REPLACE FUNCTION {name}_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'insufficient_privilege'; END $$""",
    """CREATE OR REPLACE TRIGGER {name}_keeps_rows BEFORE UPDATE OR DELETE ON {name}
FOR EACH ROW EXECUTE FUNCTION {name}_is_kept()""",
    """CREATE OR REPLACE TRIGGER {name}_keeps_all BEFORE TRUNCATE ON {name}
FOR EACH STATEMENT EXECUTE FUNCTION {name}_is_kept()""",
)


def statements(name: str, dialect: str) -> list[str]:
    """Write the SQL that makes a table refuse UPDATE, DELETE and TRUNCATE."""
    given = {"name": name, "refusal": _REFUSAL.format(name=name)}
    if dialect == "postgresql":
        return [statement.format(**given) for statement in _POSTGRES]
    return [_SQLITE.format(**given, deed=deed) for deed in ("UPDATE", "DELETE")]


def against_replacement(table: Table) -> str:
    """Write the SQL that makes a SQLite table refuse a row in place of another, by any of its keys."""
    keys = [
        [column.name for column in table.primary_key],
        *([column.name] for column in table.columns if column.unique),
    ]
    same = [" AND ".join(f"kept.{name} = NEW.{name}" for name in key) for key in (["rowid"], *keys)]
    refusal = _REFUSAL.format(name=table.name)
    return _SQLITE_REPLACE.format(name=table.name, refusal=refusal, same=" OR ".join(f"({one})" for one in same))


def declare(table: Table) -> None:
    """Make a table append-only wherever it is created."""
    for dialect in ("sqlite", "postgresql"):
        for statement in statements(table.name, dialect):
            event.listen(table, "after_create", DDL(statement.replace("%", "%%")).execute_if(dialect=dialect))
    event.listen(table, "after_create", DDL(against_replacement(table)).execute_if(dialect="sqlite"))
