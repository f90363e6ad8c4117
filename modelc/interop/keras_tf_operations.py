"""The functions of TensorFlow in functional models of tf.keras, `TFOpLambda` and `SlicingOpLambda`, to `Operation`.

A file only ever selects from the closed table below.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from typing import Any, cast

from modelc.interop.keras import config_of, plain_data
from modelc.interop.keras_operations import OperationCall
from modelc.interop.unsupported import UnsupportedError
from modelc.layers.operation import Operation

_CLASSES = ("TFOpLambda", "SlicingOpLambda")

_REDUCTION = "x|input_tensor axis keepdims"
_SAME_NAME = {
    "x|a x2=y|b": "add subtract multiply divide maximum minimum less greater less_equal greater_equal equal not_equal "
    "mod divide_no_nan logical_and logical_or",
    "x|t|features": "abs exp expm1 log log1p sqrt rsqrt square negative reciprocal sigmoid tanh sin cos floor ceil "
    "round sign softplus erf logical_not",
    _REDUCTION: "reduce_mean reduce_sum reduce_max reduce_min reduce_any reduce_all reduce_logsumexp",
}

_FUNCTIONS: Mapping[str, tuple[str, str]] = {
    **{
        f"math.{name}": (name.removeprefix("reduce_"), arguments)
        for arguments, names in _SAME_NAME.items()
        for name in names.split()
    },
    **{
        f"__operators__.{theirs}": (ours, "x x2=y")
        for theirs, ours in (
            ("add", "add"), ("radd", "add"), ("sub", "subtract"), ("mul", "multiply"), ("truediv", "divide"),
            ("div", "divide"), ("floordiv", "floor_divide"), ("mod", "mod"), ("pow", "power"), ("matmul", "matmul"),
            ("lt", "less"), ("le", "less_equal"), ("gt", "greater"), ("ge", "greater_equal"), ("eq", "equal"),
            ("ne", "not_equal"),
        )
    },
    **dict.fromkeys(("nn.silu", "nn.swish"), ("silu", "x|features")),
    **{
        f"nn.{name}": (name, "x|features")
        for name in ("relu", "relu6", "elu", "selu", "sigmoid", "tanh", "softplus", "softsign")
    },
    "nn.gelu": ("gelu", "x|features approximate"),
    "nn.softmax": ("softmax", "x|logits axis"),
    "nn.log_softmax": ("log_softmax", "x|logits axis"),
    "nn.leaky_relu": ("leaky_relu", "x|features negative_slope=alpha"),
    "math.truediv": ("divide", "x x2=y"),
    "math.floordiv": ("floor_divide", "x x2=y"),
    "math.floormod": ("mod", "x x2=y"),
    "math.pow": ("power", "x x2=y"),
    "math.reduce_variance": ("var", _REDUCTION),
    "math.reduce_std": ("std", _REDUCTION),
    "math.argmax": ("argmax", "x|input axis"),
    "math.argmin": ("argmin", "x|input axis"),
    "math.cumsum": ("cumsum", "x axis"),
    "linalg.matmul": ("matmul", "x|a x2=b"),
    "clip_by_value": ("clip", "x|t x_min=clip_value_min x_max=clip_value_max"),
    "reshape": ("reshape", "x|tensor newshape=shape"),
    "transpose": ("transpose", "x|a axes=perm"),
    "expand_dims": ("expand_dims", "x|input axis"),
    "squeeze": ("squeeze", "x|input axis"),
    "concat": ("concatenate", "x|values axis"),
    "stack": ("stack", "x|values axis"),
    "split": ("split", "x|value indices_or_sections=num_or_size_splits axis"),
    "tile": ("tile", "x|input repeats=multiples"),
    "repeat": ("repeat", "x|input repeats axis"),
    "cast": ("cast", "x dtype"),
    "where": ("where", "condition x1=x x2=y"),
    "identity": ("copy", "x|input"),
    "zeros_like": ("zeros_like", "x|input"),
    "ones_like": ("ones_like", "x|input"),
    "stop_gradient": ("stop_gradient", "x|input"),
}  # fmt: skip
"""TensorFlow's names, our operations, and the arguments: `ours=theirs|also theirs`, in TensorFlow's order."""

_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "concatenate": {"axis": 0}, "gelu": {"approximate": False}, "softmax": {"axis": -1}, "argmax": {"axis": 0},
    "argmin": {"axis": 0}, "cumsum": {"axis": 0}, "log_softmax": {"axis": -1}, "leaky_relu": {"negative_slope": 0.2},
}  # fmt: skip
"""What TensorFlow takes where nothing is said, if it is not what our operation takes."""


def is_tf_operation(entry: Mapping[str, Any]) -> bool:
    """Whether a serialized layer of tf.keras is a bare function."""
    return entry.get("class_name") in _CLASSES


def operation_from_tf(
    entry: Mapping[str, Any], args: Sequence[Any], kwargs: Mapping[str, Any], is_tensor: Callable[[Any], bool]
) -> OperationCall:
    """The operation that such a layer is, called with these arguments.

    Raises `UnsupportedError` for a function or an argument that modelc does not have.
    """
    class_name = str(entry.get("class_name"))
    if class_name == "SlicingOpLambda":
        return _sliced(args, kwargs, is_tensor)
    function = str(config_of(entry, class_name).get("function", ""))
    if function not in _FUNCTIONS:
        raise UnsupportedError(f"the TensorFlow function `{function[:60]}` in a Keras model is not supported")
    operation, parameters = _FUNCTIONS[function]
    values = _bound(function, parameters, args, kwargs)
    operands = _operands(operation, values)
    arguments = {**_DEFAULTS.get(operation, {}), **values}
    if operation == "split":
        _to_sections(arguments)
    what = f"an argument of the TensorFlow function `{function}`"
    plain = {key: plain_data(value, what) for key, value in arguments.items() if value is not None}
    if any(is_tensor(value) for value in arguments.values()):
        raise UnsupportedError(f"{what} cannot be a tensor")
    return _call(operation, [v if is_tensor(v) else plain_data(v, what) for v in operands], plain, is_tensor)


def _call(
    operation: str, operands: Sequence[Any], arguments: Mapping[str, Any], is_tensor: Callable[[Any], bool]
) -> OperationCall:
    tensors = tuple(value for value in operands if is_tensor(value))
    if not tensors:
        raise UnsupportedError(f"the operation `{operation}` in a Keras model is applied to no tensor")
    constants = None
    if len(tensors) < len(operands):
        constants = [None if is_tensor(value) else value for value in operands]
    options: dict[str, Any] = {"operation": operation, "operands": constants, "arguments": dict(arguments)}
    return OperationCall(Operation(**options), tensors)


def _bound(function: str, parameters: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a call by our names, in order; those that are not given are None."""
    theirs: dict[str, str] = {}
    names: list[str] = []
    for parameter in parameters.split():
        ours, _, written = parameter.rpartition("=")
        alternatives = written.split("|")
        names.append(ours or alternatives[0])
        theirs.update(dict.fromkeys(alternatives, names[-1]))
    if len(args) > len(names):
        raise UnsupportedError(f"the TensorFlow function `{function}` is called with {len(args)} arguments")
    values: dict[str, Any] = dict.fromkeys(names)
    values.update(zip(names, args, strict=False))
    for key, value in kwargs.items():
        if key in theirs:
            values[theirs[key]] = value
        elif value not in (None, False) and key != "name":
            raise UnsupportedError(f"the argument `{key}` of the TensorFlow function `{function}` is not supported")
    return values


def _operands(operation: str, values: dict[str, Any]) -> list[Any]:
    """The operands of a call, taken out of its arguments."""
    from modelc.layers.operations.table import OPERATIONS

    entry = OPERATIONS[operation]
    names = list(values)[: len(entry.tensors)]
    operands = [values.pop(name) for name in names]
    if entry.variadic:
        return list(cast("Sequence[Any]", operands[0])) if isinstance(operands[0], list | tuple) else operands
    while operands and operands[-1] is None:
        operands.pop()
    return operands


def _to_sections(arguments: dict[str, Any]) -> None:
    """TensorFlow splits by sizes, NumPy by places."""
    sizes = arguments["indices_or_sections"]
    if isinstance(sizes, list):
        known = cast("list[Any]", sizes)
        if not all(isinstance(size, int) and size > 0 for size in known):
            raise UnsupportedError("the TensorFlow function `split` is called with sizes that are not known")
        arguments["indices_or_sections"] = list(accumulate(known))[:-1]


def _sliced(args: Sequence[Any], kwargs: Mapping[str, Any], is_tensor: Callable[[Any], bool]) -> OperationCall:
    """`x[…]`, whose key tf.keras writes with `{"start": 0, "stop": 1, "step": null}` for slices."""
    key = kwargs.get("slice_spec", args[1] if len(args) > 1 else None)
    items = cast("list[Any]", key) if isinstance(key, list) else [key]
    return _call("get_item", args[:1], {"key": [_item(item) for item in items]}, is_tensor)


def _item(item: Any) -> Any:
    match item:
        case None | int():
            return item
        case {"class_name": "__ellipsis__"} | "...":
            return "..."
        case {"start": start, "stop": stop, "step": step} if all(
            part is None or isinstance(part, int) for part in (start, stop, step)
        ):
            parts = ["" if part is None else str(part) for part in (start, stop, step)]
            return ":".join(parts if step is not None else parts[:2])
        case _:
            raise UnsupportedError("a slice in the Keras model is not by integers, which is not supported")
