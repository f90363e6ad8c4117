"""The losses, by Keras's names: `modelc.losses.Huber(delta=2.0)`, or `{type: Huber, delta: 2.0}` in a spec."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    from modelc.losses.registry import LOSSES

    if name in LOSSES.names:
        return LOSSES[name]
    raise AttributeError(f"module 'modelc.losses' has no attribute '{name}'")


def __dir__() -> list[str]:
    from modelc.losses.registry import LOSSES

    return LOSSES.names
