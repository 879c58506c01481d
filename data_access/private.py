"""Files for their owner alone: nobody else with an account on the machine reads the store, or what leaves it."""

import os
import tempfile
from pathlib import Path

OTHERS = 0o077


def own_folder(path: Path) -> None:
    """Make a folder for its owner alone, or make one that is there so. Raises PermissionError where it cannot be."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    _close(path, 0o700)


def own_file(path: Path) -> None:
    """Make an empty file for its owner alone, or make one that is there so; what it holds stays."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    _close(path, 0o600)


def write_file(path: Path, content: bytes) -> None:
    """Write a file, for its owner alone, that is there whole or not at all, whenever the power fails."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise


def _close(path: Path, mode: int) -> None:
    if not path.stat().st_mode & OTHERS:
        return
    try:
        path.chmod(mode)
    except PermissionError:
        raise PermissionError(f"{path} may be read by others, and is another's; do: chmod {mode:o} {path}") from None
