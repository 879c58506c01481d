"""Programs that tests start: the kernel ends each with the process that started it, however that ends."""

from typing import Literal


def ending_with_us(*command: str, by: Literal["TERM", "INT"] = "TERM") -> tuple[str, ...]:
    """Give the command that runs `command` until this process ends: a worker that is killed cleans nothing up.

    `by` is the signal it then gets. For the process id it is as if `command` had been run itself.
    """
    return ("setpriv", "--pdeathsig", by, "--", *command)
