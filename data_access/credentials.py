"""What only the suite itself may know: the store's URL with its password, the secret, the mail server's password."""

import os
from pathlib import Path

FOLDER_VARIABLE = "CREDENTIALS_DIRECTORY"  # systemd's LoadCredential= sets it; for a container: /run/secrets


def credential(name: str) -> str | None:
    """Return the environment variable `name`, else the file of that name in $CREDENTIALS_DIRECTORY; None: neither.

    The line break that editors leave at a file's end is no part of it; an empty one is none at all.
    """
    if given := os.environ.get(name):
        return given
    folder = os.environ.get(FOLDER_VARIABLE)
    file = Path(folder, name) if folder else None
    return file.read_text(encoding="utf-8").rstrip("\r\n") or None if file and file.is_file() else None
