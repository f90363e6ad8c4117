"""`Windowed`: layers over 1 to 3 spatial axes, whose options have a value per axis."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, cast

from pydantic import GetJsonSchemaHandler, ValidationInfo, WithJsonSchema, field_validator
from pydantic_core import core_schema

from modelc.layers.base import Layer
from modelc.layers.options.fields import DataFormat, Padding, per_axis, per_axis_schema

_MARK = "perAxis"

Sizes = Annotated[tuple[int, ...], WithJsonSchema({_MARK: 1})]
"""A positive extent per spatial axis: `3` means `[3, 3]` for rank 2."""
Counts = Annotated[tuple[int, ...], WithJsonSchema({_MARK: 0})]
"""A count per spatial axis that may be 0."""


class Windowed(Layer):
    """A layer over `rank` spatial axes; one number stands for the same value along all axes.

    The rank is an attribute of the class rather than a parameter of its field types: a generic model takes ten times as
    long to import.
    """

    rank: ClassVar[int]

    @field_validator(
        "kernel_size", "pool_size", "strides", "dilation_rate", "output_padding", mode="before", check_fields=False
    )
    @classmethod
    def _per_axis(cls, value: Any, info: ValidationInfo) -> Any:
        assert info.field_name is not None
        if value is None and cls.model_fields[info.field_name].default is None:
            return None
        return per_axis(value, cls.rank, 0 if info.field_name == "output_padding" else 1)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        schema = handler(core_schema)
        resolved = handler.resolve_ref_schema(schema)
        resolved["properties"] = _with_rank(resolved["properties"], cls.rank)
        return schema


class ConvWindow(Windowed):
    """The window of a convolution."""

    kernel_size: Sizes
    """The size of the convolution window: one number for all axes, or one per axis, such as `3` or `[3, 3]`."""
    strides: Sizes = 1  # type: ignore[assignment]
    """The stride: the step of the window between outputs. 2 halves the output size."""
    padding: Padding = "valid"
    """`valid` pads nothing; `same` zero-pads the input so that the output has ceil(input / stride) positions."""
    data_format: DataFormat | None = None
    """The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or `channels_first` (batch,
    channels, *spatial)."""
    dilation_rate: Sizes = 1  # type: ignore[assignment]
    """The dilation rate: the distance between the input elements under the window. Values above 1 (atrous convolution)
    widen the window without more weights."""


def _with_rank(schema: Any, rank: int) -> Any:
    if isinstance(schema, list):
        return [_with_rank(item, rank) for item in cast("list[Any]", schema)]
    if not isinstance(schema, dict):
        return schema
    schema = cast("dict[str, Any]", schema)
    inner = {key: _with_rank(value, rank) for key, value in schema.items() if key != _MARK}
    return {**per_axis_schema(rank, schema[_MARK]), **inner} if _MARK in schema else inner
