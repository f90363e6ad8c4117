"""The losses of `keras.ops`, and the operations of networks that are made of several others."""

from __future__ import annotations

import math

from modelc.config.options import FiniteFloat, NonNegativeFloat, PositiveFloat
from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.graph.types import format_shape
from modelc.layers.core.einsum import einsum
from modelc.layers.emit import along, as_float, binary, constant, sample_axes, unary
from modelc.layers.operations.arranging import permuted, reshaped
from modelc.layers.operations.registry import Table, adder
from modelc.layers.operations.special import multiplied, negated, term
from modelc.layers.preprocessing.encode import one_hot
from modelc.layers.preprocessing.preprocessing import Numbers, emit_numbers
from modelc.ops.constant import Constant
from modelc.ops.reduce import Reduce
from modelc.ops.select import Select
from modelc.ops.shape import Repeat
from modelc.ops.softmax import Softmax
from modelc.ops.take import require_few

TABLE: Table = {}
_add = adder(TABLE)

_EPSILON = 1e-7
"""`keras.config.epsilon()`."""

_MASKED = -0.7 * 3.4028234663852886e38
"""The score that Keras gives to what is masked."""


def _same(a: Value, b: Value) -> None:
    if a.type.shape != b.type.shape:
        shapes = f"{format_shape(a.type.shape)} and {format_shape(b.type.shape)}"
        raise ShapeError(f"it takes two tensors of one shape, found {shapes}")


@_add("binary_crossentropy")
def _binary_crossentropy(g: Builder, target: Value, output: Value, *, from_logits: bool = False) -> Value:
    _same(target, output)
    t, y = term(g, target), term(g, output)
    if from_logits:
        return (-(t * y.f("log_sigmoid")) - (1.0 - t) * (-y).f("log_sigmoid")).value
    y = y.f("clip", _EPSILON, 1 - _EPSILON)
    return (-(t * y.f("log") + (1.0 - t) * (1.0 - y).f("log"))).value


def _log_shares(g: Builder, output: Value, axis: int, from_logits: bool) -> Value:
    x = as_float(g, output)
    if from_logits:
        return g.emit(Softmax("log_softmax", axis), x)
    share = binary(g, "divide", x, g.emit(Reduce("sum", (axis,), keepdims=True), x))
    return unary(g, "log", unary(g, "clip", share, _EPSILON, 1 - _EPSILON))


@_add("categorical_crossentropy")
def _categorical_crossentropy(
    g: Builder, target: Value, output: Value, *, from_logits: bool = False, axis: int = -1
) -> Value:
    _same(target, output)
    (at,) = sample_axes(axis, output.type.rank)
    y = multiplied(g, target, _log_shares(g, output, at, from_logits))
    return negated(g, g.emit(Reduce("sum", (at,)), y))


@_add("sparse_categorical_crossentropy")
def _sparse_categorical_crossentropy(
    g: Builder, target: Value, output: Value, *, from_logits: bool = False, axis: int = -1
) -> Value:
    (at,) = sample_axes(axis, output.type.rank)
    if target.type.rank == output.type.rank and target.type.shape[-1] == 1:
        target = reshaped(g, target, target.type.shape[:-1])
    if target.type.shape != output.type.shape[:-1] or at != output.type.rank - 1:
        shapes = f"{format_shape(target.type.shape)} and {format_shape(output.type.shape)}"
        raise ShapeError(f"it takes targets and, with one axis more at the end, shares of the classes, found {shapes}")
    chosen = one_hot(g, as_float(g, target), output.type.dims[-1])
    return negated(g, g.emit(Reduce("sum", (at,)), multiplied(g, chosen, _log_shares(g, output, at, from_logits))))


@_add("batch_normalization")
def _batch_normalization(
    g: Builder, x: Value, mean: Value, variance: Value, offset: Value | None = None, scale: Value | None = None, *,
    axis: int, epsilon: NonNegativeFloat = 1e-3,
) -> Value:  # fmt: skip
    """``(x - mean)/√(variance + epsilon)·scale + offset``, with statistics along one axis."""
    axes = sample_axes(axis, x.type.rank)

    def placed(value: Value) -> Value:
        return as_float(g, value) if not value.type.rank else along(g, as_float(g, value), axes, x.type.rank)

    factor = unary(g, "rsqrt", unary(g, "scale", placed(variance), 1.0, epsilon))
    if scale is not None:
        factor = multiplied(g, factor, placed(scale))
    y = multiplied(g, binary(g, "subtract", as_float(g, x), placed(mean)), factor)
    return y if offset is None else binary(g, "add", y, placed(offset))


@_add("psnr")
def _psnr(g: Builder, x1: Value, x2: Value, *, max_val: PositiveFloat) -> Value:
    """``20·log10(max_val) - 10·log10(mean((x1 - x2)²))``, of all samples together."""
    _same(x1, x2)
    square = unary(g, "square", binary(g, "subtract", as_float(g, x1), as_float(g, x2)))
    mean = g.emit(Reduce("mean", tuple(range(square.type.rank))), square)
    return unary(g, "scale", unary(g, "log", mean), -10 / math.log(10), 20 * math.log10(max_val))


@_add("dot_product_attention")
def _dot_product_attention(
    g: Builder, query: Value, key: Value, value: Value, bias: Value | None = None, mask: Value | None = None,
    scale: Value | Numbers | None = None, *, is_causal: bool = False, flash_attention: bool | None = None,
    attn_logits_soft_cap: FiniteFloat | None = None,
) -> Value:  # fmt: skip
    """``softmax(query·keyᵀ·scale + bias)·value`` for each head: (N, t, heads, d), (N, s, heads, d) → (N, t, heads, d).

    Keys and values may have fewer heads, each for several of the queries'.
    """
    q, k, v = (as_float(g, x) for x in (query, key, value))
    if any(x.type.rank != 4 for x in (q, k, v)):
        raise ShapeError("queries, keys and values are (batch, time, heads, depth)", axis="rank")
    heads, groups = q.type.dims[1], k.type.dims[1]
    if heads % groups or v.type.dims[1] != groups:
        raise ShapeError(f"{groups} heads of keys do not divide {heads} heads of queries")
    if heads > groups:
        k, v = (g.emit(Repeat(2, heads // groups), x) for x in (k, v))
    scores = einsum(g, "btnh", "bsnh", "bnts", q, k)
    if scale is None or isinstance(scale, int | float):
        scores = unary(g, "scale", scores, 1 / math.sqrt(q.type.dims[-1]) if scale is None else float(scale))
    else:
        factor = scale if isinstance(scale, Value) else emit_numbers(g, scale)
        scores = multiplied(g, scores, factor)
    if bias is not None:
        scores = binary(g, "add", scores, as_float(g, bias))
    low = constant(g, _MASKED)
    if mask is not None:
        scores = g.emit(Select(), as_float(g, mask), scores, low)
    if is_causal:
        t, s = scores.type.dims[-2:]
        require_few(t * s)
        seen = tuple(float(j <= i) for i in range(t) for j in range(s))
        scores = g.emit(Select(), g.emit(Constant(seen, (t, s))), scores, low)
    shares = g.emit(Softmax("softmax", 3), scores)
    return permuted(g, einsum(g, "bnts", "bsnh", "bnth", shares, v), (0, 2, 1, 3))
