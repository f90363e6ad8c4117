"""The types of options that metrics, optimizers and schedules share."""

from __future__ import annotations

from typing import Annotated, Any, cast

from pydantic import BeforeValidator, Field

from modelc.options import FiniteFloat


def as_tuple(value: Any) -> Any:
    """A list as a tuple; anything else as it is."""
    return tuple(cast("list[Any]", value)) if isinstance(value, list) else value


Floats = Annotated[tuple[FiniteFloat, ...], BeforeValidator(as_tuple), Field(min_length=1)]
"""A list of numbers."""

Names = Annotated[tuple[str, ...], BeforeValidator(as_tuple)]
"""A list of words."""

Decay = Annotated[float, Field(ge=0, lt=1)]
"""How much of an average a step keeps."""

PositiveFloat = Annotated[float, Field(gt=0, allow_inf_nan=False)]
"""A finite number above 0."""
