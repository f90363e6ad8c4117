"""MultiHeadAttention."""

from __future__ import annotations

import math
from typing import Annotated, Any, cast

from pydantic import BeforeValidator, Field, PositiveInt, WithJsonSchema

from modelc.config.options import MAX_AXES, AxisOrAxes, is_int
from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.graph.types import format_shape
from modelc.layers.attention.projected import DropoutAndBias, ProjectedAttention
from modelc.layers.base import Layer
from modelc.layers.core.einsum import einsum, letters_for


def _sizes(value: Any) -> Any:
    if is_int(value):
        return (value,)
    return tuple(cast("list[Any]", value)) or None if isinstance(value, list | tuple) else value


_SIZES_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": "integer", "minimum": 1},
        {"type": "array", "items": {"type": "integer", "minimum": 1}, "maxItems": MAX_AXES},
        {"type": "null"},
    ]
}


class _Heads(Layer):
    num_heads: PositiveInt
    """The number of heads."""
    key_dim: PositiveInt
    """The size of queries and keys per head."""
    value_dim: PositiveInt | None = None
    """The size of values per head; by default `key_dim`."""


class _Shape(Layer):
    output_shape: Annotated[
        Annotated[tuple[PositiveInt, ...], Field(max_length=MAX_AXES)] | None,
        BeforeValidator(_sizes),
        WithJsonSchema(_SIZES_SCHEMA),
    ] = None
    """The size or sizes of the output's last axes; by default those of the query."""
    attention_axes: AxisOrAxes | None = None
    """The axes over which attention is applied; by default all but the batch axis and the last."""


class MultiHeadAttention(ProjectedAttention, _Shape, DropoutAndBias, _Heads):
    """Multi-head attention.

    ``y = W_o·[heads]``, each head ``h[t] = Σ_s softmax_s(q[t]·k[s] / sqrt(key_dim))·v[s]`` with the projections ``q =
    W_q·query``, ``k = W_k·key``, ``v = W_v·value`` (Vaswani et al., 2017).

    query (N, T, D), value (N, S, V), key (N, S, K), by default the value, → (N, T, D) and, with
    `return_attention_scores`, the weights (N, heads, T, S). Masks exclude sources: `value_mask` and `key_mask` (N, S),
    `attention_mask` (N, T, S); masks of the inputs apply by themselves, and the output has the mask of the query. As in
    Keras 3.15, a `query_mask` given by name has no effect. Weights: query/kernel (D, heads, key_dim) and query/bias
    (heads, key_dim), the same of key, of gate with `use_gate`, and of value, then attention_output/kernel (heads,
    value_dim, D) and attention_output/bias (D,).
    """

    keras_ignored = ("query_shape", "key_shape", "value_shape")
    keras_projections = (
        ("query_dense", "query"),
        ("key_dense", "key"),
        ("_gate_dense", "gate"),
        ("value_dense", "value"),
        ("output_dense", "attention_output"),
    )

    @property
    def penalty(self) -> None:
        """Nothing: `project` penalizes each projection, the last one included."""
        return None

    def call(
        self, g: Builder, query: Tensor, value: Tensor, key: Tensor | None = None, *, query_mask: Tensor | None = None,
        value_mask: Tensor | None = None, key_mask: Tensor | None = None, attention_mask: Tensor | None = None,
    ) -> Tensor | tuple[Tensor, Tensor]:  # fmt: skip
        own = g.masks.of(query)
        given = {
            "query_mask": own,
            "value_mask": g.masks.of(value) if value_mask is None else value_mask,
            "key_mask": g.masks.of(key) if key is not None and key_mask is None else key_mask,
            "attention_mask": attention_mask,
        }
        query, value, key = (x.as_float() for x in (query, value, value if key is None else key))
        self.require_fit(query, value, key)
        axes = self._axes(query, value)
        heads, size = self.num_heads, self.value_dim or self.key_dim
        features = query.dims[-1:]
        q = self.project(g, "query", query, (heads, self.key_dim), factor=1 / math.sqrt(self.key_dim))
        k = self.project(g, "key", key, (heads, self.key_dim))
        gate = self.project(g, "gate", query, (heads, size), activation="sigmoid") if self.use_gate else None
        v = self.project(g, "value", value, (heads, size))

        # Letters: those of the axes of q, and others for the axes of k and v that are summed over.
        rank = q.rank
        letters = letters_for(rank + len(axes))
        targets, n, h = letters[: rank - 2], letters[rank - 2], letters[rank - 1]
        others = dict(zip(axes, letters[rank:], strict=True))
        sources = "".join(others.get(axis, c) for axis, c in enumerate(targets))
        lead = "".join(c for axis, c in enumerate(targets) if axis not in others)
        made = lead + n + "".join(targets[axis] for axis in axes) + "".join(others.values())
        scores = einsum(f"{targets}{n}{h}", f"{sources}{n}{h}", made, q, k)
        mask = self.mask_over(g, query, value, given, scores.rank, len(axes))
        weights = self.weights_of_sources(scores, mask, axes=len(axes), sequences=rank == 4)
        y = einsum(made, f"{sources}{n}{h}", f"{targets}{n}{h}", self.dropped(g, weights), v)
        y = y if gate is None else y * gate
        y = self.project(g, "attention_output", y, self.output_shape or features, summed=2)
        g.masks.set(y, own)
        return (y, weights) if self.return_attention_scores else y

    def _axes(self, query: Tensor, value: Tensor) -> tuple[int, ...]:
        """The axes that are attended over. Raises `ShapeError` where the others differ."""
        rank = query.rank
        option = self.attention_axes
        given = range(1, rank - 1) if option is None else (option,) if isinstance(option, int) else option
        axes = tuple(axis + rank if axis < 0 else axis for axis in given)
        if any(not 0 < axis < rank - 1 for axis in axes) or len(set(axes)) < len(axes):
            raise ShapeError(f"`attention_axes` {list(given)} must be among 1 to {rank - 2}, the axes between the ends")
        q, v = query.shape, value.shape
        if any(q[axis] != v[axis] for axis in range(1, rank - 1) if axis not in axes):
            shapes = f"{format_shape(q)} and {format_shape(v)}"
            raise ShapeError(f"the query and the values {shapes} differ along an axis that is not attended over")
        return axes
