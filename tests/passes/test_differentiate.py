"""The pass that differentiates: what it emits, what it leaves out, and what it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.graph import Graph, Value
from modelc.graph.interpret import interpret
from modelc.graph.printer import format_graph
from modelc.graph.types import TensorType
from modelc.graph.verify import verify
from modelc.initializers import Zeros
from modelc.language.view import trace_spec
from modelc.model.loading import load_spec
from modelc.native.ops.fused import Copy
from modelc.ops.matmul import MatMul
from modelc.passes.differentiate import differentiate, with_seeds
from tests.passes.slopes import check_slopes

Array = np.ndarray[Any, Any]


def stack(depth: int = 2) -> tuple[Graph, list[Value]]:
    """x → matrix product → relu, some times, then the mean of all; and the kernels."""
    g = Builder()
    y = g.input(TensorType((None, 4)))
    kernels: list[Value] = []
    for i in range(depth):
        with g.layer(f"dense_{i}"):
            kernel = g.weight("kernel", (4, 4), Zeros())
            kernels.append(kernel.value)
            y = (y @ kernel).relu()
    return g.graph("stack", (y.mean(),), ("loss",)), kernels


def test_the_graph_of_a_loss() -> None:
    graph, kernels = stack(1)
    made = differentiate(graph, kernels)
    verify(made)
    assert format_graph(made) == "\n".join(
        f"{line:<72}# {layer}" if layer else line
        for line, layer in [
            ("graph stack(%0: float32(None, 4))", ""),
            ("  %1 = weight dense_0/kernel float32(4, 4)", ""),
            ("  %2 = MatMul(%0, %1) float32(None, 4)", "dense_0"),
            ("  %3 = relu(%2) float32(None, 4)", "dense_0"),
            ("  %4 = reduce_mean(%3) float32()", ""),
            ("  %5 = const Constant() float32()", ""),
            ("  %6 = const Reshape(%5) float32(1, 1)", ""),
            ("  %7 = const scale(%6) float32(1, 1)", ""),
            ("  %8 = BatchSize(%3) float32()", ""),
            ("  %9 = divide(%7, %8) float32(1, 1)", ""),
            ("  %10 = Broadcast(%9, %3) float32(None, 4)", ""),
            ("  %11 = gate(%10, %3) float32(None, 4)", "dense_0"),
            ("  %12 = MatMulKernelGradient(%0, %11) float32(4, 4)", "dense_0"),
            ("  return %4, %12", ""),
        ]
    )
    assert made.output_names == ("loss", "gradient")


def test_nothing_below_the_lowest_wanted_layer_is_differentiated() -> None:
    graph, kernels = stack(4)
    layers = {node.layer for node in differentiate(graph, kernels[2:]).nodes[len(graph.nodes) :]}
    assert layers == {"", "dense_2", "dense_3"}
    # Of the lowest layer only the kernel's gradient is computed, not that of its input.
    made = differentiate(graph, kernels[3:])
    assert sum(isinstance(node.op, MatMul) for node in made.nodes) == 4


def test_values_in_the_middle_have_gradients_too() -> None:
    graph, _ = stack(2)
    middle = graph.nodes[1].output
    made = differentiate(graph, [middle])
    x, w = np.ones((3, 4)), {w.path: np.full(w.shape, 0.5) for w in graph.weights}
    _, found = interpret(made, [x], w)
    np.testing.assert_allclose(found, np.full((3, 4), 2 / 12))


def test_several_readers_add_up() -> None:
    g = Builder()
    x = g.input(TensorType((None, 3)))
    y = x * x + x
    graph, seeds = with_seeds(g.graph("square", (y, y), ("a", "b")))
    made = differentiate(graph, [x.value], seeds)
    values = np.array([[1.0, 2.0, -3.0]])
    *_, dx = interpret(made, [values, np.ones((1, 3)), np.full((1, 3), 10.0)], {})
    np.testing.assert_allclose(dx, 11 * (2 * values + 1))


def test_what_no_output_depends_on_has_a_gradient_of_zeros() -> None:
    g = Builder()
    x, other = g.input(TensorType((None, 3))), g.input(TensorType((None, 2)))
    with g.layer("layer"):
        unused = g.weight("unused", (5,), Zeros())
    graph = g.graph("one", (x.sum(),), ("loss",))
    made = differentiate(graph, [x.value, other.value, unused.value])
    _, *found = interpret(made, [np.ones((4, 3)), np.ones((4, 2))], {"layer/unused": np.ones(5)})
    assert [gradient.shape for gradient in found] == [(4, 3), (4, 2), (5,)]
    assert [gradient.sum() for gradient in found] == [12, 0, 0]


def test_gradients_of_gradients() -> None:
    g = Builder()
    x = g.input(TensorType((None, 4)))
    y = x.sin().tanh()
    first, seeds = with_seeds(g.graph("once", (y,), ("y",)))
    check_slopes(differentiate(first, [x.value], seeds), [np.linspace(-1, 1, 12).reshape(3, 4), np.ones((3, 4))], {})


def test_a_graph_in_training_keeps_its_updates() -> None:
    spec = load_spec(
        "modelc: 1\ninput: {shape: [6, 6, 2]}\nlayers:\n"
        "  - {type: Conv2D, filters: 3, kernel_size: 3, padding: same, activation: gelu}\n"
        "  - {type: BatchNormalization}\n  - {type: MaxPooling2D}\n  - {type: Dropout, rate: 0.3}\n"
        "  - {type: Flatten}\n  - {type: Dense, units: 4, activation: softmax}\n"
    )
    graph = trace_spec(spec, training=True)
    rng = np.random.default_rng(0)
    weights = {w.path: np.abs(rng.standard_normal(w.shape)) + 0.1 for w in graph.weights}
    check_slopes(graph, [rng.standard_normal((5, 6, 6, 2))], weights)
    grown, seeds = with_seeds(graph)
    made = differentiate(grown, [w.value for w in graph.weights if w.trainable], seeds)
    assert made.updates == graph.updates


def test_what_cannot_be_differentiated_is_refused() -> None:
    g = Builder()
    x, i = g.input(TensorType((None, 3))), g.input(TensorType((None, 3), "int32"))
    graph = g.graph("one", (x,), ("y",))
    with pytest.raises(ShapeError, match="an integer tensor has no gradient"):
        differentiate(graph, [i.value], [x.value])
    with pytest.raises(ShapeError, match="the loss must be a scalar") as error:
        differentiate(graph, [x.value])
    assert error.value.help == "give a seed for each output"
    with pytest.raises(ShapeError, match="must have the same type"):
        differentiate(graph, [x.value], [i.value])
    copied = g.graph("two", (g.emit(Copy(), x),), ("y",))
    with pytest.raises(NotImplementedError, match="Copy has no gradient"):
        differentiate(copied, [x.value], [x.value])
