"""InputLayer, Dense, Embedding and Identity."""

from __future__ import annotations

from typing import Any, Literal, Self, cast

from pydantic import PositiveInt, model_validator
from pydantic_core import PydanticCustomError

from modelc.config.options import FiniteFloat, InputDType, SampleShape
from modelc.constraints.classes import ConstraintField
from modelc.graph.axes import require_features
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.initializers.classes import InitializerField, RandomUniform
from modelc.layers.base import Layer
from modelc.layers.kernel_options import KernelOptions, adapt, finish
from modelc.ops.gather import Gather
from modelc.regularizers.classes import RegularizerField


class InputLayer(Layer):
    """An input of the model. `batch_shape`, such as `[null, 28, 28, 1]`, may be given instead of `batch_size` and
    `shape`."""

    shape: SampleShape
    """The shape of one sample, without the batch axis: `[28, 28, 1]`."""
    batch_size: PositiveInt | None = None
    """The batch size, if it is fixed; by default any."""
    dtype: InputDType = "float32"  # pyright: ignore[reportIncompatibleVariableOverride]
    """The data type: `float32`, or `int32` for indices such as those of an Embedding."""
    sparse: Literal[False] | None = None
    """Must be false or null: sparse inputs are not supported."""
    ragged: Literal[False] | None = None
    """Must be false or null: ragged inputs are not supported."""
    optional: Literal[False] = False
    """Must be false: optional inputs are not supported."""

    @model_validator(mode="before")
    @classmethod
    def _split_batch_shape(cls, data: Any) -> Any:
        if not isinstance(data, dict) or "batch_shape" not in data:
            return data  # pyright: ignore[reportUnknownVariableType]
        options = dict(cast("dict[str, Any]", data))
        batch_shape = options.pop("batch_shape")
        if "shape" in options or "batch_size" in options:
            raise PydanticCustomError(
                "conflict", "`batch_shape` already says `shape` and `batch_size`", {"help": "remove `batch_shape`"}
            )
        if not isinstance(batch_shape, list | tuple) or not batch_shape:
            raise PydanticCustomError("value_type", "`batch_shape` must be a list whose first item is the batch")
        batch_size, *shape = cast("list[Any]", batch_shape)
        return {**options, "batch_size": batch_size, "shape": shape}

    def call(self, g: Builder, x: Tensor) -> Tensor:
        return x


class _Units(Layer):
    units: PositiveInt
    """The number of outputs per position."""


class Dense(KernelOptions, _Units):
    """Fully connected layer.

    ``y[..., u] = f(Σ_i x[..., i]·kernel[i, u] + bias[u])``.

    x: (N, ..., I) → (N, ..., units). Weights: kernel (I, units), bias (units,); with `lora_rank` also lora_kernel_a (I,
    rank) and lora_kernel_b (rank, units).
    """

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


class Embedding(Layer):
    """Maps integers, such as token indices, to learned vectors.

    ``y[..., :] = embeddings[x[...], :]`` for integers 0 ≤ x < input_dim.

    x: (N, ...) → (N, ..., output_dim); floats are truncated to integers. Weights: embeddings (input_dim, output_dim);
    with `lora_rank` also lora_embeddings_a (input_dim, rank) and lora_embeddings_b (rank, output_dim). An index out of
    range is an error at run time.
    """

    input_dim: PositiveInt
    """The size of the vocabulary: inputs are integers from 0 to `input_dim` - 1."""
    output_dim: PositiveInt
    """The length of the vectors."""
    embeddings_initializer: InitializerField = RandomUniform()
    """The initializer of the vectors: its name, or a mapping with `type`."""
    embeddings_regularizer: RegularizerField = None
    """The regularizer of the vectors, a penalty added to the training loss, such as `l2` or `{type: L2, l2: 0.001}`;
    null for none."""
    embeddings_constraint: ConstraintField = None
    """The constraint applied to the vectors after each update, such as `non_neg` or `{type: MaxNorm, max_value: 2}`;
    null for none."""
    mask_zero: bool = False
    """Whether the integer 0 is padding: the output then has a mask, by which later layers skip those steps."""
    lora_rank: PositiveInt | None = None
    """The rank of a low-rank adaptation (LoRA): the weight is frozen, and the product of two trained matrices of this
    rank is added to it. Null trains the weight itself."""
    lora_alpha: FiniteFloat | None = None
    """The low-rank update is multiplied by `lora_alpha / lora_rank`; null stands for `lora_rank`, a factor of 1."""
    activity_regularizer: RegularizerField = None
    """The regularizer of the layer's output, a penalty added to the training loss, such as `l2` or `{type: L2, l2:
    0.001}`; null for none."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.lora_rank is not None and self.embeddings_constraint is not None:
            raise PydanticCustomError("conflict", "`lora_rank` and `embeddings_constraint` do not go together")
        return self

    def call(self, g: Builder, x: Tensor) -> Tensor:
        shape = (self.input_dim, self.output_dim)
        table = g.weight("embeddings", shape, self.embeddings_initializer, trainable=self.lora_rank is None)
        if self.lora_rank is not None:
            table = adapt(g, table, self.lora_rank, self.lora_alpha, "embeddings")
        return look_up(g, x, table, self.mask_zero)


def look_up(g: Builder, x: Tensor, table: Tensor, mask_zero: bool) -> Tensor:
    """``y[..., :] = table[x[...], :]``, floats truncated; with `mask_zero` its mask is where x is not 0."""
    indices = x if x.dtype == "int32" else x.cast("int32")
    y = indices.emit(Gather(), table)
    g.set_mask(y, indices.not_equal(0.0) if mask_zero else None)
    return y


class Identity(Layer):
    """Returns its input unchanged.

    ``y = x``.
    """

    supports_masking = True
    masking_since_keras_3 = True

    def call(self, g: Builder, x: Tensor) -> Tensor:
        return x
