"""CategoryEncoding."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.layers.base import Layer
from modelc.layers.emit import as_float, truncate
from modelc.layers.encode import MAX_CATEGORIES, Encoding, encode

_EncodingOption = Annotated[Encoding, BeforeValidator(lambda value: "multi_hot" if value == "binary" else value)]


class CategoryEncoding(Layer):
    """Integers 0 ≤ x < num_tokens as vectors of `num_tokens` numbers; other integers become zeros.

    `one_hot`: ``y[..., t] = [x[...] = t]``; `multi_hot`: ``y[n, ..., t] = max_k [x[n, k, ...] = t]``;
    `count`: ``y[n, ..., t] = Σ_k count_weights[n, k, ...]·[x[n, k, ...] = t]``, the weights 1 unless given.
    """

    tensor_arguments = frozenset({"count_weights"})

    num_tokens: Annotated[int, Field(ge=1, le=MAX_CATEGORIES)]
    """The number of different integers: inputs are 0 to `num_tokens` - 1."""
    output_mode: _EncodingOption = "multi_hot"
    """The form of the output: a 1 at the integer (`one_hot`), at each integer of a sample (`multi_hot`), or how often
    each occurs (`count`)."""
    sparse: Literal[False] = False
    """Must be false: modelc has no sparse tensors."""

    def call(self, g: Builder, x: Value, *, count_weights: Value | None = None) -> Value:
        if count_weights is not None and self.output_mode != "count":
            raise ShapeError(f"`count_weights` go with `output_mode: count` only, not with {self.output_mode}")
        x = as_float(g, x)
        if self.output_mode == "multi_hot":
            x = truncate(g, x)
        return encode(g, x, self.output_mode, self.num_tokens, count_weights)
