"""The types of options that initializers, regularizers, constraints and layers share."""

from __future__ import annotations

from typing import Annotated, Any, Literal, cast

from pydantic import BeforeValidator, Field, PositiveInt, WithJsonSchema
from pydantic_core import PydanticCustomError

NonNegativeInt = Annotated[int, Field(ge=0)]
NonNegativeFloat = Annotated[float, Field(ge=0, allow_inf_nan=False)]
FiniteFloat = Annotated[float, Field(allow_inf_nan=False)]
Rate = Annotated[float, Field(ge=0, le=1)]

InputDType = Literal[
    "float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "bool"
]
"""What the elements of a model's input can be; inside they become float32 or int32."""

MAX_AXES = 8
"""More axes than any tensor of the vocabulary has."""


def is_int(value: Any) -> bool:
    """Whether `value` is an integer; true and false are not."""
    return isinstance(value, int) and not isinstance(value, bool)


def as_ints(value: Any) -> tuple[int, ...] | None:
    """A list or tuple of integers as a tuple; None for anything else."""
    if not isinstance(value, list | tuple):
        return None
    items = tuple(cast("list[Any]", value))
    return items if all(map(is_int, items)) else None


def _axes(value: Any) -> Any:
    axes = as_ints(value)
    if axes is None:
        raise PydanticCustomError("value_type", "expected a list of axes")
    if not 0 < len(axes) <= MAX_AXES or len(set(axes)) != len(axes):
        raise PydanticCustomError(
            "value", "expected 1 to {most} different axes, found {found}", {"most": MAX_AXES, "found": list(axes)}
        )
    return axes


def _axis_or_axes(value: Any) -> Any:
    if is_int(value):
        return value
    axes = _axes(value)
    return axes[0] if len(axes) == 1 else axes


_AXES_SCHEMA: dict[str, Any] = {
    "type": "array",
    "items": {"type": "integer"},
    "minItems": 1,
    "maxItems": MAX_AXES,
    "uniqueItems": True,
}

Axes = Annotated[tuple[int, ...], BeforeValidator(_axes), WithJsonSchema(_AXES_SCHEMA)]
"""A list of different axes."""

AxisOrAxes = Annotated[
    int | tuple[int, ...],
    BeforeValidator(_axis_or_axes),
    WithJsonSchema({"anyOf": [{"type": "integer"}, _AXES_SCHEMA]}),
]
"""One axis, or a list of different ones."""


def _fixed(value: Any) -> Any:
    if value is None:
        help = "a model is compiled for fixed sizes: write the size, and override it in a view or by --input-shape"
        raise PydanticCustomError("value_type", "expected an integer", {"help": help})
    return value


def _as_tuple(value: Any) -> Any:
    return tuple(cast("list[Any]", value)) if isinstance(value, list) else value


SampleShape = Annotated[
    tuple[Annotated[PositiveInt, BeforeValidator(_fixed)], ...],
    BeforeValidator(_as_tuple),
    Field(max_length=MAX_AXES - 1),
    WithJsonSchema({"type": "array", "items": {"type": "integer", "minimum": 1}, "maxItems": MAX_AXES - 1}),
]
"""The shape of one sample, without the batch."""
