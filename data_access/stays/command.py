"""`python -m data_access stays`: a folder of Parquet fixes through the visibility engine, on one machine or many."""

import argparse
import sys
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from data_access.database.connection import reading
from data_access.feeds.contract import FIXES_COLUMNS
from data_access.settings import load_settings
from data_access.stays.job import Basis, UnusableFixes, run_local
from data_access.stays.judged_by import areas_of, job_of
from data_access.stays.seam import Days
from data_access.stays.task import Job
from data_access.store import Store

FAILED = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    where = "where duties, officers and areas are loaded (default: the store of config.toml)"
    out = "a new folder for what follows from them; load it with: load --stays DIR"
    parser.add_argument("--engine", choices=("local", "spark"), default="local", help="what does the work")
    parser.add_argument("--fixes", metavar="DIR", required=True, help=f"Parquet files with {', '.join(FIXES_COLUMNS)}")
    parser.add_argument("--out", metavar="DIR", required=True, help=out)
    parser.add_argument("--store", metavar="URL", help=where)
    parser.add_argument("--master", metavar="URL", help="Spark's master (default: spark-submit's, else this machine)")
    parser.add_argument("--days", metavar="N", type=int, default=1, help="local: days at once; bounds memory")


def run(arguments: argparse.Namespace) -> int:
    """Run the job; exit 0: the facts are written; 2: they are not, and why is said."""
    try:
        _run(arguments)
    except (UnusableFixes, SQLAlchemyError, OSError) as error:
        print(error, file=sys.stderr)
        return FAILED
    return 0


def _run(arguments: argparse.Namespace) -> None:
    store = Store.open(load_settings(), url=arguments.store)
    basis = basis_of(store)
    if arguments.engine == "local":
        out = Path(arguments.out)
        if out.exists() and any(out.iterdir()):
            raise UnusableFixes(f"{out} is not empty: give a new folder, or remove what is in it")
        run_local(basis, Path(arguments.fixes), out, arguments.days)
        return
    from data_access.stays.spark import run_spark  # Spark is an optional requirement, and slow to import

    run_spark(basis, arguments.fixes, arguments.out, master=arguments.master)


def basis_of(store: Store) -> Basis:
    """Return what a run on an open store rests on; the store is read when the days of the fixes are known."""
    settings = store.settings

    def by(days: Days) -> Job:
        with reading(store.engine) as connection:
            return job_of(connection, areas_of(connection, settings.parameters), settings.parameters, days)

    return Basis(
        job_of=by,
        parameters=settings.parameters,
        privacy=settings.privacy,
        sample=store.version().sample,
        naming=store.naming(),
    )
