"""The callbacks, by Keras's names: `modelc.callbacks.EarlyStopping(patience=3)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modelc.callbacks.index import INDEX
from modelc.config.registry import Registry

if TYPE_CHECKING:
    from modelc.callbacks.callback import ConfigCallback

CALLBACKS: Registry[ConfigCallback] = Registry("callback", INDEX)
"""The callbacks that a spec can name. The others below are for Python only."""

__getattr__, __dir__ = CALLBACKS.module_names(
    __name__,
    {
        "Callback": "modelc.callbacks.callback",
        "LambdaCallback": "modelc.callbacks.simple",
        "LearningRateScheduler": "modelc.callbacks.simple",
        "History": "modelc.callbacks.log",
        "ProgbarLogger": "modelc.callbacks.progress",
    },
)
