"""The command line, `python -m data_access COMMAND`: a table of commands, each in a module of its own."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

from sqlalchemy.exc import SQLAlchemyError

from data_access.settings import SettingsError

FAILED = 2


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command: its module has `add_arguments(parser)` and `run(arguments) -> exit code`."""

    name: str
    module: str
    summary: str


COMMANDS: tuple[Command, ...] = (
    Command(name="load", module="data_access.load.command", summary="load a folder of extracts into the store"),
    Command(name="rejected", module="data_access.load.rejected", summary="show the rows that loads set aside"),
    Command(name="rebuild", module="data_access.load.rebuild", summary="make the published facts again from the store"),
    Command(name="sample", module="data_access.sample", summary="write the extracts of a sample force"),
    Command(name="export", module="data_access.export", summary="write the monthly benchmark CSV"),
    Command(
        name="case-reviews",
        module="data_access.case_reviews",
        summary="write the yearly publication of ASB case reviews as a CSV",
    ),
    # Named, not imported: what draws lies above this layer, and no module of this one may depend on it.
    Command(
        name="briefing",
        module="pages.briefing",
        summary="write a month of the force or an LPA as one page to print",
    ),
    Command(name="digest", module="pages.digest", summary="tell subscribers what is newly real, by e-mail or file"),
    Command(
        name="pack",
        module="pages.pack",
        summary="write a month of the force or an LPA as slides for the governance board",
    ),
    Command(name="erase", module="data_access.erase", summary="take one officer or caller out of the store for good"),
    Command(name="roles", module="data_access.database.roles", summary="write the SQL of the PostgreSQL roles"),
    Command(name="token", module="data_access.api_tokens", summary="make, list and revoke tokens of the HTTP API"),
    Command(name="trail", module="data_access.trail", summary="prove that the audit trail is whole, or search it"),
    Command(
        name="stays",
        module="data_access.stays.command",
        summary="run the visibility engine over Parquet fixes, on Spark too",
    ),
)


def parser(only: str | None = None) -> argparse.ArgumentParser:
    """Make the parser; of the commands' own arguments only those of `only` are read, so that starting stays quick."""
    top = argparse.ArgumentParser(prog="python -m data_access", description=__doc__)
    under = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        own = under.add_parser(command.name, help=command.summary, description=command.summary)
        if only in (None, command.name):
            module = import_module(command.module)
            module.add_arguments(own)
            own.set_defaults(run=module.run)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; give its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parsed = parser(only=given[0] if given else "").parse_args(given)
    try:
        return parsed.run(parsed)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return FAILED
    except (OSError, SQLAlchemyError) as error:  # a full disk, a store that cannot be opened: no slip of the program
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        print(f"{type(error).__name__}: {reason}", file=sys.stderr)
        return FAILED


if __name__ == "__main__":
    sys.exit(main())
