"""What operations of a model are applied to while it is read: its tensors by reference, and data that is known.

Known data is an array, of objects where the size of the batch or a free size is among its elements.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.graph.sizes import is_free, surely_equal

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Ref:
    """A tensor of the model that is being read: which of the tensors of the entry `key`."""

    key: str
    index: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class SampleCount:
    """The number of samples, times a factor: what `tf.shape(x)[0]` gives.

    It can be multiplied, divided and compared with itself; whatever else is done with it depends on the batch. The
    factor may be a size that is free.
    """

    factor: Any = Fraction(1)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SampleCount) and surely_equal(self.factor, other.factor)

    def __hash__(self) -> int:
        return hash(SampleCount)

    def __mul__(self, other: object) -> SampleCount:
        if is_free(other) or is_free(self.factor):
            return SampleCount(_whole(self.factor) * _whole(other))
        return SampleCount(self.factor * _factor(other))

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> SampleCount:
        if is_free(self.factor) or is_free(other):
            raise TypeError("the size of the batch is not known")
        return SampleCount(self.factor / _factor(other))

    __floordiv__ = __truediv__

    def __sub__(self, other: object) -> int:
        if self != other:
            raise TypeError("the size of the batch is not known")
        return 0


def _factor(value: object) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value or not float(value).is_integer():
        raise TypeError("the size of the batch is not known")
    return Fraction(int(value))


def _whole(value: Any) -> Any:
    """A factor that is multiplied with a free size, which takes integers."""
    if is_free(value):
        return value
    number = value if isinstance(value, Fraction) else _factor(value)
    if number.denominator != 1:
        raise TypeError("the size of the batch is not known")
    return int(number)


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
