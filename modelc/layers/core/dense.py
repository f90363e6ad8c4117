"""Dense."""

from __future__ import annotations

from typing import Self

from pydantic import PositiveInt, model_validator
from pydantic_core import PydanticCustomError

from modelc.config.options import FiniteFloat
from modelc.graph.axes import require_features
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.layers.base import Layer
from modelc.layers.options.kernel import KernelOptions, adapt, finish


class _Units(Layer):
    units: PositiveInt
    """The number of outputs per position."""


class Dense(KernelOptions, _Units):
    """Fully connected layer.

    ``y[..., u] = f(Σ_i x[..., i]·kernel[i, u] + bias[u])``.

    x: (N, ..., I) → (N, ..., units). Weights: kernel (I, units), bias (units,); with `lora_rank` also lora_kernel_a (I,
    rank) and lora_kernel_b (rank, units).
    """

    keras_names = ("DenseV2",)

    supports_masking = True

    lora_rank: PositiveInt | None = None
    """The rank of a low-rank adaptation (LoRA): the weight is frozen, and the product of two trained matrices of this
    rank is added to it. Null trains the weight itself."""
    lora_alpha: FiniteFloat | None = None
    """The low-rank update is multiplied by `lora_alpha / lora_rank`; null stands for `lora_rank`, a factor of 1."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.lora_rank is not None and self.kernel_constraint is not None:
            raise PydanticCustomError("conflict", "`lora_rank` and `kernel_constraint` do not go together")
        return self

    def call(self, g: Builder, x: Tensor) -> Tensor:
        x = x.as_float()
        shape = (require_features(x, "Dense"), self.units)
        kernel = g.weight("kernel", shape, self.kernel_initializer, trainable=self.lora_rank is None)
        bias = g.weight("bias", (self.units,), self.bias_initializer) if self.use_bias else None
        if self.lora_rank is not None:
            kernel = adapt(g, kernel, self.lora_rank, self.lora_alpha)
        return finish(g, x @ kernel, bias, self.activation)
