"""Choosing between two tensors, element by element."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from modelc.graph.types import TensorType
from modelc.ops.base import Array, Emitter, Gradients, Op
from modelc.ops.elementwise import broadcast

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor


@dataclass(frozen=True)
class Select(Op):
    """``y = a where mask ≠ 0, else b``, the three with NumPy's broadcasting; NaN in the mask counts as not 0."""

    elementwise: ClassVar[bool] = True

    def infer(self, *operands: TensorType) -> TensorType:
        """Three shapes that broadcast: mask, a, b → their common shape, float32."""
        mask, a, b = operands
        return TensorType(broadcast(broadcast(mask.shape, a.shape), b.shape))

    def compute(self, *operands: Array) -> Array:
        """`np.where`."""
        mask, a, b = operands
        return np.where(mask != 0, a, b)

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """dy to the one that was chosen, 0 to the other; none to the mask."""
        mask, a, b = inputs
        return None, dy.where(mask, 0.0).sum_to(a.type), dy.unless(mask, 0.0).sum_to(b.type)
