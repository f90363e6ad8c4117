"""The vocabulary of optimizers. Names, options and defaults are those of `keras.optimizers`."""

from __future__ import annotations

from typing import Annotated

from modelc.config import Registry
from modelc.optimizers.optimizer import Optimizer

_MODULES = {
    "momentum": "SGD Lion",
    "adagrad": "Adagrad Adadelta RMSprop Ftrl",
    "adam": "Adam AdamW Adamax Nadam Lamb",
    "matrix": "Adafactor Muon",
    "schedule_free": "ScheduleFreeAdamW",
}
_NAMES = {name: f"modelc.optimizers.{module}" for module, names in _MODULES.items() for name in names.split()}

OPTIMIZERS: Registry[Optimizer] = Registry("optimizer", _NAMES, {name.lower(): name for name in _NAMES})

OptimizerField = Annotated[Optimizer, OPTIMIZERS.field()]
