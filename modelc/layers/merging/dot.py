"""Dot: products of the vectors of two tensors."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from modelc.config.options import as_ints, is_int
from modelc.errors import ShapeError
from modelc.graph.axes import sample_axes
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.graph.types import format_shape
from modelc.layers.base import Layer
from modelc.layers.core.einsum import einsum, letters_for
from modelc.ops.normalize import Normalize

_EPSILON = 1e-14
"""Of the squared length: Keras takes no vector for shorter than 1e-7."""


def _pair(value: Any) -> Any:
    axes = (value, value) if is_int(value) else as_ints(value)
    if axes is None:
        raise PydanticCustomError("value_type", "expected an axis or a list of two")
    if len(axes) != 2:
        raise PydanticCustomError("value", "expected two axes, found {found}", {"found": len(axes)})
    return axes[0] if axes[0] == axes[1] else axes


AxisPair = Annotated[
    int | tuple[int, int],
    BeforeValidator(_pair),
    WithJsonSchema(
        {"anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}]}
    ),
]
"""An axis for both inputs, or one for each."""


class Dot(Layer):
    """Dot products of the vectors of two inputs.

    ``y[n, i, j] = Σ_k x_1[n, i, k]·x_2[n, j, k]``, where k runs along one axis of each input, i and j along all others.

    For two inputs (N, K), y is (N, 1).
    """

    keras_takes_list = True

    input_names = ("x1", "x2")
    required_inputs = 2

    axes: AxisPair
    """The axis of both inputs to sum over, or a list with one axis for each; not 0, the batch axis."""
    normalize: bool = False
    """Whether the vectors are L2-normalized first, which gives the cosine similarity."""

    def call(self, g: Builder, x1: Tensor, x2: Tensor) -> Tensor:
        for x in (x1, x2):
            if x.rank < 2:
                raise ShapeError(f"Dot works on vectors, and {format_shape(x.shape)} has none beside the batch")
        given = (self.axes, self.axes) if isinstance(self.axes, int) else self.axes
        (first,), (second,) = (sample_axes(axis, x.rank, "axes") for axis, x in zip(given, (x1, x2), strict=True))
        sizes = x1.shape[first], x2.shape[second]
        if sizes[0] != sizes[1]:
            shapes = f"{format_shape(x1.shape)} and {format_shape(x2.shape)}"
            raise ShapeError(f"the axes {first} and {second} of {shapes} must agree, found {sizes[0]} and {sizes[1]}")
        x1, x2 = x1.as_float(), x2.as_float()
        if self.normalize:
            x1 = x1.emit(Normalize("l2", (first,), _EPSILON))
            x2 = x2.emit(Normalize("l2", (second,), _EPSILON))
        batch, k, *rest = letters_for(x1.rank + x2.rank)
        others = iter(rest)
        a, b = (
            "".join((batch, *(k if i == axis else next(others) for i in range(1, x.rank))))
            for x, axis in ((x1, first), (x2, second))
        )
        y = einsum(a, b, batch + "".join(c for c in a + b if c not in (batch, k)), x1, x2)
        return y if y.rank > 1 else y.reshape((*y.shape, 1))
