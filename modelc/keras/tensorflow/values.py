"""What the functions of TensorFlow in a Keras model are applied to: tensors of the model, and data that is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from modelc.errors import UnsupportedError
from modelc.graph.sizes import is_free
from modelc.keras.config.layers import plain_data

Array = NDArray[Any]

_MAX_DEPTH = 16


@dataclass(frozen=True, slots=True)
class Ref:
    """A tensor of the model that is being read: which of the tensors of the entry `key`."""

    key: str
    index: int = 0


@dataclass(frozen=True, slots=True)
class SampleCount:
    """The number of samples, times a factor: what `tf.shape(x)[0]` gives.

    It can be multiplied, divided and compared with itself; whatever else is done with it depends on the batch.
    """

    factor: Fraction = Fraction(1)

    def __mul__(self, other: object) -> SampleCount:
        return SampleCount(self.factor * _fraction(other))

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> SampleCount:
        return SampleCount(self.factor / _fraction(other))

    __floordiv__ = __truediv__

    def __sub__(self, other: object) -> int:
        if self != other:
            raise TypeError("the size of the batch is not known")
        return 0


def _fraction(value: object) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value or not float(value).is_integer():
        raise TypeError("the size of the batch is not known")
    return Fraction(int(value))


def items_of(value: Any) -> list[Any]:
    """The items of a list; of any other value, the value alone."""
    return list(cast("Sequence[Any]", value)) if isinstance(value, list | tuple) else [value]


def plain(value: Any, what: str, depth: int = 0) -> Any:
    """Nested lists of plain data out of arrays and Keras's wrappers. Raises `UnsupportedError` for a tensor in it."""
    if depth > _MAX_DEPTH:
        raise UnsupportedError(f"{what} is nested too deeply")
    if isinstance(value, Ref):
        raise UnsupportedError(f"{what} depends on the model's inputs, and modelc takes constants there only")
    if isinstance(value, np.ndarray | np.generic):
        return cast("Any", value).tolist()
    if isinstance(value, list | tuple):
        return [plain(item, what, depth + 1) for item in cast("Sequence[Any]", value)]
    return plain_data(value, what, depth) if isinstance(value, Mapping) else value


def as_array(value: Any, what: str) -> Array:
    """Known data as an array, of objects where the batch or a free size is among it. Raises `UnsupportedError` for
    anything else."""
    data = plain(value, what)
    flat = list(_leaves(data))
    try:
        if any(map(is_open, flat)):
            return np.array(data, dtype=object)
        array = np.array(data)
    except ValueError:
        raise UnsupportedError(f"{what} has rows of different lengths") from None
    if array.size and array.dtype.kind not in "biuf":
        raise UnsupportedError(f"{what} is not made of numbers")
    return array


def is_open(item: Any) -> bool:
    """Whether this is the size of the batch, or one that the model's inputs leave free."""
    return isinstance(item, SampleCount) or is_free(item)


def has_open(array: Array) -> bool:
    """Whether the size of the batch, or one that is free, is among the elements."""
    return array.dtype == object and any(map(is_open, array.ravel()))


def settled(array: Array) -> Array:
    """The array as numbers, where neither the batch nor a free size is left among its elements."""
    return array if array.dtype != object or has_open(array) else np.array(array.tolist())


def whole(value: Any) -> int | None:
    """A plain number as an integer; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if float(value).is_integer() else None


def _leaves(value: Any) -> list[Any]:
    if not isinstance(value, list):
        return [value]
    return [leaf for item in cast("list[Any]", value) for leaf in _leaves(item)]
