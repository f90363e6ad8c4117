"""Option types shared by layers, losses, metrics, optimizers and callbacks."""

from __future__ import annotations

from re import compile as regex
from typing import Annotated, Any, Literal, cast

from pydantic import BeforeValidator, Field, PositiveInt, ValidatorFunctionWrapHandler, WithJsonSchema, WrapValidator
from pydantic_core import PydanticCustomError

from modelc.words.sizes import BATCH, FREE

NonNegativeInt = Annotated[int, Field(ge=0)]
SmallCount = Annotated[int, Field(ge=1, le=256)]
"""How often something is written out in the graph."""
NonNegativeFloat = Annotated[float, Field(ge=0, allow_inf_nan=False)]
FiniteFloat = Annotated[float, Field(allow_inf_nan=False)]
Rate = Annotated[float, Field(ge=0, le=1)]
PositiveFloat = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Decay = Annotated[float, Field(ge=0, lt=1)]
"""How much of an average a step keeps."""

Precision = Literal["fast", "exact"]
"""How float32 sums are computed: as fast as rounding errors allow that do not show, or as they are defined."""

InputDType = Literal[
    "float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "bool"
]
"""What the elements of a model's input can be; inside they become float32 or int32."""

MAX_AXES = 8
"""More axes than any tensor of the vocabulary has."""


def is_int(value: Any) -> bool:
    """Whether `value` is an integer; true and false are not."""
    return isinstance(value, int) and not isinstance(value, bool)


def as_tuple(value: Any) -> Any:
    """A list as a tuple; anything else as it is."""
    return tuple(cast("list[Any]", value)) if isinstance(value, list) else value


Floats = Annotated[tuple[FiniteFloat, ...], BeforeValidator(as_tuple), Field(min_length=1)]
"""A list of numbers."""

Names = Annotated[tuple[str, ...], BeforeValidator(as_tuple)]
"""A list of words."""


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


SIZE_NAME = regex(r"[A-Za-z_]\w{0,63}")
"""The name of a free size."""


def _free_or(value: Any, check: ValidatorFunctionWrapHandler) -> Any:
    """A size that is left free as None or by its name, any other one as it is checked."""
    if isinstance(value, str):
        if value in FREE:
            return None
        if SIZE_NAME.fullmatch(value):
            return value
        help = "write an integer, null for a size that stays free, or a name for it such as `time`"
        raise PydanticCustomError("value_type", "expected a size", {"help": help})
    return None if value is None else check(value)


def _without_batch(value: Any) -> Any:
    """A list as a tuple, which does not begin with the batch."""
    if not isinstance(value, list | tuple):
        return value
    sizes = tuple(cast("list[Any]", value))
    if len(sizes) > 1 and sizes[0] in BATCH:
        rest = ", ".join("null" if size in (*FREE, *BATCH) else str(size) for size in sizes[1:])
        message = "a shape is that of one sample, without the batch axis"
        raise PydanticCustomError("value", message, {"help": f"write [{rest}]"})
    return sizes


SampleShape = Annotated[
    tuple[Annotated[PositiveInt, WrapValidator(_free_or)], ...],
    BeforeValidator(_without_batch),
    Field(max_length=MAX_AXES - 1),
    WithJsonSchema({
        "type": "array",
        "items": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}, {"type": "string"}]},
        "maxItems": MAX_AXES - 1,
    }),
]  # fmt: skip
"""The shape of one sample, without the batch. A size that stays free is None or a name."""


def _references(value: Any) -> Any:
    """Lists of names become tuples; anything else but names is refused in one message."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        names = tuple(cast("list[Any]", value))
        if names and all(isinstance(name, str) for name in names):
            return names
    if isinstance(value, dict) and value:
        by_argument = cast("dict[Any, Any]", value)
        if all(isinstance(key, str) for key in by_argument):
            return {key: _reference_of(item) for key, item in by_argument.items()}
    raise PydanticCustomError(
        "value_type",
        "expected a name, a list of names, or names by argument",
        {"help": "write `inputs: a`, `inputs: [a, b]` or `inputs: {query: a, value: b}`"},
    )


def _reference_of(value: Any) -> Any:
    if value is None or isinstance(value, dict):
        raise PydanticCustomError("value_type", "expected a name or a list of names for each argument")
    return _references(value)


_NAME_SCHEMA: dict[str, Any] = {"type": "string", "minLength": 1}
_NAMES_SCHEMA: dict[str, Any] = {"anyOf": [_NAME_SCHEMA, {"type": "array", "items": _NAME_SCHEMA, "minItems": 1}]}

References = Annotated[
    str | tuple[str, ...] | None, BeforeValidator(_references), WithJsonSchema(_NAMES_SCHEMA)
]  # fmt: skip
"""Names of layers, or of one of the tensors that they give: `conv2d`, `lstm[1]`, `encoder@1`."""


def _returned(value: Any) -> Any:
    """Names, as `_references` takes them, or one for each key of what the model returns."""
    if not isinstance(value, dict):
        return _references(value)
    by_key = cast("dict[Any, Any]", value)
    if not by_key or not all(isinstance(name, str) for name in by_key.values()):
        help = "write `outputs: a`, `outputs: [a, b]` or `outputs: {key: a, other: b}`"
        raise PydanticCustomError(
            "value_type", "expected a name, a list of names, or a name for each key", {"help": help}
        )
    for key in by_key:
        if not isinstance(key, str) or not 0 < len(key) <= _LONGEST_KEY or not key.isprintable():
            message = "a key of `outputs` must have 1 to {longest} printable characters"
            raise PydanticCustomError("value_type", message, {"longest": _LONGEST_KEY})
    return dict(by_key)


_LONGEST_KEY = 200

Returned = Annotated[
    str | tuple[str, ...] | dict[str, str] | None,
    BeforeValidator(_returned),
    WithJsonSchema(
        {"anyOf": [*_NAMES_SCHEMA["anyOf"], {"type": "object", "additionalProperties": _NAME_SCHEMA}]}
    ),
]  # fmt: skip
"""What a model returns: a name, a list of names, or a name for each key."""

Connections = Annotated[
    str | tuple[str, ...] | dict[str, str | tuple[str, ...]] | None,
    BeforeValidator(_references),
    WithJsonSchema(
        {"anyOf": [*_NAMES_SCHEMA["anyOf"], {"type": "object", "additionalProperties": _NAMES_SCHEMA}]}
    ),
]  # fmt: skip
"""What a layer is applied to: a name, a list of names, or names by argument."""
