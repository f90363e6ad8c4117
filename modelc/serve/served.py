"""`ServedModel`: a model at a path, which is loaded again when another file takes that path."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.errors import InputError, ModelcError
from modelc.files.paths import file_name_problem
from modelc.graph.feeding import check
from modelc.graph.graph import Graph
from modelc.graph.sizes import likely
from modelc.language.labels import labels_of
from modelc.model.model import Model
from modelc.model.opening import load
from modelc.serve.batcher import Batcher
from modelc.serve.metrics import Metrics
from modelc.serve.options import ServeOptions

Array = NDArray[Any]
Identity = tuple[int, ...]
Tell = Callable[[str], None]


class LoadedModel:
    """A model as it was in its file, with what runs requests for it."""

    def __init__(self, model: Model, version: int, options: ServeOptions, metrics: Metrics, name: str) -> None:
        self.model = model
        self.version = str(version)
        self._size = model.face.batch_size or options.max_batch
        together = model.face.batch_size is None

        def told(samples: int, seconds: float) -> None:
            metrics.batch(name, samples, seconds)

        self.batcher = Batcher(self._run, options, together=together, on_batch=told)

    @property
    def face(self) -> Graph:
        """A graph with the inputs and outputs."""
        return self.model.face

    @cached_property
    def labels(self) -> dict[str, tuple[str, ...] | None]:
        """For each output the names of its classes."""
        return dict(zip(self.face.output_labels, labels_of(self.model.spec), strict=True))

    def warm(self) -> None:
        """Run it once, so that the first request does not wait for what is made at the first call."""
        sizes = [(self.face.batch_size or 1, *(int(likely(d)) for d in v.type.shape[1:])) for v in self.face.inputs]
        arrays = [np.zeros(size, value.type.dtype) for size, value in zip(sizes, self.face.inputs, strict=True)]
        self._run(arrays)

    def _run(self, arrays: list[Array]) -> list[Array]:
        """The results of any number of samples, computed in batches."""
        check(arrays, self.face, self.face.input_names)
        parts = list(self.model.batches(arrays, self._size))
        return parts[0] if len(parts) == 1 else [np.concatenate(column) for column in zip(*parts, strict=True)]


@dataclass
class ServedModel:
    """What is served under a name."""

    name: str
    path: str
    options: ServeOptions
    metrics: Metrics
    tell: Tell
    """Says what happens to the file while it is served."""

    def __post_init__(self) -> None:
        self._seen = identity(self.path)
        self._versions = 1
        self.current = self._load(1)
        """The model that new requests are for."""
        self._closing: set[asyncio.Task[None]] = set()

    def _load(self, version: int) -> LoadedModel:
        model = load(self.path)
        require_stateless(model, self.path)
        loaded = LoadedModel(model, version, self.options, self.metrics, self.name)
        loaded.warm()
        return loaded

    async def watch(self) -> None:
        """Look at the file from time to time, for ever."""
        while self.options.reload:
            await asyncio.sleep(self.options.reload)
            await self.look()

    async def look(self) -> None:
        """Load the file again if it is another one, and hand new requests to that; the old model answers what it took.

        A file that cannot be loaded changes nothing: the old model stays, and the next file is tried.
        """
        found = identity(self.path)
        if found is None or found == self._seen:
            return
        self._seen = found
        try:
            loaded = await asyncio.to_thread(self._load, self._versions + 1)
        except (ModelcError, OSError, MemoryError) as error:
            self.metrics.reload(self.name, "failed")
            self.tell(f"{self.name}: the new file is not taken up, the old model stays: {error}")
            return
        self._versions += 1
        old, self.current = self.current, loaded
        self.metrics.reload(self.name, "done")
        self.tell(f"{self.name}: a new file was taken up as version {loaded.version}")
        task = asyncio.create_task(old.batcher.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        """Answer all requests that were taken."""
        await self.current.batcher.close()
        await asyncio.gather(*self._closing)


def identity(path: str) -> Identity | None:
    """What tells a file from the one that had its path before; None where there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def require_stateless(model: Model, path: str) -> None:
    """Raise `InputError` for a model whose calls depend on those before: requests would see each other's."""
    if any(weight.state for weight in model.face.weights):
        raise InputError(
            f"{path}: has stateful layers, which go on from the request before",
            "set `stateful: false`, and send whole sequences",
        )


def named_paths(arguments: Sequence[str]) -> Mapping[str, str]:
    """The paths by the names that models are served under: `NAME=PATH`, or `PATH`, whose name is that of the file.

    Raises `InputError` for a name that cannot be a part of an address, or that two models have.
    """
    found: dict[str, str] = {}
    for argument in arguments:
        name, equals, path = argument.partition("=")
        if not equals or os.sep in name:
            name, path = Path(argument).name.removesuffix(Path(argument).suffix), argument
        problem = file_name_problem(name) or next((f"it contains {c}" for c in "?#%&" if c in name), None)
        if problem is not None:
            raise InputError(f"`{name}` is not the name of a model: {problem}", f"name it: NAME={path}")
        if name in found:
            raise InputError(f"two models are called `{name}`", f"name one of them: NAME={path}")
        found[name] = path
    return found
