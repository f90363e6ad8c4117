"""Layers that are not windows against their equations in NumPy, and what they refuse."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from one import refuse, run, trace

from modelc.errors import InputError, ShapeError, SpecError
from modelc.graph.types import TensorType
from modelc.layers.activation.classes import Activation, PReLU, Softmax
from modelc.layers.core.dense import Dense
from modelc.layers.core.embedding import Embedding
from modelc.layers.core.input_layer import InputLayer
from modelc.layers.normalization.by_sample import (
    GroupNormalization,
    LayerNormalization,
    RMSNormalization,
    UnitNormalization,
)
from modelc.layers.preprocessing.ranges import Normalization, Rescaling
from modelc.layers.regularization.dropout import Dropout, SpatialDropout2D
from modelc.layers.reshaping.shape import Flatten, Permute, RepeatVector, Reshape

RNG = np.random.default_rng(0)
X = RNG.standard_normal((2, 3, 4))


def test_dense() -> None:
    kernel, bias = RNG.standard_normal((4, 5)), RNG.standard_normal(5)
    y, _ = run(Dense(5, activation="relu"), X, kernel=kernel, bias=bias)
    want = [
        [[max(0, math.fsum(X[n, t] * kernel[:, u]) + bias[u]) for u in range(5)] for t in range(3)] for n in range(2)
    ]
    np.testing.assert_allclose(y, want, rtol=1e-10)


@pytest.mark.parametrize(("alpha", "factor"), [(None, 1.0), (8, 4.0)])
def test_dense_with_lora_trains_a_correction_only(alpha: float | None, factor: float) -> None:
    layer = Dense(5, lora_rank=2, lora_alpha=alpha, use_bias=False)
    kernel, a, b = RNG.standard_normal((4, 5)), RNG.standard_normal((4, 2)), RNG.standard_normal((2, 5))
    y, _ = run(layer, X, kernel=kernel, lora_kernel_a=a, lora_kernel_b=b)
    np.testing.assert_allclose(y, X @ kernel + factor * (X @ a) @ b, rtol=1e-10)
    weights = trace(layer, TensorType((None, 4))).weights
    assert [w.name for w in weights if w.trainable] == ["lora_kernel_a", "lora_kernel_b"]


def test_embedding_looks_up_and_refuses_what_is_outside() -> None:
    table = RNG.standard_normal((4, 3))
    x = np.array([[0, 3], [2, 2]], np.int32)
    y, _ = run(Embedding(4, 3), x, embeddings=table)
    np.testing.assert_array_equal(y, [[table[0], table[3]], [table[2], table[2]]])
    y, _ = run(Embedding(4, 3), x.astype(np.float32) + 0.5, embeddings=table)
    np.testing.assert_array_equal(y, table[x])
    for wrong in (4, -1):
        with pytest.raises(InputError, match=f"index {wrong} .* 0 to 3"):
            run(Embedding(4, 3), np.array([[0, wrong]], np.int32), embeddings=table)


def test_softmax_over_several_axes_and_the_batch() -> None:
    for axis, axes in (([1, 2], (1, 2)), ([0, 2], (0, 2)), (0, (0,))):
        y, _ = run(Softmax(axis), X)
        np.testing.assert_allclose(y, np.exp(X) / np.exp(X).sum(axes, keepdims=True), rtol=1e-10)


def test_softmax_with_a_mask() -> None:
    mask = np.array([[[1, 0, 1, 1]], [[0, 0, 0, 0]]], np.int32)
    y, _ = run(Softmax(), X, mask)
    e = np.exp(X) * mask
    np.testing.assert_allclose(y[0], (e / e.sum(-1, keepdims=True, where=e > 0, initial=1e-300))[0], rtol=1e-6)
    np.testing.assert_array_equal(y[1], np.zeros((3, 4)))


def test_prelu() -> None:
    alpha = RNG.standard_normal((1, 4))
    y, _ = run(PReLU(shared_axes=1), X, alpha=alpha)
    np.testing.assert_allclose(y, np.where(X > 0, X, X * alpha))


@pytest.mark.parametrize(("axis", "shape"), [(-1, (4,)), (1, (3, 1)), ([2, 1], (3, 4))])
def test_layer_normalization(axis: Any, shape: tuple[int, ...]) -> None:
    gamma, beta = RNG.standard_normal(shape), RNG.standard_normal(shape)
    axes = (axis,) if isinstance(axis, int) else tuple(axis)
    flat = (math.prod(shape),) if len(axes) == 1 else shape
    weights = {"gamma": gamma.reshape(flat), "beta": beta.reshape(flat)}
    mean, variance = X.mean(axes, keepdims=True), X.var(axes, keepdims=True)
    y, _ = run(LayerNormalization(axis, epsilon=0.1), X, **weights)
    np.testing.assert_allclose(y, (X - mean) / np.sqrt(variance + 0.1) * gamma + beta, rtol=1e-9)
    y, _ = run(LayerNormalization(axis, epsilon=0.1, rms_scaling=True), X, gamma=weights["gamma"])
    np.testing.assert_allclose(y, X / np.sqrt(variance + 0.1) * gamma, rtol=1e-9)
    y, _ = run(RMSNormalization(axis, epsilon=0.1), X, scale=weights["gamma"])
    np.testing.assert_allclose(y, X / np.sqrt((X**2).mean(axes, keepdims=True) + 0.1) * gamma, rtol=1e-9)
    y, _ = run(UnitNormalization(axis), X)
    np.testing.assert_allclose((y**2).sum(axes), np.ones_like((y**2).sum(axes)), rtol=1e-9)
    np.testing.assert_allclose(y * np.sqrt((X**2).sum(axes, keepdims=True)), X, rtol=1e-9)


@pytest.mark.parametrize("groups", [1, 2, 4, -1])
def test_group_normalization(groups: int) -> None:
    gamma, beta = RNG.standard_normal(4), RNG.standard_normal(4)
    y, _ = run(GroupNormalization(groups), X, gamma=gamma, beta=beta)
    width = 1 if groups == -1 else 4 // groups
    for n in range(2):
        for c in range(4):
            group = X[n, :, c // width * width : c // width * width + width]
            want = (X[n, :, c] - group.mean()) / np.sqrt(group.var() + 1e-3) * gamma[c] + beta[c]
            np.testing.assert_allclose(y[n, :, c], want, rtol=1e-9)


def test_rescaling() -> None:
    y, _ = run(Rescaling(2, -1), np.array([[1, 2]], np.int32))
    np.testing.assert_array_equal(y, [[1, 3]])
    y, _ = run(Rescaling([1, 2, 3, 4], 0.5), X)
    np.testing.assert_allclose(y, X * [1, 2, 3, 4] + 0.5)


def test_normalization_with_given_and_with_stored_statistics() -> None:
    mean, variance = np.array([1.0, 2, 3, 4]), np.array([4.0, 9, 0, 1])
    want = (X - mean) / np.maximum(np.sqrt(variance), 1e-7)
    given = Normalization(mean=mean.tolist(), variance=variance.tolist())
    np.testing.assert_allclose(run(given, X)[0], want, rtol=1e-6)
    statistics = {"mean": mean, "variance": variance, "count": np.array(1.0)}
    np.testing.assert_allclose(run(Normalization(), X, **statistics)[0], want, rtol=1e-6)
    back, _ = run(Normalization(invert=True), X, **statistics)
    np.testing.assert_allclose(back, X * np.maximum(np.sqrt(variance), 1e-7) + mean, rtol=1e-6)


def test_normalization_along_inner_axes() -> None:
    mean, variance = np.random.default_rng(1).standard_normal((3, 1)), np.array([[1.0], [4], [9]])
    layer = Normalization(axis=1, mean=mean[:, 0].tolist(), variance=variance[:, 0].tolist())
    np.testing.assert_allclose(run(layer, X)[0], (X - mean) / np.sqrt(variance), rtol=1e-6)


def test_reshaping_keeps_the_order_of_the_elements() -> None:
    np.testing.assert_array_equal(run(Flatten(), X)[0], X.reshape(2, 12))
    np.testing.assert_array_equal(run(Flatten("channels_first"), X)[0], X.transpose(0, 2, 1).reshape(2, 12))
    np.testing.assert_array_equal(run(Reshape([2, -1]), X)[0], X.reshape(2, 2, 6))
    np.testing.assert_array_equal(run(Permute([2, 1]), X)[0], X.transpose(0, 2, 1))
    np.testing.assert_array_equal(run(RepeatVector(3), X[:, 0])[0], np.stack([X[:, 0]] * 3, 1))


def test_dropout_is_the_identity_at_inference() -> None:
    graph = trace(Dropout(0.5), TensorType((None, 3)))
    assert graph.nodes == ()
    assert graph.outputs == graph.inputs


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (Dense(3), (), "Dense works along the last axis, and (None,) has none beside the batch"),
        (Activation("glu"), (3,), "`glu` halves the last axis, and 3 is odd"),
        (
            Activation("threshold"),
            (3,),
            "the activation `threshold` needs `threshold` and `default_value`, which its name does not give",
        ),
        (Softmax(3), (4, 5), "`axis` (=3) is out of range for 3-D input"),
        (Softmax([1, -1]), (4,), "`axis` (=[1, -1]) names one axis of 2-D input twice"),
        (PReLU(shared_axes=[1, 3]), (4, 5), "`shared_axes` (=3) is out of range for 3-D input"),
        (LayerNormalization([0, 1]), (4, 5), "`axis` (=[0, 1]) includes the batch of 3-D input"),
        (GroupNormalization(3), (5, 4), "`groups` (=3) must divide the input's channels (=4)"),
        (GroupNormalization(), (5, 4), "`groups` (=32) must divide the input's channels (=4)"),
        (Reshape([3, 5]), (4, 4), "`target_shape` [3, 5] has 15 elements, (None, 4, 4) has 16"),
        (Reshape([3, -1]), (4, 4), "`target_shape` [3, -1] needs a multiple of 3 elements, (None, 4, 4) has 16"),
        (Permute([2, 1]), (4,), "`dims` [2, 1] permutes 2 axes, a sample here has 1"),
        (RepeatVector(2), (4, 4), "RepeatVector takes 2-D input (batch, features), found 3-D (None, 4, 4)"),
        (
            SpatialDropout2D(0.5),
            (4,),
            "SpatialDropout2D takes 4-D input (batch, height, width, channels), found 2-D (None, 4)",
        ),
        (Dropout(0.5, [None, 2]), (4,), "`noise_shape` [None, 2] does not broadcast to the input [None, 4]"),
        (Rescaling([1, 2]), (5, 3), "`scale` of the shape (2,) does not broadcast to samples of (5, 3)"),
        (Rescaling(1, [[1], [2]]), (3,), "`offset` of the shape (2, 1) does not broadcast to samples of (3,)"),
        (
            Normalization(mean=[1, 2], variance=[1, 2]),
            (5, 3),
            "`mean` and `variance` of the shape (2,) do not fit (3,), the input's extents along `axis`",
        ),
    ],
)
def test_refused_shapes(layer: Any, shape: tuple[int, ...], message: str) -> None:
    assert refuse(layer, *shape)["message"] == message


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Normalization(mean=1.0), "`mean` is given without `variance`"),
        (lambda: Normalization(mean=[1, 2], variance=1.0), r"`mean` \(2,\) and `variance` \(\) differ in shape"),
        (lambda: Rescaling("a"), "expected a number or a list of numbers"),
        (lambda: Rescaling([[1, 2], [3]]), "expected rows of the same length"),
        (lambda: Rescaling(math.inf), "expected finite numbers"),
        (lambda: Reshape([-1, -1]), r"one may be -1, found \[-1, -1\]"),
        (lambda: Reshape([1.5]), "expected a list of integers"),
        (lambda: Permute([0, 1]), r"expected a permutation, found \[0, 1\]"),
        (lambda: GroupNormalization(0), "at least 1, or -1"),
        (lambda: Dense(2, lora_rank=1, kernel_constraint="non_neg"), "`lora_rank` and `kernel_constraint`"),
        (
            lambda: Embedding(2, 2, lora_rank=1, embeddings_constraint="non_neg"),
            "`lora_rank` and `embeddings_constraint`",
        ),
        (lambda: Dropout(0.5, [0]), "at least 1"),
        (lambda: Dropout(0.5, "a"), "expected a list of integers and nulls"),
        (lambda: InputLayer(shape=[3], batch_shape=[None, 3]), "`batch_shape` already says"),
        (lambda: InputLayer(batch_shape=[]), "must be a list whose first item is the batch"),
        (lambda: Activation("rleu"), '`activation` cannot be "rleu"\n.*did you mean `relu`'),
    ],
)
def test_refused_options(make: Any, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        make()


def test_input_layer_of_a_batch_shape() -> None:
    assert InputLayer(batch_shape=[None, 28, 28]) == InputLayer(shape=[28, 28])
    assert InputLayer(batch_shape=[4, 28], dtype="uint8") == InputLayer([28], 4, dtype="uint8")


def test_a_mask_must_broadcast() -> None:
    with pytest.raises(ShapeError, match="does not broadcast"):
        trace(Softmax(), TensorType((None, 3)), TensorType((None, 2)))
