"""Adaptive pooling, resizing, encodings and embeddings against their definitions in NumPy."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from one import refuse, run, trace

from modelc.errors import InputError, ShapeError, SpecError
from modelc.graph.builder import Builder
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType
from modelc.layers import (
    AdaptiveAveragePooling2D,
    AdaptiveMaxPooling1D,
    CategoryEncoding,
    CenterCrop,
    CustomScaleLayer,
    Dense,
    Discretization,
    LayerScale,
    RandomFlip,
    ReLU,
    Resizing,
    ReversibleEmbedding,
    SpectralNormalization,
)

RNG = np.random.default_rng(0)
IMAGE = RNG.standard_normal((2, 6, 9, 3))


def test_adaptive_pooling_takes_windows_that_cover_the_input() -> None:
    for layer, pool in ((AdaptiveAveragePooling2D([4, 5]), np.mean), (AdaptiveAveragePooling2D([3, 3]), np.mean)):
        y, _ = run(layer, IMAGE)
        high, wide = layer.output_size
        for i, j in itertools.product(range(high), range(wide)):
            rows = slice(i * 6 // high, -(-(i + 1) * 6 // high))
            columns = slice(j * 9 // wide, -(-(j + 1) * 9 // wide))
            np.testing.assert_allclose(y[:, i, j], pool(IMAGE[:, rows, columns], (1, 2)), rtol=1e-12)
    y, _ = run(AdaptiveMaxPooling1D(8), IMAGE[0])
    want = np.stack([IMAGE[0][:, i * 9 // 8 : -(-(i + 1) * 9 // 8)].max(1) for i in range(8)], 1)
    np.testing.assert_array_equal(y, want)


def test_resizing_to_the_nearest_pixel() -> None:
    y, _ = run(Resizing(4, 5, "nearest"), IMAGE)
    rows, columns = [0, 2, 3, 5], [0, 2, 4, 6, 8]  # floor((i + 1/2)·6/4), floor((j + 1/2)·9/5)
    np.testing.assert_array_equal(y, IMAGE[:, rows][:, :, columns])


def test_antialiasing_averages_over_what_is_left_out() -> None:
    x = np.zeros((1, 8, 1, 1))
    x[0, 3] = 1
    y, _ = run(Resizing(4, 1, antialias=True), x)
    # A triangle of radius 2 around 0.5, 2.5, 4.5, …; at pixel 3 it is 1 - 0.5/2 and 1 - 1.5/2, of a sum of 2.
    np.testing.assert_allclose(y.ravel(), [0, 0.75 / 2, 0.25 / 2, 0], atol=1e-12)
    plain, _ = run(Resizing(4, 1), x)
    np.testing.assert_allclose(plain.ravel(), [0, 0.5, 0, 0], atol=1e-12)


def test_resizing_crops_or_pads_to_the_aspect_ratio_first() -> None:
    cropped, _ = run(Resizing(6, 6, crop_to_aspect_ratio=True), IMAGE)
    np.testing.assert_array_equal(cropped, IMAGE[:, :, 1:7])
    padded, _ = run(Resizing(9, 9, pad_to_aspect_ratio=True, fill_value=5), IMAGE)
    whole = np.pad(IMAGE, ((0, 0), (1, 1), (0, 0), (0, 0)), constant_values=5)
    np.testing.assert_allclose(padded, run(Resizing(9, 9), whole)[0], rtol=1e-12)


def test_resizing_rounds_integers() -> None:
    x = np.array([[0, 3], [7, 10]], np.int32).reshape(1, 2, 2, 1)
    y, _ = run(Resizing(2, 4), x)
    assert y.dtype == np.int32
    np.testing.assert_array_equal(y[0, :, :, 0], [[0, 1, 2, 3], [7, 8, 9, 10]])


def _of_one_image(layer: Any, image: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    g = Builder(batch_size=len(image))
    x = g.input(TensorType((None, *image.shape[1:])))
    with g.layer("layer"):
        outputs = layer.apply(g, x)
    return interpret(g.graph("one", outputs, ("layer",)), [image], {})[0]


@pytest.mark.parametrize("layer", [Resizing(4, 11), Resizing(3, 4, antialias=True), CenterCrop(4, 5), CenterCrop(8, 3)])
def test_one_image_without_a_batch(layer: Any) -> None:
    np.testing.assert_allclose(_of_one_image(layer, IMAGE[0]), run(layer, IMAGE[:1])[0][0], rtol=1e-12)
    first = layer.model_copy(update={"data_format": "channels_first"})
    moved = np.moveaxis(IMAGE[0], -1, 0)
    np.testing.assert_allclose(run(first, moved)[0], np.moveaxis(run(layer, IMAGE[:1])[0][0], -1, 0), rtol=1e-12)


def test_an_image_of_unknown_height_is_refused() -> None:
    refused = refuse(Resizing(2, 2), 4, 3)
    assert "whose height must be known" in (refused["message"] or "")
    assert "`batch_size`" in (refused["help"] or "")


def test_center_crop_cuts_or_enlarges() -> None:
    np.testing.assert_array_equal(run(CenterCrop(3, 4), IMAGE)[0], IMAGE[:, 1:4, 2:6])
    larger, _ = run(CenterCrop(12, 12), IMAGE)
    np.testing.assert_allclose(larger, run(Resizing(12, 12), IMAGE[:, :, 1:7])[0], rtol=1e-12)


TOKENS = np.array([[1, 3, 3, 0], [2, 9, -1, 2]], np.int32)
ONE_HOT = (TOKENS[..., None] == np.arange(5)).astype(float)


@pytest.mark.parametrize(
    ("mode", "want"), [("one_hot", ONE_HOT), ("multi_hot", ONE_HOT.max(1)), ("count", ONE_HOT.sum(1))]
)
def test_category_encoding(mode: Any, want: Any) -> None:
    np.testing.assert_array_equal(run(CategoryEncoding(5, mode), TOKENS)[0], want)
    np.testing.assert_array_equal(run(CategoryEncoding(5, mode), TOKENS.astype(np.float32))[0], want)


def test_category_encoding_of_one_sample_and_of_one_token() -> None:
    np.testing.assert_array_equal(run(CategoryEncoding(5, "count"), TOKENS[0])[0], ONE_HOT[0].sum(0))
    np.testing.assert_array_equal(run(CategoryEncoding(5, "one_hot"), TOKENS[:, :1])[0], ONE_HOT[:, 0])


def test_category_encoding_weighs_its_counts() -> None:
    weights = RNG.standard_normal(TOKENS.shape).astype(np.float32)
    y = CategoryEncoding(5, "count")(TOKENS, count_weights=weights)
    np.testing.assert_allclose(y, (ONE_HOT * weights[..., None]).sum(1), rtol=1e-6)
    with pytest.raises(ShapeError, match="`output_mode: count` only"):
        CategoryEncoding(5)(TOKENS, count_weights=weights)


def test_discretization_is_numpy_digitize() -> None:
    boundaries = [-1.0, 0.0, 0.5, 2.0]
    x = np.array([[-5, -1, -0.5, 0.0], [0.5, 1.9, 2.0, np.nan]])
    bins = np.digitize(x, boundaries)
    y, _ = run(Discretization(boundaries), x)
    assert y.dtype == np.int32
    np.testing.assert_array_equal(y, bins)
    one_hot = (bins[..., None] == np.arange(5)).astype(float)
    np.testing.assert_array_equal(run(Discretization(boundaries, output_mode="one_hot"), x)[0], one_hot)
    np.testing.assert_array_equal(run(Discretization(boundaries, output_mode="count"), x)[0], one_hot.sum(1))
    np.testing.assert_array_equal(run(Discretization([], num_bins=3), x)[0], np.zeros((2, 4)))


def test_reversible_embedding_goes_both_ways() -> None:
    table, back = RNG.standard_normal((7, 4)), RNG.standard_normal((4, 7))
    x = np.array([[0, 6], [3, 3]], np.int32)
    np.testing.assert_array_equal(run(ReversibleEmbedding(7, 4), x, embeddings=table)[0], table[x])
    vectors = RNG.standard_normal((2, 3, 4))
    y, _ = run(ReversibleEmbedding(7, 4, reverse=True), vectors, embeddings=table)
    np.testing.assert_allclose(y, vectors @ table.T, rtol=1e-12)
    capped = ReversibleEmbedding(7, 4, tie_weights=False, logit_soft_cap=2, reverse=True)
    y, _ = run(capped, vectors, embeddings=table, reverse_embeddings=back)
    np.testing.assert_allclose(y, 2 * np.tanh(vectors @ back / 2), rtol=1e-12)
    with pytest.raises(InputError):
        run(ReversibleEmbedding(7, 4), x + 1, embeddings=table)


def test_layers_of_the_application_models() -> None:
    x, gamma = RNG.standard_normal((2, 3, 4)), RNG.standard_normal(4)
    np.testing.assert_allclose(run(LayerScale(1e-6, 4), x, gamma=gamma)[0], x * gamma)
    np.testing.assert_allclose(run(CustomScaleLayer(0.2), x, x + 1)[0], x + 0.2 * (x + 1))
    (gamma_weight,) = trace(LayerScale(1e-6, 4), TensorType((None, 4))).weights
    np.testing.assert_array_equal(gamma_weight.initializer.draw((4,), RNG), np.full(4, 1e-6, np.float32))


def test_spectral_normalization_is_the_layer_at_inference() -> None:
    kernel, bias = RNG.standard_normal((4, 3)), RNG.standard_normal(3)
    x = RNG.standard_normal((2, 4))
    graph = trace(SpectralNormalization(Dense(3, name="inner")), TensorType((None, 4)))
    assert [w.path for w in graph.weights] == ["layer/inner/kernel", "layer/vector_u", "layer/inner/bias"]
    assert [w.trainable for w in graph.weights] == [True, False, True]
    values = {"layer/inner/kernel": kernel, "layer/vector_u": np.ones((1, 3)), "layer/inner/bias": bias}
    np.testing.assert_allclose(interpret(graph, [x], values)[0], x @ kernel + bias, rtol=1e-12)


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (Resizing(2, 2), (4,), "Resizing takes 4-D input (batch, height, width, channels) or 3-D input"),
        (LayerScale(0.1, 3), (4,), "`projection_dim` (=3) is not the input's 4 channels"),
        (SpectralNormalization(ReLU()), (4,), "wraps a layer with a kernel or embeddings, found ReLU"),
        (ReversibleEmbedding(7, 4, reverse=True), (3,), "`output_dim` (=4), found 3"),
        (AdaptiveAveragePooling2D(2), (4, 3), "takes 4-D input (batch, height, width, channels)"),
    ],
)
def test_refused_shapes(layer: Any, shape: tuple[int, ...], message: str) -> None:
    assert message in (refuse(layer, *shape)["message"] or "")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Resizing(2, 2, crop_to_aspect_ratio=True, pad_to_aspect_ratio=True), "exclude each other"),
        (lambda: Resizing(2, 2, fill_mode="edge"), "fill_mode"),
        (lambda: Discretization(), "`bin_boundaries` is needed"),
        (lambda: Discretization(num_bins=3), "`bin_boundaries` is needed"),
        (lambda: Discretization([1.0, 0.0]), "must ascend"),
        (lambda: Discretization([0.0] * 70000), "at most 65536"),
        (lambda: CategoryEncoding(0), "num_tokens"),
        (lambda: CategoryEncoding(2**24 + 1), "num_tokens"),
        (lambda: Resizing(10**9, 1), "height"),
        (lambda: AdaptiveMaxPooling1D(10**9), "must be at most 65536"),
        (lambda: RandomFlip("diagonal"), "mode"),
    ],
)
def test_refused_options(make: Any, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        make()
