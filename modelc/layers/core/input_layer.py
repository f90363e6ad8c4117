"""InputLayer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, cast

from pydantic import PositiveInt, model_validator
from pydantic_core import PydanticCustomError

from modelc.config.options import InputDType, SampleShape
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.layers.base import Layer

_KINDS = ("sparse", "ragged", "optional")


class InputLayer(Layer):
    """An input of the model. `batch_shape`, such as `[null, 28, 28, 1]`, may be given instead of `batch_size` and
    `shape`."""

    keras_renamed = (("batch_input_shape", "batch_shape"),)

    shape: SampleShape
    """The shape of one sample, without the batch axis: `[28, 28, 1]`."""
    batch_size: PositiveInt | None = None
    """The batch size, if it is fixed; by default any."""
    dtype: InputDType = "float32"  # pyright: ignore[reportIncompatibleVariableOverride]
    """The data type: `float32`, or `int32` for indices such as those of an Embedding."""
    sparse: Literal[False] | None = None
    """Must be false or null: sparse inputs are not supported."""
    ragged: Literal[False] | None = None
    """Must be false or null: ragged inputs are not supported."""
    optional: Literal[False] = False
    """Must be false: optional inputs are not supported."""

    @model_validator(mode="before")
    @classmethod
    def _split_batch_shape(cls, data: Any) -> Any:
        if not isinstance(data, dict) or "batch_shape" not in data:
            return data  # pyright: ignore[reportUnknownVariableType]
        options = dict(cast("dict[str, Any]", data))
        batch_shape = options.pop("batch_shape")
        if "shape" in options or "batch_size" in options:
            raise PydanticCustomError(
                "conflict", "`batch_shape` already says `shape` and `batch_size`", {"help": "remove `batch_shape`"}
            )
        if not isinstance(batch_shape, list | tuple) or not batch_shape:
            raise PydanticCustomError("value_type", "`batch_shape` must be a list whose first item is the batch")
        batch_size, *shape = cast("list[Any]", batch_shape)
        return {**options, "batch_size": batch_size, "shape": shape}

    @classmethod
    def keras_options(cls, saved_as: str, options: Mapping[str, Any]) -> dict[str, Any]:
        made = super().keras_options(saved_as, options)
        if "input_shape" in made and "batch_shape" not in made:
            made["batch_shape"] = [None, *made.pop("input_shape")]
        return {key: value for key, value in made.items() if key not in _KINDS or value is not False}

    def call(self, g: Builder, x: Tensor) -> Tensor:
        return x
