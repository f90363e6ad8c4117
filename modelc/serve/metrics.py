"""What is counted, for Prometheus.

Requests are counted where they come in, batches where they are computed. Where those are different processes, the one
that takes requests answers for all: what it has counted itself, and the sums over those that compute.
"""

from __future__ import annotations

import os
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client import multiprocess as several

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable with the folder in which processes share what they count; it is set before they start."""
_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
_SAMPLES = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class RequestMetrics:
    """Requests for inference, counted by the process that takes them."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "modelc_requests", "Requests for inference, by their status.", ["model", "status"], registry=registry
        )
        self._open = Gauge(
            "modelc_open_requests", "Requests for inference that are not answered yet.", ["model"], registry=registry,
            multiprocess_mode="livesum",
        )  # fmt: skip
        self._seconds = Histogram(
            "modelc_request_seconds", "From the head of a request to its answer.", ["model"], buckets=_SECONDS,
            registry=registry,
        )  # fmt: skip

    def begin(self, model: str) -> None:
        """A request has come in."""
        self._open.labels(model).inc()

    def end(self, model: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self._open.labels(model).dec()
        self._requests.labels(model, str(status)).inc()
        self._seconds.labels(model).observe(seconds)


class ModelMetrics:
    """What models have to do, counted by each process that computes."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._samples = Counter("modelc_samples", "Samples that were computed.", ["model"], registry=registry)
        self._batches = Histogram(
            "modelc_batch_samples", "The samples of a batch.", ["model"], buckets=_SAMPLES, registry=registry
        )
        self._batch_seconds = Histogram(
            "modelc_batch_seconds", "What a batch took.", ["model"], buckets=_SECONDS, registry=registry
        )
        self._reloads = Counter(
            "modelc_reloads", "New files at the path of a model.", ["model", "result"], registry=registry
        )
        self._waiting = Gauge(
            "modelc_waiting_requests", "Requests that wait to be computed.", ["model"], registry=registry,
            multiprocess_mode="livesum",
        )  # fmt: skip

    def batch(self, model: str, samples: int, seconds: float) -> None:
        """A batch was computed."""
        self._samples.labels(model).inc(samples)
        self._batches.labels(model).observe(samples)
        self._batch_seconds.labels(model).observe(seconds)

    def reload(self, model: str, result: str) -> None:
        """A new file was found."""
        self._reloads.labels(model, result).inc()

    def waiting(self, model: str, change: int) -> None:
        """So many more requests wait."""
        self._waiting.labels(model).inc(change)


class WorkerMetrics:
    """The processes that compute, counted by the one that starts them."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._workers = Gauge(
            "modelc_workers", "Workers that have loaded their models.", registry=registry, multiprocess_mode="livesum"
        )
        self._lost = Counter("modelc_lost_workers", "Workers that ended while the server ran.", registry=registry)

    def begin(self) -> None:
        """One can be asked."""
        self._workers.inc()

    def end(self, *, is_lost: bool) -> None:
        """One has ended; `is_lost` is whether it was not told to."""
        self._workers.dec()
        self._lost.inc(is_lost)


def text_of(registry: CollectorRegistry) -> bytes:
    """What a server counts that takes requests and computes them, as Prometheus reads it.

    Where several servers share a folder (`gunicorn`'s workers do), the sums over them.
    """
    return generate_latest(_shared() if SHARED_FOLDER in os.environ else registry)


def text_of_both(front: CollectorRegistry) -> bytes:
    """What the process has counted that takes requests, and the sums over those that compute."""
    return generate_latest(front) + generate_latest(_shared())


def _shared() -> CollectorRegistry:
    together: Any = CollectorRegistry()
    several.MultiProcessCollector(together)
    return together
