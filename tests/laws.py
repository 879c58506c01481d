"""How many examples a law is tried on, by profile."""

from hypothesis import settings

USUAL, DEEP = 100, 1000  # of a law that names no number, in `./run test` and with `--hypothesis-profile deep`


def examples(number: int) -> settings:
    """Return the settings of a law that is tried on so many examples, and on as many more as the profile asks."""
    return settings(max_examples=number * settings().max_examples // USUAL)
