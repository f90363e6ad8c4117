"""Samples of different sizes, for models that leave sizes free: texts, recordings, pictures.

A batch of them is padded with zeros at the end of every free axis, to the largest sample of the batch. Steps and pixels
that were added do not count in losses and metrics: means are over those that samples have. Where a model is measured
and not trained, a batch has samples of one size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from modelc.errors import InputError
from modelc.graph.expressions import SizeSymbol
from modelc.graph.sizes import Size
from modelc.graph.types import Shape

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Ragged:
    """Some samples, as they are."""

    samples: Sequence[Array]

    def __len__(self) -> int:
        return len(self.samples)

    def padded(self, sizes: Sequence[int]) -> Array:
        """One array: zeros behind each sample, up to these sizes."""
        made = np.zeros((len(self.samples), *sizes), self.samples[0].dtype)
        for row, sample in zip(made, self.samples, strict=True):
            row[tuple(map(slice, sample.shape))] = sample
        return made

    def largest(self) -> tuple[int, ...]:
        """The largest extent along each axis."""
        return tuple(map(max, zip(*(sample.shape for sample in self.samples), strict=True)))

    def counting(self, sizes: Sequence[int], axes: int) -> Array:
        """1 for what samples have of the first `axes` axes of their padded array, 0 for what is added."""
        made = np.zeros((len(self.samples), *sizes[:axes]), np.float32)
        for row, sample in zip(made, self.samples, strict=True):
            row[tuple(map(slice, sample.shape[:axes]))] = 1
        return made


@runtime_checkable
class Varying(Protocol):
    """A column whose samples may have different sizes."""

    @property
    def sample_shape(self) -> Shape:
        """The sizes of a sample, None where they differ."""
        ...

    @property
    def sizes(self) -> list[tuple[int, ...]]:
        """Those of each sample that may differ."""
        ...


def batches_of_one_size(columns: Sequence[Sequence[tuple[int, ...]]], batch_size: int) -> Iterator[Array]:
    """The numbers of the samples of each batch: of one size each, in the order of the first that has it.

    `columns` are the sizes of the samples in each of the columns.
    """
    by_size: dict[tuple[tuple[int, ...], ...], list[int]] = {}
    for i, sizes in enumerate(zip(*columns, strict=True)):
        by_size.setdefault(sizes, []).append(i)
    for same in by_size.values():
        for start in range(0, len(same), batch_size):
            yield np.array(same[start : start + batch_size])


class RaggedColumn:
    """A column of samples of one rank and dtype, whose sizes differ."""

    def __init__(self, samples: Sequence[Array], dtype: np.dtype[Any] | None = None) -> None:
        self._samples = samples
        self._dtype = dtype or np.result_type(*samples)

    @property
    def sample_shape(self) -> Shape:
        """The sizes of a sample, None where they differ."""
        return common_shape([sample.shape for sample in self._samples])

    @property
    def sizes(self) -> list[tuple[int, ...]]:
        """The shape of each sample."""
        return [sample.shape for sample in self._samples]

    @property
    def shapes(self) -> set[tuple[int, ...]]:
        """The shapes that samples have."""
        return set(self.sizes)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the elements."""
        return self._dtype

    def __len__(self) -> int:
        return len(self._samples)

    def take(self, which: slice | Array) -> Ragged:
        """Some samples, which are padded when the whole batch is there."""
        indices = range(len(self._samples))[which] if isinstance(which, slice) else which
        return Ragged([np.asarray(self._samples[int(i)], self._dtype) for i in indices])

    def part(self, start: int, stop: int) -> RaggedColumn:
        """The samples from `start` to `stop`."""
        return RaggedColumn(self._samples[start:stop], self._dtype)


def common_shape(shapes: Sequence[tuple[int, ...]]) -> Shape:
    """The sizes that shapes of one rank have in common, None where they differ."""
    return tuple(sizes[0] if len(set(sizes)) == 1 else None for sizes in zip(*shapes, strict=True))


def as_samples(value: Any, rank: int | None = None) -> list[Array] | None:
    """The samples of a list whose items are arrays of one rank and of different sizes; else None.

    `rank` is the one that they must have; 0 where samples have one size.

    A list of samples of one size is an array as well, and taken as one.
    """
    if rank == 0 or not isinstance(value, list | tuple) or not value:
        return None
    try:
        samples: list[Array] = [np.asarray(item) for item in cast("list[Any]", value)]
    except ValueError:  # ragged itself
        return None
    rank = samples[0].ndim if rank is None else rank
    fit = rank > 0 and all(sample.ndim == rank and sample.dtype != object for sample in samples)
    return samples if fit and len({sample.shape for sample in samples}) > 1 else None


def padded_together(
    x: Sequence[Array | Ragged], types: Sequence[Shape], names: Sequence[str]
) -> tuple[list[Array], dict[str, int]]:
    """The arrays of a batch, and its free sizes by name.

    Sizes of one name are padded to one size, in all inputs. Raises `InputError` for a sample that is larger than a
    size may be.
    """
    sizes: dict[str, int] = {}
    symbols: dict[str, SizeSymbol] = {}
    for array, shape, name in zip(x, types, names, strict=True):
        extents = array.largest() if isinstance(array, Ragged) else array.shape[1:]
        for axis, (size, n) in enumerate(zip(shape[1:], extents, strict=False), 1):
            symbol = size.plain_symbol if isinstance(size, Size) else None
            if symbol is not None:
                symbols[symbol.name] = symbol
                sizes[symbol.name] = max(sizes.get(symbol.name, 0), n)
            if symbol is not None and n > symbol.largest:
                raise InputError(
                    f"the input `{name}` has a sample of {n} along axis {axis}, and `{symbol.name}` is at most "
                    f"{int(symbol.largest)}",
                    "cut the sample, or give a larger `max` in `sizes` of the spec",
                )
    for name, symbol in symbols.items():
        sizes[name] = -(-max(sizes[name], symbol.least) // symbol.unit) * symbol.unit
    arrays: list[Array] = []
    for array, shape in zip(x, types, strict=True):
        if isinstance(array, Ragged):
            largest = array.largest()
            array = array.padded([evaluated(d, sizes, n) for d, n in zip(shape[1:], largest, strict=True)])
        arrays.append(array)
    return arrays, sizes


def evaluated(size: Any, sizes: Mapping[str, int], otherwise: int) -> int:
    """A size where free ones are these; `otherwise` where it is not free."""
    if not isinstance(size, Size):
        return otherwise
    return size.expression.value(size.sizes.values(sizes))


def padded_labels(labels: Ragged, output: Shape, sizes: Mapping[str, int]) -> tuple[Array, Array]:
    """The labels of a batch as one array, and 1 for the positions that labels have, 0 for those that were added.

    `output` is the shape of the output that they are for, whose free axes they have in front.
    """
    largest = labels.largest()
    free = [i for i, size in enumerate(output[1:]) if isinstance(size, Size) and i < len(largest)]
    extents = [max(n, evaluated(output[i + 1], sizes, n)) if i in free else n for i, n in enumerate(largest)]
    return labels.padded(extents), labels.counting(extents, max(free, default=-1) + 1)


def counted_positions(
    x: Sequence[Array | Ragged], types: Sequence[Shape], output: Shape, sizes: Mapping[str, int]
) -> Array | None:
    """1 for the positions of an output that follow from the sizes of its sample, 0 for those of what was added to it.

    None where no input was padded, or no size of the output is free. `sizes` are those of the batch.
    """
    free = [i for i, size in enumerate(output[1:]) if isinstance(size, Size)]
    if not free or not any(isinstance(array, Ragged) for array in x):
        return None
    extents = [evaluated(size, sizes, 0) if isinstance(size, Size) else int(size or 1) for size in output[1:]]
    axes = max(free) + 1
    made = np.zeros((len(x[0]), *extents[:axes]), np.float32)
    for n, row in enumerate(made):
        own = {**sizes, **_sizes_of_sample(x, types, n)}
        row[
            tuple(
                slice(_extent(size, own, extent)) for size, extent in zip(output[1 : 1 + axes], extents, strict=False)
            )
        ] = 1
    return made


def _sizes_of_sample(x: Sequence[Array | Ragged], types: Sequence[Shape], n: int) -> dict[str, int]:
    """The free sizes that one sample has, by name."""
    found: dict[str, int] = {}
    for array, shape in zip(x, types, strict=True):
        if isinstance(array, Ragged):
            for size, extent in zip(shape[1:], array.samples[n].shape, strict=True):
                symbol = size.plain_symbol if isinstance(size, Size) else None
                if symbol is not None:
                    found[symbol.name] = max(extent, found.get(symbol.name, 0))
    return found


def _extent(size: Any, sizes: Mapping[str, int], otherwise: int) -> int:
    """The size of an output for one sample; where sizes come in units, for the next one that the model takes."""
    if not isinstance(size, Size):
        return otherwise
    if size.plain_symbol is not None:
        return sizes[size.plain_symbol.name]
    free = size.sizes
    taken = {
        name: -(-max(n, free.symbols[name].least) // free.symbols[name].unit) * free.symbols[name].unit
        for name, n in sizes.items()
        if name in free.symbols
    }
    return size.expression.value(free.values(taken))
