"""Bulk prediction on a cluster: chunks of samples → workers → a file for each chunk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from modelc.bulk.chunk import BadSample
from modelc.bulk.reading.source import SamplePart, SampleSource
from modelc.bulk.run import Counts, Following, Results, chunk_size, predict_chunk, sample_bytes
from modelc.bulk.writing.outputs import WrittenOutput
from modelc.bulk.writing.writer import ResultWriter
from modelc.cluster.artifacts import Artifact, model_of, on_workers
from modelc.cluster.folder import PredictionFolder, WrittenChunk
from modelc.cluster.tasks import run_tasks
from modelc.errors import InputError, LostWorkerError, ModelcError
from modelc.model.model import Model

_BYTES_TOGETHER = 2**26
"""What takes memory until all chunks that a worker is given at once are done: outputs, and inputs that it is sent."""


@dataclass(frozen=True)
class ChunkTask:
    """A chunk to be predicted by a worker: a part of the samples, which the worker reads, and the model's digest."""

    number: int
    part: SamplePart
    digest: str
    batch_size: int
    keep_going: bool

    def __call__(self) -> Results:
        """The results, on a worker. Raises the error of the first bad sample, unless `keep_going`."""
        following = Following(skip=_leave_out if self.keep_going else None)
        return predict_chunk(model_of(self.digest), self.part.read(), self.batch_size, following)


def predict_task(task: ChunkTask) -> Results:
    """What a worker does for a chunk."""
    return task()


@dataclass(frozen=True)
class Chunks:
    """The chunks of a run."""

    total: int | None
    """How many there are, about; None where that is not known before they are read."""
    together: int
    """How many of them a worker may be given at once."""

    @classmethod
    def of(cls, model: Model, source: SampleSource, batch_size: int) -> Self:
        """Those of some samples."""
        size = chunk_size(model, batch_size)
        total = None if source.count is None else -(-source.count // size)
        held = size * sample_bytes(model, with_inputs=source.is_held)
        return cls(total, max(1, _BYTES_TOGETHER // held))


def require_stateless(model: Model) -> None:
    """Raise `InputError` for a model whose results depend on the samples before: chunks are predicted in any order."""
    if any(weight.state for weight in model.face.weights):
        message = "the model has stateful layers, which go on from the samples before: its chunks have no order on Dask"
        raise InputError(message, "set `stateful: false`, or predict in one process")


def _leave_out(bad: BadSample) -> None:
    """Bad samples are told by the client, in whose results they are."""


@dataclass(frozen=True)
class BadChunk:
    """A chunk that could not be read or predicted, and why."""

    number: int
    name: str
    """What its samples are called: `x.npy[0] to x.npy[4095]`."""
    error: ModelcError

    def to_dict(self) -> dict[str, Any]:
        """It in the manifest."""
        return {"chunk": self.number, "name": self.name, "error": self.error.message}


@dataclass
class ClusterCounts(Counts):
    """How many samples a run has taken and left out, and which chunks it could not predict."""

    before: int = 0
    """The samples among `done` whose results were there already."""
    bad_chunks: list[BadChunk] = field(default_factory=list[BadChunk])


@dataclass(frozen=True)
class ClusterFollowing:
    """What a run on a cluster tells while it goes on."""

    advance: Callable[[int], None] = lambda count: None
    """Called with the number of samples of each chunk, also of those that were there already."""
    skip: Callable[[BadSample], None] | None = None
    """Called with each bad sample, which is left out. None: the first one ends the run."""
    skip_chunk: Callable[[BadChunk], None] | None = None
    """Called with each chunk that cannot be read, or that ends its workers. None: the first one ends the run."""


@dataclass(frozen=True)
class ClusterRun:
    """A bulk prediction on a cluster."""

    model: Model
    artifact: Artifact
    source: SampleSource
    outputs: Sequence[WrittenOutput]
    open: Callable[[str], ResultWriter]
    """Gives what writes results to a file of this path."""
    about: Mapping[str, Any]
    """What else the results depend on: the inputs, the format."""
    batch_size: int
    following: ClusterFollowing = field(default_factory=ClusterFollowing)

    def described(self) -> dict[str, Any]:
        """What the results depend on, as the manifest has it."""
        outputs = [{"name": one.name, "shape": list(one.shape), "dtype": one.dtype} for one in self.outputs]
        return {
            "model": self.artifact.digest, "batch_size": self.batch_size,
            "chunk_size": chunk_size(self.model, self.batch_size), "outputs": outputs, **self.about,
        }  # fmt: skip

    def __call__(self, client: Any, folder: PredictionFolder) -> ClusterCounts:
        """Predict all chunks that are not in the folder yet, or not whole.

        Raises the error of the first bad sample or chunk, with its name, unless it is taken by `following`; what is
        written by then stays, and another run goes on from there. Raises `InputError` for a folder of others.
        """
        require_stateless(self.model)
        counts, about = ClusterCounts(), self.described()
        with folder.held(about) as written, on_workers(client, self.artifact):
            chunks = Chunks.of(self.model, self.source, self.batch_size)
            left = None if chunks.total is None else chunks.total - len(written)
            missing = self._missing(written, counts)
            for ended in run_tasks(client, predict_task, missing, together=chunks.together, total=left):
                task, error = ended.task, ended.error
                if error is not None:
                    self._refuse(task, error, counts)
                    continue
                results: Results = ended.result
                written[task.number] = self._write(folder, task.number, results)
                folder.add(written[task.number])
                self._count(results, counts)
            folder.complete(about, written, [one.to_dict() for one in counts.bad_chunks])
        return counts

    def _missing(self, written: Mapping[int, WrittenChunk], counts: ClusterCounts) -> Iterator[ChunkTask]:
        """The chunks that have no results yet, each made when there is room for it."""
        skips = self.following.skip is not None
        for number, part in enumerate(self.source.parts(chunk_size(self.model, self.batch_size))):
            if number not in written:
                yield ChunkTask(number, part, self.artifact.digest, self.batch_size, skips)
                continue
            chunk = written[number]
            counts.done += chunk.samples
            counts.before += chunk.samples
            counts.skipped += len(chunk.skipped)
            self.following.advance(chunk.samples + len(chunk.skipped))

    def _write(self, folder: PredictionFolder, number: int, results: Results) -> WrittenChunk:
        path = folder.file(number)
        with self.open(os.fspath(path)) as writer:
            writer.write(results.names, results.outputs)
        return WrittenChunk.of(number, path, len(results.names), results.bad)

    def _count(self, results: Results, counts: ClusterCounts) -> None:
        counts.done += len(results.names)
        counts.skipped += len(results.bad)
        self.following.advance(len(results.names) + len(results.bad))
        for bad in results.bad:
            if self.following.skip is not None:
                self.following.skip(bad)

    def _refuse(self, task: ChunkTask, error: Exception, counts: ClusterCounts) -> None:
        """Take a chunk that has failed as a bad one, or raise its error."""
        if not isinstance(error, ModelcError | OSError | MemoryError):
            raise error
        known = error if isinstance(error, ModelcError) else ModelcError(str(error) or "not enough memory")
        name = _named(task.part)
        if self.following.skip_chunk is None:
            raise known.about(name) if isinstance(known, LostWorkerError) else known
        counts.bad_chunks.append(BadChunk(task.number, name, known))
        self.following.skip_chunk(counts.bad_chunks[-1])


def _named(part: SamplePart) -> str:
    """What the samples of a part are called."""
    names = part.names
    return names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"


def inputs_told(files: Sequence[str]) -> dict[str, Any]:
    """What tells the files of a run from others: how many there are, and a digest of their names, sizes and times."""
    digest = hashlib.sha256()
    for file in files:
        status = os.stat(file)
        digest.update(f"{file}\n{status.st_size}\n{status.st_mtime_ns}\n".encode())
    return {"files": len(files), "first": files[0], "digest": digest.hexdigest()[:32]}
