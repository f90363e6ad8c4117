"""Augmentation in training against Keras on JAX, which is given the same parameters of the change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from augmented import drawn, make, pictures
from drawing import run

from tests.live_keras import live_keras

Array = np.ndarray[Any, Any]

keras = live_keras()

N, H, W = 6, 9, 7
X = pictures(N, H, W)
ALWAYS = {"factor": [1.0, 1.0]}
FIRST = {"data_format": "channels_first"}


def by_keras(name: str, options: Mapping[str, Any], x: Array, transformation: Any) -> Array:
    """The deterministic part of Keras's layer; `None` where its own draws can come out in one way only."""
    layer = getattr(keras.layers, name)(**options)
    if transformation is None:
        transformation = layer.get_random_transformation(keras.ops.convert_to_tensor(x), training=True)
    return np.asarray(layer.transform_images(keras.ops.convert_to_tensor(x), transformation, training=True))


def agree(name: str, options: Mapping[str, Any], x: Array = X, transformation: Any = None, **near: float) -> Array:
    """Both computations are the same, and do something."""
    got = run(make(name, **options), x)
    want = by_keras(name, options, x, transformation)
    np.testing.assert_allclose(got, want, **{"rtol": 1e-5, "atol": 1e-3, **near})
    assert got.shape != x.shape or np.abs(got - x).max() > 0.01
    return got


EXACT: list[tuple[str, dict[str, Any]]] = [
    *(
        ("RandomRotation", {"factor": [0.07, 0.07], "fill_mode": fill, "fill_value": 30.0, "interpolation": how})
        for fill in ("constant", "nearest", "wrap", "reflect")
        for how in ("nearest", "bilinear")
    ),
    ("RandomRotation", {"factor": [-0.4, -0.4]}),
    ("RandomTranslation", {"height_factor": [0.23, 0.23], "width_factor": [-0.41, -0.41]}),
    ("RandomTranslation", {"height_factor": [1.0, 1.0], "width_factor": [0.3, 0.3], "fill_mode": "wrap"}),
    ("RandomTranslation", {"height_factor": [-0.2, -0.2], "width_factor": [0.3, 0.3], "fill_mode": "constant"}),
    ("RandomZoom", {"height_factor": [0.3, 0.3], "width_factor": [-0.2, -0.2]}),
    ("RandomZoom", {"height_factor": [-0.5, -0.5], "fill_mode": "constant", "fill_value": 9.0}),
    ("RandomZoom", {"height_factor": [0.7, 0.7], "interpolation": "nearest", "fill_mode": "nearest"}),
    ("RandomBrightness", {"factor": [0.2, 0.2]}),
    ("RandomBrightness", {"factor": [-0.3, -0.3], "value_range": [20, 200]}),
    ("RandomInvert", {**ALWAYS, "value_range": [0, 200]}),
    ("RandomGrayscale", {"factor": 1.0}),
    ("RandomColorDegeneration", {"factor": [0.4, 0.4]}),
    ("RandomColorDegeneration", {"factor": [-0.9, -0.9]}),
    ("RandomSaturation", {"factor": [0.3, 0.3]}),
    ("RandomSaturation", {"factor": [0.8, 0.8], "value_range": [0, 1]}),
    ("RandomSaturation", {"factor": [-0.4, -0.4]}),
    *(("RandomPosterization", {"factor": [bits, bits]}) for bits in (1, 3, 7)),
    ("RandomPosterization", {"factor": [1, 2], "value_range": [-10, 280]}),
    ("RandomSharpness", {"factor": [0.1, 0.1]}),
    ("RandomSharpness", {"factor": [1.0, 1.0], "value_range": [0, 200]}),
    ("RandomGaussianBlur", {**ALWAYS, "kernel_size": [5, 3], "sigma": [0.7, 0.7]}),
    ("RandomGaussianBlur", {**ALWAYS, "kernel_size": [1, 7], "sigma": [1.0, 1.0], "value_range": [60, 200]}),
    ("Equalization", {}),
    ("Equalization", {"bins": 32, "value_range": [-50, 300]}),
    ("RandomCrop", {"height": 9, "width": 5}),
    ("RandomCrop", {"height": 12, "width": 4}),
    ("RandomCrop", {"height": 3, "width": 14}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "options"), EXACT, ids=str)
def test_one_value_of_the_factor(name: str, options: dict[str, Any]) -> None:
    agree(name, options)


@pytest.mark.parametrize(
    "name", ["RandomRotation", "RandomTranslation", "RandomZoom", "RandomColorDegeneration", "RandomSaturation",
             "RandomSharpness", "RandomGaussianBlur", "Equalization", "RandomPosterization", "RandomCrop"],
)  # fmt: skip
def test_channels_first(name: str) -> None:
    options = next(o for n, o in EXACT if n == name)
    agree(name, {**options, **FIRST}, np.ascontiguousarray(np.moveaxis(X, 3, 1)))


def shaped(*numbers: Array) -> list[Array]:
    return [n.reshape(N, 1, 1, 1) for n in numbers]


def test_contrast() -> None:
    (factor,) = shaped(drawn(0, N, low=0.7, high=1.3))
    agree("RandomContrast", {"factor": [0.3, 0.3]}, transformation={"contrast_factor": factor})


def test_solarization() -> None:
    options = {"addition_factor": [0.1, 0.3], "threshold_factor": [0.2, 0.7], "value_range": [0, 300]}
    added, threshold = shaped(drawn(0, N, low=0.1, high=0.3 * 255), drawn(1, N, low=0.2, high=0.7 * 255))
    agree("Solarization", options, transformation={"additions": added, "thresholds": threshold})


@pytest.mark.parametrize("options", [{}, {"value_range": [0, 300]}, FIRST], ids=str)
def test_hue(options: dict[str, Any]) -> None:
    sign = np.where(drawn(0, N) <= 0.5, 1, -1)
    assert -N < sign.sum() < N
    shift = (sign * drawn(1, N, high=0.6) / 2).astype(np.float32)
    x = np.moveaxis(X, 3, 1) if options == FIRST else X
    agree("RandomHue", {"factor": 0.6, **options}, np.ascontiguousarray(x), {"factor": shift}, atol=5e-3)


def test_shear() -> None:
    options = {"x_factor": [0.1, 0.5], "y_factor": 0.3, "fill_mode": "wrap"}
    sign = np.where(drawn(0, N) <= 0.5, 1, -1)
    y, x = drawn(1, N, low=-0.3, high=0.3), drawn(2, N, low=0.1, high=0.5)
    shear = np.stack([x * sign, y * sign], axis=1).astype(np.float32)
    agree("RandomShear", options, transformation={"shear_factor": shear}, atol=1e-2)


@pytest.mark.parametrize("how", ["nearest", "bilinear"])
def test_perspective(how: str) -> None:
    options = {"factor": 1.0, "scale": 0.6, "interpolation": how, "fill_value": 40.0}
    chosen = drawn(1, N) < drawn(0, N)
    assert 0 < chosen.sum() < N
    a, b, c, d = (drawn(k, N, low=0.7, high=1.3) for k in range(2, 6))
    start = np.array([[0, 0], [W - 1, 0], [0, H - 1], [W - 1, H - 1]], np.float32)
    factors = np.ones((N, 4, 2), np.float32)
    factors[:, 1, 0], factors[:, 2, 1], factors[:, 3, 0], factors[:, 3, 1] = a, b, c, d
    given = {
        "apply_perspective": chosen, "start_points": np.repeat(start[None], N, 0), "end_points": start * factors
    }  # fmt: skip
    agree("RandomPerspective", options, transformation=given, atol=2e-2)


def test_elastic() -> None:
    """The displacements by SciPy, the images at them by Keras."""
    ndimage = pytest.importorskip("scipy.ndimage")
    options: dict[str, Any] = {"scale": [0.4, 0.9], "fill_mode": "mirror"}
    chosen = drawn(1, N) < drawn(0, N)
    scale = drawn(2, low=0.4, high=0.9)
    sigma, alpha = 0.05 * scale * min(H, W), 0.1 * scale * max(H, W)
    noise = drawn(3, N, H, W, 2, kind="normal") * sigma
    t = np.arange(-((int(6 * sigma) | 1) // 2), (int(6 * sigma) | 1) // 2 + 1)
    weights = np.exp(-0.5 * (t / sigma) ** 2)
    for axis in (1, 2):
        noise = ndimage.correlate1d(noise, weights / weights.sum(), axis, mode="constant")
    rows, columns = np.mgrid[:H, :W]
    want = X.copy()
    for n in np.flatnonzero(chosen):
        places = [rows + alpha * noise[n, ..., 0], columns + alpha * noise[n, ..., 1]]
        for channel in range(3):
            at = keras.ops.image.map_coordinates(X[n, ..., channel], places, 1, "mirror")
            want[n, ..., channel] = np.asarray(at)
    got = run(make("RandomElasticTransform", **options), X)
    assert 0 < chosen.sum() < N
    assert np.abs(got - X).max() > 1
    np.testing.assert_allclose(got, np.clip(want, 0, 255), rtol=1e-5, atol=1e-2)


def rectangles(first: int, across: Array, down: Array) -> Array:
    """The masks that Keras makes of starts that are the draws from this number on."""
    layer = keras.layers.RandomErasing()
    starts = [drawn(first + k, N) * (size - share * size) for k, (size, share) in enumerate([(W, across), (H, down)])]
    x0, y0 = starts
    corners = (x0, x0 + across * W, y0, y0 + down * H)
    return np.asarray(layer._generate_batch_mask(X.shape, tuple(map(keras.ops.convert_to_tensor, corners))))


@pytest.mark.parametrize("fill", [None, 40.0, [10.0, 20.0, 300.0]])
def test_erasing(fill: Any) -> None:
    options = {"fill_value": fill, "scale": [0.1, 0.5]}
    across, down = (np.sqrt(drawn(k, N, low=0.1, high=0.5)) for k in range(2))
    filling = drawn(6, *X.shape, kind="normal") * 255 if fill is None else np.broadcast_to(np.float32(fill), X.shape)
    given = {
        "apply_erasing": drawn(5, N) < drawn(4, N), "batch_masks": rectangles(2, across, down),
        "fill_value": np.clip(filling, 0, 255),
    }  # fmt: skip
    agree("RandomErasing", options, transformation=given)


def test_colour_jitter_is_one_after_the_other() -> None:
    options = {
        "brightness_factor": 0.1,
        "contrast_factor": [0.2, 0.4],
        "saturation_factor": [0.3, 0.6],
        "hue_factor": 0.2,
    }
    y = by_keras("RandomBrightness", {"factor": 0.1}, X, {"rgb_delta": shaped(drawn(0, N, low=-25.5, high=25.5))[0]})
    contrast = {"contrast_factor": shaped(drawn(1, N, low=0.8, high=1.4))[0]}
    y = by_keras("RandomContrast", {"factor": 0.1}, y, contrast)
    share = drawn(2, N, low=0.3, high=0.6)
    y = by_keras("RandomSaturation", {"factor": 0.1}, y, {"factor": share / (1 - share + 1e-7)})
    shift = np.where(drawn(3, N) <= 0.5, 1, -1) * drawn(4, N, high=0.2) / 2
    y = by_keras("RandomHue", {"factor": 0.1}, y, {"factor": shift.astype(np.float32)})
    np.testing.assert_allclose(run(make("RandomColorJitter", **options), X), y, rtol=1e-5, atol=1e-2)


def test_flip() -> None:
    for mode, axes in (("horizontal", (2,)), ("vertical", (1,)), ("horizontal_and_vertical", (1, 2))):
        flips = shaped(drawn(0, N) <= 0.5)[0]
        want = by_keras("RandomFlip", {"mode": mode}, X, {"flips": flips})
        np.testing.assert_array_equal(run(make("RandomFlip", mode=mode), X), want)
        np.testing.assert_array_equal(want, np.where(flips, np.flip(X, axes), X))


def test_crop() -> None:
    got = run(make("RandomCrop", height=4, width=5), X)
    top, left = (int(np.floor(drawn(k) * count)) for k, count in ((0, H - 3), (1, W - 4)))
    np.testing.assert_array_equal(got, by_keras("RandomCrop", {"height": 4, "width": 5}, X, (top, left)))
