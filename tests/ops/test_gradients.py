"""The gradient of every op, against central differences in float64. Adding an op means adding a case."""

from __future__ import annotations

import importlib
import math
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, get_args

import numpy as np
import pytest

import modelc.ops
from modelc.functions.table import BINARY, UNARY
from modelc.graph.builder import Builder
from modelc.graph.graph import Graph
from modelc.graph.types import TensorType
from modelc.ops.adaptive_pool import AdaptivePool
from modelc.ops.base import Op
from modelc.ops.concat import Concat
from modelc.ops.contract import Contract
from modelc.ops.conv import Conv, ConvKernelGradient, ConvTranspose
from modelc.ops.elementwise import Binary, Cast, Unary
from modelc.ops.gather import AddRows, Gather
from modelc.ops.matmul import MatMul, MatMulKernelGradient
from modelc.ops.normalize import Normalize
from modelc.ops.order import AddAlong, Order, TakeAlong
from modelc.ops.pool import AveragePoolGradient, Pool
from modelc.ops.random import Random
from modelc.ops.recurrent import PerSample, Recurrent, RecurrentKind, Unbatch
from modelc.ops.reduce import BatchSize, Reduce
from modelc.ops.resample import LinearGradient, Resample, ResampleMethod
from modelc.ops.sample_attention import SampleAttention
from modelc.ops.select import Select
from modelc.ops.shape import Broadcast, Pad, Repeat, Reshape, Slice, Transpose
from modelc.ops.shuffle import Shuffle
from modelc.ops.softmax import Glu, Softmax
from modelc.ops.take import AddAt, Take
from modelc.ops.warp import FillMode, Warp
from tests.live_keras import live_keras
from tests.ops.test_elementwise import FORMULAS
from tests.passes.slopes import check_slopes, gradients

Array = np.ndarray[Any, Any]
BATCH = 3
N = None


@dataclass(frozen=True)
class Case:
    """An op, and the shapes of its operands, `None` for the batch; `integers` are drawn from 0 up to the bound."""

    op: Op
    shapes: tuple[tuple[int | None, ...], ...]
    integers: dict[int, int] = field(default_factory=dict[int, int])
    positive: bool = False

    def graph(self) -> Graph:
        g = Builder()
        types = [TensorType(s, "int32" if i in self.integers else "float32") for i, s in enumerate(self.shapes)]
        return g.graph("one", (g.emit(self.op, *map(g.input, types)),), ("y",))

    def arrays(self) -> list[Array]:
        rng = np.random.default_rng(3)
        made: list[Array] = []
        for i, shape in enumerate(self.shapes):
            dims = tuple(BATCH if d is None else d for d in shape)
            if i in self.integers:
                made.append(rng.integers(0, self.integers[i], dims, np.int32))
            else:
                x = rng.standard_normal(dims)
                made.append(np.abs(x) + 0.1 if self.positive else x)
        return made


def case(op: Op, *shapes: tuple[int | None, ...], **options: Any) -> Case:
    return Case(op, shapes, **options)


def conv(strides: tuple[int, ...], padding: Any, dilation: tuple[int, ...], groups: int, size: tuple[int, ...],
         window: tuple[int, ...], channels: int, filters: int) -> Iterator[Case]:  # fmt: skip
    """A convolution, its two gradients as ops of their own, and the transposed one with the same kernel."""
    op, x = Conv(strides, padding, dilation, groups), (N, *size, channels)
    kernel = (*window, channels // groups, filters)
    dy = op.infer(TensorType(x), TensorType(kernel)).shape
    yield case(op, x, kernel)
    yield case(ConvKernelGradient(window, strides, padding, dilation, groups), x, dy)
    yield case(ConvTranspose(strides, padding, dilation, groups), dy, kernel)


def recurrent(kind: RecurrentKind, gates: int, states: int) -> Iterator[Case]:
    f, g = Unary("tanh"), Unary("sigmoid")
    x, kernel = (N, 4, gates * 2), (2, gates * 2)
    bias, mask, initial = (gates * 2,), (N, 4), [(N, 2)] * states
    for kept in (2, 4):
        yield case(Recurrent(kind, f, g, kept), x, kernel)
        op = Recurrent(kind, g, f, kept, initial=True, backward=True)
        yield case(op, x, kernel, *initial)
        if kind != "gru_reset_before":  # it has no bias of its own there
            op = Recurrent(kind, f, g, kept, bias=True, masked=True, initial=True)
            yield Case(op, (x, kernel, bias, mask, *initial), {3: 2})
        else:
            yield Case(Recurrent(kind, f, g, kept, masked=True, initial=True), (x, kernel, mask, *initial), {2: 2})
        yield Case(Recurrent(kind, f, g, kept, masked=True, backward=True), (x, kernel, mask), {2: 2})
    yield case(Recurrent(kind, f, g, 1), (N, 1, gates * 2), kernel)
    yield case(Recurrent(kind, f, g, 1, initial=True), (N, 1, gates * 2), kernel, *initial)


_POSITIVE = {"log", "log1p", "rsqrt", "sqrt"}
CASES: list[Case] = [
    *(Case(Unary(kind, p), ((N, 9),), positive=kind in _POSITIVE) for kind, p, _ in FORMULAS),
    *(case(Binary(kind), (N, 4, 5), (N, 4, 5)) for kind in BINARY),
    *(case(Binary(kind), (N, 4, 5), (4, 1)) for kind in ("add", "divide", "maximum", "prelu", "gate")),
    *(case(Binary("multiply"), a, b) for a, b in [((5,), (N, 4, 5)), ((), (N, 2)), ((1, 4, 1), (N, 1, 5))]),
    case(Cast("float32"), (N, 3)),
    case(Reduce("sum", (1, 2)), (N, 3, 4, 2)),
    case(Reduce("sum", (0,)), (N, 3)),
    case(Reduce("mean", (0, 2), keepdims=True), (N, 3, 4)),
    case(Reduce("mean", (-1,)), (N, 3, 4)),
    case(Reduce("mean", (0,)), (3, 4)),
    case(Reduce("max", (1,)), (N, 3, 4)),
    case(Reduce("min", (0, 1), keepdims=True), (N, 3, 4)),
    case(BatchSize(), (N, 3)),
    case(Transpose((0, 3, 1, 2)), (N, 2, 3, 4)),
    case(Reshape((N, 6)), (N, 2, 3)),
    case(Pad(((0, 0), (1, 2), (0, 3)), 0.5), (N, 2, 3)),
    case(Slice((0, 1, 0), (N, 3, 4), (1, 1, 1)), (N, 4, 4)),
    case(Slice((0, 1, 2), (N, 8, 7), (1, 3, 2)), (N, 9, 8)),
    case(Slice((0, 0), (N, 7), (1, 3)), (N, 7)),
    case(Repeat(1, 3), (N, 2, 2)),
    case(Broadcast((N, 3, 2)), (3, 1), (N, 7)),
    case(Broadcast((N, 3, 2)), (N, 1, 2)),
    case(Broadcast((4, 2)), ()),
    case(Concat(2), (N, 2, 3), (N, 2, 1), (N, 2, 2)),
    case(Select(), (N, 4), (N, 4), ()),
    case(Select(), (4,), (N, 4), (1, 4)),
    case(Take(1, (2, 0, 0)), (N, 4)),
    case(Take(1, (2, 1, 0)), (N, 3)),
    case(AddAt(1, (2, 0, 0), 4), (N, 3)),
    Case(Random("uniform", (N, 3), 5), ((), (N, 2)), {0: 4}),
    case(Order(1), (N, 4)),
    Case(TakeAlong(1), ((N, 4, 2), (N, 6, 2)), {1: 4}),
    Case(AddAlong(1, 4), ((N, 6, 2), (N, 6, 2)), {1: 4}),
    Case(Gather(), ((N, 6), (4, 3)), {0: 4}),
    Case(AddRows(4), ((N, 6), (N, 6, 3)), {0: 4}),
    case(MatMul(), (N, 3), (3, 2)),
    case(MatMul(), (N, 2, 4, 3), (3, 2)),
    case(MatMulKernelGradient(), (N, 4, 3), (N, 4, 2)),
    case(Contract("btnh", "bsnh", "bnts"), (N, 2, 3, 4), (N, 5, 3, 4)),
    case(Contract("bnts", "bsnh", "btnh"), (N, 3, 2, 5), (N, 5, 3, 4)),
    case(Contract("btd", "dnh", "btnh"), (N, 2, 3), (3, 4, 2)),
    case(Contract("bik", "bkj", "bij"), (N, 2, 3), (N, 3, 4)),
    case(Contract("nk", "nq", "kq"), (N, 3), (N, 4)),
    *conv((1, 1), ((1, 1), (0, 2)), (1, 1), 1, (5, 6), (3, 2), 2, 3),
    *conv((2, 3), ((1, 0), (0, 1)), (1, 1), 1, (7, 9), (3, 2), 2, 3),
    *conv((1, 1), ((2, 2), (0, 0)), (2, 3), 2, (7, 8), (2, 2), 4, 6),
    *conv((2, 2), ((0, 1), (0, 0)), (1, 1), 4, (6, 5), (2, 3), 4, 8),
    *conv((2,), ((0, 0),), (1,), 1, (8,), (3,), 2, 2),
    *conv((3,), ((0, 0),), (1,), 1, (8,), (2,), 2, 2),
    *conv((1, 2, 1), ((0, 0), (1, 1), (0, 0)), (1, 1, 2), 1, (3, 4, 5), (2, 2, 2), 2, 2),
    case(ConvTranspose((2, 2), ((-1, 0), (1, -2)), (1, 1)), (N, 3, 3, 2), (2, 3, 4, 2)),
    *(
        case(Pool(kind, *geometry), (N, 7, 6, 2))
        for kind in ("max", "average")
        for geometry in [((2, 2), (2, 2), ((0, 0), (0, 0))), ((3, 2), (2, 1), ((1, 1), (0, 1)))]
    ),
    case(Pool("max", (2,), (1,), ((0, 1),)), (N, 5, 2)),
    case(AveragePoolGradient(Pool("average", (3,), (2,), ((1, 1),)), (7,)), (N, 4, 2)),
    *(case(AdaptivePool(kind, 1, size), (N, 7, 2)) for kind in ("max", "average") for size in (2, 3, 9)),
    *(
        case(Resample(1, size, method, antialias), (N, 6, 2))
        for method in get_args(ResampleMethod)
        for size in (4, 11)
        for antialias in (False, True)
    ),
    case(LinearGradient(Resample(1, 4, "bilinear"), 6), (N, 4, 2)),
    *(case(Normalize(kind, (1, 3), 1e-3), (N, 3, 2, 4)) for kind in ("mean_variance", "rms", "l2")),
    case(Normalize("l2", (1,), 100.0), (N, 3)),
    *(case(Softmax(kind, axis), (N, 4, 3)) for kind in ("softmax", "log_softmax", "sparsemax") for axis in (1, 2)),
    case(Glu(1), (N, 4, 3)),
    *(case(Warp("bilinear", fill, 0.5), (N, 2, 3, 2), (N, 4, 1), (N, 4, 3)) for fill in get_args(FillMode)),
    case(Warp("bilinear", "reflect"), (N, 3, 1, 2), (1, 4, 1), (1, 1, 3)),
    case(SampleAttention("dot"), (N, 3), (N, 3), (N, 2)),
    Case(SampleAttention("dot", causal=True, rate=0.4, key=5), ((N, 3), (N, 3), (N, 2), ()), {3: 4}),
    case(SampleAttention("tanh", causal=True), (N, 3), (N, 3), (N, 2), (3,)),
    Case(SampleAttention("tanh", True, rate=0.4, key=7), ((N, 3), (N, 3), (N, 2), (3,), (N,), ()), {4: 2, 5: 4}),
    case(Shuffle(), (N, 2, 3), (N,)),
    case(Shuffle(inverse=True), (N, 2), (N,)),
    *recurrent("simple", 1, 1),
    *recurrent("lstm", 4, 2),
    *recurrent("gru", 3, 1),
    *recurrent("gru_reset_before", 3, 1),
    case(PerSample(), (BATCH, 4), (N, 1)),
    case(Unbatch(BATCH), (N, 4)),
]  # fmt: skip

WITHOUT: dict[str, str] = {
    "Constant": "no operands",
    "Fourier": "no operands",
    "MelScale": "no operands",
    "Range": "no operands",
    "ShareRest": "no operands",
    "SizeConstant": "no operands",
    "AdaptiveMaxPoolGradient": "itself a gradient, and no linear one",
    "MaxPoolGradient": "itself a gradient, and no linear one",
    "SampleAttentionGradient": "itself a gradient, of several products",
    "Scan": "several outputs: see tests/passes/test_scan.py",
    "SampleNormalizer": "only gradients read it",
    "RecurrentBackward": "itself a gradient, of two products",
    "SparsemaxGradient": "itself a gradient, and no linear one",
    "WarpGradient": "itself a gradient, of two products",
}
"""The ops that have no case, and why."""


def op_classes(base: type[Op] = Op) -> Iterator[type[Op]]:
    for module in pkgutil.iter_modules(modelc.ops.__path__):
        importlib.import_module(f"modelc.ops.{module.name}")
    for made in base.__subclasses__():
        yield made
        yield from op_classes(made)


def test_every_op_has_a_case() -> None:
    ours = {made.__name__: made for made in op_classes() if made.__module__.startswith("modelc.")}
    made_by_passes = {n for n, op in ours.items() if not op.portable or n.startswith(("Pack", "Partial"))}
    assert set(ours) - made_by_passes == {type(each.op).__name__ for each in CASES} | set(WITHOUT)
    unary = {each.op.kind for each in CASES if isinstance(each.op, Unary)}
    assert unary == set(UNARY)


@pytest.mark.parametrize("each", [pytest.param(each, id=f"{each.op}") for each in CASES])
def test_gradient_is_the_slope(each: Case) -> None:
    check_slopes(each.graph(), each.arrays(), {})


def _jax(function: Callable[..., Any], *arrays: Array) -> list[Array]:
    jax = pytest.importorskip("jax")
    count = tuple(range(len(arrays)))
    return [np.asarray(g) for g in jax.grad(lambda *x: function(*x).sum(), count)(*map(jax.numpy.asarray, arrays))]


def _at(op: Op, *arrays: Array) -> list[Array | None]:
    """The gradients of the sum of an op's output."""
    graph = Case(op, tuple((N, *x.shape[1:]) for x in arrays)).graph()
    seed = np.ones_like(op.compute(*arrays))
    return gradients(graph, arrays, {}, [seed])[0]


# The function of keras.activations, its options, and ours.
KINKED = [
    ("relu", {}, "relu", (0.0, math.inf, 0.0)),
    ("relu", {"max_value": 2.0}, "relu", (0.0, 2.0, 0.0)),
    ("relu", {"max_value": 6.0}, "relu", (0.0, 6.0, 0.0)),
    ("relu", {"threshold": 1.0}, "relu", (0.0, math.inf, 1.0)),
    ("relu", {"negative_slope": 0.1, "threshold": 1.0}, "relu", (0.1, math.inf, 1.0)),
    ("relu", {"negative_slope": 0.1, "max_value": 1.0}, "relu", (0.1, 1.0, 0.0)),
    ("relu6", {}, "relu6", ()),
    ("leaky_relu", {"negative_slope": 0.2}, "leaky_relu", (0.2,)),
    ("elu", {"alpha": 0.5}, "elu", (0.5,)),
    ("selu", {}, "selu", ()),
    ("celu", {"alpha": 0.5}, "celu", (0.5,)),
    ("hard_sigmoid", {}, "hard_sigmoid", ()),
    ("hard_silu", {}, "hard_silu", ()),
    ("hard_tanh", {}, "hard_tanh", ()),
    ("hard_shrink", {"threshold": 0.5}, "hard_shrink", (0.5,)),
    ("soft_shrink", {"threshold": 0.5}, "soft_shrink", (0.5,)),
    ("threshold", {"threshold": 1.0, "default_value": 7.0}, "threshold", (1.0, 7.0)),
    ("sparse_plus", {}, "sparse_plus", ()),
    ("sparse_sigmoid", {}, "sparse_sigmoid", ()),
    ("softsign", {}, "softsign", ()),
]


@pytest.mark.jax
@pytest.mark.parametrize(("name", "options", "kind", "parameters"), KINKED)
def test_kinks_are_those_of_keras_on_jax(
    name: str, options: dict[str, float], kind: Any, parameters: tuple[float, ...]
) -> None:
    keras = live_keras()
    if keras.backend.backend() != "jax":
        pytest.skip("the ties are those of JAX")
    x = np.array([[-6.0, -3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0, 6.0]], np.float32)
    (want,) = _jax(lambda x: getattr(keras.activations, name)(x, **options), x)
    (got,) = _at(Unary(kind, parameters), x)
    assert got is not None
    # An ulp or two of what elu adds to its output: alpha, 1.76 for selu.
    np.testing.assert_allclose(got, want, rtol=1e-6, atol=2.5e-7)


def test_equal_extremes_share() -> None:
    jnp = pytest.importorskip("jax.numpy")
    x = np.array([[1.0, 3.0, 3.0, 0.0], [2.0, 2.0, 2.0, 2.0]], np.float32)
    other = np.array([[1.0, 2.0, 4.0, 0.0], [2.0, 1.0, 3.0, 2.0]], np.float32)
    np.testing.assert_array_equal(_at(Reduce("max", (1,)), x), _jax(lambda x: jnp.max(x, 1), x))
    np.testing.assert_array_equal(_at(Reduce("min", (1,)), x), _jax(lambda x: jnp.min(x, 1), x))
    for kind, function in (("maximum", jnp.maximum), ("minimum", jnp.minimum)):
        np.testing.assert_array_equal(_at(Binary(kind), x, other), _jax(function, x, other))
    np.testing.assert_array_equal(_at(Unary("clip", (2.0, 3.0)), x), _jax(lambda x: jnp.clip(x, 2.0, 3.0), x))


def test_a_pooled_maximum_goes_to_the_first_of_equals() -> None:
    x = np.zeros((1, 4, 4, 1), np.float32)
    (dx,) = _at(Pool("max", (2, 2), (2, 2), ((0, 0), (0, 0))), x)
    assert dx is not None
    np.testing.assert_array_equal(np.argwhere(dx[0, :, :, 0]), [[0, 0], [0, 2], [2, 0], [2, 2]])
    (padded,) = _at(Pool("max", (2, 2), (2, 2), ((1, 1), (1, 1))), np.full_like(x, -np.inf))
    assert padded is not None
    assert padded.sum() == 9


def test_equal_rows_add_up() -> None:
    x, table = np.array([[1, 1], [1, 0]], np.int32), np.zeros((3, 2))
    graph = Case(Gather(), ((N, 2), (3, 2)), {0: 3}).graph()
    _, dtable = gradients(graph, [x, table], {}, [np.ones((2, 2, 2))])[0]
    np.testing.assert_array_equal(dtable, [[1, 1], [3, 3], [0, 0]])
