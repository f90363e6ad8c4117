"""A model on each worker, once: from a path that the worker reaches, else from bytes that it is sent when it comes.

A task names the model by the digest of its `.modelc` file. A worker loads it at the first task that asks for it, after
the file was compared with the digest, and keeps it.
"""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from modelc import __version__
from modelc.cluster.package import WorkerPlugin
from modelc.errors import InputError, LostWorkerError
from modelc.files.digests import sha256_of
from modelc.model.model import Model
from modelc.model.opening import load_artifact
from modelc.system.forks import ForkSafeLock

_MOST_LOADED = 4
"""The models that a worker keeps: those that were used last."""
_TRIES, _PAUSE_SECONDS = 10, 0.5
"""How often a model is given to all workers where one is lost meanwhile, and how long is waited in between."""

_places: dict[str, str] = {}
_loaded: OrderedDict[str, Model] = OrderedDict()
_lock = ForkSafeLock()


@dataclass(frozen=True)
class Artifact:
    """A `.modelc` file, and what tells it from any other one."""

    path: str
    digest: str
    """The SHA-256 of the file."""

    @classmethod
    def at(cls, path: str | os.PathLike[str]) -> Self:
        """The file at a path."""
        return cls(os.path.abspath(path), sha256_of(path))


class ArtifactPlugin(WorkerPlugin):
    """Tells each worker, also one that comes later, where a model is, or brings it there."""

    def __init__(self, artifact: Artifact, data: bytes | None) -> None:
        self.name = f"modelc-{artifact.digest}"
        self._artifact, self._data, self._version = artifact, data, __version__

    def setup(self, worker: Any) -> None:
        """Note the place of the model, after it was written there. Raises `InputError` for another modelc."""
        if self._version != __version__:
            raise InputError(f"{worker.address}: this worker has modelc {__version__}, the client {self._version}")
        path = self._artifact.path
        if self._data is not None:
            path = os.path.join(worker.local_directory, f"{self._artifact.digest}.modelc")
            Path(path).write_bytes(self._data)
        _places[self._artifact.digest] = path

    def teardown(self, worker: Any) -> None:
        """Let go of the model."""
        path = _places.pop(self._artifact.digest, None)
        with _lock:
            _loaded.pop(self._artifact.digest, None)
        if self._data is not None and path is not None:
            with suppress(OSError):
                os.unlink(path)


@contextmanager
def on_workers(client: Any, artifact: Artifact, *, everywhere: bool | None = None) -> Generator[None]:
    """Inside, all workers of a cluster have a model: `model_of(digest)` gives it there.

    `everywhere` says whether they all reach its file; unless it is said, those that are there are asked.
    """
    if everywhere is None:
        reached = client.run(_is_at, artifact.path, artifact.digest, on_error="return")
        everywhere = bool(reached) and all(found is True for found in reached.values())
    plugin = ArtifactPlugin(artifact, None if everywhere else Path(artifact.path).read_bytes())
    _register(client, plugin)
    try:
        yield
    finally:
        with suppress(Exception):  # the cluster may be gone
            client.unregister_worker_plugin(plugin.name)


def _register(client: Any, plugin: ArtifactPlugin) -> None:
    """Give the plugin to all workers, those that come later included.

    The scheduler has it when the first try ends, and gives it to a worker that comes; one that is lost just then makes
    the call fail for those that are there.
    """
    for left in reversed(range(_TRIES)):
        try:
            client.register_plugin(plugin)
            return
        except OSError as error:  # of which distributed's CommClosedError is one
            if not left:
                raise LostWorkerError(f"workers are lost one after the other: {error}") from None
            time.sleep(_PAUSE_SECONDS)


def model_of(digest: str) -> Model:
    """The model with this digest, on a worker. Raises `InputError` where its file is another one by now."""
    with _lock:
        if digest not in _loaded:
            _loaded[digest] = _load(digest)
            while len(_loaded) > _MOST_LOADED:
                _loaded.popitem(last=False)
        _loaded.move_to_end(digest)
        return _loaded[digest]


def _load(digest: str) -> Model:
    path = _places[digest]
    if not _is_at(path, digest):
        raise InputError(f"{path}: the model has changed, or cannot be read by this worker")
    return load_artifact(path)


def _is_at(path: str, digest: str) -> bool:
    """Whether the file at a path is that of this digest."""
    try:
        return sha256_of(path) == digest
    except OSError:
        return False
