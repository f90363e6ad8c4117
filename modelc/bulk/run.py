"""Run a model over all samples of a source, chunk by chunk, so that memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.bulk.chunk import BadSample, Chunk, Rows
from modelc.bulk.reading.source import SampleSource
from modelc.bulk.writing.writer import ResultWriter
from modelc.errors import InputError, ModelcError
from modelc.graph.feeding import check, convert
from modelc.graph.sizes import likely
from modelc.model.model import Model
from modelc.model.samples import predicted, together

Array = NDArray[Any]

DEFAULT_BATCH = 32
_CHUNK_BYTES = 2**24
"""What the inputs and outputs of a chunk take of memory, unless one batch takes more."""
_CHUNK_SAMPLES = 4096


@dataclass
class Counts:
    """How many samples a run has taken, and which it has left out."""

    done: int = 0
    skipped: int = 0


@dataclass(frozen=True)
class Results:
    """What the model returned for the samples of a chunk."""

    names: Sequence[str]
    outputs: list[Rows]
    bad: tuple[BadSample, ...] = ()
    """The samples that could not be read or run, which are not among the outputs."""


@dataclass(frozen=True)
class Following:
    """What a run tells while it goes on."""

    advance: Callable[[int], None] = lambda count: None
    """Called with the number of samples of each batch that was run, or skipped."""
    skip: Callable[[BadSample], None] | None = None
    """Called with each bad sample, which is left out. None: the first one ends the run."""


def run(
    model: Model,
    source: SampleSource,
    writers: Sequence[ResultWriter],
    *,
    batch_size: int | None = None,
    following: Following | None = None,
) -> Counts:
    """Predict all samples of a source and hand the results to writers, whose files appear when all is done.

    Raises the error of the first bad sample, with its name, unless `following.skip` takes it; then how many were left
    out is counted.
    """
    told = following or Following()
    size = batch_size or model.face.batch_size or DEFAULT_BATCH
    counts = Counts()
    with ExitStack() as stack:
        entered = [stack.enter_context(writer) for writer in writers]
        for part in source.parts(chunk_size(model, size)):
            results = predict_chunk(model, part.read(), size, told)
            for bad in results.bad:
                told.advance(1)
                counts.skipped += 1
                if told.skip is not None:
                    told.skip(bad)
            for writer in entered:
                writer.write(results.names, results.outputs)
            counts.done += len(results.names)
    return counts


def chunk_size(model: Model, batch_size: int) -> int:
    """How many samples are read at once: whole batches, some megabytes."""
    most = max(1, min(_CHUNK_SAMPLES, _CHUNK_BYTES // sample_bytes(model)))
    return batch_size * max(1, most // batch_size)


def sample_bytes(model: Model, *, with_inputs: bool = True) -> int:
    """What the inputs and outputs of a sample, or these alone, take of memory."""
    values = (*(model.face.inputs if with_inputs else ()), *model.face.outputs)
    each = sum(4 * int(np.prod([int(likely(d)) for d in value.type.shape[1:]], dtype=np.int64)) for value in values)
    return max(each, 1)


def predict_chunk(model: Model, chunk: Chunk, batch_size: int, following: Following | None = None) -> Results:
    """The results for a chunk.

    Raises the error of its first bad sample, with its name, unless `following.skip` takes bad ones. A batch that the
    model refuses is run again sample by sample, to find which of them it is.
    """
    told = following or Following()
    for bad in chunk.bad if told.skip is None else ():
        raise bad.named
    batches = _Batches(model, chunk, batch_size, told)
    outputs = batches.run()
    names = chunk.names
    if batches.bad:
        names = [name for i, name in enumerate(names) if i not in batches.refused]
    return Results(names, outputs, (*chunk.bad, *batches.bad))


@dataclass
class _Batches:
    """The batches of one chunk."""

    model: Model
    chunk: Chunk
    batch_size: int
    told: Following
    bad: list[BadSample] = field(default_factory=list[BadSample])
    refused: set[int] = field(default_factory=set[int])
    """The places of the bad samples in the chunk."""

    def run(self) -> list[Rows]:
        """For each output its rows."""
        inputs = self.chunk.inputs
        if any(isinstance(rows, list) for rows in inputs):
            return self._of_different_sizes([list(rows) for rows in inputs])
        count = len(self.chunk)
        parts = [self._batch(start) for start in range(0, max(count, 1), self.batch_size)]
        if len(parts) == 1:
            return list(parts[0])
        return [np.concatenate(column) for column in zip(*parts, strict=True)]

    def _batch(self, start: int) -> list[Array]:
        rows = [np.asarray(rows[start : start + self.batch_size]) for rows in self.chunk.inputs]
        try:
            results = self._results(rows)
        except InputError as error:
            results = self._one_by_one(rows, start, error)
        self.told.advance(len(results[0]))
        return results

    def _one_by_one(self, rows: list[Array], start: int, error: InputError) -> list[Array]:
        """The results of a batch that the model refuses, without those of the samples for which it does."""
        if self.model.face.batch_size is not None or not len(rows[0]):
            raise error
        found: list[list[Array]] = []
        for i in range(len(rows[0])):
            try:
                found.append(self._results([some[i : i + 1] for some in rows]))
            except InputError as one:
                self._refuse(start + i, one)
        if not found:
            return [
                np.empty((0, *(int(likely(d)) for d in v.type.shape[1:])), v.type.dtype)
                for v in self.model.face.outputs
            ]
        return [np.concatenate(column) for column in zip(*found, strict=True)]

    def _refuse(self, place: int, error: ModelcError) -> None:
        bad = BadSample(self.chunk.names[place], error)
        if self.told.skip is None:
            raise bad.named
        self.refused.add(place)
        self.bad.append(bad)

    def _results(self, arrays: list[Array]) -> list[Array]:
        face = self.model.face
        check(arrays, face, face.input_names)
        return self.model.run_batch(convert(arrays, face, face.input_names))

    def _of_different_sizes(self, columns: list[list[Array]]) -> list[Rows]:
        """Samples of one size are run together; each is tried by itself first where the model may refuse one."""

        def run(arrays: list[Array]) -> list[Array]:
            results = self._results(arrays)
            self.told.advance(len(arrays[0]))
            return results

        try:
            return together(predicted(columns, self.batch_size, run), self.model.face)
        except InputError:
            kept = [i for i in range(len(self.chunk)) if self._is_taken(i, [column[i] for column in columns])]
        if not kept:
            return [[] for _ in self.model.face.outputs]
        taken = [[column[i] for i in kept] for column in columns]
        return together(predicted(taken, self.batch_size, run), self.model.face)

    def _is_taken(self, place: int, rows: list[Array]) -> bool:
        try:
            self._results([row[None] for row in rows])
        except InputError as error:
            self._refuse(place, error)
            return False
        return True
