"""The types of values: a dtype and a shape whose first dimension may be the batch size.

The other dimensions are integers, or expressions in the sizes that the model leaves free (`modelc.graph.sizes`), which
are computed with as integers are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from modelc.system.slots import setters

DType = Literal["float32", "int32"]
Shape = tuple[int | None, ...]
"""Dimensions; `None` stands for the batch and may only come first."""

ITEM_BYTES = 4
"""Both dtypes that values can have take four bytes; others are converted where they enter the model."""


@dataclass(frozen=True, slots=True, init=False)
class TensorType:
    """A dtype and a shape. `TensorType((None, 28, 28, 1))` is a batch of images, `TensorType((3, 4))` a matrix."""

    shape: Shape
    dtype: DType = "float32"

    def __init__(self, shape: Shape, dtype: DType = "float32") -> None:
        _set_shape(self, shape)
        _set_dtype(self, dtype)

    @property
    def rank(self) -> int:
        """The number of dimensions, the batch included."""
        return len(self.shape)

    @property
    def batched(self) -> bool:
        """Whether the first dimension is the batch."""
        return bool(self.shape) and self.shape[0] is None

    @property
    def dims(self) -> tuple[int, ...]:
        """The dimensions without the batch."""
        return self.shape[1:] if self.batched else self.shape  # pyright: ignore[reportReturnType]

    @property
    def size(self) -> int:
        """The number of elements, per sample where the first dimension is the batch."""
        return math.prod(self.dims)

    @property
    def bytes(self) -> int:
        """The bytes of one sample, or of the whole where there is no batch."""
        return self.size * ITEM_BYTES

    def extent(self, axes: tuple[int, ...]) -> int:
        """The number of elements along these axes, the batch left out."""
        sizes = (self.shape[axis] for axis in axes)
        return math.prod(1 if size is None else size for size in sizes)

    def with_shape(self, shape: Shape) -> TensorType:
        """The same dtype with another shape."""
        return TensorType(shape, self.dtype)

    def __str__(self) -> str:
        return f"{self.dtype}{format_shape(self.shape)}"


_set_shape, _set_dtype = setters(TensorType)


def format_shape(shape: Shape) -> str:
    """`(None, 28, 28, 1)`, as Keras prints it."""
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
