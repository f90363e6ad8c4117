"""GroupQueryAttention."""

from __future__ import annotations

import math
from typing import Self

from pydantic import PositiveInt, model_validator
from pydantic_core import PydanticCustomError

from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.layers.attention.projected import DropoutAndBias, ProjectedAttention
from modelc.layers.base import Layer, require_rank
from modelc.layers.core.einsum import einsum


class _QueryHeads(Layer):
    head_dim: PositiveInt
    """The size of queries, keys and values per head."""
    num_query_heads: PositiveInt
    """The number of query heads."""
    num_key_value_heads: PositiveInt
    """The number of key and value heads, each shared by a group of query heads."""


class GroupQueryAttention(ProjectedAttention, DropoutAndBias, _QueryHeads):
    """Multi-head attention whose query heads share key and value projections in groups (Ainslie et al., 2023).

    Query head i of H uses key and value head ``floor(i·G / H)`` of G. query (N, T, D), value (N, S, D), key (N, S, K),
    by default the value, → (N, T, D) and, with `return_attention_scores`, the weights (N, H, T, S). Masks are those of
    MultiHeadAttention. Weights: query/kernel (D, H, head_dim) and query/bias (H, head_dim), key/kernel (K, G, head_dim)
    and key/bias (G, head_dim), those of gate like query's with `use_gate`, those of value like key's, then
    attention_output/kernel (H, head_dim, D) and attention_output/bias (D,).
    """

    keras_names = ("GroupedQueryAttention",)
    keras_projections = (
        ("_query_dense", "query"),
        ("_key_dense", "key"),
        ("_gate_dense", "gate"),
        ("_value_dense", "value"),
        ("_output_dense", "attention_output"),
    )

    @classmethod
    def auto_name(cls) -> str:
        """That of the class in Keras, which is exported under this name, but called GroupedQueryAttention."""
        return "grouped_query_attention"

    @model_validator(mode="after")
    def _grouped(self) -> Self:
        heads, groups = self.num_query_heads, self.num_key_value_heads
        if heads % groups:
            text = f"`num_query_heads` (={heads}) must be a multiple of `num_key_value_heads` (={groups})"
            raise PydanticCustomError("conflict", "{text}", {"text": text})
        return self

    def call(
        self, g: Builder, query: Tensor, value: Tensor, key: Tensor | None = None, *, query_mask: Tensor | None = None,
        value_mask: Tensor | None = None, key_mask: Tensor | None = None, attention_mask: Tensor | None = None,
    ) -> Tensor | tuple[Tensor, Tensor]:  # fmt: skip
        own = g.masks.of(query)
        given = {
            "query_mask": own if query_mask is None else query_mask,
            "value_mask": g.masks.of(value) if value_mask is None else value_mask,
            "key_mask": g.masks.of(key) if key is not None and key_mask is None else key_mask,
            "attention_mask": attention_mask,
        }
        query, value, key = (x.as_float() for x in (query, value, value if key is None else key))
        require_rank(query, 3, "(batch, steps, features)", "GroupQueryAttention")
        self.require_fit(query, value, key)
        heads, groups, size = self.num_query_heads, self.num_key_value_heads, self.head_dim
        steps, features = query.dims
        (sources,) = value.dims[:1]
        q = self.project(g, "query", query, (heads, size), factor=1 / math.sqrt(size))
        k = self.project(g, "key", key, (groups, size))
        gate = self.project(g, "gate", query, (heads, size), activation="sigmoid") if self.use_gate else None
        v = self.project(g, "value", value, (groups, size))

        # Heads as groups times repeats: the keys and values of a group are read by all of its heads.
        batch = query.shape[0]
        q = q.reshape((batch, steps, groups, heads // groups, size))
        scores = einsum("btgrh", "bsgh", "bgrts", q, k)
        scores = scores.reshape((batch, heads, steps, sources))
        mask = self.mask_over(g, query, value, given, 4, 1)
        weights = self.weights_of_sources(scores, mask, axes=1, sequences=True)
        shared = self.dropped(g, weights).reshape((batch, groups, heads // groups, steps, sources))
        y = einsum("bgrts", "bsgh", "btgrh", shared, v)
        y = y.reshape((batch, steps, heads, size))
        y = y if gate is None else y * gate
        y = self.project(g, "attention_output", y, (features,), summed=2)
        g.masks.set(y, own)
        return (y, weights) if self.return_attention_scores else y
