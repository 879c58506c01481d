"""The digest: what is newly real in the areas that viewers subscribed to, as e-mail and as HTML files."""

from pages.digest.command import add_arguments, run

__all__ = ["add_arguments", "run"]
