"""The optimizers, by Keras's names: `modelc.optimizers.Adam(1e-4)`, `{type: Adam, learning_rate: 1e-4}` in a spec."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from modelc.config.registry import Registry
from modelc.optimizers.index import INDEX

if TYPE_CHECKING:
    from modelc.optimizers.optimizer import Optimizer

OPTIMIZERS: Registry[Optimizer] = Registry("optimizer", INDEX)

_class_named, _names = OPTIMIZERS.module_names(__name__)


def __getattr__(name: str) -> Any:
    return import_module(f"{__name__}.schedules") if name == "schedules" else _class_named(name)


def __dir__() -> list[str]:
    return [*_names(), "schedules"]
