"""SpectralNormalization."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from modelc.config.options import SmallCount
from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.graph import Weight
from modelc.graph.tensor import Tensor
from modelc.initializers.classes import TruncatedNormal
from modelc.layers import LAYERS
from modelc.layers.base import Layer

_KERNELS = frozenset({"kernel", "embeddings"})
_LONGEST = 1e7
"""1 / `keras.config.epsilon()`: what an inverse length is at the most."""


class SpectralNormalization(Layer):
    """Wraps a layer and divides its kernel by the kernel's largest singular value.

    ``y = layer(x)``; in training the layer's kernel W becomes W / σ(W) before each call, with σ its largest singular
    value (Miyato et al., 2018).

    Weights, with those of the layer under its own name: the layer's kernel (or embeddings), vector_u (1, Q), the
    estimate of the singular vector, then the layer's other weights.
    """

    keras_parts = (("layer", ("layer",)),)

    holds_layers = True

    differs_in_training = True

    wrapped = ("layer",)

    layer: Annotated[Layer, LAYERS.field()]
    """The wrapped layer: one with a kernel, or an Embedding."""
    power_iterations: SmallCount = 1
    """The number of power iterations per training step that estimate the largest singular value."""

    def parts(self) -> Iterator[tuple[str, Layer]]:
        yield self.layer.name or self.layer.auto_name(), self.layer

    def call(self, g: Builder, x: Tensor) -> Tensor:
        ((name, _),) = self.parts()
        holder, holding = self._holder()
        kernel = self._kernel(x, holder)
        with g.scope(holder), g.applied(trainable=holding.trainable):
            # Declared before the layer's own call does, since Keras lists vector_u behind it.
            w = g.weight(kernel.name, kernel.shape, kernel.initializer, trainable=kernel.trainable)
        u = g.weight("vector_u", (1, kernel.shape[-1]), TruncatedNormal(stddev=0.02), trainable=False)
        if g.training and not g.frozen:
            self._normalize(g, w, u)
        with g.scope(name):
            (y,) = self.layer.apply(g, x)
        return y

    def _normalize(self, g: Builder, w: Tensor, u: Tensor) -> None:
        """Let the kernel be W / σ, with W as (P, Q) and σ = vᵀ·W·u; a kernel of zeros stays as it is.

        v and u come closer to the singular vectors of σ by power iteration: v = W·u / ‖W·u‖, u = Wᵀ·v / ‖Wᵀ·v‖.
        """
        matrix = w.under((w.type.size // w.dims[-1], w.dims[-1]))
        old = u
        v = u
        for _ in range(self.power_iterations):
            v = _unit(_sum(matrix * u, 1))
            u = _unit(_sum(matrix * v, 0))
        sigma = _sum(_sum(matrix * u, 1) * v, 0)
        largest = abs(matrix).max((0, 1), keepdims=True)
        zeros = largest.equal(0.0)
        g.assign(w, (matrix / (sigma + zeros)).under(w.shape))
        g.assign(old, u + zeros * (old - u))

    def _holder(self) -> tuple[str, Layer]:
        """The layer whose kernel it is, and the path to it: one that is itself normalized twice is further inside."""
        ((name, layer),) = self.parts()
        if not isinstance(layer, SpectralNormalization):
            return name, layer
        path, holding = layer._holder()
        return f"{name}/{path}", holding

    def _kernel(self, x: Tensor, holder: str) -> Weight:
        """The layer's own kernel, as a trace of the layer alone declares it; Keras does not look inside of it."""
        alone = Builder()
        ((name, _),) = self.parts()
        with alone.layer("layer"), alone.scope(name):
            outputs = self.layer.apply(alone, alone.input(x.type))
        paths = {f"layer/{holder}/{kernel}" for kernel in _KERNELS}
        found = [w for w in alone.graph("layer", outputs, ("layer",) * len(outputs)).weights if w.path in paths]
        if not found or len(outputs) != 1:
            kind = self.layer.type_name()
            raise ShapeError(f"SpectralNormalization wraps a layer with a kernel or embeddings, found {kind}")
        return found[0]


def _sum(x: Tensor, axis: int) -> Tensor:
    return x.sum((axis,), keepdims=True)


def _unit(x: Tensor) -> Tensor:
    """``x / ‖x‖``; zeros stay zeros."""
    length = x.square().sum((0, 1), keepdims=True).rsqrt()
    return x * length.minimum(_LONGEST)
