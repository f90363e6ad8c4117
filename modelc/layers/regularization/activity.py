"""ActivityRegularization."""

from __future__ import annotations

from modelc.config.options import NonNegativeFloat
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.layers.base import Layer
from modelc.regularizers.classes import L1L2


class ActivityRegularization(Layer):
    """Adds a penalty on its input to the training loss; the output is the input.

    ``y = x``; in training the loss grows by ``l1·Σ|x| + l2·Σx²`` per sample.
    """

    supports_masking = True

    l1: NonNegativeFloat = 0.0
    """The factor of the L1 penalty, the sum of absolute values."""
    l2: NonNegativeFloat = 0.0
    """The factor of the L2 penalty, the sum of squares."""

    @property
    def penalty(self) -> L1L2:
        """The penalty in training on what the layer gives."""
        return L1L2(l1=self.l1, l2=self.l2)

    def call(self, g: Builder, x: Tensor) -> Tensor:
        return x
