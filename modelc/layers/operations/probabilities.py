"""The losses of `keras.ops`, and the operations of networks that are made of several others."""

from __future__ import annotations

import math

from modelc.config.options import FiniteFloat, NonNegativeFloat, PositiveFloat
from modelc.errors import ShapeError
from modelc.graph.axes import sample_axes
from modelc.graph.builder import Builder
from modelc.graph.formulas import along
from modelc.graph.tensor import Tensor, constant, where
from modelc.graph.types import format_shape
from modelc.layers.core.einsum import einsum
from modelc.layers.operations.arranging import permuted, reshaped
from modelc.layers.operations.registry import Table, adder
from modelc.layers.operations.special import multiplied, negated
from modelc.layers.preprocessing.encode import one_hot
from modelc.layers.preprocessing.ranges import Numbers, emit_numbers
from modelc.ops.constant import Range
from modelc.ops.shape import Repeat
from modelc.ops.softmax import Softmax

TABLE: Table = {}
_add = adder(TABLE)

_EPSILON = 1e-7
"""`keras.config.epsilon()`."""

_MASKED = -0.7 * 3.4028234663852886e38
"""The score that Keras gives to what is masked."""


def _same(a: Tensor, b: Tensor) -> None:
    if a.shape != b.shape:
        shapes = f"{format_shape(a.shape)} and {format_shape(b.shape)}"
        raise ShapeError(f"it takes two tensors of one shape, found {shapes}")


@_add("binary_crossentropy")
def _binary_crossentropy(g: Builder, target: Tensor, output: Tensor, *, from_logits: bool = False) -> Tensor:
    _same(target, output)
    t, y = target.as_float(), output.as_float()
    if from_logits:
        return -(t * y.f("log_sigmoid")) - (1.0 - t) * (-y).f("log_sigmoid")
    y = y.clip(_EPSILON, 1 - _EPSILON)
    return -(t * y.log() + (1.0 - t) * (1.0 - y).log())


def _log_shares(output: Tensor, axis: int, from_logits: bool) -> Tensor:
    x = output.as_float()
    if from_logits:
        return x.emit(Softmax("log_softmax", axis))
    share = x / x.sum((axis,), keepdims=True)
    return share.clip(_EPSILON, 1 - _EPSILON).log()


@_add("categorical_crossentropy")
def _categorical_crossentropy(
    g: Builder, target: Tensor, output: Tensor, *, from_logits: bool = False, axis: int = -1
) -> Tensor:
    _same(target, output)
    (at,) = sample_axes(axis, output.rank)
    y = multiplied(target, _log_shares(output, at, from_logits))
    return negated(y.sum((at,)))


@_add("sparse_categorical_crossentropy")
def _sparse_categorical_crossentropy(
    g: Builder, target: Tensor, output: Tensor, *, from_logits: bool = False, axis: int = -1
) -> Tensor:
    (at,) = sample_axes(axis, output.rank)
    if target.rank == output.rank and target.shape[-1] == 1:
        target = reshaped(target, target.shape[:-1])
    if target.shape != output.shape[:-1] or at != output.rank - 1:
        shapes = f"{format_shape(target.shape)} and {format_shape(output.shape)}"
        raise ShapeError(f"it takes targets and, with one axis more at the end, shares of the classes, found {shapes}")
    chosen = one_hot(target.as_float(), output.dims[-1])
    return negated(multiplied(chosen, _log_shares(output, at, from_logits)).sum((at,)))


@_add("batch_normalization")
def _batch_normalization(
    g: Builder, x: Tensor, mean: Tensor, variance: Tensor, offset: Tensor | None = None, scale: Tensor | None = None, *,
    axis: int, epsilon: NonNegativeFloat = 1e-3,
) -> Tensor:  # fmt: skip
    """``(x - mean)/√(variance + epsilon)·scale + offset``, with statistics along one axis."""
    axes = sample_axes(axis, x.rank)

    def placed(value: Tensor) -> Tensor:
        return value.as_float() if not value.rank else along(value.as_float(), axes, x.rank)

    factor = (placed(variance) + epsilon).rsqrt()
    if scale is not None:
        factor = multiplied(factor, placed(scale))
    y = multiplied(x.as_float() - placed(mean), factor)
    return y if offset is None else y + placed(offset)


@_add("psnr")
def _psnr(g: Builder, x1: Tensor, x2: Tensor, *, max_val: PositiveFloat) -> Tensor:
    """``20·log10(max_val) - 10·log10(mean((x1 - x2)²))``, of all samples together."""
    _same(x1, x2)
    square = (x1.as_float() - x2.as_float()).square()
    mean = square.mean(tuple(range(square.rank)))
    return mean.log() * (-10 / math.log(10)) + 20 * math.log10(max_val)


@_add("dot_product_attention")
def _dot_product_attention(
    g: Builder, query: Tensor, key: Tensor, value: Tensor, bias: Tensor | None = None, mask: Tensor | None = None,
    scale: Tensor | Numbers | None = None, *, is_causal: bool = False, flash_attention: bool | None = None,
    attn_logits_soft_cap: FiniteFloat | None = None,
) -> Tensor:  # fmt: skip
    """``softmax(query·keyᵀ·scale + bias)·value`` for each head: (N, t, heads, d), (N, s, heads, d) → (N, t, heads, d).

    Keys and values may have fewer heads, each for several of the queries'.
    """
    q, k, v = (x.as_float() for x in (query, key, value))
    if any(x.rank != 4 for x in (q, k, v)):
        raise ShapeError("queries, keys and values are (batch, time, heads, depth)", axis="rank")
    heads, groups = q.dims[1], k.dims[1]
    if heads % groups or v.dims[1] != groups:
        raise ShapeError(f"{groups} key heads do not divide {heads} query heads")
    if heads > groups:
        k, v = (x.emit(Repeat(2, heads // groups)) for x in (k, v))
    scores = einsum("btnh", "bsnh", "bnts", q, k)
    if scale is None or isinstance(scale, int | float):
        scores = scores * (1 / math.sqrt(q.dims[-1]) if scale is None else float(scale))
    else:
        factor = scale if isinstance(scale, Tensor) else emit_numbers(g, scale)
        scores = multiplied(scores, factor)
    if bias is not None:
        scores = scores + bias.as_float()
    low = constant(g, _MASKED)
    if mask is not None:
        scores = where(mask.as_float(), scores, low)
    if is_causal:
        t, s = scores.dims[-2:]
        seen = g.emit(Range(t)).reshape((t, 1)).greater_equal(g.emit(Range(s)))
        scores = where(seen, scores, low)
    shares = scores.softmax(3)
    return permuted(einsum("bnts", "bsnh", "bnth", shares, v), (0, 2, 1, 3))
