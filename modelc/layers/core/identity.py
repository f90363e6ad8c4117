"""Identity."""

from __future__ import annotations

from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.layers.base import Layer


class Identity(Layer):
    """Returns its input unchanged.

    ``y = x``.
    """

    # RandomHeight and RandomWidth change the size of images in training only.
    keras_names = ("RandomHeight", "RandomWidth")
    keras_ignored = ("factor", "interpolation", "seed")

    supports_masking = True
    masking_since_keras_3 = True

    def call(self, g: Builder, x: Tensor) -> Tensor:
        return x
