"""Keras's bare operations in functional models, `keras.src.ops.numpy.Add` and the like, to the layer `Operation`.

A file only ever selects from the closed table below.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, cast

from modelc.interop.unsupported import UnsupportedError
from modelc.layers.operation import Operation

_MODULES = ("keras.src.ops.", "keras.ops.", "keras.src.activations.")

_NAMES = """
Abs Absolute Add All Amax Amin Any Arctan Arctan2 Argmax Argmin Array ArraySplit Cbrt Ceil Clip Concatenate Conj
Conjugate Copy Cos Cosh CountNonzero Cumsum Deg2rad Divide DivideNoNan Dot Equal Exp Exp2 ExpandDims Expm1 Fabs Flip
Floor FloorDivide
FullLike GetItem Greater GreaterEqual Hypot Isfinite Isinf Isnan Isneginf Isposinf Less LessEqual Log Log10 Log1p Log2
Logaddexp LogicalAnd LogicalNot LogicalOr LogicalXor Matmul Max Maximum Mean Min Minimum Mod Moveaxis Multiply
NanToNum Negative NotEqual OnesLike Pad Power Ptp Rad2deg Real Reciprocal Repeat Reshape Roll Round Sign Sin Sinh
Split Sqrt Square Squeeze Stack Std Subtract Sum Swapaxes Take Tan Tanh Tile Transpose TrueDivide Trunc Var View Where
ZerosLike AdaptiveAveragePool AdaptiveMaxPool AveragePool Celu DepthToSpace Elu Gelu Glu HardShrink HardSigmoid
HardSilu HardTanh LayerNorm LeakyRelu LogSigmoid LogSoftmax MaxPool Mish Moments MultiHot Normalize OneHot RMSNorm Relu
Relu6 Selu Sigmoid Silu SoftShrink Softmax Softplus Softsign SpaceToDepth SparsePlus SparseSigmoid Sparsemax Squareplus
TanhShrink Threshold Cast ConvertToTensor SaturateCast StopGradient Unstack Erf Erfc Logsumexp Rsqrt Norm Resize
RGBToGrayscale
"""


def _snake(name: str) -> str:
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)).lower()


KERAS_OPERATIONS: MappingProxyType[str, str] = MappingProxyType(
    {**{name: _snake(name) for name in _NAMES.split()}, "ReLU": "relu"}
)
"""Keras's class names, and the operations that they are."""

_CALL_ARGUMENTS: Mapping[str, tuple[str, ...]] = {"get_item": ("x", "key"), "pad": ("x", "constant_values")}
"""The parameters of Keras's `call` where some are arguments here; elsewhere all of them are operands."""

_IGNORED = frozenset({"name", "trainable"})
_OF_ANY_DTYPE = frozenset({"zeros_like", "ones_like"})
"""Operations that give the same numbers whatever dtype they are asked for."""

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
        raise UnsupportedError(f"the Keras operation `{class_name}` is not supported")
    operation = KERAS_OPERATIONS[class_name]
    config = serialized.get("config")
    given = dict(cast("Mapping[str, Any]", config)) if isinstance(config, Mapping) else {}
    arguments = {key: _data(value, class_name) for key, value in given.items() if key not in _IGNORED}
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


def _arguments_of(operation: str) -> frozenset[str]:
    from modelc.layers.operations.table import OPERATIONS

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
    from modelc.layers.operations.table import OPERATIONS

    entry = OPERATIONS[operation]
    if entry.variadic:
        values = [*args, *kwargs.values()]
        if len(values) == 1 and isinstance(values[0], list | tuple) and not is_tensor(values[0]):
            values = list(cast("Sequence[Any]", values[0]))
        return values
    parameters = _CALL_ARGUMENTS.get(operation, entry.tensors)
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
