"""Operators on two tensors and more, which broadcast."""

from __future__ import annotations

import operator as python
from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from typing import Any

import numpy as np

from modelc.graph.sizes import surely_equal
from modelc.layers.base import Layer
from modelc.layers.merging.elements import Add, Average, Maximum, Minimum, Multiply, Subtract
from modelc.onnx.read.broadcast import aligned
from modelc.onnx.read.fold import grown
from modelc.onnx.read.graph import OnnxNode
from modelc.onnx.read.operators.shape import widened
from modelc.onnx.read.reader import OnnxReader
from modelc.onnx.read.table import RefusedError, reads
from modelc.onnx.read.values import FLOATS, Flow, Known, Value, known
from modelc.sources.refs import Array, Ref, SampleCount, is_open

_MERGING: dict[str, type[Layer]] = {
    "add": Add, "multiply": Multiply, "subtract": Subtract, "maximum": Maximum, "minimum": Minimum
}  # fmt: skip
"""The layers of Keras that are an operation on tensors of one shape."""


def combined(r: OnnxReader, operation: str, values: list[Value], dtype: str | None = None) -> Flow:
    """An operation on tensors and constants that broadcast."""
    made = aligned(r, values)
    refs = [x for x in made.operands if isinstance(x, Ref)]
    kind = _MERGING.get(operation)
    if kind is not None and len(refs) == len(made.operands) > 1:
        types = [r.shapes.type_of(ref) for ref in refs]
        if all(one.shape == types[0].shape and one.dtype == "float32" for one in types):
            return r.same(made.like, r.layer(kind, *refs), dtype)
    ref = r.op(operation, *made.operands)
    if r.shapes.type_of(ref).rank != r.shapes.type_of(made.like.ref).rank:
        raise RefusedError("its operands broadcast to more axes than any of them has")
    return r.same(made.like, ref, dtype)


def bounded(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of arrays that broadcast, whose result is bounded before it is made."""

    def compute(node: OnnxNode, *xs: Array) -> Any:
        shape = np.broadcast_shapes(*(x.shape for x in xs))
        size = int(np.prod(shape, dtype=np.float64)) if shape else 1
        if size > max(x.size for x in xs):
            grown(size)
        return function(*xs)

    return compute


def _divided(a: Array, b: Array) -> Any:
    """Of integers as C does: towards zero."""
    if a.dtype.kind not in "iu":
        return a // b if a.dtype == object else a / b
    return np.where((a % b != 0) & ((a < 0) != (b < 0)), a // b + 1, a // b)


_BINARY: dict[str, tuple[str, Callable[[Any, Any], Any]]] = {
    "Add": ("add", python.add),
    "Sub": ("subtract", python.sub),
    "Mul": ("multiply", python.mul),
    "And": ("logical_and", np.logical_and),
    "Or": ("logical_or", np.logical_or),
    "Xor": ("logical_xor", np.logical_xor),
    "Equal": ("equal", python.eq),
    "Greater": ("greater", python.gt),
    "GreaterOrEqual": ("greater_equal", python.ge),
    "Less": ("less", python.lt),
    "LessOrEqual": ("less_equal", python.le),
}
_TRUTHS = frozenset({"And", "Or", "Xor", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"})


def _binary(operator: str) -> None:
    operation, function = _BINARY[operator]

    @reads(operator, becomes=f"{operation}, {operator}" if operation in _MERGING else operation,
           compute=bounded(function))  # fmt: skip
    def _(r: OnnxReader, node: OnnxNode) -> Value:
        return combined(r, operation, _both(r), "bool" if operator in _TRUTHS else None)


def _both(r: OnnxReader) -> list[Value]:
    a, b = r.value(0), r.value(1)
    if a is None or b is None:
        raise RefusedError("one of its operands is left out")
    axis = r.node.get("axis")
    if axis is not None and r.opset < 7:
        b = _behind(b, r.axis(axis, a.rank), a.rank)
    return [a, b]


def _behind(b: Value, axis: int, rank: int) -> Value:
    """Before version 7 of the operators: the second operand, whose axes begin at `axis` of the first one's."""
    missing = rank - axis - b.rank
    if missing <= 0:
        return b
    if isinstance(b, Flow):
        return widened(b, range(b.rank, b.rank + missing))
    return replace(b, array=b.array.reshape(*b.array.shape, *(1,) * missing))


for _operator in _BINARY:
    _binary(_operator)


@reads("Div", becomes="divide, floor_divide", compute=bounded(_divided))
def _divide(r: OnnxReader, node: OnnxNode) -> Value:
    values = _both(r)
    x = next(value for value in values if isinstance(value, Flow))
    if x.dtype in FLOATS:
        b = values[1]
        if isinstance(b, Known) and b.array.size == 1 and _is_power_of_two(float(b.array.item())):
            return combined(r, "multiply", [values[0], Known(1 / b.array.astype(np.float32), "float32")])
        return combined(r, "divide", values)
    made = combined(r, "divide", values)
    return r.same(made, r.op("cast", r.op("trunc", made.ref), dtype="int32"))


def _is_power_of_two(number: float) -> bool:
    return number != 0 and np.frexp(abs(number))[0] == 0.5


def _raised(a: Array, b: Array) -> Any:
    return np.power(a, b.astype(a.dtype))


@reads("Pow", becomes="power, square", compute=bounded(_raised))
def _power(r: OnnxReader, node: OnnxNode) -> Value:
    x, exponent = _both(r)
    if isinstance(x, Flow) and isinstance(exponent, Known) and exponent.array.size == 1:
        number = float(exponent.array.item())
        if number == 2:
            return r.same(x, r.op("square", x.ref))
        if number == 0.5:
            return r.same(x, r.op("sqrt", x.ref))
    made = combined(r, "power", [x, exponent], x.dtype)
    return made if x.dtype in FLOATS else r.same(made, r.op("round", made.ref))


def _marked(r: OnnxReader, x: Value, what: str) -> Value:
    """Where something holds of a number: `isfinite`, `isinf`, or, compared with 0, `less` and `not_equal`."""
    compared = (0.0,) if what in ("less", "not_equal") else ()
    if isinstance(x, Known):
        return known(getattr(np, what)(x.array, *compared), "bool")
    return r.same(x, r.op(what, x.ref, *compared), "bool")


def _remainder(node: OnnxNode, a: Array, b: Array) -> Any:
    return bounded(np.fmod if node.get("fmod", 0) else np.mod)(node, a, b)


@reads("Mod", becomes="mod, fmod, where", compute=_remainder)
def _mod(r: OnnxReader, node: OnnxNode) -> Value:
    values = _both(r)
    if values[0].dtype not in FLOATS:
        return combined(r, "fmod" if node.get("fmod", 0) else "mod", values)
    rest = combined(r, "fmod", values)
    if isinstance(values[1], Flow):  # by an infinite number it is the number itself
        marks = [_marked(r, one, name) for one, name in zip(values, ("isfinite", "isinf"), strict=True)]
        rest = combined(r, "where", [combined(r, "logical_and", marks), values[0], rest], rest.dtype)
    if node.get("fmod", 0):
        return rest
    # The sign is that of the divisor.
    below = [_marked(r, one, "less") for one in (rest, values[1])]
    other = combined(r, "logical_and", [_marked(r, rest, "not_equal"), combined(r, "not_equal", below)])
    return combined(r, "where", [other, combined(r, "add", [rest, values[1]]), rest], rest.dtype)


def _extreme(function: Callable[[Any, Any], Any], a: Array, b: Array) -> Any:
    """The larger or smaller of two, of which some may be sizes that are free: these are at least 1."""
    if object not in (a.dtype, b.dtype):
        return function(a, b)
    a, b = np.broadcast_arrays(a, b)
    made = [_of_sizes(function, one, other) for one, other in zip(a.ravel(), b.ravel(), strict=True)]
    return np.array([*made, None], object)[:-1].reshape(a.shape)


def _of_sizes(function: Callable[[Any, Any], Any], a: Any, b: Any) -> Any:
    free = [size for size in (a, b) if is_open(size)]
    if not free:
        return function(a, b)
    if len(free) == 2:
        if type(a) is type(b) and (a == b if isinstance(a, SampleCount) else surely_equal(a, b)):
            return a
    elif (a if free[0] is b else b) <= 1:
        return free[0] if function is np.maximum else (a if free[0] is b else b)
    raise TypeError("which size is larger is not known")


_MANY: dict[str, tuple[str, Callable[[Any, Any], Any]]] = {
    "Sum": ("add", python.add),
    "Max": ("maximum", lambda a, b: _extreme(np.maximum, a, b)),
    "Min": ("minimum", lambda a, b: _extreme(np.minimum, a, b)),
}


def _many(operator: str) -> None:
    operation, function = _MANY[operator]

    @reads(operator, becomes=f"{operation}, {_MERGING[operation].__name__}",
           compute=bounded(lambda *xs: reduce(function, xs)))  # fmt: skip
    def _(r: OnnxReader, node: OnnxNode) -> Value:
        return _folded(r, operation)


def _folded(r: OnnxReader, operation: str) -> Flow:
    values = [r.value(i) for i in range(len(r.node.inputs))]
    made: Value | None = None
    for value in sorted((one for one in values if one is not None), key=lambda one: isinstance(one, Known)):
        made = value if made is None else combined(r, operation, [made, value])
    assert isinstance(made, Flow)
    return made


for _operator in _MANY:
    _many(_operator)


@reads("Mean", becomes="Average, add", compute=bounded(lambda *xs: reduce(python.add, xs) / len(xs)))
def _mean(r: OnnxReader, node: OnnxNode) -> Value:
    values = [value for i in range(len(node.inputs)) if (value := r.value(i)) is not None]
    if len(values) > 1 and all(isinstance(value, Flow) for value in values):
        made = aligned(r, values)
        refs = [x for x in made.operands if isinstance(x, Ref)]
        if len({r.shapes.type_of(ref).shape for ref in refs}) == 1:
            return r.same(made.like, r.layer(Average, *refs))
    total = _folded(r, "add")
    return r.same(total, r.op("divide", total.ref, float(len(values)))) if len(values) > 1 else total


def _chosen(condition: Array, a: Array, b: Array) -> Any:
    return np.where(condition.astype(bool), a, b)


@reads("Where", becomes="where", compute=bounded(_chosen))
def _where(r: OnnxReader, node: OnnxNode) -> Value:
    values = [r.value(i) for i in range(3)]
    given = [value for value in values if value is not None]
    if len(given) != 3:
        raise RefusedError("one of its operands is left out")
    return combined(r, "where", given, given[1].dtype)
