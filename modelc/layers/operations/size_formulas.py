"""Sizes in the options of operations that are computed of sizes of tensors: `{size: [0, 2]}`, `{multiply: [a, b]}`.

So an option or an operand can be a size that a model leaves free, as `tf.shape(x)[1] * 2` is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from pydantic_core import PydanticCustomError

from modelc.config.options import is_int
from modelc.errors import ShapeError
from modelc.graph.tensor import Tensor
from modelc.graph.types import format_shape

_MOST, _DEEPEST = 4096, 64
"""The most parts of a formula, and how deep they may be nested."""

_FORMS = "{size: [input, axis]}, {add: [a, b, …]}, {multiply: [a, b, …]} or {floor_divide: [a, b]}"


def is_formula(value: Any) -> bool:
    """Whether this is a formula, and no number."""
    if not isinstance(value, Mapping) or len(cast("Mapping[Any, Any]", value)) != 1:
        return False
    ((kind, parts),) = cast("Mapping[Any, Any]", value).items()
    return kind in _KINDS and isinstance(parts, list | tuple)


def require_formula(value: Any) -> Any:
    """The formula itself. Raises `PydanticCustomError` where it is none, or too large."""
    left = [_MOST]

    def check(part: Any, depth: int) -> None:
        left[0] -= 1
        if left[0] < 0 or depth > _DEEPEST:
            raise PydanticCustomError("value", "the formula of a size is too large")
        if is_int(part):
            return
        kind, parts = _opened(part)
        if kind == "size":
            if len(parts) != 2 or not all(map(is_int, parts)) or min(parts) < 0:
                raise PydanticCustomError("value", "expected {size: [input, axis]}, both counted from 0")
            return
        if len(parts) < 1 or (kind == "floor_divide" and len(parts) != 2):
            raise PydanticCustomError("value", "expected {forms}", {"forms": _FORMS})
        for inner in parts:
            check(inner, depth + 1)

    check(value, 0)
    return value


def _opened(part: Any) -> tuple[str, Sequence[Any]]:
    if not is_formula(part):
        raise PydanticCustomError("value", "expected {forms}", {"forms": _FORMS})
    ((kind, parts),) = cast("Mapping[str, Sequence[Any]]", part).items()
    return kind, parts


def _floor_divided(parts: Sequence[int]) -> int:
    a, b = parts
    return a // b


_COMPUTED: dict[str, Callable[[Sequence[int]], int]] = {
    "add": sum, "multiply": math.prod, "floor_divide": _floor_divided
}  # fmt: skip
_KINDS = ("size", *_COMPUTED)


def size_of_formula(formula: Any, inputs: Sequence[Tensor]) -> int:
    """What a formula is for these inputs. Raises `ShapeError` where they do not have the axes that it is about."""
    if is_int(formula):
        return cast("int", formula)
    kind, parts = _opened(formula)
    if kind != "size":
        return _COMPUTED[kind]([size_of_formula(part, inputs) for part in parts])
    number, axis = cast("tuple[int, int]", tuple(parts))
    if number >= len(inputs):
        raise ShapeError(f"a formula is about input {number}, and there are {len(inputs)}", "count from 0", "E207")
    shape = inputs[number].shape
    size = shape[axis] if 0 < axis < len(shape) or (axis == 0 and shape and shape[0] is not None) else None
    if size is None:
        raise ShapeError(f"a formula is about axis {axis} of {format_shape(shape)}", "the batch is no known size")
    return size


def with_sizes(value: Any, size: Callable[[Any], Any]) -> Any:
    """An argument with what `size` gives for each formula: the argument itself, or items of it."""
    if is_formula(value):
        return size(value)
    if isinstance(value, list | tuple):
        items = cast("Sequence[Any]", value)
        made = [with_sizes(item, size) if is_formula(item) else item for item in items]
        return tuple(made) if isinstance(value, tuple) else made
    return value
