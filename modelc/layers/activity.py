"""ActivityRegularization."""

from __future__ import annotations

from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.layers.base import Layer
from modelc.options import NonNegativeFloat
from modelc.regularizers import L1L2


class ActivityRegularization(Layer):
    """Leaves its input as it is, and adds a penalty on its size to the loss.

    ``y = x``; in training the loss grows by ``l1·Σ|x| + l2·Σx²``, per sample.
    """

    supports_masking = True

    l1: NonNegativeFloat = 0.0
    """The factor of the sum of absolute values, which is added to the loss."""
    l2: NonNegativeFloat = 0.0
    """The factor of the sum of squares, which is added to the loss."""

    @property
    def penalty(self) -> L1L2:
        """The penalty in training on what the layer gives."""
        return L1L2(l1=self.l1, l2=self.l2)

    def call(self, g: Builder, x: Value) -> Value:
        return x
