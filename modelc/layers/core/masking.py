"""Masking."""

from __future__ import annotations

from modelc.config.options import FiniteFloat
from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.layers.base import Layer
from modelc.layers.emit import as_float, binary, constant, require_features
from modelc.ops.reduce import Reduce
from modelc.ops.select import Select
from modelc.ops.shape import Reshape


class Masking(Layer):
    """Masks padded steps of a sequence, so that later layers skip them.

    Steps whose features all equal `mask_value` are masked and set to 0; elsewhere ``y = x``.

    x: (N, ..., C) → (N, ..., C), with a mask (N, ...).
    """

    mask_value: FiniteFloat = 0.0
    """The padding value: a step is masked if all its features equal it."""

    def call(self, g: Builder, x: Value) -> Value:
        require_features(x, "Masking")
        x = as_float(g, x)
        differs = binary(g, "not_equal", x, constant(g, self.mask_value))
        counts = g.emit(Reduce("max", (-1,), keepdims=True), differs)
        y = g.emit(Select(), counts, x, constant(g, 0.0))
        g.set_mask(y, g.emit(Reshape(x.type.shape[:-1]), counts))
        return y
