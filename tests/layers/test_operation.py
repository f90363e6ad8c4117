"""`{type: Operation}`: every operation against NumPy, by its definition and compiled, and what is refused."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from one import refuse, trace
from operation_cases import CASES as COMPOSED

from modelc.errors import ShapeError, SpecError
from modelc.graph.graph import prune
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType
from modelc.layers.operations.layer import Operation
from modelc.layers.operations.table import OPERATIONS
from modelc.native.engine.program import NativeProgram

RNG = np.random.default_rng(0)
X, Y = (RNG.standard_normal((2, 5, 4)).astype(np.float32) for _ in range(2))
P = np.abs(X) + np.float32(0.1)
IMAGE = RNG.standard_normal((2, 6, 6, 4)).astype(np.float32)
INDICES = RNG.integers(0, 6, (2, 5)).astype(np.int32)
TABLE = np.arange(21.0).reshape(7, 3)
HUGE = np.array([[0.0, -1.5, 1e10, -3e17, 1e30, 3.4e38]], np.float32)
OTHER = np.array([[0.0, 1e-30, 1e30, 1e18, -1e30, np.inf]], np.float32)
SPECIAL = np.array([[np.nan, np.inf, -np.inf, 0, -2, 3]], np.float32)

_erf = np.vectorize(math.erf)


def _softmax(x: Any, axis: int = -1) -> Any:
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def _pool(x: Any, reduce: Any) -> Any:
    return reduce(x.reshape(2, 3, 2, 3, 2, 4), (2, 4))


def _blocks(x: Any) -> Any:
    """(2, 6, 6, 1) from four channels of 3×3."""
    return x.reshape(2, 3, 3, 2, 2, 1).transpose(0, 1, 3, 2, 4, 5).reshape(2, 6, 6, 1)


Definition = Callable[..., Any]

UNARY: dict[str, Definition] = {
    "abs": np.abs, "absolute": np.abs, "fabs": np.abs, "arctan": np.arctan, "ceil": np.ceil, "cos": np.cos,
    "cosh": np.cosh, "deg2rad": np.deg2rad, "erf": _erf, "erfc": lambda x: 1 - _erf(x), "exp": np.exp, "exp2": np.exp2,
    "expm1": np.expm1, "floor": np.floor, "isfinite": np.isfinite, "isinf": np.isinf, "isnan": np.isnan,
    "isneginf": np.isneginf, "isposinf": np.isposinf, "logical_not": np.logical_not, "negative": np.negative,
    "rad2deg": np.rad2deg, "reciprocal": np.reciprocal, "relu": lambda x: np.maximum(x, 0),
    "relu6": lambda x: np.clip(x, 0, 6), "round": np.round, "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "sign": np.sign, "silu": lambda x: x / (1 + np.exp(-x)), "sin": np.sin, "sinh": np.sinh,
    "softplus": lambda x: np.log1p(np.exp(x)), "softsign": lambda x: x / (1 + np.abs(x)), "square": np.square,
    "tan": np.tan, "tanh": np.tanh, "trunc": np.trunc, "zeros_like": np.zeros_like, "ones_like": np.ones_like,
    "copy": lambda x: x, "conj": lambda x: x, "conjugate": lambda x: x, "real": lambda x: x, "array": lambda x: x,
    "stop_gradient": lambda x: x, "convert_to_tensor": lambda x: x, "identity": lambda x: x,
    "hard_sigmoid": lambda x: np.clip(x / 6 + 0.5, 0, 1), "hard_silu": lambda x: x * np.clip(x / 6 + 0.5, 0, 1),
    "hard_tanh": lambda x: np.clip(x, -1, 1), "log_sigmoid": lambda x: -np.log1p(np.exp(-x)),
    "mish": lambda x: x * np.tanh(np.log1p(np.exp(x))), "tanh_shrink": lambda x: x - np.tanh(x),
    "selu": lambda x: 1.05070098 * np.where(x > 0, x, 1.67326324 * np.expm1(x)),
    "sparse_plus": lambda x: np.where(x >= 1, x, np.where(x <= -1, 0, (x + 1) ** 2 / 4)),
    "sparse_sigmoid": lambda x: np.clip((x + 1) / 2, 0, 1), "softmax": _softmax,
    "log_softmax": lambda x: np.log(_softmax(x)), "gelu": lambda x: x * (1 + np.tanh(
        math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))) / 2, "elu": lambda x: np.where(x > 0, x, np.expm1(x)),
    "celu": lambda x: np.where(x > 0, x, np.expm1(x)), "leaky_relu": lambda x: np.where(x > 0, x, 0.2 * x),
    "hard_shrink": lambda x: np.where(np.abs(x) > 0.5, x, 0), "squareplus": lambda x: (x + np.sqrt(x * x + 4)) / 2,
    "soft_shrink": lambda x: np.sign(x) * np.maximum(np.abs(x) - 0.5, 0),
    "glu": lambda x: x[..., :2] / (1 + np.exp(-x[..., 2:])),
    "normalize": lambda x: x / np.sqrt((x**2).sum(-1, keepdims=True)),
    "rms_norm": lambda x: x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-7),
    "layer_norm": lambda x: (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-7),
}  # fmt: skip

POSITIVE: dict[str, Definition] = {
    "cbrt": np.cbrt, "log": np.log, "log10": np.log10, "log1p": np.log1p, "log2": np.log2, "sqrt": np.sqrt,
    "rsqrt": lambda x: 1 / np.sqrt(x),
}  # fmt: skip

BINARY: dict[str, Definition] = {
    "add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.divide, "true_divide": np.divide,
    "maximum": np.maximum, "minimum": np.minimum, "equal": np.equal, "not_equal": np.not_equal,
    "greater": np.greater, "greater_equal": np.greater_equal, "less": np.less, "less_equal": np.less_equal,
    "floor_divide": np.floor_divide, "mod": np.mod, "hypot": np.hypot, "logaddexp": np.logaddexp,
    "logical_and": np.logical_and, "logical_or": np.logical_or, "logical_xor": np.logical_xor,
    "divide_no_nan": np.divide, "arctan2": np.arctan2,
}  # fmt: skip

REDUCE: dict[str, Definition] = {
    "sum": np.sum, "mean": np.mean, "max": np.max, "min": np.min, "amax": np.max, "amin": np.min, "any": np.any,
    "all": np.all, "var": np.var, "std": np.std, "ptp": np.ptp,
    "logsumexp": lambda x, **how: np.log(np.sum(np.exp(x), **how)),
}  # fmt: skip

ALONG: dict[str, Definition] = {
    "argmax": np.argmax, "argmin": np.argmin, "count_nonzero": np.count_nonzero, "cumsum": np.cumsum,
    "norm": lambda x, axis: np.sqrt((x**2).sum(axis)),
}  # fmt: skip

Case = tuple[str, list[Any], dict[str, Any], Any]

CASES: list[Case] = [
    *((name, [X], {}, f(X.astype(float))) for name, f in UNARY.items()),
    *((name, [P], {}, f(P.astype(float))) for name, f in POSITIVE.items()),
    *((name, [X, Y], {}, f(X.astype(float), Y.astype(float))) for name, f in BINARY.items()),
    *((name, [X, 2.0], {}, f(X.astype(float), 2.0)) for name, f in BINARY.items()),
    *((name, [[1.5, 2, 3, 4], P], {}, f(np.array([1.5, 2, 3, 4]), P.astype(float))) for name, f in BINARY.items()),
    *((name, [X], {"axis": axis, "keepdims": keep}, f(X.astype(float), axis=along, keepdims=keep))
      for name, f in REDUCE.items() for axis, along in ((-1, -1), (1, 1), ([1, 2], (1, 2))) for keep in (False, True)),
    *((name, [X], {"axis": axis}, f(X.astype(float), axis=axis)) for name, f in ALONG.items() for axis in (1, -1)),
    ("sum", [X], {}, X.astype(float).sum()),
    ("max", [X], {"axis": 1, "initial": 0.5}, np.maximum(X.max(1), 0.5)),
    ("min", [X], {"axis": 1, "initial": 0.5}, np.minimum(X.min(1), 0.5)),
    ("norm", [X], {"axis": 1, "ord": 1}, np.abs(X).sum(1)),
    ("norm", [X], {"axis": 1, "ord": "inf", "keepdims": True}, np.abs(X).max(1, keepdims=True)),
    ("power", [X, 3], {}, X.astype(float) ** 3),
    ("pow", [X, 2], {}, X.astype(float) ** 2),
    ("power", [X, 5], {}, X.astype(float) ** 5),
    ("power", [X, [0, 1, 2, -3]], {}, X.astype(float) ** [0, 1, 2, -3]),
    ("power", [P, Y], {}, P.astype(float) ** Y),
    ("power", [2, X], {}, 2 ** X.astype(float)),
    ("where", [np.float32(X > 0), X, 0.0], {}, np.where(X > 0, X, 0)),
    ("clip", [X], {"x_min": -0.5, "x_max": 1}, np.clip(X, -0.5, 1)),
    ("round", [X], {"decimals": 2}, np.round(X, 2)),
    ("relu", [X], {"negative_slope": 0.1, "max_value": 1}, np.where(X < 0, 0.1 * X, np.minimum(X, 1))),
    ("gelu", [X], {"approximate": False}, X * (1 + _erf(X / math.sqrt(2))) / 2),
    ("threshold", [X], {"threshold": 0.3, "default_value": -1}, np.where(X > 0.3, X, -1)),
    ("nan_to_num", [SPECIAL], {"posinf": 9, "neginf": -9}, np.nan_to_num(SPECIAL, posinf=9, neginf=-9)),
    ("isnan", [SPECIAL], {}, np.isnan(SPECIAL)),
    ("isinf", [SPECIAL], {}, np.isinf(SPECIAL)),
    ("isfinite", [SPECIAL], {}, np.isfinite(SPECIAL)),
    ("isposinf", [SPECIAL], {}, np.isposinf(SPECIAL)),
    ("isneginf", [SPECIAL], {}, np.isneginf(SPECIAL)),
    ("zeros_like", [SPECIAL], {}, np.zeros_like(SPECIAL)),
    *((name, [HUGE], {}, UNARY[name](HUGE.astype(float))) for name in ("sin", "cos", "tan")),
    ("hypot", [HUGE, OTHER], {}, np.hypot(HUGE.astype(float), OTHER)),
    ("hypot", [OTHER, OTHER], {}, np.hypot(OTHER.astype(float), OTHER)),
    ("full_like", [X, 3], {}, np.full_like(X, 3)),
    ("divide_no_nan", [X, [1, 0, 2, 0]], {}, np.where([True, False, True, False], X / [1, 1, 2, 1], 0)),
    ("cast", [X], {"dtype": "int32"}, np.trunc(X)),
    ("saturate_cast", [X * 3], {"dtype": "bool"}, X != 0),
    ("cast", [INDICES], {"dtype": "float32"}, INDICES),
    ("add", [INDICES, 1], {}, INDICES + 1),
    ("floor_divide", [INDICES, 2], {}, INDICES // 2),
    ("mod", [INDICES, 3], {}, INDICES % 3),
    ("moments", [X], {"axes": 1, "keepdims": True}, (X.mean(1, keepdims=True), X.var(1, keepdims=True))),
    ("reshape", [X], {"newshape": [-1, 20]}, X.reshape(2, 20)),
    ("view", [X], {"newshape": [None, 2, -1]}, X.reshape(2, 2, 10)),
    ("reshape", [INDICES], {"newshape": [-1, 5, 1]}, INDICES[..., None]),
    ("transpose", [X], {"axes": [0, 2, 1]}, X.transpose(0, 2, 1)),
    ("swapaxes", [X], {"axis1": 1, "axis2": -1}, X.swapaxes(1, 2)),
    ("moveaxis", [IMAGE], {"source": 1, "destination": -1}, np.moveaxis(IMAGE, 1, -1)),
    ("moveaxis", [IMAGE], {"source": [1, 2], "destination": [3, 1]}, np.moveaxis(IMAGE, [1, 2], [3, 1])),
    ("expand_dims", [X], {"axis": -1}, X[..., None]),
    ("squeeze", [X[:, :1]], {}, X[:, 0]),
    ("squeeze", [X[:, :1]], {"axis": 1}, X[:, 0]),
    ("concatenate", [X, Y], {"axis": -1}, np.concatenate([X, Y], -1)),
    ("concatenate", [INDICES, INDICES], {"axis": 1}, np.concatenate([INDICES, INDICES], 1)),
    ("stack", [X, Y, X], {"axis": 2}, np.stack([X, Y, X], 2)),
    ("split", [X], {"indices_or_sections": 2, "axis": -1}, np.split(X, 2, -1)),
    ("array_split", [X], {"indices_or_sections": [1, -2], "axis": 1}, np.split(X, [1, 3], 1)),
    ("unstack", [X], {"axis": 2}, [X[..., i] for i in range(4)]),
    ("get_item", [X], {"key": [":", 1]}, X[:, 1]),
    ("get_item", [X], {"key": [":", "1:4", -1]}, X[:, 1:4, -1]),
    ("get_item", [X], {"key": ["...", None]}, X[..., None]),
    ("get_item", [X], {"key": [":", "::-2", "1::2"]}, X[:, ::-2, 1::2]),
    ("get_item", [INDICES], {"key": [":", "::-1"]}, INDICES[:, ::-1]),
    ("get_item", [X], {"key": [":", None, 2]}, X[:, None, 2]),
    ("take", [X, [0, 2, -1]], {"axis": 1}, X[:, [0, 2, -1]]),
    ("take", [X, 3], {"axis": 1}, X[:, 3]),
    ("take", [TABLE.tolist(), INDICES], {"axis": 0}, TABLE[INDICES]),
    ("repeat", [X], {"repeats": 3, "axis": 1}, X.repeat(3, 1)),
    ("tile", [X], {"repeats": [1, 2, 3]}, np.tile(X, [1, 2, 3])),
    ("flip", [X], {"axis": 1}, X[:, ::-1]),
    ("roll", [X], {"shift": [2, -1], "axis": [1, 2]}, np.roll(X, [2, -1], [1, 2])),
    *(("pad", [X], {"pad_width": [[0, 0], [1, 2], [0, 1]], "mode": mode},
       np.pad(X, [(0, 0), (1, 2), (0, 1)], mode=mode))  # pyright: ignore
      for mode in ("constant", "edge", "reflect", "symmetric", "wrap")),
    ("pad", [X], {"pad_width": [[0, 0], [1, 2], [0, 1]], "constant_values": 3},
     np.pad(X, [(0, 0), (1, 2), (0, 1)], constant_values=3)),
    ("depth_to_space", [IMAGE[:, :3, :3]], {"block_size": 2}, _blocks(IMAGE[:, :3, :3])),
    ("space_to_depth", [_blocks(IMAGE[:, :3, :3])], {"block_size": 2}, IMAGE[:, :3, :3]),
    ("one_hot", [INDICES], {"num_classes": 6}, INDICES[..., None] == np.arange(6)),
    ("multi_hot", [INDICES], {"num_classes": 6}, (INDICES[..., None] == np.arange(6)).any(1)),
    ("max_pool", [IMAGE], {"pool_size": 2}, _pool(IMAGE, np.max)),
    ("average_pool", [IMAGE], {"pool_size": [2, 2], "strides": 2, "padding": "same"}, _pool(IMAGE, np.mean)),
    ("adaptive_max_pool", [IMAGE], {"output_size": 3}, _pool(IMAGE, np.max)),
    ("adaptive_average_pool", [IMAGE], {"output_size": [3, 3]}, _pool(IMAGE, np.mean)),
    ("resize", [IMAGE], {"size": [3, 3], "interpolation": "nearest"}, IMAGE[:, 1::2, 1::2]),
    ("rgb_to_grayscale", [IMAGE[..., :3]], {}, IMAGE[..., :3] @ np.array([[0.2989], [0.587], [0.114]])),
    ("sparsemax", [np.array([[3.0, 0, -5], [-9, 0.4, -5]], np.float32)], {}, np.array([[1, 0, 0], [0, 1, 0]])),
    ("rms_normalization", [X, [1, 2, 3, 4]], {}, UNARY["rms_norm"](X) * [1, 2, 3, 4]),
    ("layer_normalization", [X, [1, 2, 3, 4], [4, 3, 2, 1]], {}, UNARY["layer_norm"](X) * [1, 2, 3, 4] + [4, 3, 2, 1]),
    ("matmul", [X, TABLE[:4].tolist()], {}, X @ TABLE[:4]),
    ("matmul", [X, [1, 2, 3, 4]], {}, X @ [1, 2, 3, 4]),
    ("matmul", [X, np.ascontiguousarray(Y.swapaxes(1, 2))], {}, X @ Y.swapaxes(1, 2)),
    ("matmul", [IMAGE, np.ascontiguousarray(IMAGE[:, :1, :4])], {}, IMAGE @ IMAGE[:, :1, :4]),
    ("dot", [X, TABLE[:4].tolist()], {}, X @ TABLE[:4]),
]  # fmt: skip


def _ids(case: Case) -> str:
    return f"{case[0]}-{','.join(f'{k}={v}' for k, v in case[2].items())}"


@pytest.mark.sampled(3)
@pytest.mark.parametrize("case", [*CASES, *COMPOSED], ids=_ids)
def test_an_operation_is_that_of_numpy(case: Case) -> None:
    name, operands, arguments, expected = case
    arrays = [x for x in operands if isinstance(x, np.ndarray)]
    constants = None if len(arrays) == len(operands) else [None if isinstance(x, np.ndarray) else x for x in operands]
    layer = Operation(name, constants, arguments)
    types = [TensorType((None, *x.shape[1:]), "int32" if x.dtype == np.int32 else "float32") for x in arrays]
    graph = prune(trace(layer, *types))
    wanted = list(expected) if isinstance(expected, list | tuple) and len(graph.outputs) > 1 else [expected]
    single = [x if x.dtype == np.int32 else x.astype(np.float32) for x in arrays]
    for results in (
        interpret(graph, single, {}),
        NativeProgram(graph, {}).run([np.ascontiguousarray(x) for x in single]),
    ):
        for value, got, want in zip(graph.outputs, results, wanted, strict=True):
            assert value.type.shape[value.type.batched :] == np.shape(want)[value.type.batched :]
            np.testing.assert_allclose(got, np.asarray(want, float), rtol=2e-6, atol=2e-6)


def test_every_operation_is_tried() -> None:
    assert {case[0] for case in [*CASES, *COMPOSED]} == set(OPERATIONS)


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (Operation("add"), (4,), "`add` takes 2 operands (x1, x2), found 1"),
        (Operation("add", [1, 2]), (4,), "`operands` has 0 places for inputs, found 1 inputs"),
        (Operation("reshape", arguments={"newshape": [4, 5]}), (4,), "`newshape` [4, 5] does not keep the batch"),
        (Operation("transpose"), (4, 5), "would move the batch"),
        (Operation("expand_dims", arguments={"axis": 0}), (4,), "an axis before the batch"),
        (Operation("get_item", arguments={"key": 0}), (4,), "samples cannot be taken out of the batch"),
        (Operation("get_item", arguments={"key": [":", 9]}), (4,), "the index 9 is outside of axis 1"),
        (Operation("get_item", arguments={"key": [":", "2:2"]}), (4,), "nothing of axis 1"),
        (Operation("concatenate"), (4,), "includes the batch"),
        (Operation("split", arguments={"indices_or_sections": 3, "axis": 1}), (4,), "do not split into 3 equal parts"),
        (Operation("argmax"), (4,), "`axis` must be given"),
        (Operation("take", [None, [4]], {"axis": 1}), (4,), "the indices must lie in -4 to 3"),
        (Operation("tile", arguments={"repeats": [10**12]}), (4,), "at most 4,194,304"),
        (Operation("pad", arguments={"pad_width": [[0, 0], [10**12, 0]], "mode": "edge"}), (4,), "at most 4,194,304"),
        (Operation("unstack", arguments={"axis": 1}), (10**9,), "at most 4096"),
        (Operation("flip", arguments={"axis": 1}), (10**9,), "at most 4,194,304"),
        (Operation("cumsum", arguments={"axis": 1}), (5000,), "at most 4096"),
        (Operation("add", [None, [1, 2]]), (3,), "do not broadcast"),
        (Operation("matmul", [[[1, 2]], None]), (3,), "would mix samples"),
        (Operation("matmul", [[[1, 2]], None]), (3, 4), "do not fit"),
        (Operation("pad", arguments={"pad_width": 1}), (3,), "begin"),
    ],
)
def test_refused_shapes(layer: Operation, shape: tuple[int, ...], message: str) -> None:
    refused = refuse(layer, *shape)
    assert message in f"{refused['message']} {refused['help']}"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Operation("subtrac"), "unknown operation `subtrac`\n.*did you mean `subtract`"),
        (lambda: Operation("__import__"), "unknown operation"),
        (lambda: Operation("sum", arguments={"axs": 1}), "unknown key `axs`"),
        (lambda: Operation("sum", arguments={"axis": "last"}), "`axis`"),
        (lambda: Operation("clip"), "x_m"),
        (lambda: Operation("round", arguments={"decimals": 400}), "decimals"),
        (lambda: Operation("get_item", arguments={"key": ["a:b"]}), "expected an integer, null"),
        (lambda: Operation("add", ["x"]), "expected a number"),
        (lambda: Operation("add", []), "expected 1 to"),
    ],
)
def test_refused_options(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(SpecError, match=message):
        make()


def test_a_spec_says_an_operation_as_text() -> None:
    layer = Operation("subtract", operands=[1, None])
    assert layer.plain() == {"type": "Operation", "operation": "subtract", "operands": [1.0, None]}
    with pytest.raises(ShapeError, match="`operands` has 1 places"):
        layer(X, Y)
    np.testing.assert_array_equal(layer(X), 1 - X)
