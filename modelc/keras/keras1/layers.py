"""Layers of Keras 1 converted to Keras 2: a table of the classes and of the new names of their options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from modelc.errors import UnsupportedError
from modelc.keras.keras1 import options as objects
from modelc.layers.names.refused import REFUSED
from modelc.sources.notes import Notes

Config = dict[str, Any]

_KERNEL = {
    "init": "kernel_initializer",
    "W_regularizer": "kernel_regularizer",
    "b_regularizer": "bias_regularizer",
    "W_constraint": "kernel_constraint",
    "b_constraint": "bias_constraint",
    "bias": "use_bias",
}
_CONVOLUTION = {**_KERNEL, "nb_filter": "filters", "border_mode": "padding", "atrous_rate": "dilation_rate"}
_SPATIAL = {**_CONVOLUTION, "subsample": "strides", "dim_ordering": "data_format"}
_STEPS = {**_CONVOLUTION, "filter_length": "kernel_size", "subsample_length": "strides"}
_RECURRENT = {
    **_KERNEL,
    "output_dim": "units",
    "inner_init": "recurrent_initializer",
    "inner_activation": "recurrent_activation",
    "U_regularizer": "recurrent_regularizer",
    "dropout_W": "dropout",
    "dropout_U": "recurrent_dropout",
    "forget_bias_init": "unit_forget_bias",
}
_POOLING = {"border_mode": "padding", "dim_ordering": "data_format"}
_STEP_POOLING = {"pool_length": "pool_size", "stride": "strides", "border_mode": "padding"}
_FORMAT = {"dim_ordering": "data_format"}
_DROPPING = {"p": "rate", **_FORMAT}

SAMPLE_NORMALIZATION = "SampleNormalization"
"""The class in modelc for a BatchNormalization with `mode: 1`."""

_CLASSES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "Dense": ("Dense", {**_KERNEL, "output_dim": "units"}),
    "TimeDistributedDense": ("Dense", {**_KERNEL, "output_dim": "units"}),
    "Embedding": (
        "Embedding",
        {
            "init": "embeddings_initializer",
            "W_regularizer": "embeddings_regularizer",
            "W_constraint": "embeddings_constraint",
        },
    ),
    "Convolution1D": ("Conv1D", _STEPS),
    "AtrousConvolution1D": ("Conv1D", _STEPS),
    "Convolution2D": ("Conv2D", _SPATIAL),
    "AtrousConvolution2D": ("Conv2D", _SPATIAL),
    "Deconvolution2D": ("Conv2DTranspose", _SPATIAL),
    "SeparableConvolution2D": ("SeparableConv2D", _SPATIAL),
    "Convolution3D": ("Conv3D", _SPATIAL),
    "LocallyConnected1D": ("LocallyConnected1D", _STEPS),
    "LocallyConnected2D": ("LocallyConnected2D", _SPATIAL),
    "UpSampling1D": ("UpSampling1D", {"length": "size"}),
    "UpSampling2D": ("UpSampling2D", _FORMAT),
    "UpSampling3D": ("UpSampling3D", _FORMAT),
    "ZeroPadding1D": ("ZeroPadding1D", {}),
    "ZeroPadding2D": ("ZeroPadding2D", _FORMAT),
    "ZeroPadding3D": ("ZeroPadding3D", _FORMAT),
    "Cropping1D": ("Cropping1D", {}),
    "Cropping2D": ("Cropping2D", _FORMAT),
    "Cropping3D": ("Cropping3D", _FORMAT),
    "SimpleRNN": ("SimpleRNN", _RECURRENT),
    "LSTM": ("LSTM", _RECURRENT),
    "GRU": ("GRU", _RECURRENT),
    "ConvLSTM2D": ("ConvLSTM2D", {**_RECURRENT, **_SPATIAL}),
    "BatchNormalization": (
        "BatchNormalization",
        {"beta_init": "beta_initializer", "gamma_init": "gamma_initializer"},
    ),
    SAMPLE_NORMALIZATION: (
        SAMPLE_NORMALIZATION,
        {"beta_init": "beta_initializer", "gamma_init": "gamma_initializer"},
    ),
    "Dropout": ("Dropout", _DROPPING),
    "SpatialDropout1D": ("SpatialDropout1D", _DROPPING),
    "SpatialDropout2D": ("SpatialDropout2D", _DROPPING),
    "SpatialDropout3D": ("SpatialDropout3D", _DROPPING),
    "GaussianDropout": ("GaussianDropout", {"p": "rate"}),
    "GaussianNoise": ("GaussianNoise", {"sigma": "stddev"}),
    "LeakyReLU": ("LeakyReLU", {}),
    "PReLU": ("PReLU", {"init": "alpha_initializer"}),
    "SReLU": (
        "SReLU",
        {f"{part}_init": f"{part}_initializer" for part in ("t_left", "a_left", "t_right", "a_right")},
    ),
    "ParametricSoftplus": ("ParametricSoftplus", {}),
    "ELU": ("ELU", {}),
    "ThresholdedReLU": ("ThresholdedReLU", {}),
    **{f"{kind}Pooling1D": (f"{kind}Pooling1D", _STEP_POOLING) for kind in ("Max", "Average")},
    **{f"{kind}Pooling{rank}D": (f"{kind}Pooling{rank}D", _POOLING) for kind in ("Max", "Average") for rank in (2, 3)},
    **{f"Global{kind}Pooling1D": (f"Global{kind}Pooling1D", {}) for kind in ("Max", "Average")},
    **{
        f"Global{kind}Pooling{rank}D": (f"Global{kind}Pooling{rank}D", _FORMAT)
        for kind in ("Max", "Average")
        for rank in (2, 3)
    },
    **{name: (name, {}) for name in ("Activation", "ActivityRegularization", "Flatten", "Masking", "Permute")},
    **{name: (name, {}) for name in ("RepeatVector", "Reshape")},
}
"""For each class of Keras 1 its class in Keras 2, and the new names of the options that were renamed."""

_REFUSED: Mapping[str, str] = {
    "Lambda": REFUSED["Lambda"],
}

_DROPPED = frozenset({"input_dim", "input_length", "consume_less", "input_dtype"})
"""Options that are dropped: they change no output, or repeat the input shape, which is read elsewhere."""

_OF_FORMAT = ("UpSampling2D", "UpSampling3D", "ZeroPadding2D", "ZeroPadding3D", "Cropping2D", "Cropping3D")
"""Layers without an own `dim_ordering` in the file, which get the `data_format` of the other layers of the model."""

FULLY_PADDED = (
    "Convolution1D", "AtrousConvolution1D", "Convolution2D", "AtrousConvolution2D", "Convolution3D"
)  # fmt: skip
"""The convolutions whose `border_mode: full` is a padding of zeros before them."""

_KERNEL_SIZES = ("nb_row", "nb_col"), ("kernel_dim1", "kernel_dim2", "kernel_dim3")
_SIDES = ("top_pad", "bottom_pad", "left_pad", "right_pad")


def as_keras_2(class_name: str, config: Mapping[str, Any], data_format: str, notes: Notes) -> tuple[str, Config]:
    """Convert a class and its options to Keras 2; layers without an own format get `data_format`, the model's.

    Raises `UnsupportedError`, in a sentence which says that Keras 1 saved it.
    """
    name = str(config.get("name") or class_name)
    if class_name not in _CLASSES:
        reason = _REFUSED.get(class_name, "it is no layer of Keras 1's own")
        text = f"saved by Keras 1.x: the layer `{class_name[:60]}` (`{name}`) is not supported: {reason}"
        raise UnsupportedError(text)
    new_name, names = _CLASSES[class_name]
    made: Config = {}
    for key, value in config.items():
        if key not in _DROPPED or (class_name, key) == ("Embedding", "input_dim"):
            new = names.get(key, key)
            made[new] = _value(new, value, name, notes)
            if made[new] is None and new.endswith("_initializer"):
                del made[new]
    for parts in _KERNEL_SIZES:
        if parts[0] in made:
            made["kernel_size"] = [made.pop(part, None) for part in parts]
    if class_name in _OF_FORMAT:
        made.setdefault("data_format", data_format)
    special = _SPECIAL.get(class_name)
    if special is not None:
        special(made, name, notes)
    return new_name, made


def _value(key: str, value: Any, layer: str, notes: Notes) -> Any:
    kind = key.rpartition("_")[2]
    if key == "unit_forget_bias":
        return value == "one"
    if kind == "initializer":
        return objects.initializer(value, layer, notes)
    if kind == "regularizer":
        return objects.regularizer(value, layer, notes)
    if kind == "constraint":
        return objects.constraint(value, layer)
    if key == "data_format":
        return {"th": "channels_first", "tf": "channels_last"}.get(str(value), value)
    if key == "padding" and isinstance(value, str) and value in ("full", "half"):
        raise UnsupportedError(f"saved by Keras 1.x: `border_mode: {value[:20]}` of `{layer}`, which Theano alone had")
    return value


# --- conversions beyond new names


def _embedding(config: Config, name: str, notes: Notes) -> None:
    if config.pop("dropout", None):
        notes.add("the dropout of whole words in an Embedding, which Keras 2 left out, was left out", name)


def _normalization(config: Config, name: str, notes: Notes) -> None:
    config.pop("mode", None)


def _sample_normalization(config: Config, name: str, notes: Notes) -> None:
    for option in ("mode", "momentum", "axis"):  # it has no statistics, and its axis is the last one
        config.pop(option, None)


def _softplus(config: Config, name: str, notes: Notes) -> None:
    for part in ("alpha", "beta"):
        start = config.pop(f"{part}_init", None)
        if isinstance(start, int | float):
            config[f"{part}_initializer"] = {"class_name": "Constant", "config": {"value": float(start)}}


def _transposed(config: Config, name: str, notes: Notes) -> None:
    if config.pop("output_shape", None) is not None and max(_numbers(config.get("strides"))) > 1:
        notes.add("`output_shape` was left out: the smallest that the strides and the padding give is taken", name)


def _gru(config: Config, name: str, notes: Notes) -> None:
    config["reset_after"] = False


def _padding_2d(config: Config, name: str, notes: Notes) -> None:
    padding = config.get("padding")
    if isinstance(padding, Mapping):
        padding = [cast("Mapping[str, Any]", padding).get(side, 0) for side in _SIDES]
    if isinstance(padding, list) and len(cast("list[Any]", padding)) == 4:
        top, bottom, left, right = cast("list[Any]", padding)
        padding = [[top, bottom], [left, right]]
    config["padding"] = padding


def _padding_1d(config: Config, name: str, notes: Notes) -> None:
    padding = config.get("padding")
    if isinstance(padding, Mapping):
        sides = cast("Mapping[str, Any]", padding)
        config["padding"] = [sides.get("left_pad", 0), sides.get("right_pad", 0)]


def _numbers(value: Any) -> list[int]:
    items = cast("list[Any]", value if isinstance(value, list) else [value])
    return [item for item in items if isinstance(item, int)] or [1]


_SPECIAL: Mapping[str, Callable[[Config, str, Notes], None]] = {
    "Embedding": _embedding,
    "BatchNormalization": _normalization,
    SAMPLE_NORMALIZATION: _sample_normalization,
    "ParametricSoftplus": _softplus,
    "Deconvolution2D": _transposed,
    "GRU": _gru,
    "ZeroPadding1D": _padding_1d,
    "ZeroPadding2D": _padding_2d,
}
