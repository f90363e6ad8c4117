"""The models that engines are compared on: built in Keras, with weights drawn from a seed.

Keras is imported by `seeded` alone, so that the names of the models are at hand without it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

STEPS = 128
BLOCKS, WIDTH, HEADS = 4, 256, 4


@dataclass(frozen=True)
class Case:
    """A model and the largest number of its inputs, which are drawn evenly from 0 on."""

    build: Callable[[Any], Any]
    """Given Keras."""
    largest: float = 1.0


def guide_cnn(keras: Any) -> Any:
    """The stack that Keras's guide to the Sequential model ends with, and its classifier."""
    layers = keras.layers
    x = inputs = keras.Input((250, 250, 3))
    x = layers.Conv2D(32, 5, strides=2, activation="relu")(x)
    x = layers.Conv2D(32, 3, activation="relu")(x)
    x = layers.MaxPooling2D(3)(x)
    x = layers.Conv2D(32, 3, activation="relu")(x)
    x = layers.Conv2D(32, 3, activation="relu")(x)
    x = layers.MaxPooling2D(3)(x)
    x = layers.Conv2D(32, 3, activation="relu")(x)
    x = layers.Conv2D(32, 3, activation="relu")(x)
    x = layers.MaxPooling2D(2)(x)
    x = layers.GlobalMaxPooling2D()(x)
    return keras.Model(inputs, layers.Dense(10)(x))


def mlp(keras: Any) -> Any:
    layers = keras.layers
    x = inputs = keras.Input((784,))
    for _ in range(3):
        x = layers.Dense(32, activation="relu")(x)
    return keras.Model(inputs, layers.Dense(10)(x))


def lstm(keras: Any) -> Any:
    inputs = keras.Input((100, 64))
    return keras.Model(inputs, keras.layers.LSTM(128)(inputs))


def transformer(keras: Any) -> Any:
    """An encoder of blocks that normalize first."""
    layers = keras.layers
    x = inputs = keras.Input((STEPS, WIDTH))
    for _ in range(BLOCKS):
        y = layers.LayerNormalization(epsilon=1e-6)(x)
        x = layers.Add()([x, layers.MultiHeadAttention(HEADS, WIDTH // HEADS)(y, y)])
        y = layers.LayerNormalization(epsilon=1e-6)(x)
        y = layers.Dense(4 * WIDTH, activation="gelu")(y)
        x = layers.Add()([x, layers.Dense(WIDTH)(y)])
    return keras.Model(inputs, layers.LayerNormalization(epsilon=1e-6)(x))


def xception(keras: Any) -> Any:
    """Xception as it is fine-tuned in Keras's guide to transfer learning, for 1000 classes."""
    layers = keras.layers
    base = keras.applications.Xception(include_top=False, weights=None, input_shape=(299, 299, 3))
    return keras.Model(base.input, layers.Dense(1000)(layers.GlobalAveragePooling2D()(base.output)))


def _application(name: str) -> Callable[[Any], Any]:
    return lambda keras: getattr(keras.applications, name)(weights=None, classifier_activation=None)


CASES: dict[str, Case] = {
    "guide_cnn": Case(guide_cnn),
    "mlp": Case(mlp),
    "mobilenet_v2": Case(_application("MobileNetV2")),
    "efficientnet_b0": Case(_application("EfficientNetB0"), 255),
    "resnet50": Case(_application("ResNet50")),
    "inception_v3": Case(_application("InceptionV3")),
    "densenet121": Case(_application("DenseNet121")),
    "xception": Case(xception),
    "vgg16": Case(_application("VGG16")),
    "convnext_tiny": Case(_application("ConvNeXtTiny"), 255),
    "lstm": Case(lstm),
    "transformer": Case(transformer),
}


def seeded(case: Case) -> Any:
    """The model with weights of which outputs depend on inputs at any depth."""
    os.environ.setdefault("KERAS_BACKEND", "jax")
    import keras

    # What Keras would draw is replaced below, and JAX would compile the drawing anew for each shape.
    keras.initializers.VarianceScaling.__call__ = lambda self, shape, dtype=None, **_: np.zeros(shape, dtype)
    model = case.build(keras)
    draw = np.random.default_rng(0)
    for weight in model.weights:
        values = _drawn(draw, weight.name, tuple(weight.shape), weight.path)
        if values is not None:
            weight.assign(values)
    return model


def _drawn(draw: np.random.Generator, name: str, shape: tuple[int, ...], path: str) -> Any:
    """Values for a weight; None for one that keeps those of its layer."""
    normal = draw.standard_normal(shape, np.float32)
    if name.endswith("kernel"):  # the variance of He, Zhang, Ren and Sun (2015): 2 / inputs of a unit
        depthwise = "depthwise" in path or "_dw" in path
        inputs = shape[:2] if depthwise else shape[:1] if _makes_heads(path) else shape[:-1]
        return normal * np.float32(np.sqrt(2 / np.prod(inputs)))
    if name in ("bias", "beta", "moving_mean"):
        return 0.1 * normal
    if name == "gamma":
        return 1 + 0.1 * normal
    if name == "moving_variance":
        return draw.uniform(0.5, 1.5, shape).astype(np.float32)
    return None


def _makes_heads(path: str) -> bool:
    return any(f"/{part}/" in path for part in ("query", "key", "value"))
