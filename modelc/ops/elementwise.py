"""Elementwise ops: one function of one tensor (`Unary`), or of two that broadcast (`Binary`)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from modelc.errors import ShapeError
from modelc.graph.types import DType, Shape, TensorType, format_shape
from modelc.ops.base import Array, Op, as_float

UnaryKind = Literal[
    "abs", "celu", "elu", "exponential", "gelu", "gelu_tanh", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_tanh",
    "leaky_relu", "linear", "log", "log_sigmoid", "mish", "negative", "reciprocal", "relu", "relu6", "rsqrt", "selu",
    "sigmoid", "silu", "soft_shrink", "softplus", "softsign", "sparse_plus", "sparse_sigmoid", "sqrt", "square",
    "squareplus", "tanh", "tanh_shrink", "threshold",
]  # fmt: skip
BinaryKind = Literal["add", "subtract", "multiply", "divide", "maximum", "minimum", "prelu"]

_SELU_ALPHA, _SELU_SCALE = 1.6732632423543772, 1.0507009873554805
_erf = np.frompyfunc(math.erf, 1, 1)


def _sigmoid(x: Array) -> Array:
    # exp of a negative number only, so that neither branch overflows.
    z = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, z) / (1 + z)


def _softplus(x: Array) -> Array:
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def _relu(x: Array, negative_slope: float, max_value: float, threshold: float) -> Array:
    positive = np.where(x < threshold, x.dtype.type(0), np.minimum(x, max_value))
    return positive - x.dtype.type(negative_slope) * np.maximum(threshold - x, 0) if negative_slope else positive


def _celu(x: Array, alpha: float) -> Array:
    return np.maximum(x, 0) + alpha * np.expm1(np.minimum(x, 0) / alpha)


def _gelu(x: Array) -> Array:
    return x * (1 + _erf(x / math.sqrt(2)).astype(x.dtype)) / 2


def _gelu_tanh(x: Array) -> Array:
    return x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))) / 2


def _hard_sigmoid(x: Array) -> Array:
    return np.clip(x / 6 + 0.5, 0, 1)


def _soft_shrink(x: Array, threshold: float) -> Array:
    return x - np.clip(x, -threshold, threshold)


def _sparse_plus(x: Array) -> Array:
    inside = np.square(np.maximum(x + 1, 0)) / 4
    return np.where(x >= 1, x, inside)


_UNARY: dict[str, Callable[..., Array]] = {
    "abs": np.abs,
    "celu": _celu,
    "elu": lambda x, alpha: np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0))),
    "exponential": np.exp,
    "gelu": _gelu,
    "gelu_tanh": _gelu_tanh,
    "hard_shrink": lambda x, threshold: np.where(np.abs(x) <= threshold, x.dtype.type(0), x),
    "hard_sigmoid": _hard_sigmoid,
    "hard_silu": lambda x: x * _hard_sigmoid(x),
    "hard_tanh": lambda x: np.clip(x, -1, 1),
    "leaky_relu": lambda x, slope: np.where(x < 0, slope * x, x),
    "linear": lambda x: x,
    "log": np.log,
    "log_sigmoid": lambda x: -_softplus(-x),
    "mish": lambda x: x * np.tanh(_softplus(x)),
    "negative": np.negative,
    "reciprocal": np.reciprocal,
    "relu": _relu,
    "relu6": lambda x: np.clip(x, 0, 6),
    "rsqrt": lambda x: 1 / np.sqrt(x),
    "selu": lambda x: _SELU_SCALE * np.where(x > 0, x, _SELU_ALPHA * np.expm1(np.minimum(x, 0))),
    "sigmoid": _sigmoid,
    "silu": lambda x: x * _sigmoid(x),
    "soft_shrink": _soft_shrink,
    "softplus": _softplus,
    "softsign": lambda x: x / (1 + np.abs(x)),
    "sparse_plus": _sparse_plus,
    "sparse_sigmoid": lambda x: np.clip((x + 1) / 2, 0, 1),
    "sqrt": np.sqrt,
    "square": np.square,
    "squareplus": lambda x, b: (x + np.sqrt(x * x + b)) / 2,
    "tanh": np.tanh,
    "tanh_shrink": lambda x: x - np.tanh(x),
    "threshold": lambda x, threshold, value: np.where(x <= threshold, x.dtype.type(value), x),
}

_BINARY: dict[str, Callable[[Array, Array], Array]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "prelu": lambda x, alpha: np.maximum(x, 0) + alpha * np.minimum(x, 0),
}


@dataclass(frozen=True)
class Unary(Op):
    """``y = f(x)`` for one of the functions of `UnaryKind`.

    `parameters` are the function's constants in its order: relu (negative_slope, max_value, threshold),
    leaky_relu (slope), elu and celu (alpha), hard_shrink and soft_shrink (threshold), squareplus (b),
    threshold (threshold, value). The functions are those of `keras.activations`.
    """

    elementwise: ClassVar[bool] = True

    kind: UnaryKind
    parameters: tuple[float, ...] = ()

    @property
    def name(self) -> str:
        """The function's name."""
        return self.kind

    def infer(self, *operands: TensorType) -> TensorType:
        """Any shape → the same shape, float32."""
        return TensorType(operands[0].shape)

    def compute(self, *operands: Array) -> Array:
        """The function of `keras.activations`, in NumPy."""
        x = as_float(operands[0])
        with np.errstate(all="ignore"):
            return _UNARY[self.kind](x, *self.parameters).astype(x.dtype)


@dataclass(frozen=True)
class Binary(Op):
    """``y = f(a, b)`` with NumPy's broadcasting; `prelu` is ``max(a, 0) + b·min(a, 0)``."""

    elementwise: ClassVar[bool] = True

    kind: BinaryKind

    @property
    def name(self) -> str:
        """The function's name."""
        return self.kind

    def infer(self, *operands: TensorType) -> TensorType:
        """Two shapes that broadcast → their common shape."""
        a, b = operands
        shape = broadcast(a.shape, b.shape)
        dtype: DType = "int32" if a.dtype == b.dtype == "int32" and self.kind != "divide" else "float32"
        return TensorType(shape, dtype)

    def compute(self, *operands: Array) -> Array:
        """The NumPy ufunc of that name."""
        with np.errstate(all="ignore"):
            return _BINARY[self.kind](*operands)


@dataclass(frozen=True)
class Cast(Op):
    """``y = x`` in another dtype; a float becomes an integer by truncation."""

    elementwise: ClassVar[bool] = True

    dtype: DType

    def infer(self, *operands: TensorType) -> TensorType:
        """Any shape → the same shape in `dtype`."""
        return TensorType(operands[0].shape, self.dtype)

    def compute(self, *operands: Array) -> Array:
        """`ndarray.astype`; a float stays in its own precision."""
        (x,) = operands
        if self.dtype == "int32":
            return x.astype(np.int32)
        return as_float(x)


def broadcast(a: Shape, b: Shape) -> Shape:
    """NumPy's rule, where the batch goes with the batch or with 1. Raises `ShapeError`."""
    rank = max(len(a), len(b))
    out: list[int | None] = []
    for i in range(rank):
        m = a[i - rank + len(a)] if i >= rank - len(a) else 1
        n = b[i - rank + len(b)] if i >= rank - len(b) else 1
        if m != n and 1 not in (m, n):
            raise ShapeError(f"the shapes {format_shape(a)} and {format_shape(b)} do not broadcast")
        out.append(n if m == 1 else m)
    return tuple(out)
