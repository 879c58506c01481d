"""The licences of every package that the suite or its tests install: `python -m tests.licences` prints LICENCES.md."""

import re
from importlib.metadata import PackageNotFoundError, metadata

from tests.places import ROOT

LOCKS = {"requirements.lock": "the suite", "tests/requirements.lock": "its tests only"}
PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^]]*\])?==(?P<version>\S+)(?P<marker> ;.*?)?( \\)?$", re.MULTILINE)
HEAD = """# Licences of the packages used

Printed by `python -m tests.licences` from what each package says of itself; `./run lock` writes it anew.

| package | version | licence | needed by |
|---|---|---|---|
"""


def pinned(lock: str) -> dict[str, tuple[str, bool]]:
    """Read the packages of a lock file: name, version, and whether every platform needs it."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {found["name"].lower(): (found["version"], not found["marker"]) for found in PINNED.finditer(text)}


def licence(name: str) -> str:
    """Give what a package says of its licence, in a line."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return "not installed here (another platform)"
    classified = [one.split(" :: ")[-1] for one in told.get_all("Classifier", []) if one.startswith("License ::")]
    given = told.get("License-Expression") or ", ".join(classified) or (told.get("License") or "").strip()
    return given.splitlines()[0][:80] if given else "not said"


def table() -> str:
    """Write LICENCES.md."""
    named: dict[str, tuple[str, str]] = {}
    for lock, needed_by in LOCKS.items():
        for name, (version, _) in pinned(lock).items():
            named.setdefault(name, (version, needed_by))
    rows = (f"| {name} | {version} | {licence(name)} | {by} |" for name, (version, by) in sorted(named.items()))
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    print(table(), end="")
