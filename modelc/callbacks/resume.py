"""`BackupAndRestore`: saves checkpoints of a run and resumes from the last one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol, Self

from pydantic import Field, PositiveInt, PrivateAttr

from modelc.callbacks import checkpoint
from modelc.callbacks.callback import Array, ConfigCallback, Logs, State, observing
from modelc.callbacks.same_run import RUN, require_same_run
from modelc.config.paths import OutputPath
from modelc.errors import FileFormatError

_MODEL, _CALLBACKS = "model", "callbacks"


class _Stateful(Protocol):
    """The callbacks of a run, together."""

    def state(self) -> State: ...
    def restore(self, arrays: Mapping[str, Array], numbers: Mapping[str, Any]) -> None: ...


class BackupCounter(ConfigCallback):
    """Base of callbacks that save after epochs, or after a number of batches."""

    is_base = True

    save_freq: Literal["epoch"] | PositiveInt = "epoch"
    """The save frequency: `epoch` for after each epoch, or a number of batches."""

    _batches: int = PrivateAttr(0)
    _last_batch: int | None = PrivateAttr(None)

    def due(self, batch: int) -> bool:
        """Whether to save after this batch; counted across epochs."""
        if self.save_freq == "epoch":
            return False
        new_epoch = self._last_batch is None or batch <= self._last_batch
        self._batches += batch + 1 if new_epoch else batch - (self._last_batch or 0)
        self._last_batch = batch
        if self._batches < self.save_freq:
            return False
        self._batches = 0
        return True

    def unused_events(self) -> frozenset[str]:
        """Batches, where it saves after epochs."""
        return frozenset({"on_train_batch_end"}) if self.save_freq == "epoch" else frozenset()


class BackupAndRestore(BackupCounter):
    """Saves the state of training in a folder and restores it when the run is started again.

    The state includes the model, its optimizer, its random numbers and all callbacks, so that a resumed run ends like
    an uninterrupted one. `backup_dir` must not be shared between runs. Checkpoints are written atomically.
    """

    aliases = ("backup_and_restore",)

    order = "backup_dir save_freq double_checkpoint delete_checkpoint"

    backup_dir: Annotated[OutputPath, Field(min_length=1)]
    """The folder of the saved states, used by this run only; created if it does not exist."""
    double_checkpoint: bool = False
    """Whether to keep the previous state too, in case the last one is damaged."""
    delete_checkpoint: bool = True
    """Whether to remove the saved states at the end of training."""

    _epoch: int = PrivateAttr(0)
    _accepts: bool = PrivateAttr(False)
    _about: dict[str, Any] | None = PrivateAttr(None)
    _callbacks: _Stateful | None = PrivateAttr(None)

    def attach(self, callbacks: _Stateful) -> None:
        """Save and restore the states of these callbacks, too."""
        self._callbacks = callbacks

    def accept_changes(self) -> Self:
        """Go on with a run whose model, optimizer, loss, batch size, seed or data was different, where it can be."""
        self._accepts = True
        return self

    def describe(self, about: dict[str, Any]) -> None:
        """Compare the run with that of the checkpoint, and write into each what run it is of: plain data."""
        self._about = about

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Restore the last state, if there is one; `resume_from` of the model says where it is.

        Raises `InputError` where it is that of another run, and changes nothing then.
        """
        found = checkpoint.latest(self.backup_dir)
        if found is None or found.path is None:
            return
        if self._about is not None and not self._accepts:
            way = "accept what is new by --accept-changes (in Python: BackupAndRestore(…).accept_changes())"
            require_same_run(Path(self.backup_dir), found, self._about, way)
        checkpoint.set_aside(self.backup_dir, found.path)
        try:
            epoch, batch = int(found.numbers["epoch"]), int(found.numbers["batch"])
            model, callbacks = found.numbers[_MODEL], found.numbers[_CALLBACKS]
        except (KeyError, TypeError, ValueError):
            raise FileFormatError(f"{found.path}: not a training checkpoint: epoch and batch are missing") from None
        self.model.restore_training_state(_part(_MODEL, found.arrays), model)
        if self._callbacks is not None:
            self._callbacks.restore(_part(_CALLBACKS, found.arrays), callbacks)
        self._epoch = epoch
        self._last_batch = batch - 1 if batch else None
        self.model.resume_from = (epoch, batch)

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Note the epoch."""
        self._epoch = epoch

    @observing
    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Save, if it is time to."""
        if self.due(batch):
            self.save(self._epoch, batch + 1)

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Save, if it is time to."""
        self._epoch = epoch + 1
        if self.save_freq == "epoch":
            self.save(epoch + 1, 0)

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Remove the checkpoints, unless they are to stay."""
        if self.delete_checkpoint:
            checkpoint.remove(self.backup_dir)

    def save(self, epoch: int, batch: int) -> None:
        """Save the state before this batch of this epoch. Raises `StorageError` where there is no room for it."""
        arrays, numbers = self.model.training_state()
        others, states = self._callbacks.state() if self._callbacks is not None else ({}, {})
        held = {f"{_MODEL}/{name}": array for name, array in arrays.items()}
        held.update({f"{_CALLBACKS}/{name}": array for name, array in others.items()})
        content: dict[str, Any] = {"epoch": epoch, "batch": batch, _MODEL: numbers, _CALLBACKS: states}
        if self._about is not None:
            content[RUN] = self._about
        keep = 2 if self.double_checkpoint else 1
        checkpoint.save(self.backup_dir, checkpoint.Checkpoint(held, content), keep)

    def state(self) -> State:
        """How many batches were counted."""
        return {}, {"batches": self._batches} if self._batches else {}

    def restore(self, arrays: Mapping[str, Array], numbers: Mapping[str, Any]) -> None:
        """Go on from there."""
        self._batches = numbers["batches"]


def _part(name: str, arrays: Mapping[str, Array]) -> dict[str, Array]:
    return {path[len(name) + 1 :]: array for path, array in arrays.items() if path.startswith(name + "/")}
