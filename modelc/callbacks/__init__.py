"""The callbacks, by Keras's names: `modelc.callbacks.EarlyStopping(patience=3)`."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_MORE = {
    "Callback": "modelc.callbacks.callback",
    "LambdaCallback": "modelc.callbacks.simple",
    "LearningRateScheduler": "modelc.callbacks.simple",
    "History": "modelc.callbacks.log",
    "ProgbarLogger": "modelc.callbacks.progress",
}
"""What a spec cannot name."""


def __getattr__(name: str) -> Any:
    from modelc.callbacks.registry import CALLBACKS

    if name in CALLBACKS.names:
        return CALLBACKS[name]
    if name in _MORE:
        return getattr(import_module(_MORE[name]), name)
    raise AttributeError(f"module 'modelc.callbacks' has no attribute '{name}'")


def __dir__() -> list[str]:
    from modelc.callbacks.registry import CALLBACKS

    return [*CALLBACKS.names, *_MORE]
