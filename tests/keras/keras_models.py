"""Keras models for the tests of files, and the paths that modelc gives their weights. Needs Keras."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from modelc.keras.weights.tree import LayerNode, layer_tree
from modelc.weights.variable import Variable

Model = Any


def variables(model: Model) -> dict[str, Any]:
    """Keras's variables by our paths: the layer's name after those of the models around it, then Keras's own path.

    The order is that of `model.weights`.
    """
    found = dict(_of_model(model, ""))
    order = {id(variable): i for i, variable in enumerate(model.weights)}
    return dict(sorted(found.items(), key=lambda item: order[id(item[1])]))


def _of_model(model: Model, prefix: str) -> Iterator[tuple[str, Any]]:
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from _of_model(layer, f"{prefix}{layer.name}/")
        else:
            inner = getattr(layer, "layer", None)
            if hasattr(inner, "layers"):
                yield from _of_model(inner, f"{prefix}{layer.name}/{inner.name}/")
                continue
            for variable in layer.weights:
                _, name, rest = f"/{variable.path}".partition(f"/{layer.name}/")
                yield f"{prefix}{layer.name}/{rest if name else variable.path}", variable


def described(model: Model) -> tuple[LayerNode, list[Variable], dict[str, np.ndarray]]:
    """What `match` takes, with weights of zero, and the arrays that it should give."""
    found = variables(model)
    arrays = {path: np.asarray(v, np.float32) for path, v in found.items()}
    statistics = ("moving_mean", "moving_variance", "mean", "variance", "count", "vector_u")
    ours = [Variable(p, np.zeros_like(a), trainable=not p.endswith(statistics)) for p, a in arrays.items()]
    return layer_tree(json.loads(model.to_json())), ours, arrays


def randomize(model: Model, seed: int = 0) -> Model:
    """Give every weight other values."""
    random = np.random.default_rng(seed)
    model.set_weights([random.uniform(0.1, 1, w.shape).astype("float32") for w in model.weights])
    for layer in model.layers:
        if hasattr(layer, "finalize_state"):  # a Normalization, which keeps other forms of its statistics
            layer.finalize_state()
    return model


def _nested(keras: Any) -> Model:
    k = keras.layers
    head = keras.Sequential(
        [keras.Input((4,)), k.Dense(4, name="a"), k.BatchNormalization(name="n"), k.Dense(4, name="b")], name="head"
    )
    x = keras.Input((4,), name="x")
    body = keras.Model(x, k.BatchNormalization(name="last")(k.Dense(4, name="mid")(head(x))), name="body")
    return keras.Sequential([keras.Input((4,)), k.Dense(4), body, k.Dense(4, name="end"), k.Dense(2)], name="whole")


def _frozen(keras: Any) -> Model:
    model = _nested(keras)
    model.get_layer("body").trainable = False
    return model


def _partly_frozen(keras: Any) -> Model:
    model = _nested(keras)
    model.get_layer("body").get_layer("head").trainable = False
    return model


def _one_frozen(keras: Any) -> Model:
    model = _nested(keras)
    model.get_layer("body").get_layer("head").get_layer("a").trainable = False
    return model


def _recurrent(keras: Any) -> Model:
    k = keras.layers
    x = keras.Input((5, 3))
    y = k.LSTM(3, return_sequences=True, dropout=0.1)(x)
    y = k.Bidirectional(k.GRU(2, return_sequences=True))(y)
    backward = k.SimpleRNN(2, return_sequences=True, go_backwards=True)
    y = k.Bidirectional(k.LSTM(2, return_sequences=True), backward_layer=backward)(y)
    y = k.RNN([k.LSTMCell(3), k.GRUCell(4), k.LSTMCell(2)], return_sequences=True)(y)
    y = k.RNN(k.GRUCell(3), return_sequences=True)(y)
    y = k.TimeDistributed(k.BatchNormalization())(y)
    y = k.TimeDistributed(_nested_4(keras))(k.Dense(4)(y))
    return keras.Model(x, k.SimpleRNN(2)(y))


def _nested_4(keras: Any) -> Model:
    k = keras.layers
    return keras.Sequential([keras.Input((4,)), k.Dense(3, name="p"), k.BatchNormalization(name="q")], name="inner")


def _attention(keras: Any) -> Model:
    k = keras.layers
    x = keras.Input((5, 4))
    y = k.MultiHeadAttention(2, 3)(x, x)
    y = k.Add()([x, y])
    y = k.GroupQueryAttention(2, 4, 2)(y, y)
    y = k.LayerNormalization()(y + x)
    y = k.AdditiveAttention()([y, x])
    y = k.SpectralNormalization(k.Dense(4))(y)
    return keras.Model(x, k.EinsumDense("abc,cd->abd", output_shape=(None, 6), bias_axes="d")(y))


def _images(keras: Any) -> Model:
    k = keras.layers
    x = keras.Input((8, 8, 3))
    y = k.Normalization()(x)
    y = k.Conv2D(4, 3, padding="same")(y)
    y = k.BatchNormalization()(y)
    y = k.SeparableConv2D(6, 3, depth_multiplier=2)(y)
    y = k.BatchNormalization(scale=False)(y)
    y = k.PReLU()(k.DepthwiseConv2D(2)(y))
    y = k.GroupNormalization(2)(y)
    y = k.Dropout(0.2)(k.Conv2DTranspose(2, 2)(y))
    z = k.ConvLSTM2D(2, 2)(k.Reshape((1, 6, 6, 2))(y))
    return keras.Model(x, [k.Flatten()(y), z])


MODELS: dict[str, Callable[[Any], Model]] = {
    "nested": _nested,
    "frozen": _frozen,
    "partly_frozen": _partly_frozen,
    "one_frozen": _one_frozen,
    "recurrent": _recurrent,
    "attention": _attention,
    "images": _images,
}
