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
        monitor: The name of the value that is watched, as the logs have it: `loss`, or a metric such as
            `accuracy`; with `val_` before it, that on the validation data.
        min_delta: The smallest change of the watched value that counts as an improvement; its sign does not
            matter.
        patience: The number of epochs without an improvement after which training stops; 0 stops at the first
            one.
        verbose: Whether a message is printed when training stops, and when weights are restored: 1 for yes, 0 for
            no.
        mode: Whether lower (`min`) or higher (`max`) values are better; `auto` takes lower for losses, and for a
            metric the way that is better for it.
        baseline: A value that the watched one must beat before an epoch counts as an improvement; null for none.
        restore_best_weights: Whether the model gets back the weights of its best epoch at the end, instead of
            keeping those of the last.
        start_from_epoch: The number of first epochs that are left out, to let the training settle before it is
            judged.
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
        monitor: The name of the value that is watched, as the logs have it: `loss`, or a metric such as
            `accuracy`; with `val_` before it, that on the validation data.
        factor: The factor that the learning rate is multiplied by at a plateau: 0.1 makes it a tenth.
        patience: The number of epochs without an improvement after which the learning rate is reduced.
        verbose: Whether a message is printed when the learning rate is reduced: 1 for yes, 0 for no.
        mode: Whether lower (`min`) or higher (`max`) values are better; `auto` takes lower for losses, and for a
            metric the way that is better for it.
        min_delta: The smallest change of the watched value that counts as an improvement; its sign does not
            matter.
        cooldown: The number of epochs after a reduction in which epochs without an improvement are not counted.
        min_lr: The smallest learning rate: it is never reduced below this.
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
    r"""Saves the model as `.modelc` or `.keras` files, or its weights as `.safetensors` or `.weights.h5`, in a run.

    `filepath` may hold `{epoch}`, `{batch}` and names from the logs, as in `{epoch:02d}-{val_loss:.2f}.modelc`; both
    count from 1. It saves after epochs or batches. A file is replaced as a whole or not at all.

    Args:
        filepath: The path of the file; folders are made as needed. `{epoch}`, `{batch}` and names of logs in it
            are replaced by their values, as in `{epoch:02d}-{val_loss:.2f}.modelc`.
        monitor: The name of the value that is watched, as the logs have it: `loss`, or a metric such as
            `accuracy`; with `val_` before it, that on the validation data.
        verbose: Whether a message is printed when something is saved, or is not because it is no better: 1 for
            yes, 0 for no.
        save_best_only: Whether a model is saved only where the watched value is better than at all saves before
            it.
        save_weights_only: Whether the weights alone are saved, as `.safetensors` or `.weights.h5`, instead of the
            whole model, as `.modelc` or `.keras`.
        mode: Whether lower (`min`) or higher (`max`) values are better; `auto` takes lower for losses, and for a
            metric the way that is better for it.
        save_freq: How often something is saved: `epoch` for after every epoch, or a number of batches.
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

class BackupAndRestore(ConfigCallback):
    r"""Saves the state of a run in a folder, and goes on from there when the run is started again.

    The state is that of the model, its optimizer, its random numbers, and of all callbacks, so that the end is the
    same as without the stop. `backup_dir` belongs to this run. A checkpoint is written as a whole or not at all.

    Args:
        backup_dir: The folder for the saved states. It belongs to this run alone, and is made if it does not
            exist.
        save_freq: How often something is saved: `epoch` for after every epoch, or a number of batches.
        double_checkpoint: Whether the state before the last one is kept as well, in case that the last one gets
            damaged.
        delete_checkpoint: Whether the saved states are removed when the training has reached its end.
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
        filename: The path of the CSV file that is written.
        separator: The text between two values of a line, such as `,` or `;`.
        append: Whether lines are added to the end of a file that exists, instead of replacing it.
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
        log_dir: The folder that the event files are written to; `tensorboard --logdir` takes it.
        histogram_freq: The number of epochs from one set of histograms of all weights to the next; 0 for none.
        write_graph: Has no effect: the graph is not written. Keras's configs have this option.
        write_images: Whether weights are also written as pictures, together with their histograms.
        write_steps_per_second: Whether the number of training steps per second is written.
        update_freq: The number of batches after which their losses and metrics are written; `batch` means 1,
            `epoch` only after epochs.
        profile_batch: Has no effect: batches are not profiled.
        embeddings_freq: Has no effect: embeddings are not written.
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
    r"""Stops training after a batch whose loss is not finite.

    Args:
        raise_error: Whether a loss that is not finite ends the command with an error. Otherwise training just
            stops, as after its last epoch.
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
        swap_on_epoch: Whether weights and averages are exchanged at the end of each epoch too, so that a
            ModelCheckpoint behind it saves the averages.
    """

    def __init__(
        self,
        swap_on_epoch: bool = False,
    ) -> None: ...
    @property
    def swap_on_epoch(self) -> bool: ...
