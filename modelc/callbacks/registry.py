"""The vocabulary of callbacks. Names, options and defaults are those of `keras.callbacks`."""

from __future__ import annotations

from typing import Annotated

from modelc.callbacks.callback import ConfigCallback
from modelc.config import Registry

_MODULES = {
    "EarlyStopping": "patience",
    "ReduceLROnPlateau": "patience",
    "ModelCheckpoint": "save",
    "BackupAndRestore": "resume",
    "CSVLogger": "log",
    "TensorBoard": "tensorboard",
    "TerminateOnNaN": "simple",
    "SwapEMAWeights": "simple",
}

CALLBACKS: Registry[ConfigCallback] = Registry(
    "callback",
    {name: f"modelc.callbacks.{module}" for name, module in _MODULES.items()},
    {
        "early_stopping": "EarlyStopping",
        "reduce_lr_on_plateau": "ReduceLROnPlateau",
        "model_checkpoint": "ModelCheckpoint",
        "backup_and_restore": "BackupAndRestore",
        "csv_logger": "CSVLogger",
        "tensorboard": "TensorBoard",
        "terminate_on_nan": "TerminateOnNaN",
        "swap_ema_weights": "SwapEMAWeights",
    },
)
"""The callbacks that a spec can name. `LambdaCallback`, `LearningRateScheduler` and `History` are for Python only."""

CallbackField = Annotated[ConfigCallback, CALLBACKS.field()]
