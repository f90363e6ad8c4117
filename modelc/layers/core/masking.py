"""Masking."""

from __future__ import annotations

from modelc.config.options import FiniteFloat
from modelc.graph.axes import require_features
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor, where
from modelc.layers.base import Layer


class Masking(Layer):
    """Masks padded steps of a sequence, so that later layers skip them.

    Steps whose features all equal `mask_value` are masked and set to 0; elsewhere ``y = x``.

    x: (N, ..., C) → (N, ..., C), with a mask (N, ...).
    """

    mask_value: FiniteFloat = 0.0
    """The padding value: a step is masked if all its features equal it."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        require_features(x, "Masking")
        x = x.as_float()
        differs = x.not_equal(self.mask_value)
        counts = differs.max((-1,), keepdims=True)
        y = where(counts, x, 0.0)
        g.masks.set(y, counts.reshape(x.shape[:-1]))
        return y
