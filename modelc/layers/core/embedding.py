"""Embedding."""

from __future__ import annotations

from typing import Self

from pydantic import PositiveInt, model_validator
from pydantic_core import PydanticCustomError

from modelc.config.options import FiniteFloat
from modelc.constraints.classes import ConstraintField
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.initializers.classes import InitializerField, RandomUniform
from modelc.layers.base import Layer
from modelc.layers.options.kernel import adapt
from modelc.ops.gather import Gather
from modelc.regularizers.classes import RegularizerField


class Embedding(Layer):
    """Maps integers, such as token indices, to learned vectors.

    ``y[..., :] = embeddings[x[...], :]`` for integers 0 ≤ x < input_dim.

    x: (N, ...) → (N, ..., output_dim); floats are truncated to integers. Weights: embeddings (input_dim, output_dim);
    with `lora_rank` also lora_embeddings_a (input_dim, rank) and lora_embeddings_b (rank, output_dim). An index out of
    range is an error at run time.
    """

    keras_ignored = ("input_length",)

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
    g.masks.set(y, indices.not_equal(0.0) if mask_zero else None)
    return y
