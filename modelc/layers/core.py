"""Dense, Embedding and Identity."""

from __future__ import annotations

from pydantic import PositiveInt

from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.initializers import InitializerField, Zeros
from modelc.layers.activations import activate
from modelc.layers.base import Layer
from modelc.layers.fields import ActivationName
from modelc.ops.elementwise import Binary
from modelc.ops.matmul import MatMul


class Dense(Layer):
    """Fully connected: ``y[..., u] = f(Σ_i x[..., i]·kernel[i, u] + bias[u])``.

    x: (N, ..., I) → (N, ..., units). Weights: kernel (I, units), bias (units,).
    """

    units: PositiveInt
    """The number of outputs."""
    activation: ActivationName = "linear"
    """The function applied to the result."""
    use_bias: bool = True
    """Whether a bias is added."""
    kernel_initializer: InitializerField = Zeros()
    """How the kernel is drawn."""
    bias_initializer: InitializerField = Zeros()
    """How the bias is drawn."""

    def call(self, g: Builder, x: Value) -> Value:
        kernel = g.weight("kernel", (x.type.dims[-1], self.units), self.kernel_initializer)
        y = g.emit(MatMul(), x, kernel)
        if self.use_bias:
            y = g.emit(Binary("add"), y, g.weight("bias", (self.units,), self.bias_initializer))
        return activate(g, self.activation, y)
