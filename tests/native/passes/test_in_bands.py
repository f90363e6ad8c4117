"""Convolutions that are done together in bands of lines, held against the definitions of their ops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from modelc import load_spec
from modelc.graph.graph import Graph
from modelc.graph.interpret import interpret
from modelc.graph.types import ITEM_BYTES
from modelc.model.model import Model
from modelc.model.symbol import Backend
from modelc.native.engine.executor import Executor
from modelc.native.engine.program import NativeProgram
from modelc.native.engine.threads import Team
from modelc.native.ops.bands import Bands
from modelc.native.passes import in_bands
from modelc.native.passes.memory import plan_memory
from modelc.native.passes.pipeline import optimize
from tests.native.families.conv_case import before_unreadable_page

_WORKERS = Team(2)


def conv(filters: int, **options: Any) -> dict[str, Any]:
    return {"type": "Conv2D", "filters": filters, "kernel_size": 1, **options}


def depthwise(size: int | list[int] = 3, **options: Any) -> dict[str, Any]:
    return {"type": "DepthwiseConv2D", "kernel_size": size, "padding": "same", **options}


RELU6: dict[str, Any] = {"activation": "relu6"}
SILU: dict[str, Any] = {"activation": "silu"}
ZEROS = {"type": "ZeroPadding2D", "padding": [[3, 1], [2, 2]]}
ADDED = [
    {"type": "ReLU", "name": "x"},
    conv(20, **RELU6),
    depthwise(),
    conv(9),
    {"type": "Add", "inputs": ["conv2d_1", "x"]},
]
SOFTSIGN = {"type": "Activation", "activation": "softsign"}

DONE: dict[str, tuple[tuple[int, int, int], list[dict[str, Any]], int]] = {
    "all three": ((11, 13, 9), [conv(20, **RELU6), depthwise(**RELU6), conv(10)], 3),
    "strides of 2": ((12, 15, 5), [conv(33, **RELU6), depthwise(strides=2, **RELU6), conv(17)], 3),
    "strides of 2, uneven": ((13, 16, 5), [conv(16), depthwise(strides=2, padding="valid"), conv(40)], 3),
    "zeros on some sides": ((9, 15, 4), [conv(24), ZEROS, depthwise(padding="valid"), conv(8)], 3),
    "no first one": ((11, 13, 19), [depthwise(use_bias=False), conv(21, activation="relu")], 2),
    "no first one, strides": ((14, 30, 19), [depthwise(strides=2), conv(21, activation="tanh")], 2),
    "no last one": ((10, 12, 7), [conv(24, **SILU), depthwise(**SILU)], 2),
    "no last one, strides": ((15, 17, 7), [conv(24, **SILU), depthwise(strides=2, **SILU)], 2),
    "what is added": ((10, 9, 9), ADDED, 3),
    "what is added, and an activation": ((7, 8, 9), [*ADDED, SOFTSIGN], 3),
    "five taps": ((12, 14, 6), [conv(18, **SILU), depthwise(5, **SILU), conv(12)], 3),
    "five taps, strides": ((17, 15, 6), [conv(40), depthwise(5, strides=2, activation="leaky_relu"), conv(12)], 3),
    "seven taps, few lines": ((3, 9, 6), [conv(16), depthwise(7), conv(3)], 3),
    "a window that is not square": ((9, 8, 6), [conv(16), depthwise([5, 3]), conv(12)], 3),
    "lines alone": ((9, 8, 6), [conv(16), depthwise([4, 3]), conv(12)], 3),
    "one line": ((1, 10, 6), [conv(16), depthwise(), conv(12)], 3),
    "a narrow image": ((12, 7, 6), [conv(16, **RELU6), depthwise(), conv(12)], 3),
    "no biases": ((9, 10, 3), [conv(8, use_bias=False), depthwise(use_bias=False), conv(5, use_bias=False)], 3),
    "many channels": ((5, 9, 20), [conv(1100), depthwise(), conv(24)], 3),
}  # fmt: skip
"""The shape of an input, layers, and how many of their convolutions are one op."""

KEPT: dict[str, list[dict[str, Any]]] = {
    "what is expanded is read twice": [conv(16, name="a"), depthwise(name="b"), {"type": "Add", "inputs": ["a", "b"]}],
    "several for each channel": [conv(16), depthwise(depth_multiplier=2)],
    "strides before": [conv(16, strides=2), depthwise()],
    "dilated": [conv(16), depthwise(dilation_rate=2)],
    "larger windows": [conv(16, kernel_size=3), depthwise()],
    "something between": [conv(16), {"type": "Softmax"}, depthwise()],
}


@pytest.fixture(params=["many bands", "few bands"])
def always(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bands for images of all sizes."""
    monkeypatch.setattr(in_bands, "_LARGE", 0)
    if request.param == "many bands":
        monkeypatch.setattr(in_bands, "_NEAR", 0)


def model_of(shape: tuple[int | None, ...], layers: list[dict[str, Any]], backend: Backend = "native") -> Model:
    """The model with random weights, biases too."""
    model = load_spec({"modelc": 1, "input": {"shape": [*shape]}, "layers": layers}).build(backend=backend)
    rng = np.random.default_rng(1)
    model.set_weights([rng.standard_normal(w.shape).astype(np.float32) for w in model.get_weights()])
    return model


def bands_of(graph: Graph) -> list[Bands]:
    return [node.op for node in optimize(graph).nodes if isinstance(node.op, Bands)]


def program_of(model: Model) -> NativeProgram:
    return NativeProgram(model.graph, {v.path: v for v in model.variables})


def samples(model: Model, batch: int) -> np.ndarray:
    return np.random.default_rng(batch).standard_normal((batch, *model.graph.inputs[0].type.dims), np.float32)


def defined(model: Model, x: np.ndarray) -> np.ndarray:
    weights = {v.path: np.asarray(v.numpy(), np.float64) for v in model.variables}
    (y,) = interpret(model.graph, [x.astype(np.float64)], weights)
    return y


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("name", DONE)
def test_in_bands(name: str) -> None:
    shape, layers, count = DONE[name]
    model = model_of(shape, layers)
    (op,) = bands_of(model.graph)
    assert len(op.stages) == count
    for batch in (1, 3):
        x = samples(model, batch)
        (got,), want = program_of(model).run([x]), defined(model, x)
        np.testing.assert_allclose(got, want, rtol=2e-5, atol=2e-5 * np.abs(want).max())
        assert np.array_equal(got[:1], program_of(model).run([x[:1]])[0])


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("name", KEPT)
def test_kept(name: str) -> None:
    assert bands_of(model_of((11, 12, 8), KEPT[name]).graph) == []


def test_small_images_are_done_one_by_one() -> None:
    layers = [conv(96), depthwise(), conv(24)]
    assert bands_of(model_of((56, 56, 24), layers).graph) == []
    assert len(bands_of(model_of((112, 112, 16), layers).graph)) == 1


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("name", DONE)
def test_any_order_of_bands_in_any_memory(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bits are the same on two threads, in memory that begins with NaN, and ends before what may not be read."""
    shape, layers, _ = DONE[name]
    model = model_of(shape, layers)
    monkeypatch.setattr("modelc.native.passes.in_bands.thread_count", lambda: 2)
    program, x = program_of(model), samples(model, 5)
    (want,) = program.run([x])
    plan = program.plan
    own, shared = (block.current().address for block in plan.constants)
    steps = [step._replace(grain=1) for step in plan.lowered.steps]
    arena = np.full(plan.memory.arena_size(5) // ITEM_BYTES, np.nan, np.float32)
    held = [before_unreadable_page(array) for array in (x, np.full_like(want, np.nan))]
    arena = before_unreadable_page(arena)
    executor = Executor.of(steps, workers=_WORKERS)
    for parallel in (False, True):
        held[1][:] = np.nan
        addresses = [arena.ctypes.data, shared, own, *(array.ctypes.data for array in held)]
        assert executor.run(5, addresses, parallel=parallel) == 0
        assert np.array_equal(held[1], want)


@pytest.mark.usefixtures("always")
def test_definitions_of_the_op() -> None:
    for name in DONE:
        shape, layers, _ = DONE[name]
        model = model_of(shape, layers)
        weights = {v.path: np.asarray(v.numpy(), np.float64) for v in model.variables}
        graph, made = model.graph, optimize(model.graph)
        x = samples(model, 2).astype(np.float64)
        np.testing.assert_allclose(interpret(made, [x], weights)[0], interpret(graph, [x], weights)[0], rtol=1e-9)
        (node,) = (node for node in made.nodes if isinstance(node.op, Bands))
        assert node.macs == sum(n.macs for n in graph.nodes if "Conv" in n.op.name)


def test_what_lies_between_takes_no_memory() -> None:
    layers = [conv(96, **RELU6), depthwise(strides=2, **RELU6), conv(24)]
    graph = optimize(model_of((112, 112, 16), layers).graph)
    assert plan_memory(graph).arena_bytes < 4 * 112 * 112 * 96 // 100


@pytest.mark.usefixtures("always")
def test_free_sizes() -> None:
    for name in ("all three", "strides of 2", "no first one", "five taps, strides", "what is added"):
        shape, layers, _ = DONE[name]
        channels = shape[-1]
        model, definitions = (model_of((None, None, channels), layers, backend) for backend in ("native", "reference"))
        assert len(bands_of(model.graph)) == 1
        for size in ((9, 9), (20, 31), (33, 14), (8, 60), (11, 5)):
            x = np.random.default_rng(0).standard_normal((2, *size, channels), np.float32)
            want = np.asarray(definitions(x))
            np.testing.assert_allclose(model(x), want, rtol=1e-4, atol=1e-4 * np.abs(want).max())


@pytest.mark.usefixtures("always")
def test_training_keeps_what_lies_between() -> None:
    """Its gradients read it; of what is frozen below, nothing is read again."""
    layers = [conv(16, **RELU6), depthwise(**RELU6), conv(8), {"type": "Flatten"}, {"type": "Dense", "units": 2}]
    x, y = np.ones((3, 9, 10, 4), np.float32), np.ones((3, 2), np.float32)
    losses: list[float] = []
    for backend in ("native", "reference"):
        spec = {"modelc": 1, "input": {"shape": [9, 10, 4]}, "layers": layers}
        model = load_spec(spec).build(seed=3, backend=backend)
        model.compile(optimizer="sgd", loss="mse")
        losses += [float(model.train_on_batch(x, y)) for _ in range(3)]
    np.testing.assert_allclose(losses[:3], losses[3:], rtol=1e-4)
