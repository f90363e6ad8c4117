"""Loops over steps: written as one step, differentiated, optimized and run."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from modelc import Model, load_spec
from modelc.graph.builder import Builder
from modelc.graph.graph import Graph
from modelc.graph.interpret import interpret
from modelc.graph.printer import format_graph
from modelc.graph.scan import Tensors, scan
from modelc.graph.tensor import concatenate
from modelc.graph.types import TensorType
from modelc.graph.verify import verify
from modelc.initializers import Zeros
from modelc.layers import LAYERS
from modelc.model.build import make_variables
from modelc.native.engine.program import NativeProgram
from modelc.native.ops.loop import NativeScan
from modelc.native.passes.memory import plan_memory
from modelc.native.passes.pipeline import optimize
from modelc.native.passes.recompute import least_arena, recompute
from modelc.passes.differentiate import differentiate
from modelc.report.receptive_field import kernel_extents, receptive_fields
from tests.passes.slopes import check_slopes

Array = np.ndarray[Any, Any]

N, T = 3, 5
RNG = np.random.default_rng(11)
X, RATES, FIRST, SHIFT, START = (
    RNG.standard_normal(shape).astype(np.float32) for shape in ((N, T, 3), (T, 2), (N, 2), (N, 2), (2,))
)
KERNELS = {
    "loop/w": RNG.standard_normal((3, 2)).astype(np.float32) * 0.7,
    "loop/r": RNG.standard_normal((2, 2)).astype(np.float32) * 0.7,
}


def traced(backward: bool) -> Graph:
    """A loop with all that one can have: sequences with and without a batch, states with and without one, weights,
    tensors that all steps read, products of these alone, and outputs of both kinds."""
    g = Builder()
    x, rates, first, shift, start = (
        g.input(TensorType(shape)) for shape in ((None, T, 3), (T, 2), (None, 2), (None, 2), (2,))
    )
    with g.layer("loop"):

        def step(parts: Tensors, states: Tensors) -> tuple[Tensors, Tensors]:
            (x, rate), (h, sum_so_far) = parts, states
            w, r = g.weight("w", (3, 2), Zeros()), g.weight("r", (2, 2), Zeros())
            h = ((x @ w + h @ (r * 2.0) + shift.square()).tanh() * rate).softmax()
            sum_so_far = sum_so_far + rate * h.mean((0,))
            return (h, sum_so_far), (h * x.part(1, 0, 2), sum_so_far.exp())

        done = scan(g, step, (x, rates), (first, start), backward=backward)
    return g.graph("loop", (*done.states, *done.outputs), ("loop",) * 4)


def expected(backward: bool) -> list[Array]:
    """The same in NumPy."""
    w, r = (KERNELS[f"loop/{name}"].astype(np.float64) for name in "wr")
    h, total = FIRST.astype(np.float64), START.astype(np.float64)
    ys, sums = np.zeros((N, T, 2)), np.zeros((T, 2))
    for t in reversed(range(T)) if backward else range(T):
        z = np.exp(np.tanh(X[:, t] @ w + h @ (2 * r) + SHIFT**2) * RATES[t])
        h = z / z.sum(axis=1, keepdims=True)
        total = total + RATES[t] * h.mean(axis=0)
        ys[:, t], sums[t] = h * X[:, t, :2], np.exp(total)
    return [h, total, ys, sums]


INPUTS = [X, RATES, FIRST, SHIFT, START]


@pytest.mark.parametrize("backward", [False, True])
def test_a_loop_does_its_step_for_each_step(backward: bool) -> None:
    graph = traced(backward)
    verify(graph)
    for got, want in zip(interpret(graph, INPUTS, KERNELS), expected(backward), strict=True):
        np.testing.assert_allclose(got, want, rtol=2e-6, atol=1e-6)
    variables = compiled_weights(graph)
    for got, want in zip(NativeProgram(graph, variables).run(INPUTS), expected(backward), strict=True):
        np.testing.assert_allclose(got, want, rtol=2e-6, atol=1e-6)


def compiled_weights(graph: Graph) -> dict[str, Any]:
    variables = make_variables(graph, seed=0)
    for path, variable in variables.items():
        variable.assign(KERNELS[path])
    return variables


@pytest.mark.parametrize("backward", [False, True])
def test_the_gradient_of_a_loop_is_its_slope(backward: bool) -> None:
    check_slopes(traced(backward), INPUTS, KERNELS)


@pytest.mark.parametrize("backward", [False, True])
def test_the_gradient_of_a_loop_is_compiled(backward: bool) -> None:
    graph = traced(backward)
    g = Builder.going_on(graph)
    loss = concatenate([g.tensor(v).square().sum().reshape((1,)) for v in graph.outputs], 0).sum()
    whole = g.graph("loss", (loss,), ("loss",))
    wanted = [*whole.inputs, *(weight.value for weight in whole.weights)]
    made = differentiate(whole, wanted)
    verify(optimize(made))
    want = interpret(made, [x.astype(np.float64) for x in INPUTS], {p: w.astype(float) for p, w in KERNELS.items()})
    for a, b in zip(NativeProgram(made, compiled_weights(made)).run(INPUTS), want, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


def test_the_gradient_of_a_gradient() -> None:
    graph = traced(backward=False)
    g = Builder.going_on(graph)
    loss = g.tensor(graph.outputs[2]).square().sum()
    first = differentiate(g.graph("loss", (loss,), ("loss",)), [graph.inputs[2]])
    g = Builder.going_on(first)
    norm = g.tensor(first.outputs[1]).square().sum()
    check_slopes(g.graph("norm", (norm,), ("norm",)), INPUTS, KERNELS, tolerance=1e-5)


def test_what_is_the_same_in_all_steps_is_done_once() -> None:
    loop = next(node for node in optimize(traced(backward=False)).nodes if isinstance(node.op, NativeScan))
    assert isinstance(loop.op, NativeScan)
    inside = [node.op.name for node in loop.op.body.nodes]
    assert not any("square" in name or "Pack" in name for name in inside), inside


def test_what_nothing_reads_is_not_kept() -> None:
    g = Builder()
    x = g.input(TensorType((None, T, 3)))
    first = g.input(TensorType((None, 3)))

    def step(parts: Tensors, states: Tensors) -> tuple[Tensors, Tensors]:
        a, b = states
        return (a + parts[0], b * parts[0]), (a, b)

    done = scan(g, step, (x,), (first, first), backward=False)
    loop = next(n for n in optimize(g.graph("g", done.outputs[:1], ("a",))).nodes if isinstance(n.op, NativeScan))
    assert isinstance(loop.op, NativeScan) and loop.op.carried == 1 and len(loop.outputs) == 2


def long(steps: int = 40) -> Graph:
    """Several loops with large outputs, which their gradients read."""
    g = Builder()
    x = y = g.input(TensorType((None, steps, 16)))
    w = g.input(TensorType((16, 16)))
    for _ in range(4):

        def step(parts: Tensors, states: Tensors) -> tuple[Tensors, Tensors]:
            h = (parts[0] @ w + states[0]).tanh()
            return (h,), (h,)

        y = scan(g, step, (y,), (g.tensor(y.value).part(1, 0, 1).reshape((None, 16)),), backward=False).outputs[0]
        y = (y.square() + 1.0).log()
    return differentiate(g.graph("long", (y.mean(),), ("y",)), [x.value, w.value])


def loops_in(graph: Graph) -> int:
    return sum(isinstance(node.op, NativeScan) for node in graph.nodes)


def test_a_loop_is_not_computed_again_for_less_memory() -> None:
    graph = optimize(long())
    full, least = plan_memory(graph).arena_size(4), least_arena(graph, 4)
    assert least < full
    inputs = [RNG.standard_normal((4, 40, 16)).astype(np.float32), RNG.standard_normal((16, 16)).astype(np.float32)]
    want = interpret(graph, inputs, {})
    for limit in np.linspace(least, full - 1, 3).astype(int).tolist():
        made = recompute(graph, 4, limit)
        assert made is not None
        verify(made)
        assert plan_memory(made).arena_size(4) <= limit
        assert loops_in(made) == loops_in(graph)
        for a, b in zip(interpret(made, inputs, {}), want, strict=True):
            np.testing.assert_array_equal(a, b)


def wrapped(layers: list[dict[str, Any]], shape: tuple[int, ...], backend: Any = "native") -> Model:
    entry = {"type": "TimeDistributed", "layer": {"type": "Model", "spec": {"modelc": 1, "layers": layers}}}
    spec = {"modelc": 1, "input": {"shape": list(shape)}, "layers": [entry]}
    return load_spec(spec).build(seed=1, backend=backend)


def test_each_step_draws_anew() -> None:
    """Steps of steps, and a second use of the layer."""
    layer = LAYERS.coerce({"type": "TimeDistributed", "layer": {"type": "TimeDistributed", "layer": {
        "type": "GaussianNoise", "stddev": 1.0}}})  # fmt: skip
    g = Builder(training=True)
    g.count_steps()
    x = g.input(TensorType((None, 4, 6, 8)))
    with g.layer("noise"):
        outputs = (*layer.apply(g, x), *layer.apply(g, x))
    graph = g.graph("noise", outputs, ("a", "b"))
    inputs = [np.array(3, np.int32), np.zeros((2, 4, 6, 8), np.float32)]
    drawn = interpret(graph, inputs, {})
    assert len(np.unique(drawn)) > 0.99 * np.size(drawn), "no number is drawn twice, but by chance"
    assert 0.9 < float(np.std(drawn)) < 1.1
    for a, b in zip(NativeProgram(graph, {}).run(inputs), drawn, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("backend", ["native", "reference"])
def test_statistics_go_on_from_step_to_step(backend: Any) -> None:
    model = wrapped([{"type": "BatchNormalization", "momentum": 0.5}], (4, 3), backend)
    model.compile(optimizer="sgd", loss="mse")
    x = RNG.standard_normal((6, 4, 3)).astype(np.float32)
    model.train_on_batch(x, x)
    mean, variance = np.zeros(3), np.ones(3)
    for t in range(4):
        mean = 0.5 * mean + 0.5 * x[:, t].mean(axis=0)
        variance = 0.5 * variance + 0.5 * x[:, t].var(axis=0)
    found = {v.path.rpartition("/")[2]: v.value for v in model.variables}
    np.testing.assert_allclose(found["moving_mean"], mean, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found["moving_variance"], variance, rtol=1e-5, atol=1e-6)


def test_a_penalty_is_on_what_all_steps_give() -> None:
    layer = {"type": "Dense", "units": 2, "activity_regularizer": {"type": "L1L2", "l1": 0.1, "l2": 0.3}}
    model = wrapped([layer], (4, 3))
    model.compile(optimizer="sgd", loss="mse")
    x = RNG.standard_normal((6, 4, 3)).astype(np.float32)
    y = model(x)
    want = np.square(y).mean() + (0.1 * np.abs(y).sum() + 0.3 * np.square(y).sum()) / len(x)
    np.testing.assert_allclose(model.evaluate(x, 0 * y, verbose=0), want, rtol=1e-5)


def test_where_one_step_does_not_tell_all_each_is_written_out() -> None:
    """A kernel that each step normalizes anew, which is trained from its last value."""
    inner = {"type": "SpectralNormalization", "layer": {"type": "Dense", "units": 2}}
    model = wrapped([inner], (4, 3))
    model.compile(optimizer="sgd", loss="mse")
    x = RNG.standard_normal((6, 4, 3)).astype(np.float32)
    before = model.get_weights()
    losses = [model.train_on_batch(x, np.zeros((6, 4, 2), np.float32)) for _ in range(3)]
    assert np.isfinite(losses).all() and losses[-1] < losses[0]
    assert any(not np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))


def test_a_loop_is_printed_with_its_step() -> None:
    g = Builder()
    x, first = g.input(TensorType((None, T, 3))), g.input(TensorType((None, 3)))

    def step(parts: Tensors, states: Tensors) -> tuple[Tensors, Tensors]:
        return (states[0] + parts[0],), ()

    graph = g.graph("sum", scan(g, step, (x,), (first,), backward=False).states, ("y",))
    assert format_graph(graph).splitlines() == [
        f"graph sum(%0: float32(None, {T}, 3), %1: float32(None, 3))",
        "  %2 = Scan(%0, %1) float32(None, 3)",
        "    step(%3, %4)",
        "      %5 = add(%4, %3) float32(None, 3)",
        "      return %5",
        "  return %2",
    ]


@pytest.mark.parametrize(
    ("layer", "seen"),
    [
        ({"type": "TimeDistributed", "layer": {"type": "Conv2D", "filters": 2, "kernel_size": 3}}, (3, 3)),
        # Each of the three steps after the first one sees one pixel more on each side, through the states.
        ({"type": "ConvLSTM2D", "filters": 2, "kernel_size": 3, "padding": "same"}, (9, 9)),
    ],
)
def test_what_an_element_sees_through_a_loop(layer: dict[str, Any], seen: tuple[int, ...]) -> None:
    graph = load_spec({"modelc": 1, "input": {"shape": [4, 32, 32, 2]}, "layers": [layer]}).graph
    assert receptive_fields(graph)[graph.outputs[0]] == seen
    assert list(kernel_extents(graph).values()) == [(3, 3)]
