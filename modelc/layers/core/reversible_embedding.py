"""ReversibleEmbedding."""

from __future__ import annotations

from typing import Literal

from pydantic import PositiveFloat, PositiveInt

from modelc.constraints.classes import ConstraintField
from modelc.errors import ShapeError
from modelc.graph.axes import require_features
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.initializers.classes import InitializerField, RandomUniform
from modelc.layers.base import Layer
from modelc.layers.core.embedding import look_up
from modelc.regularizers.classes import RegularizerField


class ReversibleEmbedding(Layer):
    """An Embedding that can also be applied in reverse, from vectors to a score per integer.

    ``y[..., :] = embeddings[x[...], :]``, and with `reverse` ``y[..., i] = Σ_d x[..., d]·embeddings[i, d]`` (Press and
    Wolf, 2017).

    x: (N, ...) → (N, ..., output_dim), or reversed (N, ..., output_dim) → (N, ..., input_dim). Weights: embeddings
    (input_dim, output_dim); without `tie_weights` also reverse_embeddings (output_dim, input_dim), used in reverse.
    """

    keyword_only = Layer.keyword_only | {"reverse"}
    call_options = frozenset({"reverse"})

    input_dim: PositiveInt
    """The number of different integers: inputs are 0 to `input_dim` - 1."""
    output_dim: PositiveInt
    """The length of the vectors."""
    tie_weights: bool = True
    """Whether the reverse direction uses the same weights."""
    embeddings_initializer: InitializerField = RandomUniform()
    """The initializer of the vectors: its name, or a mapping with `type`."""
    embeddings_regularizer: RegularizerField = None
    """The regularizer of the vectors, a penalty added to the training loss, such as `l2` or `{type: L2, l2: 0.001}`;
    null for none."""
    embeddings_constraint: ConstraintField = None
    """The constraint applied to the vectors after each update, such as `non_neg` or `{type: MaxNorm, max_value: 2}`;
    null for none."""
    mask_zero: bool = False
    """Whether the integer 0 stands for padding, which the layers behind it skip."""
    reverse_dtype: Literal["float32"] | None = None
    """The data type of the reverse direction; only float32 is supported."""
    logit_soft_cap: PositiveFloat | None = None
    """A soft limit c of the scores: ``c·tanh(y / c)``; null for none."""
    activity_regularizer: RegularizerField = None
    """The regularizer of the layer's output, a penalty added to the training loss, such as `l2` or `{type: L2, l2:
    0.001}`; null for none."""
    reverse: bool = False
    """Whether this use maps vectors to scores."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        table = g.weight("embeddings", (self.input_dim, self.output_dim), self.embeddings_initializer)
        back = None
        if not self.tie_weights:
            back = g.weight("reverse_embeddings", (self.output_dim, self.input_dim), self.embeddings_initializer)
        if not self.reverse:
            return look_up(g, x, table, self.mask_zero)
        features = require_features(x, "ReversibleEmbedding")
        if features != self.output_dim:
            raise ShapeError(
                f"the reverse direction takes vectors of `output_dim` (={self.output_dim}), found {features}"
            )
        scores = x.as_float() @ (table.transpose((1, 0)) if back is None else back)
        if self.logit_soft_cap is None:
            return scores
        cap = self.logit_soft_cap
        return (scores * (1 / cap)).tanh() * cap
