"""`modelc.applications` against Keras's: the same functions, with and without their tops."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc import applications
from modelc.zoo import names


def test_every_architecture_of_keras_has_its_function() -> None:
    assert sorted(applications.NAMES.values()) == sorted(names())
    keras = pytest.importorskip("keras")
    functions = {name for name, value in vars(keras.applications).items() if callable(value)}
    assert functions == set(applications.NAMES)


@pytest.mark.parametrize(
    ("name", "size", "pooling"),
    [
        ("MobileNetV2", 64, "max"), ("MobileNetV3Small", 64, "avg"), ("VGG16", 32, None),
        pytest.param("ConvNeXtTiny", 32, "avg", marks=pytest.mark.jax),
    ],
)  # fmt: skip
def test_without_the_top(name: str, size: int, pooling: Any) -> None:
    keras = pytest.importorskip("keras")
    shape = (size, size, 3)
    theirs = getattr(keras.applications, name)(weights=None, include_top=False, input_shape=shape, pooling=pooling)
    spec = applications.application_spec(applications.NAMES[name], False, shape, pooling)
    assert spec.graph.outputs[0].type.shape == theirs.output_shape
    assert spec.summary().params == theirs.count_params()
    assert [w.shape for w in spec.graph.weights] == [tuple(w.shape) for w in theirs.weights]


def test_options_of_the_top() -> None:
    model = applications.MobileNetV2(
        input_shape=(32, 32, 3), classes=7, classifier_activation=None, backend="reference", name="mine"
    )
    y = model(np.random.default_rng(0).random((2, 32, 32, 3)))
    assert model.name == "mine" and y.shape == (2, 7)
    assert not np.allclose(y.sum(axis=1), 1), "logits do not add up to 1"


def test_weights_by_path(tmp_path: Path) -> None:
    shape = (32, 32, 3)
    base = applications.VGG16(include_top=False, input_shape=shape, seed=3, backend="reference")
    base.save_weights(tmp_path / "vgg.safetensors")
    again = applications.VGG16(
        include_top=False, input_shape=shape, weights=tmp_path / "vgg.safetensors", backend="reference"
    )
    for mine, theirs in zip(again.get_weights(), base.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_what_is_refused() -> None:
    with pytest.raises(modelc.InputError, match="would be downloaded"):
        applications.Xception(weights="imagenet")
    with pytest.raises(modelc.SpecError, match="`pooling` cannot be 'mean'"):
        applications.Xception(include_top=False, pooling="mean")
    with pytest.raises(AttributeError, match="did you mean `ResNet50`"):
        _ = applications.Resnet50
