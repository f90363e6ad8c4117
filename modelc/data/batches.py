"""What `fit`, `evaluate` and `predict` take → batches.

Arrays, memory-mapped or not, lists and mappings of them for several inputs and outputs, and the columns of files are
`ArrayData`; what gives batches itself is in `streams.py`. Batch i of epoch k is always the same: it depends on
the data, the seed, k and i, so that a run can go on from any of them.
"""

from __future__ import annotations

import math
import os
import warnings
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np

from modelc.config.arguments import kind_of, require_count
from modelc.data.columns import Array, Columns, Signature, make_columns
from modelc.data.parts import Share, Split
from modelc.data.ragged import Ragged, Varying, batches_of_one_size, counted_positions, padded_labels, padded_together
from modelc.data.sources import Source
from modelc.errors import InputError
from modelc.graph.inputs import as_input
from modelc.losses.labels import ClassWeights, as_label, as_weights
from modelc.system.forks import cached_property

Shuffle = bool | Literal["batch"]
"""Whether samples come in another order in each epoch; `batch` only mixes those within each batch."""

DEFAULT_BATCH_SIZE = 32


class Batch(NamedTuple):
    """Arrays of the model's own types: one for each input; for each output with labels, these and their weights."""

    x: list[Array]
    y: list[Array] | None
    weights: list[Array | None] | None
    counts: list[Array | None] | None = None
    """For each output with labels: 1 for the positions that a sample has, 0 for those that were added to it."""

    @property
    def samples(self) -> int:
        """The number of samples."""
        return len(self.x[0])

    def part(self, span: slice) -> Batch:
        """Some of the samples."""
        return Batch(
            [x[span] for x in self.x], _parts(self.y, span), _parts(self.weights, span), _parts(self.counts, span)
        )


def _parts(arrays: Any, span: slice) -> Any:
    return None if arrays is None else [None if array is None else array[span] for array in arrays]


@dataclass(frozen=True, kw_only=True)
class Options:
    """How batches are made of data."""

    batch_size: int | None = None
    """Samples in a batch; 32, or as many as the model fixes, unless said."""
    shuffle: Shuffle = False
    """Whether the order of the samples changes from epoch to epoch."""
    seed: int = 0
    """What, with the number of the epoch, decides about that order."""
    class_weight: Mapping[int, float] | None = None
    """The weight of the samples of each class; 1 for those not named."""
    steps_per_epoch: int | None = None
    """Batches in an epoch, the next of which goes on where it stopped; all of them unless said. As in Keras, an epoch
    ends with the data, and the next begins anew, where they do not come out even."""
    epochs: int = 1
    """How many there will be."""
    labels: bool = True
    """Whether there must be labels."""
    one_size: bool = False
    """Whether samples of different sizes come in batches of one size each, so that none is padded: where a model is
    measured. Only where they are not shuffled."""

    def __post_init__(self) -> None:
        for name in ("batch_size", "steps_per_epoch"):
            value = getattr(self, name)
            if value is not None:
                require_count(name, value)
        if not isinstance(self.shuffle, bool) and self.shuffle != "batch":
            raise InputError(f'`shuffle` is true, false or "batch", found {kind_of(self.shuffle)}')


class Data(ABC):
    """Batches, epoch by epoch."""

    def __init__(self, signature: Signature, options: Options) -> None:
        self.signature = signature
        self.options = options
        classes = signature.classes[0] if signature.classes else None
        self._class_weights = ClassWeights(options.class_weight, signature.output_names, classes)

    @property
    def samples(self) -> int | None:
        """The number of samples, where it is known."""
        return None

    @property
    @abstractmethod
    def steps(self) -> int | None:
        """The number of batches in an epoch, where it is known."""

    @property
    def exhausted(self) -> bool:
        """Whether no more batches will come, though an epoch has not got all that it should have had."""
        return False

    @abstractmethod
    def example(self) -> Batch:
        """One batch, or one sample, for its types."""

    @property
    def varying(self) -> bool:
        """Whether samples may have different sizes."""
        return any(None in type.shape[1:] for type in self.signature.inputs)

    @abstractmethod
    def batches(self, epoch: int = 0, start: int = 0, every: int = 1) -> Iterator[Batch]:
        """The batches of an epoch, from batch `start` on; of these the first, and one of `every` so many."""

    def shares(self, split: Split, epoch: int = 0, start: int = 0) -> Iterator[Share]:
        """What a process has of the batches of an epoch, from batch `start` on."""
        for batch in self.batches(epoch, start):
            samples = batch.samples
            yield Share(samples, [(part, batch.part(span)) for part, span in split.spans(samples)])

    def split(self, fraction: float) -> tuple[Data, Data]:
        """The data to train on, and the last `fraction` of the samples to validate on, before any shuffling."""
        raise InputError(
            "`validation_split` needs arrays, not an iterable of batches", "give `validation_data` instead"
        )

    def convert(
        self, x: list[Array | Ragged], y: list[Array | Ragged] | None, weights: list[Array | Ragged | None] | None
    ) -> Batch:
        """A batch in the model's own types. Raises `InputError` where it does not fit.

        Samples of different sizes are padded, and what is added to labels does not count.
        """
        padded, labels, given, counts = self._padded(x, y, weights)
        return self._converted(padded, labels, given)._replace(counts=counts)

    def _padded(
        self, x: list[Array | Ragged], y: list[Array | Ragged] | None, weights: list[Array | Ragged | None] | None
    ) -> tuple[list[Array], list[Array] | None, list[Array | None] | None, list[Array | None] | None]:
        signature = self.signature
        shapes = [type.shape for type in signature.inputs]
        inputs, sizes = padded_together(x, shapes, signature.input_names)
        if y is None:
            return inputs, None, None, None
        counts: list[Array | None] = [None] * len(y)
        labels: list[Array] = []
        for i, array in enumerate(y):
            expected = signature.expected[i] if signature.expected else None
            output = () if expected is None else expected.prediction.shape
            aligned = expected is None or expected.loss is None or expected.loss.aligned
            if isinstance(array, Ragged) and aligned:
                array, counts[i] = padded_labels(array, output, sizes)
            elif isinstance(array, Ragged):
                array = array.padded(array.largest())
            if counts[i] is None:
                counts[i] = counted_positions(x, shapes, output, sizes)
            labels.append(array)
        given = None if weights is None else [_padded_weights(w, c) for w, c in zip(weights, counts, strict=True)]
        return inputs, labels, given, None if all(one is None for one in counts) else counts

    def _converted(self, x: list[Array], y: list[Array] | None, weights: list[Array | None] | None) -> Batch:
        signature = self.signature
        inputs = [
            as_input(array, type, "the input" if len(x) == 1 else f"the input `{name}`")
            for array, type, name in zip(x, signature.inputs, signature.input_names, strict=True)
        ]
        labels = None if y is None else [as_label(array) for array in y]
        if labels is not None and self._class_weights:
            if weights is not None:
                raise InputError("`class_weight` and sample weights cannot be given together")
            weights = [self._class_weights.of(labels[0])]
        return Batch(inputs, labels, weights and [None if w is None else as_weights(w) for w in weights])


def _padded_weights(given: Array | Ragged | None, counts: Array | None) -> Array | None:
    """The weights of samples or of their positions as an array."""
    if not isinstance(given, Ragged):
        return given
    rank = given.samples[0].ndim
    return given.padded(given.largest() if counts is None else counts.shape[1 : 1 + rank])


class EpochPart(NamedTuple):
    """The batches of an epoch: those of a pass over the data from some batch on."""

    number: int
    """Which pass over the data it is."""
    batches: range
    steps: int
    """How many batches were to come."""

    def warn(self) -> None:
        """Warn where fewer come, as Keras does."""
        if len(self.batches) < self.steps:
            warn_of_end(len(self.batches), self.steps)


def part_of_pass(epoch: int, steps: int | None, batches: int) -> EpochPart:
    """The batches of an epoch of `steps` of them, where a pass over the data has so many.

    An epoch goes on where the one before ended, and ends where the data ends; the next one begins anew.
    """
    if steps is None:
        return EpochPart(epoch, range(batches), batches)
    number, part = divmod(epoch, math.ceil(batches / steps))
    return EpochPart(number, range(part * steps, min((part + 1) * steps, batches)), steps)


def warn_of_end(found: int, steps: int) -> None:
    """Warn of an epoch that is over before its steps are."""
    warnings.warn(
        f"the data ended after {found} of {steps} steps, and with it the epoch: `steps_per_epoch` does not divide the "
        "number of batches",
        stacklevel=3,
    )


@dataclass
class _SampleOrder:
    """The order of the samples in one pass over them."""

    number: int = -1
    indices: Array = field(default_factory=lambda: np.zeros(0, np.int64))


class ArrayData(Data):
    """Batches of columns. The last one of a pass is smaller where the samples do not fill it."""

    def __init__(self, columns: Columns, signature: Signature, options: Options) -> None:
        super().__init__(signature, options)
        self.columns = columns
        self._order = _SampleOrder()
        if options.labels and columns.y is None:
            raise InputError("there are no labels", "give `y`")
        if self._class_weights and columns.weights is not None:
            raise InputError("`class_weight` and `sample_weight` cannot be given together")
        if columns.y is not None:
            self._class_weights.require_fit(columns.y[0].sample_shape)
        self._check_fixed()

    def _check_fixed(self) -> None:
        fixed = self.signature.batch_size
        if fixed is None:
            return
        if self.batch_size != fixed:
            raise InputError(f"the model takes batches of {fixed}, found `batch_size` {self.batch_size}")
        if len(self.columns) % fixed:
            raise InputError(
                f"the model takes batches of {fixed}, and {len(self.columns)} samples leave a smaller one",
                f"leave {len(self.columns) % fixed} samples out, or the `batch_size` of the model's input",
            )

    @property
    def batch_size(self) -> int:
        """The samples in a batch but for the last one."""
        options = self.options
        if options.batch_size is not None:
            return options.batch_size
        if self.signature.batch_size is not None:
            return self.signature.batch_size
        if options.steps_per_epoch is not None:
            return math.ceil(len(self.columns) / options.steps_per_epoch)
        return DEFAULT_BATCH_SIZE

    @property
    def samples(self) -> int:
        """The number of samples."""
        return len(self.columns)

    @property
    def passes(self) -> int:
        """The batches that all samples make."""
        sized = self._of_one_size
        return math.ceil(len(self.columns) / self.batch_size) if sized is None else len(sized)

    @property
    def steps(self) -> int:
        """The number of batches in an epoch."""
        return self.options.steps_per_epoch or self.passes

    def example(self) -> Batch:
        """The first sample."""
        return self._batch(slice(0, 1))

    def batches(self, epoch: int = 0, start: int = 0, every: int = 1) -> Iterator[Batch]:
        """The batches of an epoch, from batch `start` on. Warns where they are fewer than `steps_per_epoch`."""
        part = part_of_pass(epoch, self.options.steps_per_epoch, self.passes)
        for batch in part.batches[start::every]:
            yield self._batch(self._samples(part.number, batch))
        part.warn()

    def shares(self, split: Split, epoch: int = 0, start: int = 0) -> Iterator[Share]:
        """What a process has of the batches of an epoch, from batch `start` on: nothing else is read."""
        pass_ = part_of_pass(epoch, self.options.steps_per_epoch, self.passes)
        for batch in pass_.batches[start:]:
            which = self._samples(pass_.number, batch)
            samples = which.stop - which.start if isinstance(which, slice) else len(which)
            yield Share(samples, [(part, self._batch(_within(which, span))) for part, span in split.spans(samples)])
        pass_.warn()

    def split(self, fraction: float) -> tuple[ArrayData, ArrayData]:
        """The first samples to train on, the last ones to validate on."""
        first, last = self.columns.split(fraction)
        train = ArrayData(first, self.signature, self.options)
        plain = Options(batch_size=train.batch_size, labels=self.options.labels, one_size=True)
        return train, ArrayData(last, self.signature, plain)

    @cached_property
    def _of_one_size(self) -> list[Array] | None:
        """The numbers of the samples of each batch, where these are to have one size and samples differ."""
        varying = [column for column in self.columns.x if isinstance(column, Varying) and None in column.sample_shape]
        if not self.options.one_size or self.options.shuffle or not varying:
            return None
        return list(batches_of_one_size([column.sizes for column in varying], self.batch_size))

    def _samples(self, number: int, batch: int) -> slice | Array:
        """Which samples batch `batch` of pass `number` over the data holds."""
        if self._of_one_size is not None:
            return self._of_one_size[batch]
        size, count = self.batch_size, len(self.columns)
        start, stop = batch * size, min((batch + 1) * size, count)
        shuffle, seed = self.options.shuffle, self.options.seed
        if not shuffle:
            return slice(start, stop)
        if shuffle == "batch":
            return start + np.random.default_rng([seed, number, batch]).permutation(stop - start)
        if self._order.number != number:
            indices = np.arange(count, dtype=np.uint32 if count < 2**32 else np.int64)
            np.random.default_rng([seed, number]).shuffle(indices)
            self._order = _SampleOrder(number, indices)
        return self._order.indices[start:stop]

    def _batch(self, which: slice | Array) -> Batch:
        columns = self.columns
        return self.convert(
            [c.take(which) for c in columns.x],
            None if columns.y is None else [c.take(which) for c in columns.y],
            None if columns.weights is None else [None if c is None else c.take(which) for c in columns.weights],
        )


def _within(which: slice | Array, span: slice) -> slice | Array:
    """Some of the samples of a batch that has those."""
    return slice(which.start + span.start, which.start + span.stop) if isinstance(which, slice) else which[span]


def open_data(x: Any, y: Any = None, sample_weight: Any = None, *, signature: Signature, options: Options) -> Data:
    """The data that `fit` and the like were given.

    Raises `InputError` where it does not fit the model. Only of what gives batches itself is a batch looked at.
    """
    from modelc.data.streams import open_stream

    if isinstance(x, Data):
        return x
    if x is None:
        raise InputError("there is no data", "give `x`")
    if isinstance(x, str | os.PathLike):
        help = "load it first with np.load; for a folder of pictures give `modelc.data.PicturesSource(path=…)`"
        raise InputError(f"`x` is the name of a file, {os.fspath(x)}", help)
    if isinstance(x, Source):
        if y is not None or sample_weight is not None:
            raise InputError("`y` and `sample_weight` cannot be given if `x` is a source of data, which has them")
        return ArrayData(x.open(signature, Path(), options.labels), signature, options)
    stream = open_stream(x, signature, options)
    if stream is None:
        return ArrayData(make_columns(x, y, sample_weight, signature), signature, options)
    for name, value in (("y", y), ("sample_weight", sample_weight), ("batch_size", options.batch_size)):
        if value is not None:
            raise InputError(f"`{name}` cannot be given if `x` yields batches, which contain it")
    return stream
