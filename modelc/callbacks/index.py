"""Where each class of `modelc.callbacks` is.

Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""

from modelc.config.registry import Index

INDEX = Index(
    modules={
        "BackupAndRestore": "modelc.callbacks.resume",
        "CSVLogger": "modelc.callbacks.log",
        "EarlyStopping": "modelc.callbacks.patience",
        "ModelCheckpoint": "modelc.callbacks.save",
        "ReduceLROnPlateau": "modelc.callbacks.patience",
        "SwapEMAWeights": "modelc.callbacks.simple",
        "TensorBoard": "modelc.callbacks.tensorboard",
        "TerminateOnNaN": "modelc.callbacks.simple",
    },
    aliases={
        "backup_and_restore": "BackupAndRestore",
        "csv_logger": "CSVLogger",
        "early_stopping": "EarlyStopping",
        "model_checkpoint": "ModelCheckpoint",
        "reduce_lr_on_plateau": "ReduceLROnPlateau",
        "swap_ema_weights": "SwapEMAWeights",
        "tensorboard": "TensorBoard",
        "terminate_on_nan": "TerminateOnNaN",
    },
)
