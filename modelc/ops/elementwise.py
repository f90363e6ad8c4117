"""Elementwise ops: one function of one tensor (`Unary`), or of two that broadcast (`Binary`)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from modelc.errors import ShapeError
from modelc.graph.types import DType, Shape, TensorType, format_shape
from modelc.ops.base import Array, Emitter, Gradients, Op, as_float

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor

UnaryKind = Literal[
    "abs", "arctan", "celu", "clip", "cos", "elu", "erf", "expm1", "exponential", "floor", "gelu", "gelu_tanh",
    "hard_shrink", "hard_sigmoid", "hard_silu", "hard_tanh", "keras2_hard_sigmoid", "leaky_relu", "linear", "log",
    "log1p", "log_sigmoid", "mish", "negative", "reciprocal", "relu", "relu6", "round", "rsqrt", "scale", "selu",
    "sigmoid", "sign", "silu", "sin", "soft_shrink", "softplus", "softsign", "sparse_plus", "sparse_sigmoid", "sqrt",
    "square", "squareplus", "tanh", "tanh_shrink", "threshold",
]  # fmt: skip
BinaryKind = Literal[
    "add", "subtract", "multiply", "divide", "maximum", "minimum", "prelu", "equal", "not_equal", "greater",
    "greater_equal", "less", "less_equal", "gate",
]  # fmt: skip

SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805
_erf = np.frompyfunc(math.erf, 1, 1)


def _sigmoid(x: Array) -> Array:
    # exp of a negative number only, so that neither branch overflows.
    z = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, z) / (1 + z)


def _softplus(x: Array) -> Array:
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def _relu(x: Array, negative_slope: float, max_value: float, threshold: float) -> Array:
    # Written so that NaN stays NaN.
    above = np.where(x <= threshold, x.dtype.type(0), np.clip(x, 0, max_value))
    return above - negative_slope * np.maximum(threshold - x, 0) if negative_slope else above


def _leaky_relu(x: Array, negative_slope: float) -> Array:
    return np.where(x < 0, negative_slope * x, x)


def _elu(x: Array, alpha: float) -> Array:
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def _celu(x: Array, alpha: float) -> Array:
    return np.maximum(x, 0) + alpha * np.expm1(np.minimum(x, 0) / alpha)


def _gelu(x: Array) -> Array:
    return x * (1 + np.asarray(_erf(x / math.sqrt(2)), x.dtype)) / 2


def _gelu_tanh(x: Array) -> Array:
    return x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))) / 2


def _hard_sigmoid(x: Array) -> Array:
    return np.clip(x / 6 + 0.5, 0, 1)


def _keras2_hard_sigmoid(x: Array) -> Array:
    return np.clip(0.2 * x + 0.5, 0, 1)


def _hard_shrink(x: Array, threshold: float) -> Array:
    return np.where(np.abs(x) <= threshold, x.dtype.type(0), x)


def _soft_shrink(x: Array, threshold: float) -> Array:
    return x - np.clip(x, -threshold, threshold)


def _threshold(x: Array, threshold: float, value: float) -> Array:
    return np.where(x <= threshold, x.dtype.type(value), x)


def _clip(x: Array, low: float, high: float) -> Array:
    return np.minimum(np.maximum(x, low), high)


def _sparse_plus(x: Array) -> Array:
    return np.where(x >= 1, x, np.square(np.maximum(x + 1, 0)) / 4)


def _squareplus(x: Array, b: float) -> Array:
    return (x + np.sqrt(x * x + b)) / 2


def _scale(x: Array, factor: float, offset: float = 0.0) -> Array:
    return factor * x + offset


_PLAIN: dict[UnaryKind, Callable[[Array], Array]] = {
    "abs": np.abs,
    "arctan": np.arctan,
    "cos": np.cos,
    "erf": lambda x: np.asarray(_erf(x), x.dtype),
    "expm1": np.expm1,
    "exponential": np.exp,
    "floor": np.floor,
    "gelu": _gelu,
    "gelu_tanh": _gelu_tanh,
    "hard_sigmoid": _hard_sigmoid,
    "hard_silu": lambda x: x * _hard_sigmoid(x),
    "hard_tanh": lambda x: np.clip(x, -1, 1),
    "keras2_hard_sigmoid": _keras2_hard_sigmoid,
    "linear": lambda x: x,
    "log": np.log,
    "log1p": np.log1p,
    "log_sigmoid": lambda x: -_softplus(-x),
    "mish": lambda x: x * np.tanh(_softplus(x)),
    "negative": np.negative,
    "reciprocal": np.reciprocal,
    "relu6": lambda x: np.clip(x, 0, 6),
    "round": np.round,
    "rsqrt": lambda x: 1 / np.sqrt(x),
    "selu": lambda x: SELU_SCALE * _elu(x, SELU_ALPHA),
    "sigmoid": _sigmoid,
    "sign": np.sign,
    "silu": lambda x: x * _sigmoid(x),
    "sin": np.sin,
    "softplus": _softplus,
    "softsign": lambda x: x / (1 + np.abs(x)),
    "sparse_plus": _sparse_plus,
    "sparse_sigmoid": lambda x: np.clip((x + 1) / 2, 0, 1),
    "sqrt": np.sqrt,
    "square": np.square,
    "tanh": np.tanh,
    "tanh_shrink": lambda x: x - np.tanh(x),
}

_PARAMETRIC: dict[UnaryKind, Callable[..., Array]] = {
    "celu": _celu,
    "clip": _clip,
    "elu": _elu,
    "hard_shrink": _hard_shrink,
    "leaky_relu": _leaky_relu,
    "relu": _relu,
    "scale": _scale,
    "soft_shrink": _soft_shrink,
    "squareplus": _squareplus,
    "threshold": _threshold,
}


def _comparison(compare: Callable[[Array, Array], Array]) -> Callable[[Array, Array], Array]:
    return lambda a, b: compare(a, b).astype(np.result_type(a, b))


_BINARY: dict[BinaryKind, Callable[[Array, Array], Array]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "prelu": lambda x, alpha: np.where(x < 0, alpha * x, x),
    "equal": _comparison(np.equal),
    "not_equal": _comparison(np.not_equal),
    "greater": _comparison(np.greater),
    "greater_equal": _comparison(np.greater_equal),
    "less": _comparison(np.less),
    "less_equal": _comparison(np.less_equal),
    "gate": lambda a, b: np.where(b > 0, a, np.zeros((), a.dtype)),
}


@dataclass(frozen=True)
class Unary(Op):
    """``y = f(x)`` for one of the functions of `UnaryKind`.

    `parameters` are the function's constants in its order: relu (negative_slope, max_value, threshold),
    leaky_relu (slope), elu and celu (alpha), clip (low, high), hard_shrink and soft_shrink (threshold), squareplus (b),
    threshold (threshold, value), scale (factor, offset or none: factor·x + offset). The others are those of
    `keras.activations`, of which relu is 0 up to the threshold and then min(x, max_value), less
    negative_slope·(threshold - x) below it.
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
            y = _PLAIN[self.kind](x) if self.kind in _PLAIN else _PARAMETRIC[self.kind](x, *self.parameters)
            return y.astype(x.dtype)

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """``f'(x)·dy``, by the table of `derivatives`."""
        from modelc.ops.derivatives import unary_gradient

        return (unary_gradient(self, g, inputs[0], output, dy),)


@dataclass(frozen=True)
class Binary(Op):
    """``y = f(a, b)`` with NumPy's broadcasting; `prelu` is ``a`` where a ≥ 0 and ``b·a`` below, `gate` is ``a``
    where b > 0, else 0.

    A comparison is 1 where it holds, else 0; with NaN only `not_equal` holds.
    """

    elementwise: ClassVar[bool] = True

    kind: BinaryKind

    @property
    def name(self) -> str:
        """The function's name."""
        return self.kind

    def infer(self, *operands: TensorType) -> TensorType:
        """Two shapes that broadcast → their common shape."""
        a, b = operands
        return TensorType(broadcast(a.shape, b.shape))

    def compute(self, *operands: Array) -> Array:
        """The NumPy ufunc of that name."""
        with np.errstate(all="ignore"):
            return _BINARY[self.kind](*operands)

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """The two partial derivatives times dy, by the table of `derivatives`, summed where an operand repeats."""
        from modelc.ops.derivatives import binary_gradient

        return binary_gradient(self, g, inputs, output, dy)


@dataclass(frozen=True)
class Cast(Op):
    """``y = x`` in another dtype; a float becomes an integer by truncation."""

    takes_integers: ClassVar[bool] = True

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

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """None where either side is an integer."""
        return (dy if inputs[0].type.dtype == "float32" else None,)


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
