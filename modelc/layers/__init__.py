"""The layers, by Keras's names: `from modelc.layers import Conv2D`, or `{type: Conv2D, ...}` in a spec."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    from modelc.layers.registry import LAYERS

    if name in LAYERS.names:
        return LAYERS[name]
    raise AttributeError(f"module 'modelc.layers' has no attribute '{name}'")


def __dir__() -> list[str]:
    from modelc.layers.registry import LAYERS

    return LAYERS.names
