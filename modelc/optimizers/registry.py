"""The vocabulary of optimizers. Names, options and defaults are those of `keras.optimizers`."""

from __future__ import annotations

from typing import Annotated

from modelc.config.config import Registry, modules_of
from modelc.optimizers.optimizer import Optimizer

_NAMES = modules_of(
    "modelc.optimizers",
    {
        "momentum": "SGD Lion",
        "adagrad": "Adagrad Adadelta RMSprop Ftrl",
        "adam": "Adam AdamW Adamax Nadam Lamb",
        "matrix": "Adafactor Muon",
        "schedule_free": "ScheduleFreeAdamW",
    },
)

OPTIMIZERS: Registry[Optimizer] = Registry("optimizer", _NAMES, {name.lower(): name for name in _NAMES})

OptimizerField = Annotated[Optimizer, OPTIMIZERS.field()]
