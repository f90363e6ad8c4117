"""Looking up rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from modelc.errors import InputError
from modelc.graph.field import ReceptiveField
from modelc.graph.types import TensorType
from modelc.ops.base import Array, Emitter, Gradients, Op

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor


@dataclass(frozen=True)
class Gather(Op):
    """``y[i, :] = table[x[i], :]``: x (N, ...) of int32, table (rows, width) → (N, ..., width).

    An index outside of 0 ≤ x < rows is an error at run time: `InputError`.
    """

    takes_integers: ClassVar[bool] = True

    def infer(self, *operands: TensorType) -> TensorType:
        """(N, ...), (rows, width) → (N, ..., width)."""
        x, table = operands
        return table.with_shape((*x.shape, table.dims[1]))

    def compute(self, *operands: Array) -> Array:
        """`np.take` along axis 0."""
        x, table = operands
        wrong = x[(x < 0) | (x >= len(table))]
        if wrong.size:
            raise InputError(f"the index {wrong[0]} is outside of the table: its rows are 0 to {len(table) - 1}")
        return np.take(table, x, axis=0)

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """None for the indices; for the table, what was looked up of each row, added up."""
        x, table = inputs
        return None, x.emit(AddRows(table.dims[0]), dy)

    def field_through(self, field: ReceptiveField, types: Sequence[TensorType], output: TensorType) -> ReceptiveField:
        """The index; a row is of no axis."""
        return field.with_axes((*field.axes, None))


@dataclass(frozen=True)
class AddRows(Op):
    """``y[x[i], :] += dy[i, :]``, of `rows` rows of zeros at first: x (N, ...) of int32, dy (N, ..., width) →
    (rows, width). The gradient of `Gather`; the indices are those that it has checked.
    """

    takes_integers: ClassVar[bool] = True

    rows: int

    def infer(self, *operands: TensorType) -> TensorType:
        """(N, ...), (N, ..., width) → (rows, width)."""
        _, dy = operands
        return dy.with_shape((self.rows, dy.shape[-1]))

    def compute(self, *operands: Array) -> Array:
        """`np.add.at`."""
        x, dy = operands
        y = np.zeros((self.rows, dy.shape[-1]), dy.dtype)
        np.add.at(y, x.reshape(-1), dy.reshape(-1, dy.shape[-1]))
        return y

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """It is linear: `Gather`."""
        return None, inputs[0].emit(Gather(), dy)
