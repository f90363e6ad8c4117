"""SpectralNormalization."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import PositiveInt

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.graph import Value, Weight
from modelc.initializers import TruncatedNormal
from modelc.layers.base import Layer
from modelc.layers.registry import LAYERS

_KERNELS = frozenset({"kernel", "embeddings"})


class SpectralNormalization(Layer):
    """``y = layer(x)``; in training the layer's kernel W becomes W / σ(W) before every call, σ its largest singular
    value (Miyato et al., 2018).

    Weights, with those of the layer at its own name: the layer's kernel (or embeddings), vector_u (1, Q), which
    estimates σ's singular vector, then the layer's other weights.
    """

    wrapped = ("layer",)

    layer: Annotated[Layer, LAYERS.field()]
    """A layer with a kernel, or an Embedding."""
    power_iterations: PositiveInt = 1
    """The steps by which the estimate is improved in a call."""

    def parts(self) -> Iterator[tuple[str, Layer]]:
        yield self.layer.name or self.layer.auto_name(), self.layer

    def call(self, g: Builder, x: Value) -> Value:
        if g.training and not g.frozen:
            raise ShapeError("SpectralNormalization cannot be trained yet", "freeze it: `trainable: false`", "E207")
        ((name, _),) = self.parts()
        kernel = self._kernel(x)
        with g.scope(name), g.applied(trainable=self.layer.trainable):
            # Declared before the layer's own call does, since Keras lists vector_u behind it.
            g.weight(kernel.name, kernel.shape, kernel.initializer, trainable=kernel.trainable)
        g.weight("vector_u", (1, kernel.shape[-1]), TruncatedNormal(stddev=0.02), trainable=False)
        with g.scope(name):
            (y,) = self.layer.apply(g, x)
        return y

    def _kernel(self, x: Value) -> Weight:
        """The layer's kernel, as a trace of the layer alone declares it."""
        alone = Builder()
        with alone.layer("layer"):
            outputs = self.layer.apply(alone, alone.input(x.type))
        found = [w for w in alone.graph("layer", outputs, ("layer",) * len(outputs)).weights if w.name in _KERNELS]
        if not found or len(outputs) != 1:
            kind = type(self.layer).__name__
            raise ShapeError(f"SpectralNormalization wraps a layer with a kernel or embeddings, found {kind}")
        return found[0]
