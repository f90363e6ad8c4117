"""The vocabulary of callbacks. Names, options and defaults are those of `keras.callbacks`."""

from __future__ import annotations

from typing import Annotated

from modelc.callbacks.callback import ConfigCallback
from modelc.config.config import Registry, modules_of

_NAMES = modules_of("modelc.callbacks", {
    "patience": "EarlyStopping ReduceLROnPlateau",
    "save": "ModelCheckpoint",
    "resume": "BackupAndRestore",
    "log": "CSVLogger",
    "tensorboard": "TensorBoard",
    "simple": "TerminateOnNaN SwapEMAWeights",
})  # fmt: skip

CALLBACKS: Registry[ConfigCallback] = Registry(
    "callback",
    _NAMES,
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
