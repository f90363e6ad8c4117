"""Layers of Keras 1 that become several layers of Keras 2: Merge in all its modes, Highway, MaxoutDense, and
convolutions and BatchNormalization with options that Keras 2 dropped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from modelc.errors import UnsupportedError
from modelc.keras.keras1 import options as objects
from modelc.sources.notes import Notes

Config = dict[str, Any]

CARRY, TRANSFORM = "highway_carry", "highway_transform"
"""The names of the Dense layers in the model that replaces a Highway: of the gate, and of the transformed input."""
MAXOUT = "maxout"
"""The name of the Dense layer in the model that replaces a MaxoutDense: it has the features of all maps side by
side."""

_MODES = {"sum": "Add", "mul": "Multiply", "ave": "Average", "max": "Maximum"}


def merged(config: Mapping[str, Any]) -> Config:
    """The layer or the small model of Keras 2 that replaces a Merge; the caller connects its inputs."""
    name, mode = str(config.get("name") or "merge"), config.get("mode")
    if config.get("mode_type", "raw") != "raw":
        reason = "its mode is a function, and a file that modelc reads is data only"
        raise UnsupportedError(f"saved by Keras 1.x: the layer `Merge` (`{name}`) is not supported: {reason}")
    if not isinstance(mode, str):
        mode = f"{mode}"
    if mode == "concat":
        return layer("Concatenate", name, axis=config.get("concat_axis", -1))
    if mode in _MODES:
        return layer(_MODES[mode], name)
    if mode == "dot":
        return layer("Dot", name, axes=config.get("dot_axes", -1), normalize=False)
    if mode == "cos":
        return _cosine(name, config.get("dot_axes", -1))
    raise UnsupportedError(f"saved by Keras 1.x: the mode `{mode[:40]}` of the Merge `{name}` is not known")


def _cosine(name: str, axes: Any) -> Config:
    """``y = a·b / max(sqrt(a·a * b·b), 1e-7)`` with a further axis, the products over `axes`: for vectors, the cosine.

    For matrices Keras 1 computes the same formula, with the products of every row of a with every row of b.
    """
    pairs = {"ab": ["a", "b"], "aa": ["a", "a"], "bb": ["b", "b"]}
    layers = [
        given("a"),
        given("b"),
        *(layer("Dot", product, pair, axes=axes, normalize=False) for product, pair in pairs.items()),
        layer("Multiply", "squares", ["aa", "bb"]),
        _called("math.sqrt", "root", "squares"),
        _called("math.maximum", "length", "root", y=1e-7),
        _called("math.truediv", "cosine", "ab", y=["length", 0, 0]),
        _called("expand_dims", "one", "cosine", axis=1),
    ]
    return functional(name, layers, ["a", "b"], "one")


def highway(config: Mapping[str, Any], width: int | None, notes: Notes) -> Config:
    """``y = t·f(x @ W + b) + (1 - t)·x`` with the gate ``t = sigmoid(x @ W_carry + b_carry)``."""
    name = str(config.get("name") or "highway")
    size = config.get("input_dim") or width
    if not isinstance(size, int):
        raise UnsupportedError(f"saved by Keras 1.x: the Highway `{name}` does not say how many features it takes")
    how = objects.initializer(config.get("init"), name, notes)
    drawn: Config = {"kernel_initializer": how} if how else {}
    options: Config = {"units": size, "use_bias": config.get("bias", True), **drawn}
    layers = [
        given("x", size),
        layer("Dense", TRANSFORM, ["x"], activation=config.get("activation", "linear"), **options),
        layer("Dense", CARRY, ["x"], activation="sigmoid", **options),
        layer("Multiply", "through", [CARRY, TRANSFORM]),
        layer("Rescaling", "rest", [CARRY], scale=-1.0, offset=1.0),
        layer("Multiply", "carried", ["rest", "x"]),
        layer("Add", "sum", ["through", "carried"]),
    ]
    return functional(name, layers, ["x"], "sum", config.get("trainable", True))


def maxout(config: Mapping[str, Any], notes: Notes) -> Config:
    """``y = max_k (x @ W[k] + b[k])``."""
    name = str(config.get("name") or "maxoutdense")
    count, units = config.get("nb_feature", 4), config.get("output_dim")
    if not isinstance(count, int) or not isinstance(units, int):
        raise UnsupportedError(f"saved by Keras 1.x: the MaxoutDense `{name}` does not say its sizes")
    how = objects.initializer(config.get("init"), name, notes)
    drawn: Config = {"kernel_initializer": how} if how else {}
    layers = [
        layer("Dense", MAXOUT, units=count * units, use_bias=config.get("bias", True), **drawn),
        layer("Reshape", "maps", target_shape=[count, units]),
        layer("GlobalMaxPooling1D", "max"),
    ]
    inner: Config = {"name": name, "layers": layers, "trainable": config.get("trainable", True)}
    return {"class_name": "Sequential", "name": name, "config": inner}


def fully_padded(class_name: str, config: Config) -> Config:
    """Replace a convolution with `border_mode: full`, whose outputs are all positions where the window overlaps the
    input.

    It becomes a ZeroPadding with one zero less than the window's size on every side, and a convolution without padding.
    `config` has the options of Keras 2 already.
    """
    name = str(config["name"])
    rank = int(class_name[-2])
    window, rates = (_each(config.get(key, 1), rank) for key in ("kernel_size", "dilation_rate"))
    around = [[(size - 1) * rate] * 2 for size, rate in zip(window, rates, strict=True)]
    order = {"data_format": config["data_format"]} if "data_format" in config and rank > 1 else {}
    layers = [
        layer(f"ZeroPadding{rank}D", f"{name}_zeros", padding=around[0] if rank == 1 else around, **order),
        {"class_name": class_name, "name": name, "config": {**config, "padding": "valid"}},
    ]
    shape = {"batch_input_shape": config["batch_input_shape"]} if "batch_input_shape" in config else {}
    inner: Config = {"name": name, "layers": layers, "trainable": config.get("trainable", True), **shape}
    return {"class_name": "Sequential", "name": name, "config": inner}


def _each(value: Any, rank: int) -> list[int]:
    sizes: list[Any] = cast("list[Any]", value) if isinstance(value, list) else [value] * rank
    if len(sizes) != rank or not all(isinstance(size, int) and size > 0 for size in sizes):
        raise UnsupportedError(f"saved by Keras 1.x: `border_mode: full` of a window of {str(sizes)[:40]}")
    return sizes


def normalized_by_the_batch(config: Config) -> Config:
    """A BatchNormalization that takes the statistics of the batch at inference as well: `mode: 2`."""
    name = str(config["name"])
    shape = config.get("batch_input_shape")
    sizes = cast("list[Any]", shape)[1:] if isinstance(shape, list) else []
    inner: Config = {
        "class_name": "BatchNormalization",
        "name": name,
        "config": {**config, "momentum": 1.0},  # a momentum of 1 keeps the running statistics
        "inbound_nodes": [[["x", 0, 0, {"training": True}]]],
    }
    return functional(name, [given("x", *sizes), inner], ["x"], name, config.get("trainable", True))


# --- pieces of a model as Keras 2 writes them


def given(name: str, *sizes: int | None, dtype: str = "float32", batch: int | None = None) -> Config:
    """An InputLayer; without a shape, its shape follows from the model that uses it."""
    shape = [batch, *(sizes or (None,))]
    config = {"name": name, "batch_input_shape": shape, "dtype": dtype, "sparse": False}
    return {"class_name": "InputLayer", "name": name, "config": config, "inbound_nodes": []}


def layer(class_name: str, name: str, sources: Sequence[str] = (), **config: Any) -> Config:
    """The entry of a layer that is applied to the first outputs of the layers `sources`."""
    nodes: list[Any] = [[[source, 0, 0, {}] for source in sources]] if sources else []
    return {
        "class_name": class_name,
        "name": name,
        "config": {"name": name, "trainable": True, **config},
        "inbound_nodes": nodes,
    }


def _called(function: str, name: str, source: str, **arguments: Any) -> Config:
    """The entry of a TensorFlow function that is applied to the first output of the layer `source`."""
    node = [source, 0, 0, arguments]
    return {
        "class_name": "TFOpLambda",
        "name": name,
        "config": {"name": name, "trainable": True, "function": function},
        "inbound_nodes": [node],
    }


def functional(
    name: str, layers: Sequence[Config], inputs: Sequence[str], output: str, trainable: Any = True
) -> Config:
    """The entry of a Functional model with one output that is used as a layer."""
    config = {
        "name": name,
        "trainable": trainable,
        "layers": list(layers),
        "input_layers": [[one, 0, 0] for one in inputs],
        "output_layers": [[output, 0, 0]],
    }
    return {"class_name": "Model", "name": name, "config": config}
