"""The passes that prepare graphs of training: what they write, and that it computes the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelc.graph.builder import Builder
from modelc.graph.graph import Graph, Value
from modelc.graph.types import TensorType
from modelc.native.passes.memory import plan_memory
from modelc.native.passes.pipeline import optimize
from modelc.native.passes.split_sums import split_gradients, split_reductions
from modelc.ops.base import Op
from modelc.ops.contract import Contract
from modelc.ops.conv import Conv, ConvKernelGradient, ConvTranspose
from modelc.ops.elementwise import Binary, Unary
from modelc.ops.matmul import MatMul
from modelc.ops.reduce import Reduce
from modelc.ops.shape import Broadcast, Transpose
from modelc.passes.hoist_scales import hoist_scales
from modelc.passes.sink_broadcasts import sink_broadcasts
from tests.native.passes.checking import check, check_native
from tests.slowness import examples


def names(graph: Graph) -> str:
    """The ops in order."""
    return " ".join(node.op.name for node in graph.nodes)


def one(op: Op, *shapes: tuple[int | None, ...], bias: bool = False, relu: bool = False) -> Graph:
    """An op of inputs, then perhaps a bias that is an input, and an activation."""
    g = Builder()
    y = g.emit(op, *(g.input(TensorType(shape)) for shape in shapes))
    if bias:
        y = g.emit(Binary("add"), y, g.input(TensorType((y.type.dims[-1],))))
    if relu:
        y = g.emit(Unary("relu", (0.0, float("inf"), 0.0)), y)
    return g.graph("one", (y,), ("y",))


def built(emit, *shapes: tuple[int | None, ...]) -> Graph:
    """What `emit(g, *inputs)` gives."""
    g = Builder()
    y: Value = emit(g, *(g.input(TensorType(shape)) for shape in shapes))
    return g.graph("built", (y,), ("y",))


# --- packing in the call


def test_the_kernel_and_the_bias_of_a_convolution_are_packed() -> None:
    graph = one(Conv((1,), ((1, 1),), (1,)), (None, 9, 5), (3, 5, 7), bias=True, relu=True)
    assert names(optimize(graph)) == "Pad Pack PackBias Conv+bias+relu"


def test_a_kernel_that_was_only_transposed_is_packed_as_it_was() -> None:
    def emit(g: Builder, x: Value, kernel: Value) -> Value:
        return g.emit(MatMul(), x, g.emit(Transpose((1, 0)), kernel))

    graph = built(emit, (None, 4, 9), (20, 9))
    assert names(optimize(graph)) == "Pack contract[aby,zy->abz]"
    check_native(graph)


def test_one_kernel_of_two_convolutions_is_packed_once() -> None:
    def emit(g: Builder, x: Value, kernel: Value) -> Value:
        conv = Conv((1,), ((1, 1),), (1,))
        return g.emit(conv, g.emit(conv, x, kernel), kernel)

    graph = built(emit, (None, 9, 5), (3, 5, 5))
    assert names(optimize(graph)).count("Pack") == 1
    check_native(graph)


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("relu", [False, True])
@pytest.mark.parametrize(
    ("op", "shapes"),
    [
        (MatMul(), [(None, 7), (7, 5)]),
        (MatMul(), [(None, 3, 70), (70, 130)]),
        (Conv((2, 1), ((1, 1), (0, 2)), (1, 2)), [(None, 8, 9, 5), (3, 3, 5, 70)]),
        (Conv((2, 1), ((1, 1), (0, 2)), (1, 2), 4), [(None, 8, 9, 8), (3, 3, 2, 20)]),
        (Conv((1, 1), ((1, 1), (1, 1)), (1, 1), 40), [(None, 8, 9, 40), (3, 3, 1, 40)]),
        (Conv((1, 2, 1), ((1, 1), (0, 0), (1, 0)), (1, 1, 2)), [(None, 8, 9, 5, 3), (3, 2, 2, 3, 17)]),
        (ConvTranspose((2, 3), ((1, 0), (0, 1)), (1, 1)), [(None, 6, 5, 70), (3, 2, 4, 70)]),
        (ConvTranspose((2, 2), ((1, -2), (-1, 1)), (1, 3), 2), [(None, 6, 5, 8), (3, 3, 9, 8)]),
        (ConvTranspose((1, 2), ((1, 1), (1, 1)), (1, 1), 20), [(None, 6, 5, 20), (3, 3, 1, 20)]),
    ],
    ids=str,
)
def test_packed_operands_compute_the_same(op: Op, shapes: list, bias: bool, relu: bool) -> None:
    check_native(one(op, *shapes, bias=bias, relu=relu))


@st.composite
def convolutions(draw: st.DrawFn) -> Graph:
    """A convolution or a transposed one of any rank, whose operands are inputs."""
    rank = draw(st.integers(1, 3))

    def each(low: int, high: int) -> tuple[int, ...]:
        return tuple(draw(st.integers(low, high)) for _ in range(rank))

    groups, inner, outer = draw(st.integers(1, 3)), draw(st.integers(1, 20)), draw(st.integers(1, 40))
    strides, dilation, window, size = each(1, 3), each(1, 2), each(1, 3), each(5, 8)
    pads = tuple(zip(each(0, 2), each(0, 2), strict=True))
    if draw(st.booleans()):
        op, kernel = Conv(strides, pads, dilation, groups), (*window, inner, outer * groups)
    else:
        op, kernel = ConvTranspose(strides, pads, dilation, groups), (*window, outer, inner * groups)
    return one(op, (None, *size, inner * groups), kernel, bias=draw(st.booleans()))


@settings(max_examples=examples(60), deadline=None)
@given(convolutions())
def test_random_convolutions_compute_the_same(graph: Graph) -> None:
    check_native(graph)


# --- sums over the batch


@pytest.mark.parametrize(
    "equation",
    ["ab,ac->bc", "abc,abd->cd", "abc,acd->bd", "abc,abd->cbd", "abcd,abce->cde", "abcd,aebd->bce"],
)
def test_a_contraction_over_the_batch_is_a_gradient_by_a_kernel(equation: str) -> None:
    operands, out = equation.split("->")
    a, b = operands.split(",")
    sizes: dict[str, int | None] = {"a": None, "b": 3, "c": 5, "d": 20, "e": 2}
    graph = one(Contract(a, b, out), tuple(sizes[c] for c in a), tuple(sizes[c] for c in b))
    assert "ConvKernelGradient" in names(optimize(graph))
    check_native(graph)


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("kind", ["sum", "mean", "max", "min"])
@pytest.mark.parametrize("axes", [(0, 1, 2), (0, 1, 2, 3), (0, 2, 3), (0, 1)])
def test_long_reductions_go_by_sample_first(kind, axes: tuple[int, ...], keep: bool) -> None:
    graph = one(Reduce(kind, axes, keep), (None, 20, 20, 30))
    made = split_reductions(graph)
    assert names(made).startswith(f"reduce_{kind} reduce_{kind}") == (axes != (0, 1))
    check(graph, made)
    check_native(graph)


def test_a_gradient_by_a_small_kernel_has_parts() -> None:
    op = ConvKernelGradient((3, 3), (1, 1), ((0, 0), (0, 0)), (1, 1))
    graph = one(op, (None, 22, 22, 3), (None, 20, 20, 8))
    made = split_gradients(graph)
    assert names(made) == "PartialKernelGradient reduce_sum"
    check(graph, made)
    check_native(graph)
    assert names(split_gradients(one(op, (None, 9, 9, 3), (None, 7, 7, 8)))) == "ConvKernelGradient"


# --- less memory and time


def test_what_is_repeated_is_read_as_it_is() -> None:
    def emit(g: Builder, x: Value, scale: Value) -> Value:
        repeated = g.emit(Unary("scale", (2.0,)), g.emit(Broadcast(x.type.shape), scale, x))
        return g.emit(Binary("multiply"), repeated, x)

    graph = built(emit, (None, 4, 5), (1, 5))
    made = sink_broadcasts(graph)
    assert names(made) == "scale multiply"
    check(graph, made)
    check_native(graph)


def test_a_repetition_that_nothing_else_makes_stays() -> None:
    def emit(g: Builder, x: Value, scale: Value) -> Value:
        return g.emit(Binary("multiply"), g.emit(Broadcast(x.type.shape), scale, x), scale)

    graph = built(emit, (None, 4, 5), (1, 5))
    assert names(sink_broadcasts(graph)) == "Broadcast multiply"


def test_a_sum_is_scaled_and_not_what_is_summed() -> None:
    def emit(g: Builder, x: Value) -> Value:
        return g.emit(Reduce("sum", (0, 1)), g.emit(Unary("scale", (-3.0,)), x))

    graph = built(emit, (None, 4, 5))
    made = hoist_scales(graph)
    assert names(made) == "reduce_sum scale"
    check(graph, made)

    def shifted(g: Builder, x: Value) -> Value:
        return g.emit(Reduce("sum", (0, 1)), g.emit(Unary("scale", (-3.0, 1.0)), x))

    assert names(hoist_scales(built(shifted, (None, 4, 5)))) == "scale reduce_sum"


def test_a_scale_and_a_shift_in_the_call_are_one_step() -> None:
    def emit(g: Builder, x: Value, scale: Value, shift: Value) -> Value:
        return g.emit(Binary("add"), g.emit(Binary("multiply"), x, scale), shift)

    graph = built(emit, (None, 4, 5), (5,), (1, 5))
    assert "Affine" in names(optimize(graph))
    check_native(graph)


def test_values_without_a_batch_lie_before_the_others() -> None:
    graph = one(Conv((1,), ((1, 1),), (1,)), (None, 9, 5), (3, 5, 7))
    plan = plan_memory(optimize(graph))
    assert plan.fixed_bytes == 3 * 5 * 16 * 4 and plan.arena_bytes == -(-11 * 5 * 4 // 64) * 64
    assert plan.arena_size(10) == plan.fixed_bytes + 10 * plan.arena_bytes
    assert plan.activation_bytes(10) == plan.arena_size(10) + 10 * 9 * 7 * 4
