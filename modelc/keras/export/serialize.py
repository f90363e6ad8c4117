"""Layers to Keras 3's serialized form: `{"module": …, "class_name": …, "config": {…}, "registered_name": …}`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from types import MappingProxyType
from typing import Any, cast

from modelc.config.base import Config
from modelc.constraints import CONSTRAINTS
from modelc.errors import UnsupportedError
from modelc.graph.sizes import shown
from modelc.initializers import INITIALIZERS
from modelc.keras.config.activations import KERAS_2_HARD_SIGMOID
from modelc.keras.config.operations import KERAS_OPERATIONS, NEUTRAL
from modelc.layers.base import Layer
from modelc.layers.core.input_layer import InputLayer
from modelc.layers.operations.layer import Operation
from modelc.layers.operations.table import OPERATIONS
from modelc.layers.wrappers.bidirectional import Bidirectional
from modelc.regularizers import REGULARIZERS

Serialized = dict[str, Any]
Shapes = Mapping[str, tuple[int, ...]]
"""The shapes of the weights of a layer or a model, by their paths below it; none where no shape is known."""
Inner = Callable[[Layer, Shapes], Serialized | None]
"""Serializes a layer that is a model; None for any other."""

_NOT_IN_CONFIG = frozenset({"input_shape", "connections", "training"})

_KINDS = (
    (INITIALIZERS, "keras.initializers"),
    (REGULARIZERS, "keras.regularizers"),
    (CONSTRAINTS, "keras.constraints"),
)

_OPERATION_MODULES = {
    "core": "Cast ConvertToTensor SaturateCast Slice SliceUpdate StopGradient Unstack",
    "math": "CDist Erf Erfc Erfinv ExtractSequences InTopK Logsumexp Rsqrt TopK",
    "linalg": "Norm",
    "einops": "Rearrange",
    "image": "CropImages ExtractPatches GaussianBlur HSVToRGB PadImages RGBToGrayscale RGBToHSV Resize",
    "nn": """
        AdaptiveAveragePool AdaptiveMaxPool AveragePool BatchNorm BinaryCrossentropy CategoricalCrossentropy Celu Conv
        ConvTranspose DepthToSpace DepthwiseConv DotProductAttention Elu Gelu Glu HardShrink HardSigmoid HardSilu
        HardTanh LayerNorm LeakyRelu LogSigmoid LogSoftmax MaxPool Moments MultiHot Normalize OneHot PSNR RMSNorm Relu
        Relu6 Selu SeparableConv Sigmoid Silu SoftShrink Softmax Softplus Softsign SpaceToDepth
        SparseCategoricalCrossentropy SparsePlus SparseSigmoid Sparsemax Squareplus TanhShrink Threshold Unfold
    """,
}
_MODULE_OF = {name: module for module, names in _OPERATION_MODULES.items() for name in names.split()}
"""Where Keras defines its operations, those in `keras.src.ops.numpy` left out."""

OPERATION_CLASSES: MappingProxyType[str, str] = MappingProxyType(
    {
        **{ours: theirs for theirs, ours in reversed(list(KERAS_OPERATIONS.items())) if theirs not in ("ReLU", "Mish")},
        "hard_swish": "HardSilu",
        "identity": "Copy",
        "pow": "Power",
        "rms_normalization": "RMSNorm",
        "swish": "Silu",
        "layer_normalization": "LayerNorm",
    }
)
"""Keras's class for each operation."""

_IN_THE_CALL = {
    "get_item": ("key",), "isclose": ("rtol", "atol"), "pad": ("constant_values",),
    "rearrange": ("pattern", "axes_lengths"),
}  # fmt: skip
"""Arguments that Keras takes in the call."""


_WITH_NEUTRAL = frozenset({"dot_product_attention", "batch_normalization", "layer_norm", "layer_normalization"})


def serialized_layer(layer: Layer, name: str, model: Inner, shapes: Shapes) -> Serialized:
    """A layer under this name. Raises `UnsupportedError` for what Keras does not have."""
    if isinstance(layer, InputLayer):
        batch_shape = [layer.batch_size, *shown(layer.shape)]
        return _object("keras.layers", "InputLayer", {"batch_shape": batch_shape, "dtype": layer.dtype, "name": name})
    if isinstance(layer, Operation):
        return _operation(layer, name)
    inner = model(layer, shapes)
    if inner is not None:
        return inner
    left_out = _NOT_IN_CONFIG | layer.call_options | layer.keras_lacks
    config: dict[str, Any] = {"name": name, "dtype": "float32"} if layer.keras_takes_dtype else {"name": name}
    for key, value in layer:
        # Not all classes of Keras take `trainable`; those that have weights do.
        if key not in left_out and key not in ("name", "dtype") and (key, value) != ("trainable", True):
            config[key] = _option(layer, key, value, model, shapes)
    if isinstance(layer, Bidirectional) and layer.backward_layer is None and any(p.endswith("/alpha") for p in shapes):
        # Without `backward_layer`, Keras copies the layer with its activation layers shared, and so their weights.
        (_, (name, backward)) = layer.parts()
        config["backward_layer"] = serialized_layer(backward, name, model, below(shapes, name))
    class_name = layer.type_name()
    made = _object(layer.keras_module, class_name, config)
    return made if layer.keras_module == "keras.layers" else {**made, "registered_name": class_name}


def call_options(layer: Layer) -> dict[str, Any]:
    """What Keras takes in the call of a layer, where it is not the default."""
    fields = type(layer).model_fields
    options = layer.call_options | {"training"}
    return {
        key: value for key in sorted(options) if (value := getattr(layer, key)) != fields[key].default
    }  # fmt: skip


def operation_arguments(layer: Operation, tensors: list[Any]) -> tuple[list[Any], dict[str, Any]]:
    """The arguments with which Keras calls an operation, given its tensors."""
    remaining = iter(tensors)
    operands = [
        next(remaining) if operand is None else _constant(operand)
        for operand in (layer.operands or (None,) * len(tensors))
    ]
    arguments = layer.arguments
    names = OPERATIONS[layer.operation].tensors
    if layer.operation in _WITH_NEUTRAL:
        operands = [
            None if isinstance(x, float) and x == NEUTRAL.get(name) else x
            for name, x in zip(names, operands, strict=False)
        ]
    if layer.operation == "einsum":
        return operands, {}
    if layer.operation == "select":
        count = (len(operands) - 1) // 2
        return [operands[:count], operands[count:-1], operands[-1]], {}
    if layer.operation == "rearrange":
        return [*operands, arguments.get("pattern")], dict(arguments.get("axes_lengths") or {})
    if layer.operation == "isclose":
        return operands, {key: arguments[key] for key in ("rtol", "atol") if key in arguments}
    if OPERATIONS[layer.operation].variadic:
        operands = [operands]
    if layer.operation == "get_item":
        operands.append(_key(arguments.get("key")))
    if layer.operation == "pad" and arguments.get("constant_values") is not None:
        return operands, {"constant_values": arguments["constant_values"]}
    return operands, {}


def _operation(layer: Operation, name: str) -> Serialized:
    if layer.operation == "mish" or (layer.operation == "relu" and layer.arguments):
        # Keras cannot save the operations of these functions: layers with the same equation stand for them.
        options = {"activation": "mish"} if layer.operation == "mish" else dict(layer.arguments)
        class_name = "Activation" if layer.operation == "mish" else "ReLU"
        return _object("keras.layers", class_name, {"name": name, **options})
    if layer.has_formulas:
        raise UnsupportedError(f"`{name}`: the operations of Keras take no sizes of tensors as arguments")
    if layer.operation not in OPERATION_CLASSES:
        raise UnsupportedError(f"`{name}`: Keras has no operation `{layer.operation}` that it can save")
    class_name = OPERATION_CLASSES[layer.operation]
    in_call = _IN_THE_CALL.get(layer.operation, ())
    arguments = {key: _plain(value) for key, value in layer.arguments.items() if key not in in_call}
    module = f"keras.src.ops.{_MODULE_OF.get(class_name, 'numpy')}"
    return {**_object(module, class_name, {"name": name, **arguments}), "registered_name": class_name}


def _object(module: str, class_name: str, config: Mapping[str, Any]) -> Serialized:
    return {"module": module, "class_name": class_name, "config": dict(config), "registered_name": None}


def _option(layer: Layer, key: str, value: Any, model: Inner, shapes: Shapes) -> Any:
    """An option of a layer, which may hold others."""
    if key in layer.wrapped and value is not None:
        # `inside` and `parts` both have the order of the options that hold the layers.
        names = {id(one): name for one, (name, _) in zip(layer.inside, layer.parts(), strict=False)}
        inside = cast("tuple[Layer, ...]", value if isinstance(value, tuple) else (value,))
        made = [serialized_layer(one, names[id(one)], model, below(shapes, names[id(one)])) for one in inside]
        return made if isinstance(value, tuple) else made[0]
    if value == "keras2_hard_sigmoid":
        return deepcopy(dict(KERAS_2_HARD_SIGMOID))
    if isinstance(value, Layer):
        return _activation(value, value.name or value.auto_name(), model, shapes)
    return _value(value)


def _activation(layer: Layer, name: str, model: Inner, shapes: Shapes) -> Serialized:
    """A layer that is the activation of another one, whose weights are among those of that one or of its cell.

    Keras makes these weights at the first call. It can load them only where it is told of the input to build for.
    """
    made = serialized_layer(layer, name, model, {})
    shape = next((shape for path, shape in shapes.items() if f"/{path}".endswith(f"/{name}/alpha")), None)
    return made if shape is None else {**made, "build_config": {"input_shape": [None, *shape]}}


def below(shapes: Shapes, name: str) -> Shapes:
    """The shapes of the weights below a part of a layer or a model."""
    return {path.removeprefix(f"{name}/"): shape for path, shape in shapes.items() if path.startswith(f"{name}/")}


def _value(value: Any) -> Any:
    if isinstance(value, Config):
        module = next(module for registry, module in _KINDS if value.type_name() in registry.names)
        config = {key: _plain(item) for key, item in value}
        return _object(module, value.type_name(), config)
    if isinstance(value, tuple):
        return [_value(item) for item in cast("tuple[Any, ...]", value)]
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(item) for item in cast("tuple[Any, ...]", value)]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in cast("Mapping[str, Any]", value).items()}
    return value


def _constant(value: Any) -> Any:
    """A constant operand: a number, or an array in Keras's wrapper for them."""
    if isinstance(value, tuple | list):
        return {"class_name": "__numpy__", "config": {"value": _plain(value), "dtype": "float32"}}
    return value


def _key(key: Any) -> Any:
    """A key of `x[…]` in Keras's form."""
    items = cast("list[Any]", key) if isinstance(key, list | tuple) else [key]
    return [_item(item) for item in items]


def _item(item: Any) -> Any:
    if item == "...":
        return {"class_name": "__ellipsis__", "config": {}}
    if isinstance(item, str):
        parts = [int(part) if part else None for part in item.split(":")]
        start, stop, step = [*parts, None][:3]
        return {"class_name": "__slice__", "config": {"start": start, "stop": stop, "step": step}}
    return item
