"""Prints where the store is, as shell variables: STORE for SQLite, those that pg_dump reads for PostgreSQL."""

import shlex

from sqlalchemy.engine import make_url

from data_access.settings import load_settings


def variables(url: str) -> dict[str, str]:
    """Return the variables that name the store at `url`; a password stands in one of them, in no list of processes."""
    parsed = make_url(url)
    if parsed.drivername == "sqlite":
        return {"STORE": parsed.database or ""}
    given = {
        "PGHOST": parsed.host or parsed.query.get("host"),
        "PGPORT": parsed.port,
        "PGUSER": parsed.username,
        "PGPASSWORD": parsed.password,
        "PGDATABASE": parsed.database,
        "PGSSLMODE": parsed.query.get("sslmode"),
        "PGSSLROOTCERT": parsed.query.get("sslrootcert"),
    }
    return {name: str(value) for name, value in given.items() if value}


if __name__ == "__main__":
    for name, value in variables(load_settings().store_url).items():
        print(f"export {name}={shlex.quote(value)}")
