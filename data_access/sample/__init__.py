"""A seeded sample force, written as the same extract files a real force hands over."""

from data_access.sample.command import add_arguments, run
from data_access.sample.force import write_sample
from data_access.sample.planted import PLANTED, Planted

__all__ = ["PLANTED", "Planted", "add_arguments", "run", "write_sample"]
