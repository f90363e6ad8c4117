"""The optimizers, by Keras's names: `modelc.optimizers.Adam(1e-4)`, `{type: Adam, learning_rate: 1e-4}` in a spec."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def __getattr__(name: str) -> Any:
    from modelc.optimizers.registry import OPTIMIZERS

    if name in OPTIMIZERS.names:
        return OPTIMIZERS[name]
    if name == "schedules":
        return import_module("modelc.optimizers.schedules")
    raise AttributeError(f"module 'modelc.optimizers' has no attribute '{name}'")


def __dir__() -> list[str]:
    from modelc.optimizers.registry import OPTIMIZERS

    return [*OPTIMIZERS.names, "schedules"]
