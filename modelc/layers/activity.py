"""ActivityRegularization."""

from __future__ import annotations

from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.layers.base import Layer
from modelc.options import NonNegativeFloat


class ActivityRegularization(Layer):
    """``y = x``; in training the loss grows by ``l1·Σ|x| + l2·Σx²``, per sample."""

    supports_masking = True

    l1: NonNegativeFloat = 0.0
    """The factor of the sum of magnitudes."""
    l2: NonNegativeFloat = 0.0
    """The factor of the sum of squares."""

    def call(self, g: Builder, x: Value) -> Value:
        if g.training and (self.l1 or self.l2):
            raise NotImplementedError("ActivityRegularization has no training computation yet")
        return x
