"""The suite's own numbers as Prometheus reads them: how fresh, how busy, how slow. They name nobody and no area.

Nobody is answered unless `[metrics] addresses` names where they ask from, and nobody who comes through a proxy.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Gauge, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as Connection
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from data_access.answers.freshness import late, newest_events
from data_access.answers.reader import Reader
from data_access.scope import Scope
from pages.shell import start

PATH = "/metrics"
BROUGHT = ("x-forwarded-for", "x-forwarded-host", "forwarded", "via", "x-real-ip")  # what proxies add
SECONDS = (0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
MOST_BYTES = 64  # the message that ends a run has some forty; what draws need not be looked into

disable_created_metrics()  # when a counter began is of no use to a graph, and doubles what is read
VIEWERS = Gauge("npd_viewers", "Browser connections that are open")
STEPS = Histogram("npd_step_seconds", "From a viewer's click to the end of the run that answers it", buckets=SECONDS)


def may_read(asked: Connection) -> bool:
    """Tell whether a request comes straight from an address that config.toml names."""
    client = (asked.get("client") or ("",))[0]
    brought = any(name in Headers(scope=asked) for name in BROUGHT)
    return client in start.settings().metrics.addresses and not brought


async def metrics(_: Request) -> Response:
    """Answer with every number, in Prometheus' text format."""
    return Response(await run_in_threadpool(generate_latest), media_type=CONTENT_TYPE_LATEST)


class CountedSteps:
    """ASGI middleware that counts the viewers who are connected, and times their steps by what passes the websocket."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Connection, receive: Receive, send: Send) -> None:
        """Pass everything on; look at a websocket's short messages on their way."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        asked: list[float] = []  # when each click came that no run has answered yet

        async def heard() -> Message:
            message = await receive()
            if asks(message):
                asked.append(time.perf_counter())
            return message

        async def told(message: Message) -> None:
            await send(message)
            if asked and ends(message):
                STEPS.observe(time.perf_counter() - asked[0])
                asked.clear()

        with VIEWERS.track_inprogress():
            await self.app(scope, heard, told)


def asks(message: Message) -> bool:
    """Tell whether a browser asks for a run."""
    sent = message.get("bytes")
    return bool(sent) and BackMsg.FromString(sent).WhichOneof("type") == "rerun_script"


def ends(message: Message) -> bool:
    """Tell whether a browser is told that a run has ended, and no other one follows it at once."""
    sent = message.get("bytes")
    if not sent or len(sent) > MOST_BYTES:
        return False
    told = ForwardMsg.FromString(sent)
    early = ForwardMsg.ScriptFinishedStatus.FINISHED_EARLY_FOR_RERUN
    return told.WhichOneof("type") == "script_finished" and told.script_finished != early


class Freshness:
    """What Prometheus is told of the store, read when it asks."""

    def collect(self) -> Iterator[Metric]:
        """Give the data version, its age, and for each feed whether it is late; of a store that is away, only that."""
        up = GaugeMetricFamily("npd_store_up", "1 where the store can be read")
        try:
            reader = Reader.open(start.store(), Scope.whole_force("metrics"))
            feeds, shown = _feeds(reader), start.shown().number
        except Exception:  # whatever it is, the number says it, and the log has it from the pages
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        yield GaugeMetricFamily("npd_data_version", "Number of the newest load", reader.version.number)
        yield GaugeMetricFamily("npd_data_version_shown", "Number of the load that pages show", shown)
        if at := reader.version.loaded_at:
            age = (datetime.now(UTC) - at).total_seconds()
            yield GaugeMetricFamily("npd_load_age_seconds", "Time since the newest load ended", age)
        lateness = GaugeMetricFamily("npd_feed_late", "1 where a feed is late beside the others", labels=["feed"])
        for feed, is_late in feeds:
            lateness.add_metric([feed], is_late)
        yield lateness

    def describe(self) -> list[Metric]:
        """Say nothing ahead: registering must not open the store."""
        return []


@lru_cache(maxsize=1)
def _feeds(reader: Reader) -> tuple[tuple[str, bool], ...]:
    newest = newest_events(reader)
    behind = late(newest)
    return tuple((feed, feed in behind) for feed in sorted(newest))


REGISTRY.register(Freshness())
