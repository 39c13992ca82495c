"""The one owner of the metrics: counted as it happens, or read when Prometheus asks, and shown at `/metrics`.

No label comes from people: routes are named by their templates, and the rest are words of ours.
"""

from __future__ import annotations

import asyncio
import hmac
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from datetime import datetime
from itertools import product
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from bot import clock
from bot.exchange.watching import ANSWERS, FATES, SENDINGS, WORK, Answer, Fate, Sending, Watch, Work
from storage.conversations import outbox, set_aside
from storage.database.errors import StorageError
from storage.database.opening import open_for_reading
from storage.database.sqlite import Connection, sqlite3
from storage.jobs import jobs
from storage.register import verifications

PATH = "/metrics"

# What is asked of no route of ours has no label of its own: strangers would make up as many as they like.
_UNMATCHED = "unmatched"
_METHODS = frozenset({"GET", "HEAD", "POST"})

# Those that `serve` speaks on: what may happen there stands at 0 from the start, so that the first time is an increase.
_SPOKEN_ON = ("telegram", "web")

# The longest are what a person waits for: 5 s for a look-up on the page, 3 s for the register.
_REQUEST_SECONDS = (0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_COMMIT_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0)
_COMMIT_WRITES = (1, 2, 5, 10, 20, 50, 100, 200, 500)
_LOOKUP_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0)

# When each of them began would be as many lines again, which Prometheus has no use for.
disable_created_metrics()  # type: ignore[no-untyped-call]  # the library says no types here


class Metrics(Watch):
    """Counts what it is told, and keeps it in a registry of its own; `database` is read when it is asked.

    `kinds` of jobs stand at 0 from the start.
    """

    def __init__(self, database: Path, kinds: Sequence[str] = ()) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        registry.register(_Waiting(database, kinds))

        def counter(name: str, told: str, *labels: str) -> Counter:
            return Counter(name, told, labels, registry=registry)

        def histogram(name: str, told: str, buckets: Sequence[float], *labels: str) -> Histogram:
            return Histogram(name, told, labels, registry=registry, buckets=buckets)

        self._requests = counter("innspill_http_requests", "HTTP requests answered.", "method", "route", "status")
        told = "Seconds that HTTP requests took; a page that waits holds /events open."
        name = "innspill_http_request_duration_seconds"
        self._request_seconds = histogram(name, told, _REQUEST_SECONDS, "method", "route")
        told = "Events that came in, by what became of them."
        self._exchanges = counter("innspill_exchanges", told, "channel", "outcome")
        self._responses = counter("innspill_responses", "Responses stored by this process.", "channel")
        told = "Seconds that the disk took to keep what was committed together."
        self._commit_seconds = histogram("innspill_commit_duration_seconds", told, _COMMIT_SECONDS)
        told = "Exchanges and notes that were committed together."
        self._commit_writes = histogram("innspill_commit_writes", told, _COMMIT_WRITES)
        told = "Seconds that the entity register was waited for, by what it answered."
        self._lookup_seconds = histogram("innspill_lookup_duration_seconds", told, _LOOKUP_SECONDS, "outcome")
        told = "Tries to say a message, or a piece of a long one."
        self._sends = counter("innspill_sends", told, "channel", "outcome")
        told = "When the hourly sweep last came to its end."
        self._last_sweep = Gauge("innspill_last_sweep_timestamp_seconds", told, registry=registry)
        self._jobs = counter("innspill_jobs", "Tries to do a job, by what became of it.", "kind", "outcome")
        self._begin_at_zero(kinds)

    def _begin_at_zero(self, kinds: Sequence[str]) -> None:
        for kind, work in product(kinds, WORK):
            self._jobs.labels(kind, work)
        for channel, fate in product(_SPOKEN_ON, FATES):
            self._exchanges.labels(channel, fate)
        for channel in _SPOKEN_ON:
            self._responses.labels(channel)
        for answer in ANSWERS:
            self._lookup_seconds.labels(answer)
        for sending in SENDINGS:  # the web chat is read: nothing is sent there
            self._sends.labels("telegram", sending)

    # --- What is told -------------------------------------------------------------------------------------------

    def exchanged(self, channel: str, fate: Fate) -> None:
        """See `Watch`."""
        self._exchanges.labels(channel, fate).inc()

    def stored(self, channel: str) -> None:
        """See `Watch`."""
        self._responses.labels(channel).inc()

    def committed(self, writes: int, seconds: float) -> None:
        """See `Watch`."""
        self._commit_writes.observe(writes)
        self._commit_seconds.observe(seconds)

    def asked(self, answer: Answer, seconds: float) -> None:
        """See `Watch`."""
        self._lookup_seconds.labels(answer).observe(seconds)

    def sent(self, channel: str, sending: Sending) -> None:
        """See `Watch`."""
        self._sends.labels(channel, sending).inc()

    def swept(self, at: datetime) -> None:
        """See `Watch`."""
        self._last_sweep.set(at.timestamp())

    def worked(self, kind: str, work: Work) -> None:
        """See `Watch`."""
        self._jobs.labels(kind, work).inc()

    # --- The web server -----------------------------------------------------------------------------------------

    def show_on(self, application: web.Application, token: str) -> None:
        """Count the requests of `application` and of those mounted in it, and answer who has the token at `/metrics`.

        401 without it. Call it before the application is served.
        """
        expected = token.encode()

        async def show(request: web.Request) -> web.Response:
            scheme, _, given = request.headers.get("Authorization", "").partition(" ")
            is_known = hmac.compare_digest(given.strip().encode("utf-8", "surrogateescape"), expected)
            if not is_known or scheme.lower() != "bearer":
                return web.Response(status=401, headers={"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"})
            # In a thread: it reads the database.
            written = await asyncio.to_thread(self.written)
            headers = {"Content-Type": CONTENT_TYPE_PLAIN_0_0_4, "Cache-Control": "no-store"}
            return web.Response(body=written, headers=headers)

        application.router.add_get(PATH, show)
        application.middlewares.insert(0, self._count)  # before the one that draws what went wrong: its status counts

    @web.middleware
    async def _count(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        begun = time.perf_counter()
        try:
            response = await handler(request)
        except web.HTTPException as leading_elsewhere:
            self._answered(request, leading_elsewhere.status, begun)
            raise
        self._answered(request, response.status, begun)
        return response

    def _answered(self, request: web.Request, status: int, begun: float) -> None:
        method = request.method if request.method in _METHODS else "other"
        resource = request.match_info.route.resource
        route = _UNMATCHED if resource is None else resource.canonical
        self._requests.labels(method, route, status).inc()
        self._request_seconds.labels(method, route).observe(time.perf_counter() - begun)

    def written(self) -> bytes:
        """All of it in Prometheus's text format. It reads the database: not for the event loop."""
        return generate_latest(self._registry)


class _Waiting(Collector):
    """What waits in the database: read on a connection of its own, from indexes that hold only what waits."""

    def __init__(self, database: Path, kinds: Sequence[str]) -> None:
        self._database = database
        self._kinds = kinds

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read it anew. Where the database cannot be read, that alone is told: the rest is needed then most of all."""
        read: list[GaugeMetricFamily] = []
        try:
            with closing(open_for_reading(self._database)) as db:
                read += [*_read(db), *_read_jobs(db, self._kinds)]
        except (StorageError, sqlite3.Error, OSError):
            read = []
        yield from _room(self._database)
        yield GaugeMetricFamily("innspill_database_readable", "1, or 0 where nothing can be read.", value=bool(read))
        yield from read


def _room(database: Path) -> Iterator[GaugeMetricFamily]:
    with suppress(OSError):
        free = shutil.disk_usage(database.resolve().parent).free
        yield GaugeMetricFamily("innspill_disk_free_bytes", "Free room on the disk of the database.", value=free)


def _read(db: Connection) -> Iterator[GaugeMetricFamily]:
    count, since = outbox.waiting(db)
    age = 0.0 if since is None else max(0.0, (clock.now() - since).total_seconds())
    yield GaugeMetricFamily("innspill_outbox_waiting", "Messages that wait to be said.", value=count)
    yield GaugeMetricFamily("innspill_outbox_oldest_seconds", "How long the oldest of them has waited.", value=age)
    yield GaugeMetricFamily(
        "innspill_verifications_waiting",
        "Responses about which the entity register is still to be asked.",
        value=verifications.count_waiting(db),
    )
    yield GaugeMetricFamily(
        "innspill_set_aside_unseen",
        "What could not be read or handled, and nobody has looked at.",
        value=set_aside.count_unseen(db),
    )


def _read_jobs(db: Connection, kinds: Sequence[str]) -> Iterator[GaugeMetricFamily]:
    """By kind: those that we know, and those that stand there all the same."""
    waiting = {each.kind: each for each in jobs.waiting(db)}
    now = clock.now()
    count = GaugeMetricFamily("innspill_jobs_waiting", "Jobs that are not done, due or not.", labels=["kind"])
    failing = GaugeMetricFamily("innspill_jobs_failing", "Those of them that have failed before.", labels=["kind"])
    overdue = GaugeMetricFamily("innspill_jobs_oldest_seconds", "How long the oldest has been due.", labels=["kind"])
    for kind in sorted({*kinds, *waiting}):
        found = waiting.get(kind)
        count.add_metric([kind], 0 if found is None else found.count)
        failing.add_metric([kind], 0 if found is None else found.failing)
        late = 0.0 if found is None else max(0.0, (now - found.due_at).total_seconds())
        overdue.add_metric([kind], late)
    yield from (count, failing, overdue)
