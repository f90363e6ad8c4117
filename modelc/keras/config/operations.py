"""Keras's bare operations in functional models, `keras.src.ops.numpy.Add` and the like, to the layer `Operation`.

A file only ever selects from the closed table below.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, cast

from modelc.errors import UnsupportedError
from modelc.layers.operations.coverage import REFUSED
from modelc.layers.operations.layer import Operation
from modelc.layers.operations.table import OPERATIONS

_MODULES = ("keras.src.ops.", "keras.ops.", "keras.src.activations.")

_NAMES = """
Abs Absolute Add All Amax Amin Angle Any Append Arccos Arccosh Arcsin Arcsinh Arctan Arctan2 Arctanh Argmax Argmin
Argsort Array ArraySplit Average BroadcastTo Cbrt Ceil Clip Concatenate Conj Conjugate Copy Cos Cosh CountNonzero Cross
Cumprod Cumsum Deg2rad Diagonal Diff Digitize Divide DivideNoNan Dot Dsplit Dstack Einsum EmptyLike Equal Exp Exp2
ExpandDims Expm1 Fabs Flip Fliplr Floor FloorDivide Fmax Fmin Fmod FullLike GetItem Greater GreaterEqual Heaviside
Hsplit Hstack Hypot I0 Imag Inner Isclose Isfinite Isinf Isnan Isneginf Isposinf Isreal Kron Ldexp Less LessEqual
Linspace Log Log10 Log1p Log2 Logaddexp Logaddexp2 LogicalAnd LogicalNot LogicalOr LogicalXor Matmul Max Maximum Mean
Median Min Minimum Mod Moveaxis Multiply NanToNum Nanargmax Nanargmin Nancumprod Nancumsum Nanmax Nanmean Nanmedian
Nanmin Nanpercentile Nanprod Nanquantile Nanstd Nansum Nanvar Negative NotEqual OnesLike Outer Pad Percentile Power
Prod Ptp Quantile Rad2deg Ravel Real Reciprocal Repeat Reshape Roll Rot90 Round Select Sign Signbit Sin Sinc Sinh Sort
Split Sqrt Square Squeeze Stack Std Subtract Sum Swapaxes Take TakeAlongAxis Tan Tanh Tensordot Tile Trace Transpose
Trapezoid Tril Triu TrueDivide Trunc UnravelIndex Vander Var Vdot View Where ZerosLike

AdaptiveAveragePool AdaptiveMaxPool AveragePool BinaryCrossentropy CategoricalCrossentropy Celu Conv ConvTranspose
DepthToSpace DepthwiseConv DotProductAttention Elu Gelu Glu HardShrink HardSigmoid HardSilu HardTanh LayerNorm LeakyRelu
LogSigmoid LogSoftmax MaxPool Mish Moments MultiHot Normalize OneHot PSNR RMSNorm Relu Relu6 Selu SeparableConv Sigmoid
Silu SoftShrink Softmax Softplus Softsign SpaceToDepth SparseCategoricalCrossentropy SparsePlus SparseSigmoid Sparsemax
Squareplus TanhShrink Threshold Unfold

Cast ConvertToTensor SaturateCast Slice SliceUpdate StopGradient Unstack
Erf Erfc Erfinv ExtractSequences InTopK Logsumexp Rsqrt TopK
Norm Rearrange
CropImages ExtractPatches GaussianBlur HSVToRGB PadImages RGBToGrayscale RGBToHSV Resize
"""


def _snake(name: str) -> str:
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)).lower()


KERAS_OPERATIONS: MappingProxyType[str, str] = MappingProxyType(
    {
        **{name: _snake(name) for name in _NAMES.split()},
        "ReLU": "relu",
        "AllClose": "allclose",
        "BatchNorm": "batch_normalization",
        "CDist": "cdist",
        "IsIn": "isin",
        "SearchSorted": "searchsorted",
    }
)

"""Keras's class names, and the operations that they are."""

CALL_ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "get_item": ("x", "key"),
    "isclose": ("x1", "x2", "rtol", "atol"),
    "pad": ("x", "constant_values"),
    "rearrange": ("tensor", "pattern", "axes_lengths"),
}
"""The parameters of Keras's `call` where some are arguments here; elsewhere all of them are operands."""

_IGNORED = frozenset({"name", "trainable"})
_OF_ANY_DTYPE = frozenset({"zeros_like", "ones_like", "empty_like", "full_like", "one_hot", "multi_hot", "argmax"})
"""Operations that give the same numbers whatever dtype they are asked for."""

_FLOATS = ("bfloat16", "float16", "float32", "float64")
"""Dtypes that modelc computes in float32."""
_OF_FLOATS = frozenset({"cast", "saturate_cast"})

NEUTRAL: Mapping[str, float] = {"bias": 0.0, "mask": 1.0, "offset": 0.0, "gamma": 1.0}
"""Values without effect, for operands that are left out although later ones are given."""

_MAX_ITEMS = 1 << 20
_MAX_DEPTH = 16


@dataclass(frozen=True)
class OperationCall:
    """An operation as a model applies it."""

    layer: Operation
    tensors: tuple[Any, ...]
    """The tensors among the arguments of the call, in the order of the layer's inputs."""


def is_operation(serialized: Mapping[str, Any]) -> bool:
    """Whether a serialized Keras object is a bare operation, known or not.

    The older files of Keras 3 do not say where a class is from. Some operations have the names of layers, of which it
    says whether they are `trainable`.
    """
    if "module" in serialized:
        module = serialized["module"]
        return isinstance(module, str) and module.startswith(_MODULES)
    config = serialized.get("config")
    known = isinstance(config, Mapping) and "trainable" not in config
    class_name = serialized.get("class_name")
    return known and isinstance(class_name, str) and class_name in KERAS_OPERATIONS


def operation_from_keras(
    serialized: Mapping[str, Any],
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    is_tensor: Callable[[Any], bool],
) -> OperationCall:
    """The operation that `{"class_name": …, "config": {…}}` is, called with these arguments.

    Tensors are whatever `is_tensor` says, such as `{"class_name": "__keras_tensor__", …}`; they may be inside of one
    list. Raises `UnsupportedError` for a class or an argument that modelc does not have, `SpecError` for a wrong value.
    """
    class_name = str(serialized.get("class_name"))
    if class_name not in KERAS_OPERATIONS:
        reason = REFUSED.get(_snake(class_name)) or REFUSED.get(class_name.lower())
        because = f": {reason}" if reason else ""
        raise UnsupportedError(f"the Keras operation `{class_name[:60]}` is not supported{because}")
    operation = KERAS_OPERATIONS[class_name]
    config = serialized.get("config")
    given = dict(cast("Mapping[str, Any]", config)) if isinstance(config, Mapping) else {}
    arguments = {key: _data(value, class_name) for key, value in given.items() if key not in _IGNORED}
    if arguments.get("dtype") in _FLOATS:
        if operation in _OF_FLOATS:
            arguments["dtype"] = "float32"
        else:
            del arguments["dtype"]
    if operation in ("array", "convert_to_tensor") and arguments.get("dtype") is not None:
        operation = "cast"
    if operation == "rearrange":
        lengths = {key: value for key, value in kwargs.items() if key not in ("tensor", "pattern")}
        kwargs = {
            **{key: value for key, value in kwargs.items() if key not in lengths},
            "axes_lengths": lengths or None,
        }
    if operation == "select":
        args, kwargs = _flattened(args, kwargs), {}
    operands = _operands(operation, class_name, args, kwargs, is_tensor, arguments)
    known = _arguments_of(operation)
    for key, value in list(arguments.items()):
        if key not in known:
            if value not in (None, False) and (key != "dtype" or operation not in _OF_ANY_DTYPE):
                raise UnsupportedError(f"the argument `{key}` of the Keras operation `{class_name}` is not supported")
            del arguments[key]
    tensors = tuple(operand for operand in operands if is_tensor(operand))
    if not tensors:
        raise UnsupportedError(f"the Keras operation `{class_name}` is applied to no tensor")
    constants = None
    if len(tensors) < len(operands):
        constants = [None if is_tensor(operand) else _data(operand, class_name) for operand in operands]
        if sum(constant is None for constant in constants) > len(tensors):
            raise UnsupportedError(f"the Keras operation `{class_name}` without one of its operands is not supported")
    name = given.get("name") or serialized.get("name")
    options: dict[str, Any] = {"operation": operation, "operands": constants, "arguments": arguments}
    layer = Operation(**options, name=name if isinstance(name, str) else None)
    return OperationCall(layer, tensors)


def _flattened(args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[Any]:
    """The conditions, the choices and the default of `select`, one after the other."""
    given = {"default": 0, **dict(zip(("condlist", "choicelist", "default"), args, strict=False)), **kwargs}
    return [
        item
        for key in ("condlist", "choicelist", "default")
        for item in (cast("list[Any]", given[key]) if isinstance(given.get(key), list) else [given.get(key)])
    ]


def _arguments_of(operation: str) -> frozenset[str]:
    return frozenset(OPERATIONS[operation].arguments.model_fields)


def _operands(
    operation: str,
    class_name: str,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    is_tensor: Callable[[Any], bool],
    arguments: dict[str, Any],
) -> list[Any]:
    """The operands of the call in order; what is an argument here goes to `arguments`."""
    entry = OPERATIONS[operation]
    if entry.variadic:
        values = [*args, *kwargs.values()]
        if len(values) == 1 and isinstance(values[0], list | tuple) and not is_tensor(values[0]):
            values = list(cast("Sequence[Any]", values[0]))
        return values
    parameters = CALL_ARGUMENTS.get(operation, entry.tensors)
    if len(args) > len(parameters):
        raise UnsupportedError(f"the Keras operation `{class_name}` is called with {len(args)} arguments")
    # The first parameter has several names in Keras; the others have ours.
    first = [value for key, value in kwargs.items() if key not in parameters and is_tensor(value)]
    bound = dict(zip(parameters, [*first, *args], strict=False))
    for key, value in kwargs.items():
        if key in parameters and value is not None:
            bound[key] = value
        elif value not in (None, False) and not is_tensor(value):
            raise UnsupportedError(f"the argument `{key}` of the Keras operation `{class_name}` is not supported")
    operands = [bound.pop(name, None) for name in entry.tensors]
    while operands and operands[-1] is None:
        operands.pop()
    operands = [
        NEUTRAL.get(name) if operand is None else operand
        for name, operand in zip(entry.tensors, operands, strict=False)
    ]
    for key, value in bound.items():
        if not is_tensor(value):
            arguments[key] = _key(value, class_name) if key == "key" else _data(value, class_name)
    return operands


def _key(value: Any, owner: str) -> Any:
    """A key of `x[...]` as `get_item` takes it: Keras's `__slice__` is the text `1:3`, its `__ellipsis__` is `...`."""
    items = cast("Sequence[Any]", value) if isinstance(value, list | tuple) else (value,)
    return [_item(item, owner) for item in _data_items(items, owner)]


def _data_items(items: Any, owner: str) -> Sequence[Any]:
    return items if len(items) <= _MAX_ITEMS else _too_large(owner)


def _item(item: Any, owner: str) -> Any:
    match item:
        case {"class_name": "__ellipsis__"}:
            return "..."
        case {"class_name": "__slice__", "config": {"start": start, "stop": stop, "step": step}}:
            parts = ["" if part is None else _integer(part, owner) for part in (start, stop, step)]
            return ":".join(parts if step is not None else parts[:2])
        case None:
            return None
        case _:
            return int(_integer(item, owner))


def _integer(value: Any, owner: str) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        raise UnsupportedError(f"the Keras operation `{owner}` is indexed by something other than integers and slices")
    return str(value)


def _data(value: Any, owner: str, depth: int = 0) -> Any:
    """Plain data, out of Keras's wrappers for tuples and arrays."""
    if depth > _MAX_DEPTH:
        raise UnsupportedError(f"an argument of the Keras operation `{owner}` is nested too deeply")
    if isinstance(value, list | tuple):
        return [_data(item, owner, depth + 1) for item in _data_items(value, owner)]
    if not isinstance(value, Mapping):
        return float(value) if isinstance(value, bool) and depth else value
    match dict(cast("Mapping[str, Any]", value)):
        case {"class_name": "__numpy__" | "__tensor__", "config": {"value": inner}} | {
            "class_name": "__tuple__",
            "items": inner,
        }:
            return _data(inner, owner, depth + 1)
        case {"class_name": "DTypePolicy", "config": {"name": str(name)}}:
            return name
        case other:
            raise UnsupportedError(f"the Keras operation `{owner}` cannot take a `{other.get('class_name')}`")


def _too_large(owner: str) -> Sequence[Any]:
    raise UnsupportedError(f"an argument of the Keras operation `{owner}` is too large")
