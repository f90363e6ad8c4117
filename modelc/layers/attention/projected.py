"""What MultiHeadAttention and GroupQueryAttention share: projections, masks, and the product over heads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar, Self

from pydantic import PositiveInt, model_validator
from pydantic_core import PydanticCustomError

from modelc.config.options import NonNegativeInt
from modelc.constraints.classes import ConstraintField
from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.graph.types import format_shape
from modelc.initializers.classes import GlorotUniform, InitializerField, Zeros
from modelc.layers.attention.options import (
    AttentionCall,
    all_of,
    causal_mask,
    lowered_where_masked,
    window_mask,
    with_axes,
)
from modelc.layers.base import Layer
from modelc.layers.core.einsum import letters_for
from modelc.layers.core.einsum_dense import dense, with_fans
from modelc.layers.core.equation import Equation, shaped
from modelc.layers.options.fields import Activation, Rate
from modelc.layers.regularization.draws import dropout
from modelc.regularizers.classes import RegularizerField

_MASKED = 0.7 * 3.4028234663852886e38
"""What is taken off a masked score: so much that all masked scores of a row become equal."""


class DropoutAndBias(Layer):
    """The first of the options that both layers have."""

    differs_in_training = True

    dropout: Rate = 0.0
    """The fraction of attention weights set to 0 in training, between 0 and 1."""
    use_bias: bool = True
    """Whether the projections have a bias."""


class ProjectionOptions(Layer):
    """The options from `sliding_window` on, in Keras's order."""

    sliding_window: PositiveInt | None = None
    """The size of a sliding window in steps: positions at this distance or farther are masked; null for no limit."""
    flash_attention: bool | None = None
    """No effect: in Keras it selects another algorithm with the same result."""
    kernel_initializer: InitializerField = GlorotUniform()
    """The initializer of the kernels of the projections: its name, or a mapping with `type`."""
    bias_initializer: InitializerField = Zeros()
    """The initializer of the biases of the projections: its name, or a mapping with `type`."""
    kernel_regularizer: RegularizerField = None
    """The regularizer of the kernels of the projections, a penalty added to the training loss, such as `l2` or `{type:
    L2, l2: 0.001}`; null for none."""
    bias_regularizer: RegularizerField = None
    """The regularizer of the biases of the projections, a penalty added to the training loss, such as `l2` or `{type:
    L2, l2: 0.001}`; null for none."""
    activity_regularizer: RegularizerField = None
    """The regularizer of the outputs of the projections, a penalty added to the training loss, such as `l2` or `{type:
    L2, l2: 0.001}`; null for none."""
    kernel_constraint: ConstraintField = None
    """The constraint applied to the kernels of the projections after each update, such as `non_neg` or `{type: MaxNorm,
    max_value: 2}`; null for none."""
    bias_constraint: ConstraintField = None
    """The constraint applied to the biases of the projections after each update, such as `non_neg` or `{type: MaxNorm,
    max_value: 2}`; null for none."""
    use_gate: bool = False
    """Whether the attention output is multiplied by a sigmoid of a learned projection of the query, before the output
    projection."""
    seed: NonNegativeInt | None = None
    """The seed of this layer's random numbers; by default they follow from the model's seed."""


class ProjectedAttention(AttentionCall, ProjectionOptions, DropoutAndBias):
    """Base of both layers."""

    holds_layers = True

    input_names: ClassVar[tuple[str, ...]] = ("query", "value", "key")
    required_inputs: ClassVar[int] = 2
    tensor_arguments: ClassVar[frozenset[str]] = frozenset({"query_mask", "value_mask", "key_mask", "attention_mask"})

    @model_validator(mode="after")
    def _no_dropout_in_flash_attention(self) -> Self:
        if self.flash_attention and self.dropout:
            raise PydanticCustomError("conflict", "`flash_attention` and `dropout` do not go together")
        return self

    def project(
        self, g: Builder, name: str, x: Tensor, sizes: Sequence[int], *, summed: int = 1,
        activation: Activation = "linear", factor: float = 1.0,
    ) -> Tensor:  # fmt: skip
        """The dense layer `name`, times `factor`: the last `summed` axes of x become axes of these sizes."""
        rank = x.rank
        letters = letters_for(rank + len(sizes))
        kept, inner, outer = letters[: rank - summed], letters[rank - summed : rank], letters[rank:]
        bias_axes = outer if self.use_bias else None
        shape = (*x.shape[1 : rank - summed], *sizes)
        at = shaped(Equation(kept + inner, inner + outer, kept + outer), bias_axes, x.shape, shape)
        with g.scope(name):
            initializer = with_fans(self.kernel_initializer, at.input_axes, at.output_axes)
            kernel = g.weight("kernel", at.kernel_shape, initializer)
            bias = g.weight("bias", at.bias_shape, self.bias_initializer) if at.bias else None
        if factor != 1.0:
            # The weights times a factor are computed once, and not at every call.
            kernel = kernel * factor
            bias = bias and bias * factor
        y = dense(g, at, x, kernel, bias, activation)
        if self.activity_regularizer is not None:
            g.penalize(self.activity_regularizer, [y if factor == 1.0 else y * (1 / factor)])
        return y

    def weights_of_sources(self, scores: Tensor, mask: Tensor | None, *, axes: int, sequences: bool) -> Tensor:
        """The softmax of scores (..., T..., S...) over the last `axes` axes, without what the mask leaves out.

        Where it leaves out all, the weights are equal, or 0 where Keras does not use its fused kernel: with dropout,
        with weights returned, or where inputs are no `sequences` (N, T, C).
        """
        if mask is not None:
            scores = lowered_where_masked(scores, mask, _MASKED)
        flat = (*scores.shape[:-axes], math.prod(d or 1 for d in scores.shape[-axes:]))
        weights = (scores if axes == 1 else scores.reshape(flat)).softmax(len(flat) - 1)
        weights = weights if axes == 1 else weights.reshape(scores.shape)
        is_fused = not self.dropout and not self.return_attention_scores and sequences
        return weights if mask is None or is_fused else weights * mask

    def dropped(self, g: Builder, weights: Tensor) -> Tensor:
        """The weights that values are summed with: in training some are 0, those that are returned are not."""
        return dropout(g, weights, self.dropout, weights.shape, self.seed) if g.training else weights

    def mask_over(
        self, g: Builder, query: Tensor, value: Tensor, given: dict[str, Tensor | None], rank: int, axes: int
    ) -> Tensor | None:
        """All masks together, to broadcast with scores of this rank: (N, ..., 1, T..., S...)."""
        masks: list[Tensor] = []
        if (mask := given["query_mask"]) is not None:
            masks.append(mask.as_float().reshape((*mask.shape, 1)))
        for name in ("value_mask", "key_mask"):
            if (mask := given[name]) is not None:
                masks.append(mask.as_float().reshape((*mask.shape[:-1], 1, mask.shape[-1])))
        steps, sources = query.dims[0], value.dims[0]
        if self.use_causal_mask:
            masks.append(causal_mask(g, steps, sources).reshape((1, steps, sources)))
        if self.sliding_window is not None:
            window = window_mask(g, steps, sources, self.sliding_window)
            masks.append(window.reshape((1, steps, sources)))
        if (mask := given["attention_mask"]) is not None:
            masks.append(mask.as_float())
        mask = all_of(masks)
        return None if mask is None else with_axes(mask, rank, 2 * axes)

    def require_fit(self, query: Tensor, value: Tensor, key: Tensor) -> None:
        """Raise `ShapeError` unless there is a key for every value."""
        shapes = [x.shape for x in (query, value, key)]
        if min(map(len, shapes)) < 3 or len({len(s) for s in shapes}) > 1 or shapes[1][:-1] != shapes[2][:-1]:
            found = ", ".join(map(format_shape, shapes))
            raise ShapeError(f"it takes a query, values and a key for every value, found {found}", axis="rank")
