"""What tests of several layers share: the PostgreSQL server, and Hypothesis without a stop-watch."""

import gc

from hypothesis import HealthCheck, settings

from tests.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]

# How long an example takes says how busy the machine is, not whether a law holds.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


def pytest_collection_finish() -> None:
    """Leave out of every later search for garbage the half a million objects of the packages that are imported now."""
    gc.collect()
    gc.freeze()
