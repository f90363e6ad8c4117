"""The types of layer options, with Keras's spellings: an int where all axes agree, a list where they differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias, cast

from pydantic import BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler, PositiveInt, WithJsonSchema
from pydantic_core import PydanticCustomError, core_schema

from modelc.config.options import NonNegativeFloat as NonNegativeFloat
from modelc.config.options import NonNegativeInt as NonNegativeInt
from modelc.config.options import Rate as Rate
from modelc.config.options import as_ints, is_int
from modelc.config.registry import REGISTRY_MARK, RegistryField
from modelc.functions.kinds import ActivationName
from modelc.functions.table import ACTIVATION_NAMES
from modelc.layers import ACTIVATION_LAYERS
from modelc.layers.base import Layer

Padding = Literal["valid", "same"]
CausalPadding = Literal["valid", "same", "causal"]
DataFormat = Literal["channels_last", "channels_first"]

Activation: TypeAlias = ActivationName | Layer
"""What an activation is: its name, or a layer with options of its own."""


class _ActivationField(RegistryField):
    """A name of an activation, or one of the layers that may be one."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        names = core_schema.literal_schema(list(ACTIVATION_NAMES))

        def choose(value: Any, name: core_schema.ValidatorFunctionWrapHandler) -> Any:
            if isinstance(value, Mapping | Layer) or (isinstance(value, str) and value in self.registry):
                return self.registry.coerce(value)
            return "linear" if value is None else name(value)

        return core_schema.no_info_wrap_validator_function(choose, names)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {
            "anyOf": [
                {"enum": [*ACTIVATION_NAMES, *self.registry.names]},
                {REGISTRY_MARK: self.registry.kind},
                {"type": "null"},
            ]
        }


ActivationOption = Annotated[Any, _ActivationField(ACTIVATION_LAYERS)]
"""The name of an activation, or a layer that is one with its options; null is `linear`, as in Keras."""

Epsilon = NonNegativeFloat


def per_axis(value: Any, rank: int, minimum: int) -> tuple[int, ...]:
    """A number, or a list of one per axis, as a tuple. Raises `PydanticCustomError`."""
    run = (value,) * rank if is_int(value) else as_ints(value)
    if run is None:
        shape = "an integer" if rank == 1 else f"an integer or a list of {rank} integers"
        raise PydanticCustomError("value_type", "expected {shape}", {"shape": shape})
    if len(run) != rank:
        raise PydanticCustomError(
            "value", "expected {rank} values, one per axis, found {count}", {"rank": rank, "count": len(run)}
        )
    if min(run) < minimum:
        raise PydanticCustomError(
            "value", "must be at least {minimum}, found {found}", {"minimum": minimum, "found": min(run)}
        )
    return run


def _spread(rank: int, minimum: int) -> BeforeValidator:
    return BeforeValidator(lambda value: per_axis(value, rank, minimum))


def per_axis_schema(rank: int, minimum: int) -> dict[str, Any]:
    """The JSON Schema of what `per_axis` takes."""
    one = {"type": "integer", "minimum": minimum}
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": rank, "maxItems": rank}]}


def _sizes_schema(rank: int, minimum: int) -> WithJsonSchema:
    return WithJsonSchema(per_axis_schema(rank, minimum))


Sizes2 = Annotated[tuple[PositiveInt, PositiveInt], _spread(2, 1), _sizes_schema(2, 1)]
Sizes3 = Annotated[tuple[PositiveInt, PositiveInt, PositiveInt], _spread(3, 1), _sizes_schema(3, 1)]
"""A positive extent per spatial axis: `3` means `[3, 3]` for rank 2."""


def _windows(value: Any) -> tuple[int, ...]:
    windows = per_axis(value, 2, 3)
    even = next((window for window in windows if window % 2 == 0), None)
    if even is not None:
        raise PydanticCustomError("value", "must be odd, found {found}", {"found": even})
    return windows


Windows2 = Annotated[tuple[int, int], BeforeValidator(_windows), _sizes_schema(2, 3)]
"""An odd extent of a window per spatial axis, at least 3."""

Margin = tuple[NonNegativeInt, NonNegativeInt]
"""How many before and after."""


def _pair(value: Any) -> tuple[int, ...]:
    pair = as_ints(value)
    if pair is not None and len(pair) != 2:
        raise PydanticCustomError("value", "expected 2 values, before and after, found {count}", {"count": len(pair)})
    return per_axis(value, 2, 0)


def _margins(rank: int) -> BeforeValidator:
    def margins(value: Any) -> tuple[tuple[int, ...], ...]:
        if not is_int(value) and not isinstance(value, list | tuple):
            raise PydanticCustomError(
                "value_type",
                "expected an integer or a list of {rank} integers or pairs",
                {"rank": rank, "form": "int_type"},
            )
        run: tuple[Any, ...] = (cast("Any", value),) * rank if is_int(value) else tuple(cast("list[Any]", value))
        if len(run) != rank:
            raise PydanticCustomError(
                "value",
                "expected {rank} values or pairs, one per axis, found {count}",
                {"rank": rank, "count": len(run)},
            )
        return tuple(map(_pair, run))

    return BeforeValidator(margins)


def _margins_schema(rank: int) -> WithJsonSchema:
    one = {"type": "integer", "minimum": 0}
    pair = {"type": "array", "items": one, "minItems": 2, "maxItems": 2}
    side = {"anyOf": [one, pair]}
    return WithJsonSchema({"anyOf": [one, {"type": "array", "items": side, "minItems": rank, "maxItems": rank}]})


Margins1 = Annotated[Margin, BeforeValidator(_pair), _sizes_schema(2, 0)]
Margins2 = Annotated[tuple[Margin, Margin], _margins(2), _margins_schema(2)]
Margins3 = Annotated[tuple[Margin, Margin, Margin], _margins(3), _margins_schema(3)]
"""Counts before and after each spatial axis: `1` everywhere, `[1, 2]` one value per axis, or `[[1, 0], [2, 2]]`."""
