"""Attention among the samples of a batch: each sample is a query, a key and a value, and none has steps.

The scores of a batch are (N, N), which is no tensor that the samples share out among them: so the scores, their softmax
and the mean of the values are one op.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from modelc.errors import ShapeError
from modelc.graph.field import ReceptiveField
from modelc.graph.types import TensorType, format_shape
from modelc.ops.base import Array, Emitter, Gradients, Op
from modelc.ops.random import Random

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor

Score = Literal["dot", "tanh"]
SampleGradientOf = Literal["query", "key", "value", "weight"]

MASKED = 1e9
"""What is taken off a score that a mask leaves out."""


@dataclass(frozen=True)
class _Operands:
    """The operands of `SampleAttention` by name; NumPy arrays."""

    query: Array
    key: Array
    value: Array
    weight: Array | None
    mask: Array | None
    step: Array | None


@dataclass(frozen=True)
class SampleAttention(Op):
    """``y[t] = Σ_s softmax_s(score(q[t], k[s]))·v[s]`` over the samples s of the batch, for each of them, t.

    The score is ``Σ_d q_d·k_d`` (`dot`) or ``Σ_d w_d·tanh(q_d + k_d)`` (`tanh`). Where a mask leaves out the key s, or
    with `causal` where s comes after t, it is lowered by 1e9. With a `rate`, each weight of the mean is 0 with this
    probability, else divided by ``1 - rate``: as the uniform `Random` of the shape (N, N) and the `key` has it.

    Operands: q (N, D), k (N, D), v (N, V); w (D,) if the score is `tanh`; the mask (N,) if `masked`; the step, a
    scalar, if `rate` is not 0.
    """

    takes_integers: ClassVar[bool] = True

    score: Score
    masked: bool = False
    causal: bool = False
    rate: float = 0.0
    key: int = 0

    @property
    def arity(self) -> int:
        """The number of operands."""
        return 3 + (self.score == "tanh") + self.masked + (self.rate != 0)

    @property
    def step_place(self) -> int | None:
        """Which operand is the step."""
        return self.arity - 1 if self.rate != 0 else None

    def infer(self, *operands: TensorType) -> TensorType:
        """q (N, D), k (N, D), v (N, V), … → (N, V)."""
        q, k, v = operands[:3]
        if not all(x.batched and x.rank == 2 for x in (q, k, v)) or q.shape != k.shape:
            found = ", ".join(format_shape(x.shape) for x in (q, k, v))
            raise ShapeError(f"attention among samples takes (N, D), (N, D) and (N, V), found {found}")
        return TensorType(v.shape)

    def compute(self, *operands: Array) -> Array:
        """The equation above."""
        named = self.named(operands)
        weights, _ = self.weights(named)
        return (weights * self.kept(named)) @ named.value

    def named(self, operands: Sequence[Array]) -> _Operands:
        """The operands by name."""
        rest: Iterator[Array] = iter(operands[3:])
        weight = next(rest) if self.score == "tanh" else None
        mask = next(rest) if self.masked else None
        query, key, value = operands[:3]
        return _Operands(query, key, value, weight, mask, next(rest) if self.rate != 0 else None)

    def weights(self, given: _Operands) -> tuple[Array, Array]:
        """The softmax of the scores (N, N), and what it is made with, see `SampleNormalizer`."""
        scores = self._scores(given)
        top = np.max(scores, -1, keepdims=True, initial=-np.inf)
        with np.errstate(all="ignore"):
            shares = np.exp(scores - top)
            total = np.sum(shares, -1, keepdims=True)
            return shares / total, np.concatenate([top, 1 / total], -1)

    def kept(self, given: _Operands) -> Array:
        """What each weight is multiplied by in training (N, N), or 1."""
        if given.step is None:
            return np.ones((), given.query.dtype)
        count = len(given.query)
        drawn = Random("uniform", (count, count), self.key).compute(given.step)
        return ((drawn >= np.float32(self.rate)) / (1 - self.rate)).astype(given.query.dtype)

    def _scores(self, given: _Operands) -> Array:
        if given.weight is None:
            scores = given.query @ given.key.T
        else:
            scores = np.tanh(given.query[:, None] + given.key) @ given.weight
        count = len(scores)
        counts = np.tri(count, dtype=scores.dtype) if self.causal else np.ones((count, count), scores.dtype)
        if given.mask is not None:
            counts = counts * given.mask.astype(scores.dtype)
        return scores - scores.dtype.type(MASKED) * (1 - counts)

    def macs(self, output: TensorType, *operands: TensorType) -> int:
        """The MACs for a batch of one: the count per sample cannot depend on the batch size."""
        return operands[0].size + output.size

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """Each by its `SampleAttentionGradient`; none for the mask and the step."""
        normalizer = g.emit(SampleNormalizer(self), *inputs)
        mean = (dy * output).sum((1,))
        made: list[Tensor | None] = [
            g.emit(SampleAttentionGradient(self, of), *inputs, normalizer, mean, dy) for of in ("query", "key", "value")
        ]
        if self.score == "tanh":
            parts = g.emit(SampleAttentionGradient(self, "weight"), *inputs, normalizer, mean, dy)
            made.append(parts.sum((0,)))
        return [*made, *[None] * (self.arity - len(made))]

    def field_through(self, field: ReceptiveField, types: Sequence[TensorType], output: TensorType) -> ReceptiveField:
        """All channels."""
        return field.over(1)


@dataclass(frozen=True)
class SampleNormalizer(Op):
    """``y[t] = (m, 1 / Σ_s exp(score(q[t], k[s]) - m))`` with ``m = max_s score(q[t], k[s])``: what makes weights of
    the scores of a `SampleAttention`, whose operands it has. Two numbers, since their sum as logarithms would lose the
    second one where a mask lowers all scores.
    """

    takes_integers: ClassVar[bool] = True

    attention: SampleAttention

    def infer(self, *operands: TensorType) -> TensorType:
        """(N, D), … → (N, 2)."""
        return TensorType((None, 2))

    def compute(self, *operands: Array) -> Array:
        """The equation above."""
        return self.attention.weights(self.attention.named(operands))[1]


@dataclass(frozen=True)
class SampleAttentionGradient(Op):
    """The gradient of a `SampleAttention` for one of its operands, from dy (N, V).

    With the weights ``p[t, s]``, what dropout multiplies them by ``m[t, s]``, and ``δ[t] = Σ_c dy[t, c]·y[t, c]``, the
    gradient of a score is ``c[t, s] = p[t, s]·(m[t, s]·Σ_c dy[t, c]·v[s, c] - δ[t])``. So

    value: ``Σ_t p[t, s]·m[t, s]·dy[t]``; query: ``Σ_s c[t, s]·∂score/∂q``; key: ``Σ_t c[t, s]·∂score/∂k``; weight, for
    each t, since it is the sum over them: ``Σ_s c[t, s]·tanh(q[t] + k[s])``.

    ∂score/∂q is k for `dot`; for `tanh` both derivatives are ``w·(1 - tanh(q + k)²)``. Operands: those of the
    attention, then its `SampleNormalizer`, δ (N,), and dy.
    """

    takes_integers: ClassVar[bool] = True

    attention: SampleAttention
    of: SampleGradientOf

    @property
    def name(self) -> str:
        """`SampleAttentionGradient[query]`."""
        return f"{type(self).__name__}[{self.of}]"

    def infer(self, *operands: TensorType) -> TensorType:
        """(N, V) for the value, else (N, D)."""
        return TensorType(operands[2 if self.of == "value" else 0].shape)

    def compute(self, *operands: Array) -> Array:
        """The equations above; the weights are computed again."""
        *given, _, mean, dy = operands
        op = self.attention
        named = op.named(given)
        shares, _ = op.weights(named)
        kept = op.kept(named)
        if self.of == "value":
            return (shares * kept).T @ dy
        by_score = shares * (kept * (dy @ named.value.T) - mean[:, None])
        if named.weight is None:
            return by_score @ named.key if self.of == "query" else by_score.T @ named.query
        bent = np.tanh(named.query[:, None] + named.key)
        if self.of == "weight":
            return np.einsum("ts,tsd->td", by_score, bent)
        return np.einsum(f"ts,tsd->{'t' if self.of == 'query' else 's'}d", by_score, named.weight * (1 - bent**2))
