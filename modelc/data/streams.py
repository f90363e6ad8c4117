"""Data that gives batches itself: generators, other iterables, and objects with `__len__` and `__getitem__`.

A batch is `x`, `(x,)`, `(x, y)` or `(x, y, sample_weight)`; each of these an array, or a list or mapping of them.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, cast

import numpy as np

from modelc.data.batches import Batch, Data, Options, part_of_pass, warn_of_end
from modelc.data.columns import Array, Column, Columns, Signature, make_columns
from modelc.errors import InputError
from modelc.graph.feeding import is_arrays
from modelc.graph.inputs import as_array


def open_stream(x: Any, signature: Signature, options: Options) -> Data | None:
    """The batches that `x` gives; None where it gives none, because it is arrays."""
    if is_arrays(x) or isinstance(x, Column):
        return None
    if hasattr(x, "__getitem__") and (hasattr(x, "__len__") or getattr(x, "num_batches", None) is not None):
        return SequenceData(x, signature, options)
    if isinstance(x, Iterable):
        return IterableData(cast("Iterable[Any]", x), signature, options)
    return None


def _peeked(x: Any) -> tuple[Any, Any]:
    """The inputs of the first batch that x gives, and what gives all of them; x twice where it is arrays.

    A model whose input shape is not known yet learns it from them. Raises `InputError` where nothing comes.
    """
    if is_arrays(x):
        return x, x
    if hasattr(x, "__getitem__"):
        first, again = x[0], x
    else:
        batches = iter(x)
        first = next(batches, _END)
        again = chain((first,), batches) if batches is x else x
    if first is _END:
        raise InputError("the data gives no batches")
    parts = cast("list[Any]", first) if isinstance(first, list | tuple) else [first]
    return _plain(parts[0]), again


def build_for(model: Any, x: Any) -> Any:
    """Make the weights of a model that is not built for what it is given; the x to go on with."""
    if not model.built:
        first, x = _peeked(x)
        model.build_for_data(first)
    return x


class _Stream(Data):
    """Base of both: checks and converts what comes."""

    def _made(self, item: Any, number: int) -> Batch:
        """A batch of what was given as batch `number`. Raises `InputError`, which says so, where it does not fit."""
        try:
            columns = self._columns(item)
        except InputError as error:
            raise error.about(f"batch {number} of the data") from None
        everything = slice(None)
        y, weights = columns.y, columns.weights
        return self.convert(
            [c.take(everything) for c in columns.x],
            None if y is None else [c.take(everything) for c in y],
            None if weights is None else [None if c is None else c.take(everything) for c in weights],
        )

    def _columns(self, item: Any) -> Columns:
        # A list, as torch's loaders give it, is the same as a tuple.
        parts = tuple(cast("Iterable[Any]", item)) if isinstance(item, list | tuple) else (item,)
        if not 1 <= len(parts) <= 3:
            raise InputError(f"expected (x, y) or (x, y, sample_weight), found {len(parts)} items")
        x, y, weights = (*map(_plain, parts), None, None)[:3]
        if not self.options.labels:
            y = weights = None
        elif y is None:
            raise InputError("expected (x, y), found no labels")
        columns = make_columns(x, y, weights, self.signature)
        fixed = self.signature.batch_size
        if fixed is not None and len(columns) != fixed:
            raise InputError(f"it has {len(columns)} samples, the model takes batches of {fixed}")
        return columns


class SequenceData(_Stream):
    """Batches by number, from an object like Keras's `PyDataset`: `__len__` is how many there are.

    Their order is mixed with `shuffle`. `on_epoch_begin` and `on_epoch_end` of the object are called where it has
    them.
    """

    def __init__(self, source: Any, signature: Signature, options: Options) -> None:
        super().__init__(signature, options)
        self._source = source
        count = getattr(source, "num_batches", None)
        self._count = len(source) if count is None else int(count)
        if self._count < 1:
            raise InputError(f"the data has {self._count} batches")

    @property
    def steps(self) -> int:
        """The number of batches in an epoch."""
        return self.options.steps_per_epoch or self._count

    def example(self) -> Batch:
        """Its first batch."""
        return self._made(self._source[0], 0)

    def batches(self, epoch: int = 0, start: int = 0, every: int = 1) -> Iterator[Batch]:
        """The batches of an epoch, from batch `start` on. Warns where they are fewer than `steps_per_epoch`."""
        self._tell("on_epoch_begin")
        part = part_of_pass(epoch, self.options.steps_per_epoch, self._count)
        order = self._order(part.number)
        for at in part.batches[start::every]:
            index = int(order[at])
            yield self._made(self._source[index], index)
        part.warn()
        self._tell("on_epoch_end")

    def _order(self, number: int) -> Array:
        if not self.options.shuffle:
            return np.arange(self._count)
        return np.random.default_rng([self.options.seed, number]).permutation(self._count)

    def _tell(self, event: str) -> None:
        method = getattr(self._source, event, None)
        if method is not None:
            method()


class IterableData(_Stream):
    """Batches in the order in which an iterable gives them.

    Without `steps_per_epoch` an epoch is all that it gives, from its beginning; with it, an epoch goes on where the
    one before stopped, and where the iterable ends, the epoch ends, too, and the next begins anew. Of a generator,
    which can be gone through once only, nothing comes after its end. A run that goes on from a checkpoint passes over
    the batches that it has already had.
    """

    def __init__(self, source: Iterable[Any], signature: Signature, options: Options) -> None:
        super().__init__(signature, options)
        self._source = source
        self._iterator = iter(source)
        self._once = self._iterator is source
        self._position = 0
        """The number of the batch that comes next, counted from the beginning of the iterable."""
        self._reached = 0, 0
        """Which epoch of `steps_per_epoch` the batch that comes next belongs to, and how many of it there were."""
        self._ahead: list[Any] = []
        """What was looked at, and comes next all the same."""
        self._exhausted = False
        if self._once and options.epochs > 1 and options.steps_per_epoch is None:
            raise InputError(
                f"a generator can be iterated only once, for {options.epochs} epochs it needs `steps_per_epoch`",
                "or give an object whose __iter__ starts over",
            )
        if _is_endless(source) and options.steps_per_epoch is None:
            raise InputError(
                "the data repeats itself without end: say how many batches are to be taken",
                "`steps_per_epoch` of fit, `validation_steps` for its validation, `steps` of evaluate and predict",
            )

    @property
    def steps(self) -> int | None:
        """The number of batches in an epoch, where it is known."""
        if self.options.steps_per_epoch is not None:
            return self.options.steps_per_epoch
        return _length(self._source)

    @property
    def exhausted(self) -> bool:
        """Whether a generator has come to its end too early."""
        return self._exhausted

    def example(self) -> Batch:
        """The batch that comes next, which comes all the same."""
        if not self._ahead:
            item = next(self._iterator, _END)
            if item is _END:
                raise InputError("the data gives no batches")
            self._ahead.append(item)
        return self._made(self._ahead[0], self._position)

    def batches(self, epoch: int = 0, start: int = 0, every: int = 1) -> Iterator[Batch]:
        """The batches of an epoch, from batch `start` on. Warns where there are fewer than `steps_per_epoch`."""
        for number, item in enumerate(self._items(epoch, start)):
            if number % every == 0:
                yield self._made(item, self._position - 1)

    def _items(self, epoch: int, start: int) -> Iterator[Any]:
        steps = self.options.steps_per_epoch
        if steps is None:
            self._seek(start)
            yield from self._rest()
        else:
            self._seek_step(epoch, start)
            while self._reached[0] == epoch:
                item = self._next(steps)
                if item is _END:
                    return
                yield item

    def _rest(self) -> Iterator[Any]:
        while (item := self._take()) is not _END:
            yield item
        if not self._once:
            self._begin()

    def _seek(self, position: int) -> None:
        """Make the batch of that number the next one."""
        if position < self._position:
            if self._once:
                raise InputError("a generator can be iterated only once, and its first batches are consumed")
            self._begin()
        while self._position < position and self._take() is not _END:
            pass

    def _seek_step(self, epoch: int, step: int) -> None:
        """Make this batch of an epoch of `steps_per_epoch` the next one, by going through those before it."""
        steps = self.options.steps_per_epoch
        assert steps is not None, "without it, batches are sought by their number"
        if (epoch, step) < self._reached:
            self._seek(0)
            self._reached = 0, 0
        while self._reached < (epoch, step) and not self._exhausted:
            self._next(steps, warned=False)

    def _next(self, steps: int, *, warned: bool = True) -> Any:
        """The next batch of an epoch of so many steps; `_END` where the epoch ends with the data."""
        epoch, done = self._reached
        item = self._take()
        if item is _END and not done and not self._once:  # the epoch before came out even
            self._begin()
            item = self._take()
        if item is not _END:
            self._reached = (epoch, done + 1) if done + 1 < steps else (epoch + 1, 0)
            return item
        self._exhausted = self._once
        if not self._once:
            self._begin()
        self._reached = epoch + 1, 0
        if warned and self._exhausted:
            warnings.warn(
                f"the data ended after {self._position} batches; {steps} were to come in each epoch", stacklevel=3
            )
        elif warned:
            warn_of_end(done, steps)
        return _END

    def _take(self) -> Any:
        item = self._ahead.pop() if self._ahead else next(self._iterator, _END)
        self._position += item is not _END
        return item

    def _begin(self) -> None:
        self._iterator, self._position, self._ahead = iter(self._source), 0, []


_END = object()


def _length(source: Any) -> int | None:
    """The number of batches, where it is known; `len` of a dataset of other libraries may raise."""
    try:
        return len(source)
    except TypeError:
        return None


def _is_endless(source: Any) -> bool:
    """Whether data says that it never ends, as `repeat()` of tf.data does."""
    cardinality = getattr(source, "cardinality", None)
    return callable(cardinality) and int(cast(Any, cardinality())) == _INFINITE


_INFINITE = -1
"""`tf.data.INFINITE_CARDINALITY`."""


def _plain(part: Any) -> Any:
    """Arrays of other libraries as NumPy's."""
    if isinstance(part, Mapping):
        return {name: _plain(item) for name, item in cast("Mapping[str, Any]", part).items()}
    if isinstance(part, list | tuple):
        items = cast("list[Any]", part)
        return [_plain(item) for item in items] if any(hasattr(item, "__array__") for item in items) else items
    return as_array(part) if hasattr(part, "__array__") else part
