"""Columns: one value per sample, read batch by batch from an array or from image files."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, Self, TypeGuard, cast, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from modelc.data.ragged import Ragged, RaggedColumn, as_samples
from modelc.errors import InputError
from modelc.files.preprocessing import Preprocessing
from modelc.graph.graph import Graph
from modelc.graph.inputs import as_array, by_name, check_input, require_numbers
from modelc.graph.mapped import is_mapped, read_mapped
from modelc.graph.sizes import is_free
from modelc.graph.types import Shape, TensorType
from modelc.losses.expected import Expected
from modelc.losses.labels import ClassNumbers

Array = NDArray[Any]


@runtime_checkable
class Column(Protocol):
    """One value for each sample."""

    @property
    def sample_shape(self) -> Shape:
        """The shape of one value; None for a size that differs from sample to sample."""
        ...

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of its elements."""
        ...

    def __len__(self) -> int:
        """The number of samples."""
        ...

    def take(self, which: slice | Array) -> Array | Ragged:
        """The values of some samples, as one array; or as they are, where their sizes differ."""
        ...

    def part(self, start: int, stop: int) -> Column:
        """The column of the samples from `start` to `stop`."""
        ...


class ArrayColumn:
    """A column in an array, whose first axis is that of the samples. A memory-mapped one is read batch by batch.

    Samples are gathered in the order that is asked for: reading them in the order of the file instead took as long,
    whether the file was in memory or not (2 cores, 1.2 GB of float32, batches of 32 and 512).
    """

    def __init__(self, array: Array) -> None:
        self.array = array
        self._mapped = is_mapped(array)

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """The shape of one value."""
        return self.array.shape[1:]

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the elements."""
        return self.array.dtype

    def __len__(self) -> int:
        return len(self.array)

    def take(self, which: slice | Array) -> Array:
        """The values of some samples. Raises `InputError` where a file has become shorter since it was opened."""
        return read_mapped(self.array, which) if self._mapped else np.asarray(self.array[which])

    def part(self, start: int, stop: int) -> ArrayColumn:
        """The samples from `start` to `stop`, not copied."""
        return ArrayColumn(self.array[start:stop])


@dataclass(frozen=True)
class Signature:
    """What a model takes: the types and names of its inputs, and the names of the outputs that have labels."""

    inputs: tuple[TensorType, ...]
    input_names: tuple[str, ...]
    output_names: tuple[str, ...]
    batch_size: int | None = None
    """The only size of a batch that the model runs, where it fixes one."""
    classes: tuple[ClassNumbers | None, ...] = ()
    """For each of these outputs, what its labels may be where they are the numbers of classes; empty if none are."""
    expected: tuple[Expected, ...] = ()
    """For each of these outputs, what its labels are compared with; empty where that is not known."""
    pictures: Callable[[], Sequence[Preprocessing | None]] = tuple
    """Gives for each input what is done to pictures that are read from files; empty where that is not known."""

    @classmethod
    def of(
        cls,
        graph: Graph,
        labelled: Sequence[str] | None = None,
        classes: Sequence[ClassNumbers | None] = (),
        expected: Sequence[Expected] = (),
    ) -> Self:
        """The signature of a graph, whose outputs all have labels unless it is said which do."""
        types = tuple(value.type for value in graph.inputs)
        names = tuple(labelled or graph.output_labels)
        return cls(types, graph.input_names, names, graph.batch_size, tuple(classes), tuple(expected))


@dataclass(frozen=True)
class Columns:
    """The samples of a data set: columns for the inputs, for the labels, and for the weights of these."""

    x: tuple[Column, ...]
    y: tuple[Column, ...] | None = None
    weights: tuple[Column | None, ...] | None = None
    class_names: tuple[str, ...] = ()
    """The names of the classes that the labels are numbers of, where the data has them: those of folders."""

    def __len__(self) -> int:
        return len(self.x[0])

    def every(self) -> Iterator[Column]:
        """All columns."""
        yield from self.x
        yield from self.y or ()
        yield from (w for w in self.weights or () if w is not None)

    def split(self, fraction: float) -> tuple[Columns, Columns]:
        """The first samples, and the last ones, which are `fraction` of all. Raises `InputError` if either is none."""
        if not 0 < fraction < 1:
            raise InputError(f"`validation_split` must lie between 0 and 1, found {fraction}")
        count = len(self)
        at = math.floor(count * (1.0 - fraction))
        if at in (0, count):
            raise InputError(f"{count} samples are too few for a `validation_split` of {fraction}")
        return self._part(0, at), self._part(at, count)

    def _part(self, start: int, stop: int) -> Columns:
        return replace(
            self,
            x=tuple(c.part(start, stop) for c in self.x),
            y=None if self.y is None else tuple(c.part(start, stop) for c in self.y),
            weights=None
            if self.weights is None
            else tuple(None if c is None else c.part(start, stop) for c in self.weights),
        )


def make_columns(x: Any, y: Any, weights: Any, signature: Signature) -> Columns:
    """The columns of arrays, lists or mappings. Nothing is read of memory-mapped inputs.

    Raises `InputError` where there are more or fewer than the model takes, where numbers, shapes or counts of samples
    do not fit, and where labels are not the numbers of classes that a loss takes.
    """
    # The rank of samples that may have different sizes; of none, where sizes are fixed.
    ranks = [type.rank - 1 if any(map(is_free, type.shape)) else 0 for type in signature.inputs]
    given = _each(x, signature.input_names, "input", ranks)
    inputs = [_column(item, label, rank) for (item, label), rank in zip(given, ranks, strict=True)]
    for column, type, label in zip(inputs, signature.inputs, _labels(signature.input_names, "input"), strict=True):
        check_column(column, label, type)
    names = signature.output_names
    rank = None if any(None in column.sample_shape for column in inputs) else 0
    labels = None if y is None else [_column(item, label, rank) for item, label in _each(y, names, "label")]
    for column, label in zip(labels or (), _labels(names, "label"), strict=bool(labels)):
        check_column(column, label)
    weighted = None if weights is None else _weights(weights, names)
    made = Columns(tuple(inputs), None if labels is None else tuple(labels), weighted)
    _check_counts(made, signature)
    _check_labels(made, signature)
    _check_classes(made, signature)
    return made


def _check_labels(columns: Columns, signature: Signature) -> None:
    """Raise `InputError` where a loss does not take labels, or weights, of these shapes."""
    names = _labels(signature.output_names, "label")
    for i, (expected, column) in enumerate(zip(signature.expected, columns.y or (), strict=False)):
        weights = columns.weights[i] if columns.weights is not None else None
        of_weights = None if weights is None else TensorType((None, *_some_shape(weights)))
        integers = column.dtype.kind in "iub"
        labels = TensorType((None, *_some_shape(column)), "int32" if integers else "float32")
        expected.require(labels, of_weights, names[i])


def _some_shape(column: Column) -> Shape:
    """The shape of the samples, or of one where they differ: of labels and their weights that of the same one."""
    return min(column.shapes) if isinstance(column, RaggedColumn) else column.sample_shape


def _check_classes(columns: Columns, signature: Signature) -> None:
    """Raise `InputError` where the label of a sample is no class. Those of steps and pixels may be masked."""
    every = slice(None)
    names = _labels(signature.output_names, "label")
    for i, (classes, column) in enumerate(zip(signature.classes, columns.y or (), strict=False)):
        if classes is not None and column.sample_shape in ((), (1,)):
            weights = columns.weights[i] if columns.weights is not None else None
            numbers, counting = column.take(every), None if weights is None else weights.take(every)
            if not isinstance(numbers, Ragged) and not isinstance(counting, Ragged):
                classes.check(numbers, counting, names[i])


def check_column(column: Column, label: str, type: TensorType | None = None) -> None:
    """Raise `InputError` unless a column holds numbers, and the shape that the model takes."""
    if isinstance(column, RaggedColumn):
        for shape in sorted(column.shapes):
            _check_array(np.broadcast_to(np.zeros((), column.dtype), (1, *shape)), label, type)
        return
    if isinstance(column, ArrayColumn):
        like = column.array
    else:  # an array of one element in memory, of the column's type and shape
        shape = (1 if size is None else size for size in column.sample_shape)
        like = np.broadcast_to(np.zeros((), column.dtype), (len(column), *shape))
    _check_array(like, label, type)


def _check_array(array: Array, label: str, type: TensorType | None) -> None:
    if type is None:
        require_numbers(array, label)
    else:
        check_input(array, TensorType((None, *type.shape[1:]), type.dtype), label)


def named(value: Any, names: Sequence[str], what: str, rank: int | None = None) -> list[Any]:
    """What is given for each name: a list in their order, a mapping, or the one thing itself.

    Raises `InputError` where there are more or fewer, or one of another name.
    """
    if isinstance(value, Mapping):
        return by_name(cast("Mapping[str, Any]", value), names, f"the {what}s of the model are for")
    given = cast("list[Any]", value)
    if len(names) == 1:
        if as_samples(value, rank) is not None:
            return [value]
        one = isinstance(value, list | tuple) and len(given) == 1 and _holds_samples(given[0])
        return [given[0] if one else value]
    if not isinstance(value, list | tuple) or len(given) != len(names):
        found = str(len(given)) if isinstance(value, list | tuple) else "one"
        raise InputError(
            f"there are {len(names)} {what}s ({', '.join(names)}), found {found}",
            "give a list of arrays in this order, or a mapping by name",
        )
    return list(given)


def _each(value: Any, names: Sequence[str], what: str, ranks: Sequence[int] = ()) -> list[tuple[Any, str]]:
    rank = ranks[0] if len(ranks) == 1 else None
    return list(zip(named(value, names, what, rank), _labels(names, what), strict=True))


def _labels(names: Sequence[str], what: str) -> list[str]:
    one = {"input": "the input", "label": "the labels", "sample weight": "the sample weights"}[what]
    return [one] if len(names) == 1 else [f"{one} `{name}`" for name in names]


def _holds_samples(value: Any) -> bool:
    return isinstance(value, np.ndarray) or _is_column(value)


def _is_column(value: Any) -> TypeGuard[Column]:
    # An array is told first: whether something is a Column is found out by looking for all of its attributes.
    return not isinstance(value, np.ndarray) and isinstance(value, Column)


def _column(value: Any, label: str, rank: int | None = None) -> Column:
    if _is_column(value):
        return value
    samples = as_samples(value, rank)
    if samples is not None:
        return RaggedColumn(samples)
    array = as_array(value, label)
    if array.ndim == 0:
        raise InputError(f"{label} is a single number, expected an array with a first axis for the samples")
    return ArrayColumn(array)


def _weights(weights: Any, names: Sequence[str]) -> tuple[Column | None, ...]:
    if len(names) > 1 and not isinstance(weights, list | tuple | Mapping):
        shared = _column(weights, "`sample_weight`")
        if shared.sample_shape not in ((), (1,)):
            raise InputError(
                f"`sample_weight` has {shared.sample_shape} for each sample, and the model has {len(names)} outputs",
                "give one array for each output, or one number for each sample",
            )
        return (shared,) * len(names)
    each = _each(weights, names, "sample weight")
    columns = [None if item is None else _column(item, label) for item, label in each]
    for column, (_, label) in zip(columns, each, strict=True):
        if column is not None:
            check_column(column, label)
    return tuple(columns)


def _check_counts(columns: Columns, signature: Signature) -> None:
    labels = _labels(signature.input_names, "input")
    labels += _labels(signature.output_names, "label") if columns.y else []
    weights = _labels(signature.output_names, "sample weight") if columns.weights else []
    labels += [label for label, w in zip(weights, columns.weights or (), strict=True) if w is not None]
    counts = {label: len(column) for label, column in zip(labels, columns.every(), strict=True)}
    if len(set(counts.values())) > 1:
        found = ", ".join(f"{label}: {count}" for label, count in counts.items())
        raise InputError(f"the numbers of samples differ: {found}")
    if len(columns) == 0:
        raise InputError("the data has no samples")
