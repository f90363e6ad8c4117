"""What Keras 2 and its versions inside of TensorFlow called otherwise, and options that never change an output."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

from modelc.keras.weights import cudnn as keras_cudnn

CLASS_NAMES: MappingProxyType[str, str] = MappingProxyType(
    {
        "BatchNormalizationV1": "BatchNormalization",
        "BatchNormalizationV2": "BatchNormalization",
        "SyncBatchNormalization": "BatchNormalization",
        "LSTMV1": "LSTM",
        "LSTMV2": "LSTM",
        "GRUV1": "GRU",
        "GRUV2": "GRU",
        "DenseV2": "Dense",
        "Convolution1D": "Conv1D",
        "Convolution2D": "Conv2D",
        "Convolution3D": "Conv3D",
        "Convolution1DTranspose": "Conv1DTranspose",
        "Convolution2DTranspose": "Conv2DTranspose",
        "Convolution3DTranspose": "Conv3DTranspose",
        "SeparableConvolution1D": "SeparableConv1D",
        "SeparableConvolution2D": "SeparableConv2D",
        "DepthwiseConvolution2D": "DepthwiseConv2D",
        "MaxPool1D": "MaxPooling1D",
        "MaxPool2D": "MaxPooling2D",
        "MaxPool3D": "MaxPooling3D",
        "AvgPool1D": "AveragePooling1D",
        "AvgPool2D": "AveragePooling2D",
        "AvgPool3D": "AveragePooling3D",
        "GlobalMaxPool1D": "GlobalMaxPooling1D",
        "GlobalMaxPool2D": "GlobalMaxPooling2D",
        "GlobalMaxPool3D": "GlobalMaxPooling3D",
        "GlobalAvgPool1D": "GlobalAveragePooling1D",
        "GlobalAvgPool2D": "GlobalAveragePooling2D",
        "GlobalAvgPool3D": "GlobalAveragePooling3D",
        "GroupedQueryAttention": "GroupQueryAttention",
        "ThresholdedReLU": "ReLU",
        # They change the size of images in training, and give them as they are otherwise.
        "RandomHeight": "Identity",
        "RandomWidth": "Identity",
    }
)
"""Names of layers, to those that they have now."""

_RENAMED: Mapping[str, Mapping[str, str]] = {
    "LeakyReLU": {"alpha": "negative_slope"},
    "InputLayer": {"batch_input_shape": "batch_shape"},
    "ThresholdedReLU": {"theta": "threshold"},
    "CategoryEncoding": {"max_tokens": "num_tokens"},
    "Discretization": {"bins": "bin_boundaries"},
    "Attention": {"causal": "use_causal_mask"},
    "AdditiveAttention": {"causal": "use_causal_mask"},
}

_KINDS_OF_INPUT = ("sparse", "ragged", "optional")

_INITIALIZERS = ("kernel_initializer", "kernel_regularizer", "kernel_constraint")
_UNUSED: Mapping[str, tuple[str, ...]] = {
    "SeparableConv1D": _INITIALIZERS,
    "SeparableConv2D": _INITIALIZERS,
    "DepthwiseConv1D": ("filters", *_INITIALIZERS),
    "DepthwiseConv2D": ("filters", *_INITIALIZERS),
    "Embedding": ("input_length",),
    "IntegerLookup": ("vocabulary_size", "has_input_vocabulary"),
    "BatchNormalization": ("fused",),
    "Identity": ("factor", "interpolation", "seed"),
    "MultiHeadAttention": ("query_shape", "key_shape", "value_shape"),
    "LSTM": ("implementation",),
    "GRU": ("implementation",),
    "SimpleRNN": ("implementation",),
    "ConvLSTM1D": ("implementation",),
    "LSTMCell": ("implementation",),
    "GRUCell": ("implementation",),
}
"""Options that some versions write for layers which make nothing of them, or only something of the speed."""

NO_EFFECT: Mapping[str, tuple[Any, ...]] = {
    "sparse": (False,),
    "ragged": (False,),
    "optional": (False,),
    "renorm": (False,),
    "synchronized": (False, True),
    "time_major": (False,),
    "zero_output_for_mask": (False,),
    "groups": (1,),
    "autocast": (True, False),
    "dynamic": (False,),
    "build_config": (),
    "num_constants": (0,),
    "force_generator": (False, True),
    "vocabulary_size": (None,),
    "input_dtype": ("float32",),
    "causal": (False,),
    "softmax_robust_masking": (False,),
    "rng_type": ("stateful", "stateless", "legacy_stateful"),
    "flash_attention": (False, True),
}
"""Options that modelc does not have, with the values (besides null) at which they change nothing."""


def current(class_name: str, config: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """A class and its options, spelled as Keras 3 does."""
    renamed = _RENAMED.get(class_name, {})
    options = {renamed.get(key, key): _unwrapped(value) for key, value in config.items()}
    if class_name == "SyncBatchNormalization":
        options.setdefault("synchronized", True)
    if class_name in keras_cudnn.CLASS_NAMES:
        class_name, options = keras_cudnn.current(class_name, options)
    name = CLASS_NAMES.get(class_name, class_name)
    axis = options.get("axis")
    if name == "BatchNormalization" and isinstance(axis, list) and len(cast("list[Any]", axis)) == 1:
        options["axis"] = axis[0]
    if name == "InputLayer" and "input_shape" in options and "batch_shape" not in options:
        options["batch_shape"] = [None, *cast("list[Any]", options.pop("input_shape"))]
    if name in ("CategoryEncoding", "Discretization") and options.get("output_mode") == "binary":
        options["output_mode"] = "multi_hot"
    if name == "InputLayer":
        options = {key: value for key, value in options.items() if key not in _KINDS_OF_INPUT or value is not False}
    if name == "GRU" and "reset_after" not in options and "implementation" in options:
        options["reset_after"] = False  # what it was before it could be said
    return name, options


def is_unused(class_name: str, key: str) -> bool:
    """Whether a class makes nothing of an option, whatever its value."""
    return key in _UNUSED.get(class_name, ())


def _unwrapped(value: Any) -> Any:
    """A number that was written as an array: `{"type": "ndarray", "value": 6.0}`."""
    if isinstance(value, Mapping):
        fields = cast("Mapping[str, Any]", value)
        return fields["value"] if fields.get("type") == "ndarray" and "value" in fields else fields
    return value
