"""`ServedModel`: a model at a path, which is loaded again when another file takes that path."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.errors import InputError, ModelcError, ResourceError
from modelc.files.paths import file_name_problem
from modelc.graph.feeding import check
from modelc.graph.graph import Graph
from modelc.graph.sizes import likely
from modelc.language.labels import labels_of
from modelc.model.model import Model
from modelc.model.opening import load
from modelc.serve.batcher import Batcher
from modelc.serve.metrics import ModelMetrics
from modelc.serve.numbering import Numbering
from modelc.serve.options import ServeOptions
from modelc.system.stamps import Stamp, stamp_of

Array = NDArray[Any]
Tell = Callable[[str], None]

_MOST_TRIES = 5
"""A model is loaded so often where another file takes its path while it is."""
_LOOK_SECONDS = 1.0
"""How often it is looked for the file of a model that is missing, where the files of the others are not looked at."""
_AGAIN_SECONDS = 5.0
"""After how long a file is tried again that could not be loaded for want of memory or of another resource."""


class LoadedModel:
    """A model as it was in its file, with what runs requests for it."""

    def __init__(self, model: Model, version: int, options: ServeOptions, metrics: ModelMetrics, name: str) -> None:
        self.model = model
        self.version = str(version)
        self._size = model.face.batch_size or options.max_batch
        together = model.face.batch_size is None

        def told(samples: int, seconds: float) -> None:
            metrics.batch(name, samples, seconds)

        def waiting(change: int) -> None:
            metrics.waiting(name, change)

        self.batcher = Batcher(self._run, options, together=together, on_batch=told, on_waiting=waiting)

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
    metrics: ModelMetrics
    tell: Tell
    """Says what happens to the file while it is served."""
    folder: str | None = None
    """Where the processes of a server share the numbers of versions."""
    on_taken: Callable[[], None] | None = None
    """Called when a model has come that was missing. Where it is None, none may be: to make this raises instead."""

    def __post_init__(self) -> None:
        self._versions = Numbering(self.folder, f"{self.name}.taken")
        self._refused = Numbering(self.folder, f"{self.name}.refused")
        self._closing: set[asyncio.Task[None]] = set()
        self._seen = stamp_of(self.path)
        self._again: float | None = None
        """When the file is tried again that was not why it could not be loaded."""
        self.current: LoadedModel | None = None
        """The model that new requests are for; None where its file could not be loaded yet."""
        try:
            self.current = self._loaded()
        except (ModelcError, OSError, MemoryError) as error:
            if self.on_taken is None:
                raise
            self._refuse(error)

    def _load(self) -> tuple[Stamp | None, Model]:
        """The model, and of which file it is. Raises `InputError` where other files take the path all the time."""
        for _ in range(_MOST_TRIES):
            found = stamp_of(self.path)
            model = load(self.path)
            if stamp_of(self.path) == found:
                require_stateless(model, self.path)
                return found, model
        raise InputError(f"{self.path}: other files took this path while it was loaded, {_MOST_TRIES} times in a row")

    def _numbered(self, file: Stamp | None, model: Model) -> LoadedModel:
        """The model as the version that the file is, in all processes; it has run once."""
        loaded = LoadedModel(model, 0, self.options, self.metrics, self.name)
        loaded.warm()
        version, is_new = self._versions.number(file or ())
        loaded.version = str(version)
        if is_new and version > 1:
            self.metrics.reload(self.name, "done")
            self.tell(f"{self.name}: a new file was taken up as version {version}")
        return loaded

    async def watch(self) -> None:
        """Look at the file from time to time, for ever."""
        while self.options.reload or self.current is None:
            await asyncio.sleep(self.options.reload or _LOOK_SECONDS)
            await self.look()

    async def look(self) -> None:
        """Load the file again if it is another one, and hand new requests to that; the old model answers what it took.

        A file that cannot be loaded changes nothing: the old model stays, if there is one, and the next file is tried.
        The same file is tried again only where it was not the cause, as where memory was short.
        """
        found = stamp_of(self.path)
        if found is None or (found == self._seen and (self._again is None or time.monotonic() < self._again)):
            return
        self._seen = found
        try:
            loaded = await asyncio.to_thread(self._loaded)
        except (ModelcError, OSError, MemoryError) as error:
            self._refuse(error)
            return
        old, self.current = self.current, loaded
        if old is None:
            self.tell(f"{self.name}: the model that was missing is there, as version {loaded.version}")
            if self.on_taken is not None:
                self.on_taken()
            return
        task = asyncio.create_task(old.batcher.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def _loaded(self) -> LoadedModel:
        self._seen, model = self._load()
        self._again = None
        return self._numbered(self._seen, model)

    def _refuse(self, error: Exception) -> None:
        """Note that the file was not loaded. That is told once of a file, whichever processes try it."""
        of_file = isinstance(error, ModelcError) and not isinstance(error, ResourceError)
        self._again = None if of_file else time.monotonic() + _AGAIN_SECONDS
        if self._refused.number(self._seen or ())[1]:
            self.metrics.reload(self.name, "failed")
            stays = "the new file is not taken up, the old model stays"
            what = "its file cannot be loaded" if self.current is None else stays
            self.tell(f"{self.name}: {what}: {str(error) or type(error).__name__}")

    async def close(self) -> None:
        """Answer all requests that were taken."""
        if self.current is not None:
            await self.current.batcher.close()
        await asyncio.gather(*self._closing)


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
