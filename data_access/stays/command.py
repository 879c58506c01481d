"""`python -m data_access stays`: a folder of Parquet fixes through the visibility engine, on one machine or many."""

import argparse
import sys
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from data_access.database.connection import reading
from data_access.feeds.contract import FIXES_COLUMNS
from data_access.settings import load_settings
from data_access.stays.job import UnusableFixes, job_of, run_local
from data_access.stays.task import DATASETS
from data_access.store import Store

FAILED = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    where = "where duties, officers and areas are loaded (default: the store of config.toml)"
    parser.add_argument("--engine", choices=("local", "spark"), default="local", help="what does the work")
    parser.add_argument("--fixes", metavar="DIR", required=True, help=f"Parquet files with {', '.join(FIXES_COLUMNS)}")
    parser.add_argument("--out", metavar="DIR", required=True, help=f"a new folder for {', '.join(DATASETS)}")
    parser.add_argument("--store", metavar="URL", help=where)
    parser.add_argument("--master", metavar="URL", default="local[*]", help="Spark's master (default: this machine)")
    parser.add_argument("--days", metavar="N", type=int, default=1, help="local: days at once; bounds memory")


def run(arguments: argparse.Namespace) -> int:
    """Run the job; exit 0: the facts are written; 2: they are not, and why is said."""
    out = Path(arguments.out)
    if out.exists() and any(out.iterdir()):
        print(f"{out} is not empty: give a new folder, or remove what is in it", file=sys.stderr)
        return FAILED
    try:
        _run(arguments, out)
    except (UnusableFixes, SQLAlchemyError, OSError) as error:
        print(error, file=sys.stderr)
        return FAILED
    return 0


def _run(arguments: argparse.Namespace, out: Path) -> None:
    settings = load_settings()
    with reading(Store.open(settings, url=arguments.store).engine) as connection:
        job = job_of(connection, settings.parameters)
    if arguments.engine == "local":
        run_local(job, Path(arguments.fixes), out, arguments.days)
        return
    from data_access.stays.spark import run_spark  # Spark is an optional requirement, and slow to import

    run_spark(job, arguments.fixes, str(out), arguments.master)
