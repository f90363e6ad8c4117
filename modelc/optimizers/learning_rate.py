"""The option `learning_rate`: a number, or a schedule."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

from modelc.config.registry import REGISTRY_MARK, RegistryField
from modelc.optimizers.schedules import SCHEDULES
from modelc.optimizers.schedules.classes import Schedule


def _coerce(value: Any) -> float | Schedule:
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not 0 <= value < math.inf:
            raise PydanticCustomError(
                "value", "must be a finite number and at least 0, found {found}", {"found": value}
            )
        return float(value)
    if value is None or isinstance(value, bool):
        raise PydanticCustomError("value_type", "expected a number or a schedule")
    return SCHEDULES.coerce(value)


class _LearningRateField(RegistryField):
    """Pydantic's view of a number or a schedule."""

    def __init__(self) -> None:
        super().__init__(SCHEDULES)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(_coerce)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"anyOf": [{"type": "number", "minimum": 0}, {REGISTRY_MARK: SCHEDULES.kind}]}


LearningRate = Annotated[float | Schedule, _LearningRateField()]


def learning_rate_at(rate: float | Schedule, step: int) -> float:
    """The learning rate of a step, which counts from 0 and counts every batch."""
    return rate(step) if isinstance(rate, Schedule) else rate
