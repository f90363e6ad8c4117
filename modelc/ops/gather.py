"""Looking up rows of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from modelc.errors import InputError
from modelc.graph.types import TensorType
from modelc.ops.base import Array, Op


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
