"""Augmentation in training: what is drawn, for what, from which numbers; mixtures; gradients; refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from augmented import ALL, COLOURED, MOVED, drawn, make, pictures
from drawing import run, traced

from modelc import load_spec
from modelc.errors import ShapeError, SpecError
from modelc.graph.builder import Builder
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType
from modelc.language.view import trace
from modelc.layers import LAYERS
from modelc.layers.augmentation.geometry import RandomTranslation
from modelc.native.engine.executor import Executor
from modelc.native.engine.program import NativeProgram
from tests.passes.slopes import check_slopes

Array = np.ndarray[Any, Any]

X = pictures()
every_layer = pytest.mark.parametrize("name", ALL)
SHARED = {"RandomCrop"}
"""Drawn once for a batch; those of MIXED draw which changes once."""
NOT_RANDOM = {"Equalization"}
WAYS = {"RandomFlip": 2, "RandomInvert": 2, "RandomGrayscale": 2, "RandomGaussianBlur": 2, "RandomPosterization": 3}
"""The ways in which a picture can come out where they are few."""


def test_every_layer_is_tried() -> None:
    modules = {name: LAYERS[name].__module__ for name in LAYERS.names}
    assert set(ALL) == {name for name, module in modules.items() if ".augmentation" in module}


@every_layer
def test_at_inference_nothing_is_done(name: str) -> None:
    graph = traced(make(name, **ALL[name]), 9, 7, 3, training=False)
    assert graph.outputs[0] is graph.inputs[1]


@every_layer
def test_draws_are_those_of_seed_layer_and_step(name: str) -> None:
    x = pictures(12)
    layer = make(name, **ALL[name])
    first = run(layer, x, step=5)
    assert first.dtype == np.float32
    assert np.isfinite(first).all()
    np.testing.assert_array_equal(run(layer, x, step=5), first)
    if name in NOT_RANDOM:
        return
    for other in (run(layer, x, step=6), run(layer, x, step=5, seed=1), run(layer, x, step=5, path="layer_1")):
        assert np.abs(other - first).max() > 0.01
    own = make(name, **ALL[name], seed=9)
    np.testing.assert_array_equal(run(own, x, step=5), run(own, x, step=5, seed=1))
    assert np.abs(run(own, x, step=5) - first).max() > 0.01


@pytest.mark.parametrize("name", [name for name in (*COLOURED, *MOVED) if name not in SHARED | NOT_RANDOM])
def test_images_of_a_batch_have_draws_of_their_own(name: str) -> None:
    """Twelve times one picture: it comes out in several ways."""
    y = run(make(name, **ALL[name]), np.repeat(pictures(1), 12, axis=0))
    several = {image.tobytes() for image in y}
    assert len(several) >= WAYS.get(name, 5)


@pytest.mark.parametrize("name", [name for name in (*COLOURED, *MOVED) if name not in NOT_RANDOM])
def test_more_images_leave_the_first_ones_as_they_are(name: str) -> None:
    x = pictures(9)
    np.testing.assert_array_equal(run(make(name, **ALL[name]), x[:4]), run(make(name, **ALL[name]), x)[:4])


@every_layer
def test_channels_first(name: str) -> None:
    first = run(make(name, **ALL[name], data_format="channels_first"), np.ascontiguousarray(np.moveaxis(X, 3, 1)))
    # NumPy adds up in the order of the memory.
    np.testing.assert_allclose(np.moveaxis(first, 1, 3), run(make(name, **ALL[name]), X), rtol=1e-6, atol=1e-4)


@every_layer
def test_compiled_as_defined(name: str) -> None:
    for options in ({}, {"interpolation": "nearest"} if "interpolation" in LAYERS[name].model_fields else None):
        if options is None:
            continue
        graph = traced(make(name, **ALL[name], **options), 9, 7, 3)
        program = NativeProgram(graph, {})
        for step in (0, 3):
            inputs = [np.array(step, np.int32), X]
            (want,), (got,) = interpret(graph, inputs, {}), program.run(inputs)
            np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-3)


def test_results_do_not_depend_on_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    g = Builder(training=True)
    g.count_steps()
    y = g.input(TensorType((None, 40, 30, 3)))
    for number, name in enumerate(
        ("RandomRotation", "RandomElasticTransform", "RandomContrast", "MixUp", "RandAugment")
    ):
        with g.layer(f"layer_{number}"):
            (y,) = make(name, **ALL[name]).apply(g, y)
    program = NativeProgram(g.graph("several", (y,), ("y",)), {})
    inputs = [np.array(2, np.int32), pictures(16, 40, 30)]
    (shared,) = program.run(inputs)
    walk = Executor.run
    monkeypatch.setattr(Executor, "run", lambda self, *args, **how: walk(self, *args, **{**how, "parallel": False}))
    np.testing.assert_array_equal(program.run(inputs)[0], shared)


# --- mixtures


def order(number: int, count: int) -> Array:
    """The order that a shuffle of this draw makes."""
    return np.argsort(drawn(number, count), kind="stable")


def test_mixup_averages_with_another_image() -> None:
    x = pictures(16)
    y = run(make("MixUp", alpha=0.4), x)
    # Six draws for a beta: two normal ones, two tests, two powers; then the order.
    other = x[order(6, 16)]
    weight = np.sum((y - other) * (x - other), axis=(1, 2, 3)) / np.maximum(np.sum((x - other) ** 2, axis=(1, 2, 3)), 1)
    assert weight.min() >= -1e-4
    assert weight.max() <= 1 + 1e-4
    assert len(np.unique(np.round(weight, 4))) > 10
    weight = weight.reshape(-1, 1, 1, 1)
    np.testing.assert_allclose(y, weight * x + (1 - weight) * other, rtol=1e-4, atol=1e-2)


def test_cutmix_takes_a_rectangle_of_another_image() -> None:
    numbers = np.arange(16, dtype=np.float32).reshape(16, 1, 1, 1)
    y = run(make("CutMix"), np.broadcast_to(numbers, (16, 20, 20, 2)).copy())[..., 0]
    areas: list[float] = []
    for n, image in enumerate(y):
        found = np.unique(image)
        assert len(found) <= 2
        places = np.argwhere(image != n)
        areas.append(len(places) / 400)
        if len(places):
            low, high = places.min(axis=0), places.max(axis=0)
            assert len(places) == np.prod(high - low + 1)  # all of a rectangle
    assert len(np.unique(areas)) > 4
    lenders = [other for n, image in enumerate(y) for other in np.unique(image) if other != n]
    assert len(lenders) == len(set(lenders)) > 4


def test_one_change_at_a_time() -> None:
    """RandAugment of one change is, in every step, one of the layers that it draws from, and it is each of them."""
    x = pictures(4)
    layer = make("RandAugment", num_ops=1, factor=[0.0, 0.0])
    seen = [run(layer, x, step=step) for step in range(60)]
    # Of no strength: nothing, one bit, mirrored values, blurred, and those that have no strength.
    strengthless = {"RandomPosterization": 1, "RandomSharpness": [0.0, 0.0]}
    expected = [x, *(run(make(name, factor=factor), x) for name, factor in strengthless.items())]
    expected += [run(make(name), x) for name in ("Solarization", "AutoContrast", "Equalization")]
    near = np.array([[np.abs(one - other).max() < 1e-3 for one in expected] for other in seen])
    np.testing.assert_array_equal(near.sum(axis=1), 1)
    assert near.any(axis=0).all()


def test_augmix_stays_within_the_range_and_near_the_image() -> None:
    x = pictures(4)
    y = run(make("AugMix", factor=[0.0, 0.0], alpha=1000.0, all_ops=False), x)
    assert y.min() >= 0
    assert y.max() <= 255
    # Chains of equal weight and half of the image itself.
    assert np.corrcoef(x.ravel(), y.ravel())[0, 1] > 0.9


# --- gradients

SMOOTH = [name for name in ALL if name not in {"RandAugment", "AugMix", "Equalization", "RandomPosterization"}]


@pytest.mark.parametrize("name", SMOOTH)
def test_gradient_is_the_slope(name: str) -> None:
    """As after a layer that is trained."""
    x = pictures(3, 6, 5)
    check_slopes(traced(make(name, **ALL[name]), 6, 5, 3), [np.array(2, np.int32), x], {}, tolerance=1e-5)


# --- refusals


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("RandomContrast", {"factor": -0.1}),
        ("RandomContrast", {"factor": [0.1, 1.2]}),
        ("RandomRotation", {"factor": 1.5}),
        ("RandomTranslation", {"height_factor": [-1.1, 0], "width_factor": 0}),
        ("RandomZoom", {"height_factor": -1.0}),
        ("RandomZoom", {"height_factor": 0.1, "width_factor": [-1, 0.5]}),
        ("RandomPosterization", {"factor": 9}),
        ("RandomShear", {"x_factor": [-0.1, 0.1]}),
        ("RandomGrayscale", {"factor": 1.5}),
        ("RandomGaussianBlur", {"kernel_size": 4}),
        ("RandomErasing", {"fill_value": [1, 2]}),
        ("RandomErasing", {"fill_value": "grey"}),
        ("MixUp", {"alpha": -1}),
    ],
)
def test_options_out_of_range_are_refused(name: str, options: dict[str, Any]) -> None:
    with pytest.raises(SpecError, match=r"expected|must be") as caught:
        make(name, **options)
    assert len(caught.value.diagnostics) == 1


def test_zoom_takes_one() -> None:
    assert make("RandomZoom", height_factor=1.0).options() == {"height_factor": 1.0}


def test_what_is_no_picture_is_refused_with_its_place() -> None:
    spec = load_spec("modelc: 1\ninput: {shape: [8, 8, 4]}\nlayers:\n  - {type: RandomHue, factor: 0.1}\n")
    with pytest.raises(SpecError, match="RandomHue takes images of 3 channels in training, found 4") as caught:
        trace(spec, training=True)
    assert ":4:" in str(caught.value)


def test_the_rank_is_checked() -> None:
    with pytest.raises(ShapeError, match=r"RandomTranslation takes 4-D input \(batch, height, width, channels\)"):
        traced(RandomTranslation(0.1, 0.1), 8, 8)


def test_no_strength_is_no_change() -> None:
    for name, options in {
        "RandomRotation": {"factor": 0.0},
        "RandomZoom": {"height_factor": 0.0},
        "RandomTranslation": {"height_factor": 0.0, "width_factor": 0.0},
        "RandomShear": {},
        "RandomElasticTransform": {"scale": 0.0},
        "RandomColorJitter": {},
        "RandomErasing": {"factor": 0.0},
    }.items():
        np.testing.assert_allclose(run(make(name, **options), X), X, rtol=1e-6, err_msg=name)
