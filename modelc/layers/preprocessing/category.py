"""CategoryEncoding."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.formulas import truncate
from modelc.graph.tensor import Tensor
from modelc.layers.base import Layer
from modelc.layers.preprocessing.encode import MAX_CATEGORIES, Encoding, encode

_EncodingOption = Annotated[Encoding, BeforeValidator(lambda value: "multi_hot" if value == "binary" else value)]


class CategoryEncoding(Layer):
    """Encodes integers 0 ≤ x < num_tokens as vectors of length `num_tokens`; other integers become zeros.

    `one_hot`: ``y[..., t] = [x[...] = t]``; `multi_hot`: ``y[n, ..., t] = max_k [x[n, k, ...] = t]``; `count`: ``y[n,
    ..., t] = Σ_k count_weights[n, k, ...]·[x[n, k, ...] = t]``, with weights 1 by default.
    """

    keras_renamed = (("max_tokens", "num_tokens"),)

    tensor_arguments = frozenset({"count_weights"})

    num_tokens: Annotated[int, Field(ge=1, le=MAX_CATEGORIES)]
    """The number of categories: inputs are integers from 0 to `num_tokens` - 1."""
    output_mode: _EncodingOption = "multi_hot"
    """The encoding: a vector per integer (`one_hot`), a vector per sample with 1 for each integer present
    (`multi_hot`), or with the number of occurrences (`count`)."""
    sparse: Literal[False] = False
    """Must be false: modelc has no sparse tensors."""

    def call(self, g: Builder, x: Tensor, *, count_weights: Tensor | None = None) -> Tensor:
        if count_weights is not None and self.output_mode != "count":
            raise ShapeError(f"`count_weights` go with `output_mode: count` only, not with {self.output_mode}")
        x = x.as_float()
        if self.output_mode == "multi_hot":
            x = truncate(x)
        return encode(x, self.output_mode, self.num_tokens, count_weights)
