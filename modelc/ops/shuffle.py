"""A permutation of the samples of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from modelc.errors import ShapeError
from modelc.graph.field import ReceptiveField
from modelc.graph.types import TensorType
from modelc.ops.base import Array, Emitter, Gradients, Op

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor


@dataclass(frozen=True)
class Shuffle(Op):
    """``y[r(n)] = x[n]`` with r(n) the rank of sample n by its key; of equal keys the earlier one comes first.

    x: (N, ...), keys: (N,). Random keys give a random order. `inverse` brings it back: ``y[n] = x[r(n)]``.
    """

    inverse: bool = False

    def infer(self, *operands: TensorType) -> TensorType:
        """(N, ...), (N,) → (N, ...)."""
        x, keys = operands
        if not x.batched or keys.shape != (None,):
            raise ShapeError(f"{x} is not a batch that can be ordered by keys of {keys}")
        return x

    def compute(self, *operands: Array) -> Array:
        """A stable `np.argsort`."""
        x, keys = operands
        order = np.argsort(keys, kind="stable")
        return x[np.argsort(order, kind="stable")] if self.inverse else x[order]

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """The other direction; none for the keys."""
        return dy.emit(Shuffle(not self.inverse), inputs[1]), None

    def field_through(self, field: ReceptiveField, types: Sequence[TensorType], output: TensorType) -> ReceptiveField:
        """That of the sample: which one it is, is no matter."""
        return field
