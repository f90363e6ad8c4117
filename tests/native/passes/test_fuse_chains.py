"""Chains: which ops are done together, and that they compute the same, however the tensors are cut into pieces."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelc.graph.builder import Builder
from modelc.graph.graph import Graph, Value, prune
from modelc.graph.printer import format_graph
from modelc.graph.types import TensorType
from modelc.native.engine.program import NativeProgram
from modelc.native.engine.threads import Team
from modelc.native.ops.chain import PAIRED
from modelc.native.passes.fuse_chains import fuse_chains
from modelc.native.passes.loops import loops_over
from modelc.native.passes.memory import plan_memory
from modelc.native.passes.pipeline import optimize
from modelc.ops.elementwise import Binary, Unary
from modelc.ops.reduce import Reduce
from modelc.ops.shape import Transpose
from modelc.passes.hoist_scales import hoist_scales
from tests.native.passes.checking import check, check_native
from tests.slowness import examples

Shape = tuple[int | None, ...]
RELU = Unary("relu", (0.0, math.inf, 0.0))


class Writer:
    """A graph that a test writes."""

    def __init__(self) -> None:
        self.g = Builder()

    def input(self, *shape: int | None) -> Value:
        return self.g.input(TensorType(shape))

    def add(self, a: Value, b: Value) -> Value:
        return self.g.emit(Binary("add"), a, b)

    def subtract(self, a: Value, b: Value) -> Value:
        return self.g.emit(Binary("subtract"), a, b)

    def multiply(self, a: Value, b: Value) -> Value:
        return self.g.emit(Binary("multiply"), a, b)

    def gate(self, a: Value, b: Value) -> Value:
        return self.g.emit(Binary("gate"), a, b)

    def unary(self, kind: str, x: Value, *parameters: float) -> Value:
        return self.g.emit(Unary(kind, parameters), x)  # pyright: ignore[reportArgumentType]

    def total(self, x: Value, axes: tuple[int, ...], kind: str = "sum") -> Value:
        return self.g.emit(Reduce(kind, axes), x)  # pyright: ignore[reportArgumentType]

    def graph(self, *results: Value) -> Graph:
        return self.g.graph("made", results, ("",) * len(results))


def nodes(graph: Graph) -> list[str]:
    """The ops in order."""
    return [node.op.name for node in graph.nodes]


def momentum(shape: Shape) -> Graph:
    """SGD with momentum."""
    w = Writer()
    gradient, velocity, weight, rate = w.input(*shape), w.input(*shape), w.input(*shape), w.input()
    moved = w.subtract(w.unary("scale", velocity, 0.9), w.multiply(gradient, rate))
    return w.graph(moved, w.add(weight, moved))


def normalized(shape: Shape, axes: tuple[int, ...]) -> Graph:
    """The gradient of a normalization by statistics of the batch, with that of a relu and of a second reader."""
    w = Writer()
    dy, other, x, y = (w.input(*shape) for _ in range(4))
    mean, a, b, c = (w.input(shape[-1]) for _ in range(4))
    gated = w.gate(w.add(dy, other), y)
    beta, gamma = w.total(gated, axes), w.total(w.multiply(gated, w.subtract(x, mean)), axes)
    dx = w.add(w.multiply(gated, a), w.multiply(w.multiply(b, gamma), w.subtract(x, mean)))
    dx = w.add(dx, w.multiply(c, beta))
    return w.graph(beta, gamma, dx, w.total(dx, axes, "mean"))


# --- what is done together


def test_an_update_is_one_chain_with_two_outputs() -> None:
    made = fuse_chains(momentum((3, 3, 8, 16)))
    assert format_graph(made).splitlines()[1:] == [
        "  %4, %5 = chain[scale, multiply, subtract, add](%1, %0, %3, %2) float32(3, 3, 8, 16), float32(3, 3, 8, 16)",
        "  return %4, %5",
    ]


def test_what_is_light_is_done_again_and_kept_by_none() -> None:
    made = fuse_chains(normalized((None, 4, 4, 32), (0, 1, 2)))
    first, second = (name for name in nodes(made) if name.count(",") > 2)
    assert first == "chain[add+gate, reduce_sum, subtract+multiply, reduce_sum]"
    assert second == "chain[subtract+multiply, multiply+add, add, reduce_mean]"


def test_a_sum_is_not_read_in_the_chain_that_makes_it() -> None:
    w = Writer()
    gated = w.gate(w.input(None, 5, 8), w.input(None, 5, 8))
    mean = w.g.emit(Reduce("mean", (0, 1), keepdims=True), gated)
    graph = w.graph(w.total(w.unary("square", w.subtract(gated, mean)), (0, 1)))
    assert nodes(fuse_chains(graph)) == ["chain[gate, reduce_mean]", "chain[subtract, multiply+reduce_sum]"]
    check_native(graph)


def test_what_is_heavy_is_not_done_again() -> None:
    w = Writer()
    heavy = w.unary("tanh", w.input(None, 64))
    far = w.g.emit(Transpose((0, 1)), heavy)
    made = fuse_chains(w.graph(w.multiply(heavy, far), w.subtract(w.input(None, 64), heavy)))
    assert sum("tanh" in name for name in nodes(made)) == 1


def test_what_is_wanted_late_is_not_made_early() -> None:
    """Beside what makes its operand it would take memory as long as the large value between lives."""
    w = Writer()
    first = w.add(w.unary("tanh", w.input(None, 8, 8)), w.input(None, 8, 8))
    between = w.g.emit(Transpose((0, 2, 1)), first)
    late = w.unary("exponential", first)
    graph = w.graph(w.multiply(between, late))
    assert nodes(fuse_chains(graph)) == ["chain[tanh, add]", "Transpose", "chain[exponential, multiply]"]
    check_native(graph)


def test_centered_values_are_not_added_up() -> None:
    w = Writer()
    x, factor = w.input(None, 6, 5), w.input(5)
    mean = w.g.emit(Reduce("mean", (0, 1), keepdims=True), x)
    total = w.total(w.multiply(factor, w.subtract(x, mean)), (0, 1))
    graph = w.graph(total)
    assert nodes(hoist_scales(graph)) == ["reduce_mean", "scale", "Reshape", "multiply"]
    check(graph, hoist_scales(graph))


def test_sums_of_products_are_products_of_sums() -> None:
    w = Writer()
    x, factor, each = w.input(None, 6, 5), w.input(5), w.input(None, 1, 5)
    graph = w.graph(
        w.total(w.multiply(factor, x), (0, 1)), w.total(w.multiply(x, each), (1,), "mean"),
        w.total(w.multiply(x, each), (0, 1)),
    )  # fmt: skip
    assert nodes(hoist_scales(graph)) == [
        "reduce_sum", "multiply", "reduce_mean", "Reshape", "multiply", "multiply", "reduce_sum",
    ]  # fmt: skip
    check(graph, hoist_scales(graph))


# --- memory


def test_an_output_lies_where_any_operand_was() -> None:
    w = Writer()
    x, other = w.g.emit(Transpose((0, 2, 1)), w.input(None, 8, 8)), w.input(None, 8, 8)
    y = w.subtract(w.multiply(other, w.input(8)), x)
    made = fuse_chains(w.graph(w.g.emit(Transpose((0, 2, 1)), y)))
    assert nodes(made) == ["Transpose", "chain[multiply+subtract]", "Transpose"]
    assert plan_memory(made).arena_bytes == x.type.bytes


def test_an_output_does_not_lie_where_a_later_link_reads() -> None:
    w = Writer()
    x = w.g.emit(Transpose((0, 2, 1)), w.input(None, 8, 8))
    y = w.add(x, w.input(None, 8, 8))
    z = w.multiply(y, x)
    graph = w.graph(w.g.emit(Transpose((0, 2, 1)), y), w.g.emit(Transpose((0, 2, 1)), z))
    made = fuse_chains(graph)
    assert nodes(made) == ["Transpose", "chain[add, multiply]", "Transpose", "Transpose"]
    assert plan_memory(made).arena_bytes == 2 * x.type.bytes
    check_native(graph)


# --- the kernel


@pytest.mark.parametrize(
    "shape",
    [
        (1,), (5,), (70000,), (3, 3, 70, 33), (None, 3), (None, 2500), (None, 5, 4, 300), (None, 40, 40, 3),
        (None, 9, 9, 64), (None, 2, 2, 2048),
    ],
    ids=str,
)  # fmt: skip
def test_pieces_of_all_forms(shape: Shape) -> None:
    check_native(momentum(shape))
    if len(shape) > 1:
        check_native(normalized(shape, tuple(range(len(shape) - 1))))


def test_two_links_at_once() -> None:
    w = Writer()
    a, b, c = w.input(None, 5, 21), w.input(21), w.input(None, 5, 21)
    results = [
        w.g.emit(Binary(second), *((c, made) if turned else (made, c)))
        for first in PAIRED
        for second in PAIRED
        for turned in (False, True)
        for made in [w.g.emit(Binary(first), a, b)]
    ]
    for result in results:
        (name,) = nodes(fuse_chains(prune(w.graph(result))))
        assert name in [f"chain[{first}+{second}]" for first in PAIRED for second in PAIRED]
    check_native(w.graph(*results))


def test_nan_goes_through_and_infinity_too() -> None:
    graph = momentum((40,))
    arrays = [np.ones(v.type.shape, np.float32) for v in graph.inputs]
    arrays[0][3], arrays[1][7] = np.nan, np.inf
    moved, weight = NativeProgram(graph, {}).run(arrays)
    assert np.isnan(moved[3]) and np.isnan(weight[3]) and weight[7] == np.inf
    assert np.isfinite(np.delete(weight, [3, 7])).all()


def test_the_number_of_threads_does_not_change_a_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = normalized((None, 30, 30, 70), (0, 1, 2))
    program = NativeProgram(graph, {})
    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal([5 if d is None else d for d in v.type.shape]).astype("f") for v in graph.inputs]
    runs: list[list[bytes]] = []
    for threads in (1, 2, 3):
        monkeypatch.setattr(program.plan._executor, "_team", Team(threads))
        runs.append([a.tobytes() for a in program.run(arrays)])
    assert runs[0] == runs[1] == runs[2]


UNARY = (Unary("tanh"), Unary("negative"), Unary("scale", (0.5, 0.25)), Unary("square"), RELU, Unary("sigmoid"))
BINARY = ("add", "subtract", "multiply", "maximum", "minimum", "gate", "less", "prelu")


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Elementwise ops of tensors that broadcast to one shape, sums of what they give, ops of these, and so on.

    Without means: the sum of what is centered is noise, of whose sign a gate makes much.
    """
    w = Writer()
    space: Shape = draw(st.sampled_from([(None, 3, 17), (None, 4, 2, 5), (None, 33), (6, 20), (None, 1, 8)]))
    whole = [w.input(*space) for _ in range(draw(st.integers(1, 3)))]
    others = [w.input(*(1 if draw(st.booleans()) else d for d in space)) for _ in range(2)] + [w.input(space[-1])]
    for _ in range(draw(st.integers(2, 14))):
        match draw(st.integers(0, 3)):
            case 0:
                whole.append(w.g.emit(draw(st.sampled_from(UNARY)), draw(st.sampled_from(whole))))
            case 1 | 2:
                a, b = draw(st.sampled_from(whole)), draw(st.sampled_from(whole + others))
                a, b = (b, a) if draw(st.booleans()) else (a, b)
                whole.append(w.g.emit(Binary(draw(st.sampled_from(BINARY))), a, b))
            case _:
                axes = draw(st.sampled_from([(0,), tuple(range(len(space) - 1)), (len(space) - 1,), (1,)]))
                kind = draw(st.sampled_from(["sum", "max"]))
                others.append(w.g.emit(Reduce(kind, axes, keepdims=True), draw(st.sampled_from(whole))))  # pyright: ignore[reportArgumentType]
    results = draw(st.lists(st.sampled_from(whole + others), min_size=1, max_size=3))
    return w.graph(whole[-1], *results)


@settings(max_examples=examples(60), deadline=None, derandomize=True)
@given(graph=graphs())
def test_any_graph_computes_the_same(graph: Graph) -> None:
    check(graph, optimize(graph))


@settings(max_examples=examples(40), deadline=None, derandomize=True)
@given(graph=graphs())
def test_any_graph_compiled_computes_the_same(graph: Graph) -> None:
    check_native(graph)


# --- loops


def test_loops_merge_what_lies_together() -> None:
    space = TensorType((None, 4, 5, 8))
    whole, channels, sample = space, TensorType((8,)), TensorType((None, 1, 1, 8))
    found = loops_over(space, [whole, channels])
    assert found is not None and (found.outer, found.rows, found.columns) == (1, -20, 8)
    found = loops_over(space, [whole, channels, sample], [(1, 2)])
    assert found is not None and (found.outer, found.rows, found.columns) == (-1, 20, 8)
    assert found.strides == ((160, 8, 1), (0, 0, 1), (8, 0, 1), (8, 0, 1))
    found = loops_over(space, [whole])
    assert found is not None and (found.outer, found.rows, found.columns) == (1, -1, 160)


def test_no_loops_for_sums_along_the_last_axis() -> None:
    space = TensorType((None, 4, 8))
    assert loops_over(space, [space], [(2,)]) is None
    assert loops_over(TensorType((None,)), [TensorType((None,))]) is None
