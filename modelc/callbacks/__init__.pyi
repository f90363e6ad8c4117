# Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""The callbacks, by Keras's names."""

from os import PathLike
from typing import Literal

from modelc.callbacks.callback import ConfigCallback
from modelc.config.registry import Registry as Registry
from modelc.callbacks.callback import Callback as Callback
from modelc.callbacks.log import History as History
from modelc.callbacks.progress import ProgbarLogger as ProgbarLogger
from modelc.callbacks.simple import LambdaCallback as LambdaCallback
from modelc.callbacks.simple import LearningRateScheduler as LearningRateScheduler

CALLBACKS: Registry[ConfigCallback]


class BackupAndRestore(ConfigCallback):
    r"""Saves the state of training in a folder and restores it when the run is started again.

    The state includes the model, its optimizer, its random numbers and all callbacks, so that a resumed run ends like
    an uninterrupted one. `backup_dir` must not be shared between runs. Checkpoints are written atomically.

    Args:
        backup_dir: The folder of the saved states, used by this run only; created if it does not exist.
        save_freq: The save frequency: `epoch` for after each epoch, or a number of batches.
        double_checkpoint: Whether to keep the previous state too, in case the last one is damaged.
        delete_checkpoint: Whether to remove the saved states at the end of training.
    """

    def __init__(
        self,
        backup_dir: str | PathLike[str],
        save_freq: Literal['epoch'] | int = 'epoch',
        double_checkpoint: bool = False,
        delete_checkpoint: bool = True,
    ) -> None: ...
    @property
    def backup_dir(self) -> str: ...
    @property
    def save_freq(self) -> Literal['epoch'] | int: ...
    @property
    def double_checkpoint(self) -> bool: ...
    @property
    def delete_checkpoint(self) -> bool: ...

class CSVLogger(ConfigCallback):
    r"""Writes the logs of each epoch to a CSV file: `epoch`, then the logs in alphabetical order.

    The first epoch determines the columns; missing values in later epochs are written as `NA`.

    Args:
        filename: The path of the CSV file.
        separator: The column separator, such as `,` or `;`.
        append: Whether to append to an existing file instead of replacing it.
    """

    def __init__(
        self,
        filename: str | PathLike[str],
        separator: str = ',',
        append: bool = False,
    ) -> None: ...
    @property
    def filename(self) -> str: ...
    @property
    def separator(self) -> str: ...
    @property
    def append(self) -> bool: ...

class EarlyStopping(ConfigCallback):
    r"""Stops training when the monitored value has not improved by more than `min_delta` for `patience` epochs.

    With a `baseline`, only values better than it count as improvements.

    Args:
        monitor: The name of the monitored log: `loss` or a metric such as `accuracy`; with the prefix `val_`, on
            the validation data.
        min_delta: The minimum change of the monitored value that counts as an improvement; its sign is ignored.
        patience: The number of epochs without improvement after which training stops; 0 stops at the first one.
        verbose: Whether to print a message when training stops and when weights are restored: 1 for yes, 0 for
            no.
        mode: Whether lower (`min`) or higher (`max`) values are better; `auto` uses lower for losses and the
            metric's own direction for metrics.
        baseline: A value that the monitored value must beat to count as an improvement; null for none.
        restore_best_weights: Whether to restore the weights of the best epoch at the end, instead of keeping
            those of the last.
        start_from_epoch: The number of epochs before monitoring starts.
    """

    def __init__(
        self,
        monitor: str = 'val_loss',
        min_delta: float = 0.0,
        patience: int = 0,
        verbose: int = 0,
        mode: Literal['auto', 'min', 'max'] = 'auto',
        baseline: float | None = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ) -> None: ...
    @property
    def monitor(self) -> str: ...
    @property
    def min_delta(self) -> float: ...
    @property
    def patience(self) -> int: ...
    @property
    def verbose(self) -> int: ...
    @property
    def mode(self) -> Literal['auto', 'min', 'max']: ...
    @property
    def baseline(self) -> float | None: ...
    @property
    def restore_best_weights(self) -> bool: ...
    @property
    def start_from_epoch(self) -> int: ...

class ModelCheckpoint(ConfigCallback):
    r"""Saves the model (`.modelc`, `.keras`) or its weights (`.safetensors`, `.weights.h5`) during training.

    `filepath` may contain `{epoch}`, `{batch}` and log names, as in `{epoch:02d}-{val_loss:.2f}.modelc`; both count
    from 1. Saves after epochs or batches. Files are replaced atomically.

    Args:
        filepath: The path of the file; missing folders are created. `{epoch}`, `{batch}` and log names are
            replaced by their values, as in `{epoch:02d}-{val_loss:.2f}.modelc`.
        monitor: The name of the monitored log: `loss` or a metric such as `accuracy`; with the prefix `val_`, on
            the validation data.
        verbose: Whether to print a message when the model is saved, or not saved because it has not improved: 1
            for yes, 0 for no.
        save_best_only: Whether to save only if the monitored value is the best so far.
        save_weights_only: Whether to save the weights only (`.safetensors`, `.weights.h5`) instead of the whole
            model (`.modelc`, `.keras`).
        mode: Whether lower (`min`) or higher (`max`) values are better; `auto` uses lower for losses and the
            metric's own direction for metrics.
        save_freq: The save frequency: `epoch` for after each epoch, or a number of batches.
        initial_value_threshold: The value that the first save must beat, with `save_best_only`; null for none.
    """

    def __init__(
        self,
        filepath: str | PathLike[str],
        monitor: str = 'val_loss',
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: Literal['auto', 'min', 'max'] = 'auto',
        save_freq: Literal['epoch'] | int = 'epoch',
        initial_value_threshold: float | None = None,
    ) -> None: ...
    @property
    def filepath(self) -> str: ...
    @property
    def monitor(self) -> str: ...
    @property
    def verbose(self) -> int: ...
    @property
    def save_best_only(self) -> bool: ...
    @property
    def save_weights_only(self) -> bool: ...
    @property
    def mode(self) -> Literal['auto', 'min', 'max']: ...
    @property
    def save_freq(self) -> Literal['epoch'] | int: ...
    @property
    def initial_value_threshold(self) -> float | None: ...

class ReduceLROnPlateau(ConfigCallback):
    r"""Multiplies the learning rate by `factor` when the monitored value has not improved for `patience` epochs.

    Args:
        monitor: The name of the monitored log: `loss` or a metric such as `accuracy`; with the prefix `val_`, on
            the validation data.
        factor: The factor by which the learning rate is multiplied, such as 0.1.
        patience: The number of epochs without improvement after which the learning rate is reduced.
        verbose: Whether to print a message when the learning rate is reduced: 1 for yes, 0 for no.
        mode: Whether lower (`min`) or higher (`max`) values are better; `auto` uses lower for losses and the
            metric's own direction for metrics.
        min_delta: The smallest change of the watched value that counts as an improvement; its sign does not
            matter.
        cooldown: The number of epochs after a reduction during which epochs without improvement are not counted.
        min_lr: The minimum learning rate.
    """

    def __init__(
        self,
        monitor: str = 'val_loss',
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: Literal['auto', 'min', 'max'] = 'auto',
        min_delta: float = 0.0001,
        cooldown: int = 0,
        min_lr: float = 0.0,
    ) -> None: ...
    @property
    def monitor(self) -> str: ...
    @property
    def factor(self) -> float: ...
    @property
    def patience(self) -> int: ...
    @property
    def verbose(self) -> int: ...
    @property
    def mode(self) -> Literal['auto', 'min', 'max']: ...
    @property
    def min_delta(self) -> float: ...
    @property
    def cooldown(self) -> int: ...
    @property
    def min_lr(self) -> float: ...

class SwapEMAWeights(ConfigCallback):
    r"""Evaluates with the moving averages of the weights: swaps them in before validation and back afterwards.

    The optimizer must have `use_ema: true`. At the end of training the weights are the averages.

    Args:
        swap_on_epoch: Whether to swap at the end of each epoch too, so that a ModelCheckpoint after this callback
            saves the averages.
    """

    def __init__(
        self,
        swap_on_epoch: bool = False,
    ) -> None: ...
    @property
    def swap_on_epoch(self) -> bool: ...

class TensorBoard(ConfigCallback):
    r"""Writes TensorBoard event files to `log_dir`: `train` for training, `validation` for evaluations.

    Writes `epoch_loss` and so on with the learning rate after each epoch; `batch_loss` and so on after batches, if
    `update_freq` is set so; `evaluation_loss_vs_iterations` and so on after evaluations; when training begins the graph
    of layers, with a scope for each nested model.

    Args:
        log_dir: The folder of the event files, for `tensorboard --logdir`.
        histogram_freq: The number of epochs between histograms of all weights; 0 for none.
        write_graph: Whether to write the graph of layers, with their options, output shapes and costs.
        write_images: Whether to write weights as images too, together with their histograms.
        write_steps_per_second: Whether to write the number of training steps per second.
        update_freq: The number of batches between writes of losses and metrics; `batch` stands for 1, `epoch` for
            after epochs only.
        profile_batch: No effect: batches are not profiled.
        embeddings_freq: No effect: embeddings are not written.
        embeddings_metadata: Has no effect: embeddings are not written.
    """

    def __init__(
        self,
        log_dir: str | PathLike[str] = 'logs',
        histogram_freq: int = 0,
        write_graph: bool = True,
        write_images: bool = False,
        write_steps_per_second: bool = False,
        update_freq: Literal['epoch', 'batch'] | int = 'epoch',
        profile_batch: Literal[0] = 0,
        embeddings_freq: Literal[0] = 0,
        embeddings_metadata: None = None,
    ) -> None: ...
    @property
    def log_dir(self) -> str: ...
    @property
    def histogram_freq(self) -> int: ...
    @property
    def write_graph(self) -> bool: ...
    @property
    def write_images(self) -> bool: ...
    @property
    def write_steps_per_second(self) -> bool: ...
    @property
    def update_freq(self) -> Literal['epoch', 'batch'] | int: ...
    @property
    def profile_batch(self) -> Literal[0]: ...
    @property
    def embeddings_freq(self) -> Literal[0]: ...
    @property
    def embeddings_metadata(self) -> None: ...

class TerminateOnNaN(ConfigCallback):
    r"""Stops training after a batch whose loss is NaN or infinite.

    Args:
        raise_error: Whether a NaN or infinite loss raises an error instead of ending training normally.
    """

    def __init__(
        self,
        raise_error: bool = False,
    ) -> None: ...
    @property
    def raise_error(self) -> bool: ...
