"""Schedules of the learning rate, by Keras's names: `modelc.optimizers.schedules.CosineDecay(0.1, 1000)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modelc.config.registry import Registry
from modelc.optimizers.schedules.index import INDEX

if TYPE_CHECKING:
    from modelc.optimizers.schedules.classes import Schedule

SCHEDULES: Registry[Schedule] = Registry("learning-rate schedule", INDEX)

__getattr__, __dir__ = SCHEDULES.module_names(
    __name__,
    {
        "Schedule": "modelc.optimizers.schedules.classes",
    },
)
