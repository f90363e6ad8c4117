"""Which products are computed by Strassen's algorithm, and that they compute the same for all sizes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from modelc import load_spec
from modelc.graph.graph import Graph
from modelc.graph.interpret import interpret
from modelc.graph.verify import verify
from modelc.model.model import Model
from modelc.native.ops.fused import Fused
from modelc.native.ops.residual_sum import ResidualSum
from modelc.native.ops.strassen import Strassen
from modelc.native.passes.add_residuals import add_residuals
from modelc.native.passes.fuse import fuse
from modelc.native.passes.pipeline import optimize
from modelc.native.passes.strassen import cost, cost_direct, gains, with_strassen
from modelc.passes.pipeline import simplify


def net(shape: Sequence[int | None], *layers: dict[str, Any], **options: Any) -> Model:
    return load_spec({"modelc": 1, "input": {"shape": [*shape]}, "layers": [*layers]}).build(**options)


def pixels(size: tuple[int | None, ...], channels: int, filters: int, **options: Any) -> Model:
    layer = {"type": "Conv2D", "filters": filters, "kernel_size": 1, "activation": "relu", **options}
    return net((*size, channels), layer)


def dense(steps: int | None, features: int, units: int) -> Model:
    shape = (features,) if steps is None else (steps, features)
    return net(shape, {"type": "Dense", "units": units, "activation": "gelu"})


def count(graph: Graph) -> int:
    """The products by Strassen's algorithm."""
    found = 0
    for node in optimize(graph).nodes:
        op = node.op.fused if isinstance(node.op, ResidualSum) else node.op
        found += isinstance(op.base if isinstance(op, Fused) else op, Strassen)
    return found


CHOSEN: dict[str, Callable[[], Model]] = {
    "an image": lambda: pixels((19, 19), 728, 728),
    "a small image": lambda: pixels((10, 10), 1024, 1536),
    "columns that are no whole vectors": lambda: pixels((16, 16), 600, 601),
    "steps": lambda: dense(197, 768, 3072),
    "a sequence": lambda: net((200, 512), {"type": "Conv1D", "filters": 512, "kernel_size": 1}),
    "free sizes": lambda: _steps(None),
}

KEPT: dict[str, Callable[[], Model]] = {
    "few channels": lambda: pixels((56, 56), 64, 256),
    "few filters": lambda: pixels((56, 56), 256, 64),
    "many pixels": lambda: pixels((37, 37), 728, 728),
    "few pixels": lambda: pixels((4, 4), 1024, 1024),
    "one row of each sample": lambda: dense(None, 4096, 4096),
    "an odd number of channels": lambda: pixels((19, 19), 729, 728),
    "strides": lambda: pixels((38, 38), 728, 728, strides=2),
    "a window": lambda: pixels((19, 19), 728, 728, kernel_size=2),
    "groups": lambda: pixels((19, 19), 1024, 1024, groups=2),
    "padding": lambda: net(
        (19, 19, 728), {"type": "ZeroPadding2D"}, {"type": "Conv2D", "filters": 728, "kernel_size": 1, "strides": 2}
    ),
}


@pytest.mark.parametrize("name", CHOSEN)
def test_chosen(name: str) -> None:
    assert count(CHOSEN[name]().graph) == 1


@pytest.mark.parametrize("name", KEPT)
def test_kept(name: str) -> None:
    assert count(KEPT[name]().graph) == 0


def test_exact_precision_refuses_it() -> None:
    layer = {"type": "Conv2D", "filters": 728, "kernel_size": 1}
    assert count(net((14, 14, 728), layer).graph) == 1
    assert count(net((14, 14, 728), layer, precision="exact").graph) == 0


def test_gigabytes_of_weights_are_not_made_more() -> None:
    def graph(words: int) -> Graph:
        embedding = {"type": "Embedding", "input_dim": words, "output_dim": 768}
        return net((128,), embedding, {"type": "Dense", "units": 768}).graph

    assert count(graph(80_000)) == 1
    assert count(graph(90_000)) == 0


def test_it_is_chosen_where_an_estimate_says_so() -> None:
    for rows, depth, columns in ((196, 728, 728), (196, 64, 64)):
        assert gains(rows, depth, columns) == (cost(rows, depth, columns) <= 0.98 * cost_direct(rows, depth, columns))


def _shortcut() -> Model:
    return load_spec(
        {
            "modelc": 1,
            "inputs": {"a": {"shape": [12, 12, 640]}, "b": {"shape": [12, 12, 512]}},
            "layers": [
                {"type": "Conv2D", "filters": 512, "kernel_size": 1, "name": "c", "inputs": ["a"]},
                {"type": "Add", "inputs": ["c", "b"], "name": "sum"},
                {"type": "ReLU", "inputs": ["sum"]},
            ],
        }
    ).build(seed=3)


def test_a_sum_comes_along() -> None:
    model = _shortcut()
    assert [node.op.name for node in optimize(model.graph).nodes if node.op.name.startswith("Strassen+")] == [
        "Strassen+bias+add+relu"
    ]
    rng = np.random.default_rng(0)
    a, b = (rng.standard_normal((2, 12, 12, n), np.float32) for n in (640, 512))
    kernel, bias = (w.astype(np.float64) for w in model.get_weights())
    want = np.maximum(a @ kernel[0, 0] + bias + b, 0)
    found = model.predict([a, b], verbose=0)
    np.testing.assert_allclose(found, want, rtol=0, atol=1e-5 * want.max())


def _steps(count: int | None) -> Model:
    """A dense layer over a fourth of the steps."""
    joined = {"type": "Conv1D", "filters": 640, "kernel_size": 4, "strides": 4, "use_bias": False}
    return net((count, 32), joined, {"type": "Dense", "units": 520, "activation": "relu"})


@pytest.mark.parametrize("steps", [1, 18, 65, 264])
def test_free_sizes(steps: int) -> None:
    free = _steps(None)
    assert count(free.graph) == 1
    first, kernel, bias = (array.astype(np.float64) for array in free.get_weights())
    x = np.random.default_rng(1).standard_normal((2, 4 * steps, 32), np.float32)
    want = np.maximum(x.reshape(2, steps, 128) @ first.reshape(128, 640) @ kernel + bias, 0)
    np.testing.assert_allclose(free(x), want, rtol=0, atol=1e-5 * want.max())
    if steps > 1:  # of one row, the first layer's sums are in the order of a lower tile than those of two
        assert np.array_equal(free(x)[1:], free(x[1:]))


def test_the_choice_does_not_depend_on_how_sizes_are_given() -> None:
    free, fixed = _steps(None), _steps(600)
    fixed.set_weights(free.get_weights())
    x = np.random.default_rng(0).standard_normal((2, 600, 32), np.float32)
    assert np.array_equal(free(x), fixed(x))


def test_the_definition_stays() -> None:
    graph = simplify(_shortcut().graph)
    made = with_strassen(add_residuals(fuse(graph)))
    verify(made)
    assert any("Strassen" in node.op.name for node in made.nodes)
    rng = np.random.default_rng(0)
    inputs = [rng.standard_normal((2, 12, 12, n)) for n in (640, 512)]
    weights = {weight.path: rng.standard_normal(weight.shape) for weight in graph.weights}
    (want,), (got,) = interpret(graph, inputs, weights), interpret(made, inputs, weights)
    np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-12)
    macs = [sum(n.op.macs(n.output.type, *(v.type for v in n.inputs)) for n in g.nodes) for g in (graph, made)]
    assert macs[0] == macs[1]


def test_new_weights_are_packed_anew() -> None:
    model = pixels((10, 10), 1024, 512, use_bias=False, activation="linear")
    x = np.random.default_rng(0).standard_normal((1, 10, 10, 1024), np.float32)
    before = model(x)
    model.set_weights([2 * weight for weight in model.get_weights()])
    np.testing.assert_allclose(model(x), 2 * before, rtol=0, atol=1e-5 * np.abs(before).max())
