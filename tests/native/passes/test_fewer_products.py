"""Which convolutions are computed with fewer products, and that they compute the same for all sizes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from modelc import load_spec
from modelc.graph.graph import Graph
from modelc.graph.interpret import interpret
from modelc.graph.verify import verify
from modelc.model.model import Model
from modelc.native.ops.fused import Fused
from modelc.native.ops.winograd import Winograd
from modelc.native.passes.fewer_products import fewer_products, form_of
from modelc.native.passes.fuse import fuse
from modelc.native.passes.pipeline import optimize
from modelc.ops.conv import Conv, ConvTranspose
from tests.native.passes.checking import check_native
from tests.native.passes.test_training_passes import one

BATCH = 2


def conv(size: tuple[int | None, ...], channels: int, filters: int, **options: object) -> Model:
    layer = {"type": "Conv2D", "filters": filters, "kernel_size": 3, "padding": "same", "activation": "relu", **options}
    return load_spec({"modelc": 1, "input": {"shape": [*size, channels]}, "layers": [layer]}).build()


def sequence(steps: int | None, channels: int, filters: int) -> Model:
    layer = {"type": "Conv1D", "filters": filters, "kernel_size": 3, "padding": "causal", "activation": "relu"}
    return load_spec({"modelc": 1, "input": {"shape": [steps, channels]}, "layers": [layer]}).build()


def forms(graph: Graph) -> list[str]:
    """The form of each convolution with fewer products."""
    bases = [node.op.base if isinstance(node.op, Fused) else node.op for node in optimize(graph).nodes]
    return [base.name for base in bases if isinstance(base, Winograd)]


CHOSEN: dict[str, tuple[Callable[[], Model], str]] = {
    "VGG16, first block": (lambda: conv((224, 224), 64, 64), "Winograd4x4"),
    "ResNet50, second stage": (lambda: conv((28, 28), 128, 128), "Winograd4x4"),
    "few filters": (lambda: conv((56, 56), 128, 32), "Winograd4x4"),
    "few channels": (lambda: conv((121, 121), 32, 32), "Winograd4x4"),
    "small image": (lambda: conv((7, 7), 512, 512), "Winograd2x2"),
    "no padding": (lambda: conv((30, 30), 64, 64, padding="valid"), "Winograd4x4"),
    "another activation": (lambda: conv((30, 30), 64, 64, activation="gelu"), "Winograd4x4"),
    "5×5": (lambda: conv((35, 35), 48, 64, kernel_size=5), "Winograd2x2"),
    "1×7": (lambda: conv((17, 17), 128, 128, kernel_size=(1, 7)), "Winograd1x4"),
    "7×1": (lambda: conv((17, 17), 128, 128, kernel_size=(7, 1)), "Winograd4x1"),
    "3×1": (lambda: conv((16, 16), 128, 128, kernel_size=(3, 1)), "Winograd4x1"),
    "sequence": (lambda: sequence(400, 128, 128), "Winograd1x4"),
    "free sizes": (lambda: conv((None, None), 64, 64), "Winograd4x4"),
}

KEPT: dict[str, Callable[[], Model]] = {
    "three channels": lambda: conv((224, 224), 3, 64),
    "eight filters": lambda: conv((56, 56), 64, 8),
    "another window": lambda: conv((56, 56), 64, 64, kernel_size=4),
    "a window of another row": lambda: conv((56, 56), 64, 64, kernel_size=(1, 5)),
    "strides": lambda: conv((56, 56), 64, 64, strides=2),
    "dilation": lambda: conv((56, 56), 64, 64, dilation_rate=2),
    "groups": lambda: conv((56, 56), 64, 64, groups=2),
    "an image of a tile and a pixel": lambda: conv((3, 3), 512, 512),
}


@pytest.mark.parametrize("name", CHOSEN)
def test_chosen(name: str) -> None:
    make, form = CHOSEN[name]
    assert forms(make().graph) == [form]


@pytest.mark.parametrize("name", KEPT)
def test_kept(name: str) -> None:
    assert forms(KEPT[name]().graph) == []


def test_the_choice_does_not_depend_on_how_sizes_are_given() -> None:
    """All calls of a model are computed alike, so that bits are the same whatever sizes a call brings."""
    free, fixed = conv((None, None), 32, 48), conv((40, 36), 32, 48)
    fixed.set_weights(free.get_weights())
    x = np.random.default_rng(0).standard_normal((BATCH, 40, 36, 32)).astype(np.float32)
    assert forms(free.graph) == forms(fixed.graph)
    assert np.array_equal(free(x), fixed(x))
    assert np.array_equal(free(x)[1:], free(x[1:]))


@pytest.mark.parametrize("size", [(1, 1), (2, 9), (5, 5), (33, 18), (64, 3)])
def test_free_sizes(size: tuple[int, int]) -> None:
    model = conv((None, None), 32, 48, padding="same", activation="leaky_relu")
    kernel, bias = (array.astype(np.float64) for array in model.get_weights())
    x = np.random.default_rng(1).standard_normal((BATCH, *size, 32))
    wide = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    height, width = size
    want = bias + sum(wide[:, i : i + height, j : j + width] @ kernel[i, j] for i in range(3) for j in range(3))
    want = np.where(want < 0, 0.2 * want, want)
    np.testing.assert_allclose(model(x.astype(np.float32)), want, rtol=0, atol=2e-5 * np.abs(want).max())


def test_the_definition_stays() -> None:
    graph = conv((20, 24), 32, 48, use_bias=True).graph
    made = fewer_products(fuse(graph))
    verify(made)
    assert any(node.op.name == "Winograd4x4+bias+relu" for node in made.nodes)
    rng = np.random.default_rng(0)
    x = rng.standard_normal((BATCH, 20, 24, 32))
    weights = {weight.path: rng.standard_normal(weight.shape) for weight in graph.weights}
    (want,), (got,) = interpret(graph, [x], weights), interpret(made, [x], weights)
    np.testing.assert_allclose(got, want, rtol=1e-12)
    macs = [sum(n.op.macs(n.output.type, *(v.type for v in n.inputs)) for n in g.nodes) for g in (graph, made)]
    assert macs[0] == macs[1]


def test_new_weights_are_transformed() -> None:
    model = conv((20, 20), 32, 32, use_bias=False, activation="linear")
    x = np.random.default_rng(0).standard_normal((1, 20, 20, 32)).astype(np.float32)
    before = model(x)
    model.set_weights([2 * array for array in model.get_weights()])
    assert np.array_equal(model(x), 2 * before)


@pytest.mark.parametrize("window", [(5, 5), (1, 7), (7, 1), (3, 1)])
@pytest.mark.parametrize("padding", ["same", "valid"])
def test_other_windows(window: tuple[int, int], padding: str) -> None:
    model = conv((32, 27), 96, 112, kernel_size=window, padding=padding)
    assert len(forms(model.graph)) == 1
    x = np.random.default_rng(2).standard_normal((BATCH, 32, 27, 96)).astype(np.float32)
    (want,) = interpret(model.graph, [x.astype(np.float64)], _weights(model))
    np.testing.assert_allclose(model(x), want, rtol=0, atol=2e-5 * np.abs(want).max())


@pytest.mark.parametrize("steps", [1, 2, 7, 50])
def test_sequences(steps: int) -> None:
    model = sequence(None, 128, 128)
    x = np.random.default_rng(3).standard_normal((BATCH, steps, 128)).astype(np.float32)
    kernel, bias = (array.astype(np.float64) for array in model.get_weights())
    assert forms(model.graph) == ["Winograd1x4"]
    wide = np.pad(x.astype(np.float64), ((0, 0), (2, 0), (0, 0)))
    want = np.maximum(bias + sum(wide[:, i : i + steps] @ kernel[i] for i in range(3)), 0)
    np.testing.assert_allclose(model(x), want, rtol=0, atol=2e-5 * np.abs(want).max())


def _weights(model: Model) -> dict[str, np.ndarray]:
    return {weight.path: weight.value.astype(np.float64) for weight in model.weights}


SAME = ((1, 1), (1, 1))
IN_CALL = {
    "a convolution": (Conv((1, 1), SAME, (1, 1)), (None, 28, 28, 64), (3, 3, 64, 40)),
    "its gradient by x": (ConvTranspose((1, 1), SAME, (1, 1)), (None, 28, 28, 64), (3, 3, 48, 64)),
    "without padding": (ConvTranspose((1, 1), ((0, 0), (0, 0)), (1, 1)), (None, 28, 28, 64), (3, 3, 48, 64)),
    "of a row": (ConvTranspose((1, 1), ((0, 0), (3, 3)), (1, 1)), (None, 32, 32, 128), (1, 7, 96, 128)),
    "of a column": (ConvTranspose((1, 1), ((2, 0), (0, 0)), (1, 1)), (None, 32, 32, 128), (3, 1, 96, 128)),
    "of a sequence": (Conv((1,), ((2, 0),), (1,)), (None, 400, 128), (3, 128, 128)),
}
"""An op whose kernel is no constant, as in training, and the shapes of its operands."""


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", IN_CALL)
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("relu", [False, True])
def test_kernels_that_are_transformed_in_the_call(name: str, bias: bool, relu: bool) -> None:
    op, *shapes = IN_CALL[name]
    graph = one(op, *shapes, bias=bias, relu=relu)
    assert len(forms(graph)) == 1
    check_native(graph)


IN_CALL_KEPT = {
    "strides": (ConvTranspose((2, 2), SAME, (1, 1)), (None, 28, 28, 64), (3, 3, 64, 64)),
    "groups": (ConvTranspose((1, 1), SAME, (1, 1), 2), (None, 28, 28, 64), (3, 3, 32, 64)),
    "a kernel that takes longer than the image": (Conv((1, 1), SAME, (1, 1)), (None, 7, 7, 512), (3, 3, 512, 512)),
}


@pytest.mark.parametrize("name", IN_CALL_KEPT)
def test_kept_in_the_call(name: str) -> None:
    op, *shapes = IN_CALL_KEPT[name]
    assert forms(one(op, *shapes)) == []


def test_a_transposed_convolution_of_a_layer() -> None:
    layer = {"type": "Conv2DTranspose", "filters": 48, "kernel_size": 3, "padding": "same", "activation": "relu"}
    model = load_spec({"modelc": 1, "input": {"shape": [30, 30, 64]}, "layers": [layer]}).build()
    assert forms(model.graph) == ["Winograd4x4"]
    x = np.random.default_rng(2).standard_normal((BATCH, 30, 30, 64)).astype(np.float32)
    (want,) = interpret(model.graph, [x.astype(np.float64)], _weights(model))
    np.testing.assert_allclose(model(x), want, rtol=0, atol=2e-5 * np.abs(want).max())


def test_a_conv_of_three_axes_is_kept() -> None:
    assert form_of(Conv((1, 1, 1), ((1, 1),) * 3, (1, 1, 1)), (3, 3, 3, 64, 64), (9, 9, 9, 64)) is None
