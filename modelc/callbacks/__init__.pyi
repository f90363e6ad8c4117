# Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""The callbacks, by Keras's names."""

from os import PathLike
from typing import Literal

from modelc.callbacks.callback import ConfigCallback as ConfigCallback
from modelc.callbacks.callback import Callback as Callback
from modelc.callbacks.log import History as History
from modelc.callbacks.progress import ProgbarLogger as ProgbarLogger
from modelc.callbacks.simple import LambdaCallback as LambdaCallback
from modelc.callbacks.simple import LearningRateScheduler as LearningRateScheduler


class EarlyStopping(ConfigCallback):
    r"""Stops training when `monitor` has not become better by more than `min_delta` for `patience` epochs.

    With a `baseline`, only values better than it count as progress.

    Args:
        monitor: The name in the logs: `loss`, `accuracy`; with `val_` before it on the validation data.
        min_delta: What a change must exceed to count; its sign does not matter.
        patience: How many epochs without progress are let go by.
        verbose: 1 for a message when it stops training, and when it restores weights.
        mode: Whether lower (`min`) or higher (`max`) is better.
        baseline: What the metric must be better than.
        restore_best_weights: Whether the model ends with the weights of the best epoch instead of the last.
        start_from_epoch: How many epochs are not looked at.
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

class ReduceLROnPlateau(ConfigCallback):
    r"""Multiplies the learning rate by `factor` when `monitor` has not become better for `patience` epochs.

    Args:
        monitor: The name in the logs: `loss`, `accuracy`; with `val_` before it on the validation data.
        factor: What the learning rate is multiplied by.
        patience: How many epochs without progress are let go by.
        verbose: 1 for a message when it changes the learning rate.
        mode: Whether lower (`min`) or higher (`max`) is better.
        min_delta: What a change must exceed to count; its sign does not matter.
        cooldown: For how many epochs after a change nothing is counted.
        min_lr: What the learning rate does not go below.
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

class ModelCheckpoint(ConfigCallback):
    r"""Saves the model as `.modelc` files, or its weights as `.safetensors`, after epochs or batches.

    `filepath` may hold `{epoch}`, `{batch}` and names from the logs, as in `{epoch:02d}-{val_loss:.2f}.modelc`; both
    count from 1. A file is replaced as a whole or not at all.

    Args:
        filepath: The file; folders are made as needed.
        monitor: The name in the logs: `loss`, `accuracy`; with `val_` before it on the validation data.
        verbose: 1 for a message when it saves, or decides not to.
        save_best_only: Whether to save only what is better than all before.
        save_weights_only: Whether to save weights, as `.safetensors`, instead of the model, as `.modelc`.
        mode: Whether lower (`min`) or higher (`max`) is better.
        save_freq: When to save: after every `epoch`, or after so many batches.
        initial_value_threshold: What the first to be saved must be better than, where only the best are saved.
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

class BackupAndRestore(ConfigCallback):
    r"""Saves the state of a run in a folder, and goes on from there when the run is started again.

    The state is that of the model, its optimizer, its random numbers, and of all callbacks, so that the end is the
    same as without the stop. `backup_dir` belongs to this run. A checkpoint is written as a whole or not at all.

    Args:
        backup_dir: The folder.
        save_freq: When to save: after every `epoch`, or after so many batches.
        double_checkpoint: Whether the checkpoint before the last is kept, too, in case the last one gets damaged.
        delete_checkpoint: Whether the checkpoints are removed after the last epoch.
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
    r"""Writes the logs of each epoch as a line of a CSV file: `epoch`, then the names in alphabetical order.

    The first epoch decides about the columns; what a later one lacks is `NA`.

    Args:
        filename: The file.
        separator: What stands between two values.
        append: Whether the lines are added to what the file holds.
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

class TensorBoard(ConfigCallback):
    r"""Writes event files to `log_dir`: `train` for the run, `validation` for its evaluations.

    After each epoch `epoch_loss` and the like, with the learning rate; after batches, if `update_freq` says so,
    `batch_loss` and the like; after evaluations `evaluation_loss_vs_iterations` and the like.

    Args:
        log_dir: The folder.
        histogram_freq: After how many epochs the histograms of all weights are written; 0 for never.
        write_graph: Taken for the sake of Keras's configs; the graph is not written.
        write_images: Whether weights are also written as pictures, with their histograms.
        write_steps_per_second: Whether to write how many steps are done in a second.
        update_freq: After how many batches their logs are written; `batch` is 1, `epoch` is never.
        profile_batch: Batches are not profiled.
        embeddings_freq: Embeddings are not written.
        embeddings_metadata: Embeddings are not written.
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
    r"""Stops training after a batch whose loss is not finite.

    Args:
        raise_error: Whether that is an error. Otherwise training ends as it does after its last epoch.
    """

    def __init__(
        self,
        raise_error: bool = False,
    ) -> None: ...
    @property
    def raise_error(self) -> bool: ...

class SwapEMAWeights(ConfigCallback):
    r"""Exchanges weights and their moving averages for evaluations, and back after them.

    The optimizer must have `use_ema: true`. At the end of a run the weights are the averages.

    Args:
        swap_on_epoch: Whether they are exchanged for what comes after it at the end of an epoch, too: for a
            ModelCheckpoint.
    """

    def __init__(
        self,
        swap_on_epoch: bool = False,
    ) -> None: ...
    @property
    def swap_on_epoch(self) -> bool: ...
