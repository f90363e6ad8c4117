"""The types of layer options, with Keras's spellings: an int where all axes agree, a list where they differ."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PositiveInt, WithJsonSchema
from pydantic_core import PydanticCustomError

Padding = Literal["valid", "same"]
CausalPadding = Literal["valid", "same", "causal"]
DataFormat = Literal["channels_last", "channels_first"]

ActivationName = Literal[
    "celu", "elu", "exponential", "gelu", "glu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_swish", "hard_tanh",
    "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish", "relu", "relu6", "selu", "sigmoid", "silu", "softmax",
    "soft_shrink", "softplus", "softsign", "sparse_plus", "sparse_sigmoid", "sparsemax", "squareplus", "swish", "tanh",
    "tanh_shrink", "threshold",
]  # fmt: skip
"""The 30 activations of `keras.activations`, and the two older names of silu and hard_silu."""

NonNegativeInt = Annotated[int, Field(ge=0)]
Rate = Annotated[float, Field(ge=0, le=1)]
Epsilon = Annotated[float, Field(ge=0, allow_inf_nan=False)]


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _spread(rank: int, minimum: int) -> BeforeValidator:
    def spread(value: Any) -> Any:
        run = (value,) * rank if _is_int(value) else value
        if not isinstance(run, list | tuple) or not all(_is_int(item) for item in run):  # pyright: ignore[reportUnknownVariableType]
            shape = "an integer" if rank == 1 else f"an integer or a list of {rank} integers"
            raise PydanticCustomError("value_type", "expected {shape}", {"shape": shape})
        run = tuple(run)  # pyright: ignore[reportUnknownArgumentType,reportUnknownVariableType]
        if len(run) != rank:
            raise PydanticCustomError(
                "value", "expected {rank} values, one per axis, found {count}", {"rank": rank, "count": len(run)}
            )
        if min(run) < minimum:
            raise PydanticCustomError(
                "value", "must be at least {minimum}, found {found}", {"minimum": minimum, "found": min(run)}
            )
        return run

    return BeforeValidator(spread)


def _sizes_schema(rank: int, minimum: int) -> WithJsonSchema:
    one = {"type": "integer", "minimum": minimum}
    return WithJsonSchema({"anyOf": [one, {"type": "array", "items": one, "minItems": rank, "maxItems": rank}]})


Sizes1 = Annotated[tuple[PositiveInt], _spread(1, 1), _sizes_schema(1, 1)]
Sizes2 = Annotated[tuple[PositiveInt, PositiveInt], _spread(2, 1), _sizes_schema(2, 1)]
Sizes3 = Annotated[tuple[PositiveInt, PositiveInt, PositiveInt], _spread(3, 1), _sizes_schema(3, 1)]
"""A positive extent per spatial axis: `3` means `[3, 3]` for rank 2."""
