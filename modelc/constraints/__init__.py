"""The constraints, by Keras's names: `modelc.constraints.MaxNorm(2)`, or `{type: MaxNorm, max_value: 2}` in a spec."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modelc.config.registry import Registry
from modelc.constraints.index import INDEX

if TYPE_CHECKING:
    from modelc.constraints.classes import Constraint

CONSTRAINTS: Registry[Constraint] = Registry("constraint", INDEX)

__getattr__, __dir__ = CONSTRAINTS.module_names(
    __name__,
    {
        "Constraint": "modelc.constraints.classes",
        "ConstraintField": "modelc.constraints.classes",
    },
)
