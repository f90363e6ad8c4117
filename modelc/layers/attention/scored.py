"""Attention and AdditiveAttention: sums of values, weighted by how well their keys fit a query."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Literal

from modelc.config.options import NonNegativeInt
from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor, constant, where
from modelc.graph.types import format_shape
from modelc.initializers.classes import GlorotUniform, Ones
from modelc.layers.attention.options import AttentionCall, all_of, causal_mask, lowered_where_masked, with_axes
from modelc.layers.base import Layer
from modelc.layers.core.einsum import einsum, letters_for
from modelc.layers.options.fields import Rate
from modelc.layers.regularization.draws import dropout
from modelc.ops.constant import Range
from modelc.ops.recurrent import PerSample
from modelc.ops.sample_attention import MASKED, SampleAttention, Score
from modelc.ops.shape import Broadcast


class _Dropped(Layer):
    dropout: Rate = 0.0
    """The fraction of attention weights set to 0 in training, between 0 and 1."""
    seed: NonNegativeInt | None = None
    """The seed of this layer's random numbers; by default they follow from the model's seed."""


class _Scored(AttentionCall, _Dropped, ABC):
    """The query (N, ..., T, D), the values (N, ..., S, V) and the keys (N, ..., S, D), by default the values, give y
    (N, ..., T, V) and, with `return_attention_scores`, the weights (N, ..., T, S).

    The mask of the values excludes values. Where the mask of the query is 0, y is 0; y has the mask of the query.

    Inputs without steps, (N, D) and (N, V), attend among the samples of the batch, as Keras computes it: the output of
    a sample, (N, V), depends on all samples of the call. Their weights are (N, N), where the input fixes `batch_size`.
    """

    keras_takes_list = True

    differs_in_training = True

    input_names = ("query", "value", "key")
    required_inputs = 2

    def call(
        self, g: Builder, query: Tensor, value: Tensor, key: Tensor | None = None
    ) -> Tensor | tuple[Tensor, Tensor]:
        q_mask, v_mask = g.masks.of(query), g.masks.of(value)
        query, value, key = (x.as_float() for x in (query, value, value if key is None else key))
        if all(x.rank == 2 for x in (query, value, key)):
            return self._among_samples(g, query, value, key, (q_mask, v_mask))
        self._require_fit(query, value, key)
        scores = self.scores(g, query, key)
        mask = self._mask(g, scores, v_mask)
        if mask is not None:
            scores = lowered_where_masked(scores, mask, MASKED)
        weights = scores.softmax(scores.rank - 1)
        if g.training:
            weights = dropout(g, weights, self.dropout, weights.shape, self.seed)
        *lead, t, s, d = letters_for(scores.rank + 1)
        outer = "".join(lead)
        y = einsum(f"{outer}{t}{s}", f"{outer}{s}{d}", f"{outer}{t}{d}", weights, value)
        y = _masked(g, y, q_mask)
        return (y, weights) if self.return_attention_scores else y

    @abstractmethod
    def scores(self, g: Builder, query: Tensor, key: Tensor) -> Tensor:
        """(N, ..., T, D), (N, ..., S, D) → (N, ..., T, S)."""

    @abstractmethod
    def sample_score(self, g: Builder, query: Tensor, key: Tensor) -> tuple[Score, list[Tensor]]:
        """The score of (N, D) and (N, D), its query and key, and its weight if it has one."""

    def _among_samples(
        self, g: Builder, query: Tensor, value: Tensor, key: Tensor, masks: tuple[Tensor | None, Tensor | None]
    ) -> Tensor | tuple[Tensor, Tensor]:
        q_mask, v_mask = masks
        self._require_samples(g, query, value, key)
        score, (query, key, *weight) = self.sample_score(g, query, key)
        rate = self.dropout if g.training else 0.0
        op = SampleAttention(
            score, v_mask is not None, self.use_causal_mask, rate, g.random_key(self.seed) if rate else 0
        )
        rest = [*weight, *([v_mask] if v_mask is not None else []), *([g.step] if rate else [])]
        y = _masked(g, query.emit(op, key, value, *rest), q_mask)
        if not self.return_attention_scores:
            return y
        # The mean of the unit vectors of all samples: what each of them weighs.
        return y, query.emit(op, key, _unit_vectors(g, query), *rest)

    def _require_samples(self, g: Builder, query: Tensor, value: Tensor, key: Tensor) -> None:
        shapes = [x.shape for x in (query, value, key)]
        if not all(x.batched for x in (query, value, key)) or shapes[0] != shapes[2]:
            found = ", ".join(map(format_shape, shapes))
            raise ShapeError(f"it takes (N, T, D), (N, S, V) and (N, S, D), found {found}", axis="rank")
        if self.return_attention_scores and g.batch_size is None:
            message = "`return_attention_scores` of inputs without steps are (N, N), one for each pair of samples"
            raise ShapeError(message, "fix the `batch_size` of the input, or give the inputs steps, (N, T, D)")
        if self.use_causal_mask and g.semantics.name == "keras3":
            message = "`use_causal_mask` of inputs without steps gives (1, N, V) in Keras 3: a batch of one sample"
            raise ShapeError(message, "give the inputs steps, (N, T, D), or leave the mask out")

    def _require_fit(self, query: Tensor, value: Tensor, key: Tensor) -> None:
        shapes = [x.shape for x in (query, value, key)]
        q, v, k = shapes
        if len(q) < 3 or len({len(s) for s in shapes}) > 1 or q[:-2] != v[:-2] or v[:-1] != k[:-1] or q[-1] != k[-1]:
            found = ", ".join(map(format_shape, shapes))
            raise ShapeError(f"it takes (N, T, D), (N, S, V) and (N, S, D), found {found}", axis="rank")

    def _mask(self, g: Builder, scores: Tensor, v_mask: Tensor | None) -> Tensor | None:
        *_, steps, sources = scores.dims
        masks = [causal_mask(g, steps, sources)] if self.use_causal_mask else []
        if v_mask is not None:
            row = v_mask.as_float().reshape((*v_mask.shape[:-1], 1, sources))
            masks.append(with_axes(row, scores.rank, 2))
        return all_of(masks)


def _unit_vectors(g: Builder, like: Tensor) -> Tensor:
    """(N, N), of each sample the vector that is 1 at its place in the batch, whose size is fixed."""
    assert g.batch_size is not None
    places = g.emit(Range(g.batch_size))
    return places.reshape((g.batch_size, 1)).equal(places).emit(PerSample(), like)


def _masked(g: Builder, y: Tensor, q_mask: Tensor | None) -> Tensor:
    """y, 0 where the mask of the query is, which it has from here on."""
    if q_mask is not None:
        y = where(q_mask.as_float().reshape((*q_mask.shape, 1)), y, 0.0)
    g.masks.set(y, q_mask)
    return y


class _UseScale(Layer):
    use_scale: bool = False
    """Whether the scores are multiplied by a learned scalar."""


class _ScoreMode(Layer):
    score_mode: Literal["dot", "concat"] = "dot"
    """The score of a query and a key: their dot product (`dot`), or a learned multiple of the tanh of their sum
    (`concat`)."""


class Attention(_Scored, _ScoreMode, _UseScale):
    """Dot-product attention: the mean of the values, weighted by the match of query and keys.

    ``y[t] = Σ_s softmax_s(score(q[t], k[s]))·v[s]`` (Luong et al., 2015).

    The score is ``scale·Σ_d q_d·k_d``, or with `score_mode: concat` ``w·Σ_d tanh(scale·(q_d + k_d))``. Weights: scale
    () with `use_scale`, concat_score_weight () for w.
    """

    keras_renamed = (("causal", "use_causal_mask"),)

    def scores(self, g: Builder, query: Tensor, key: Tensor) -> Tensor:
        scale = g.weight("scale", (), Ones()) if self.use_scale else None
        if self.score_mode == "dot":
            *lead, t, s, d = letters_for(query.rank + 1)
            outer = "".join(lead)
            scores = einsum(f"{outer}{t}{d}", f"{outer}{s}{d}", f"{outer}{t}{s}", query, key)
            return scores if scale is None else scores * scale
        weight = g.weight("concat_score_weight", (), Ones())
        sums = _sums(query, key)
        sums = sums if scale is None else sums * scale
        return sums.tanh().sum((-1,)) * weight

    def sample_score(self, g: Builder, query: Tensor, key: Tensor) -> tuple[Score, list[Tensor]]:
        scale = g.weight("scale", (), Ones()) if self.use_scale else None
        if self.score_mode == "dot":
            return "dot", [query if scale is None else query * scale, key]
        weight = g.weight("concat_score_weight", (), Ones())
        if scale is not None:
            query, key = (x * scale for x in (query, key))
        return "tanh", [query, key, weight.emit(Broadcast(query.dims))]


class _UseScales(Layer):
    use_scale: bool = True
    """Whether the features are multiplied by a learned vector."""


class AdditiveAttention(_Scored, _UseScales):
    """Additive attention: the mean of the values, weighted by the match of query and keys.

    ``y[t] = Σ_s softmax_s(Σ_d scale_d·tanh(q[t]_d + k[s]_d))·v[s]`` (Bahdanau et al., 2015).

    Weights: scale (D,) with `use_scale`; otherwise scale is 1.
    """

    keras_renamed = (("causal", "use_causal_mask"),)

    def scores(self, g: Builder, query: Tensor, key: Tensor) -> Tensor:
        features = _sums(query, key).tanh()
        if not self.use_scale:
            return features.sum((-1,))
        scale = g.weight("scale", (features.dims[-1],), GlorotUniform())
        letters = letters_for(features.rank)
        return einsum(letters, letters[-1], letters[:-1], features, scale)

    def sample_score(self, g: Builder, query: Tensor, key: Tensor) -> tuple[Score, list[Tensor]]:
        features = query.dims
        if self.use_scale:
            return "tanh", [query, key, g.weight("scale", features, GlorotUniform())]
        return "tanh", [query, key, constant(g, 1.0).emit(Broadcast(features))]


def _sums(query: Tensor, key: Tensor) -> Tensor:
    """``q[t] + k[s]``: (N, ..., T, S, D)."""
    q, k = query.shape, key.shape
    rows, columns = query.reshape((*q[:-1], 1, q[-1])), key.reshape((*k[:-2], 1, *k[-2:]))
    return rows + columns
