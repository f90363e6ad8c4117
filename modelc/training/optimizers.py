"""The vocabulary of optimizers. Names, options and defaults are those of `keras.optimizers`."""

from __future__ import annotations

from typing import Annotated

from modelc.config import Registry
from modelc.training.optimizer import Optimizer

_MODULES = {
    "optimizers_momentum": "SGD Lion",
    "optimizers_adagrad": "Adagrad Adadelta RMSprop Ftrl",
    "optimizers_adam": "Adam AdamW Adamax Nadam Lamb",
    "optimizers_matrix": "Adafactor Muon",
    "optimizers_schedule_free": "ScheduleFreeAdamW",
}
_NAMES = {name: f"modelc.training.{module}" for module, names in _MODULES.items() for name in names.split()}

OPTIMIZERS: Registry[Optimizer] = Registry("optimizer", _NAMES, {name.lower(): name for name in _NAMES})

OptimizerField = Annotated[Optimizer, OPTIMIZERS.field()]
