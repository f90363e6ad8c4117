"""The learning-rate schedules, by Keras's names: `modelc.optimizers.schedules.CosineDecay(0.1, 1000)`."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    from modelc.training.schedules import SCHEDULES

    if name in SCHEDULES.names:
        return SCHEDULES[name]
    raise AttributeError(f"module 'modelc.optimizers.schedules' has no attribute '{name}'")


def __dir__() -> list[str]:
    from modelc.training.schedules import SCHEDULES

    return SCHEDULES.names
