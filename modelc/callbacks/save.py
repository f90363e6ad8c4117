"""`ModelCheckpoint`: saves the model or its weights during training."""

from __future__ import annotations

import errno
import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from string import Formatter
from typing import Annotated, Any

from pydantic import AfterValidator, PrivateAttr, model_validator
from pydantic_core import PydanticCustomError

from modelc.callbacks.callback import Array, Logs, State, observing, say
from modelc.callbacks.monitor import Monitor
from modelc.callbacks.resume import BackupCounter
from modelc.config.options import FiniteFloat, NonNegativeInt
from modelc.config.paths import OutputPath
from modelc.errors import Diagnostic, SpecError, StorageError
from modelc.files.outputs import check_output
from modelc.files.paths import file_name_problem
from modelc.files.suffixes import kind_of_model, kind_of_weights

_NAME = re.compile(r"\w[^.\[\]{}!]*")
_FORMAT = re.compile(r"[<>=^ +0,_-]{0,3}[0-9]{0,2}(\.[0-9]{1,2})?[a-zA-Z%]?")


def _template(text: str) -> str:
    """A file name whose parts in braces are plain names with plain formats: a spec must not reach further."""
    help = "write {epoch}, {batch} or the name of a metric, with a format such as {epoch:02d} or {val_loss:.3f}"
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        raise PydanticCustomError("value", "{reason}", {"reason": str(error), "help": help}) from None
    for _, name, form, conversion in parts:
        if name is not None and (conversion or not _NAME.fullmatch(name) or not _FORMAT.fullmatch(form or "")):
            found = f"{{{name}{'!' + conversion if conversion else ''}{':' + form if form else ''}}}"
            raise PydanticCustomError("value", "cannot fill in {found}", {"found": found, "help": help})
    return text


class ModelCheckpoint(Monitor, BackupCounter):
    """Saves the model (`.modelc`, `.keras`) or its weights (`.safetensors`, `.weights.h5`) during training.

    `filepath` may contain `{epoch}`, `{batch}` and log names, as in `{epoch:02d}-{val_loss:.2f}.modelc`; both count
    from 1. Saves after epochs or batches. Files are replaced atomically.
    """

    aliases = ("model_checkpoint",)

    order = "filepath monitor verbose save_best_only save_weights_only mode save_freq initial_value_threshold"

    filepath: Annotated[OutputPath, AfterValidator(_template)]
    """The path of the file; missing folders are created. `{epoch}`, `{batch}` and log names are replaced by their
    values, as in `{epoch:02d}-{val_loss:.2f}.modelc`."""
    verbose: NonNegativeInt = 0
    """Whether to print a message when the model is saved, or not saved because it has not improved: 1 for yes, 0 for
    no."""
    save_best_only: bool = False
    """Whether to save only if the monitored value is the best so far."""
    save_weights_only: bool = False
    """Whether to save the weights only (`.safetensors`, `.weights.h5`) instead of the whole model (`.modelc`,
    `.keras`)."""
    initial_value_threshold: FiniteFloat | None = None
    """The value that the first save must beat, with `save_best_only`; null for none."""

    _epoch: int = PrivateAttr(0)

    @model_validator(mode="after")
    def _suffix(self) -> ModelCheckpoint:
        suffixes = (".safetensors", ".weights.h5") if self.save_weights_only else (".modelc", ".keras")
        if not self.filepath.endswith(suffixes):
            wanted = " or ".join(suffixes)
            what = "weights are" if self.save_weights_only else "a model is"
            raise PydanticCustomError(
                "conflict",
                "`filepath` (={path}) must end in {wanted}: {what} saved",
                {"path": self.filepath, "wanted": wanted, "what": what},
            )
        return self

    @property
    def watched(self) -> str | None:
        """What decides about saving, where only the best are saved."""
        return self.monitor if self.save_best_only else None

    def model_post_init(self, context: Any, /) -> None:
        """The best value before the run."""
        super().model_post_init(context)
        self._best = self.initial_value_threshold

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """See that no file of another kind has the name. Raises `OverwriteError`, before the first epoch."""
        if "{" not in self.filepath:
            kind = kind_of_weights if self.save_weights_only else kind_of_model
            check_output(self.filepath, kind(self.filepath))

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Note the epoch."""
        self._epoch = epoch

    @observing
    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Save, if it is time to."""
        if self.due(batch):
            self._save(self._epoch, batch, logs or {})

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Save, if it is time to."""
        if self.save_best_only:
            self.check_mode()
        if self.save_freq == "epoch":
            self._save(epoch, None, logs or {})

    def _save(self, epoch: int, batch: int | None, logs: Mapping[str, Any]) -> None:
        path = self._path(epoch, batch, logs)
        if not self._should_save(epoch, path, logs):
            return
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            if self.save_weights_only:
                self.model.save_weights(path)
            else:
                self.model.save(path)
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            reason = "there is no room left on the disk" if full else f"cannot be written: {error.strerror or error}"
            raise StorageError(f"{path}: {reason}; the existing file is unchanged") from None

    def _should_save(self, epoch: int, path: str, logs: Mapping[str, Any]) -> bool:
        if not self.save_best_only:
            self._say(epoch, f"saving to {path}")
            return True
        value = logs.get(self.monitor)
        if value is None:
            warnings.warn(
                f"ModelCheckpoint watches `{self.monitor}`, the metrics are: {', '.join(logs) or 'none'}; it saves all",
                stacklevel=2,
            )
            return True
        before = "none" if self._best is None else f"{self._best:.5f}"
        if not self.improves(value, self._best):
            self._say(epoch, f"{self.monitor} is not better than {before}")
            return False
        self._say(epoch, f"{self.monitor} went from {before} to {value:.5f}; saving to {path}")
        self._best = value
        return True

    def _say(self, epoch: int, text: str) -> None:
        if self.verbose:
            say(f"Epoch {epoch + 1}: {text}")

    def _path(self, epoch: int, batch: int | None, logs: Mapping[str, Any]) -> str:
        values = {"epoch": epoch + 1, **({} if batch is None else {"batch": batch + 1}), **logs}
        for name, value in values.items():  # a name in a file's name is never a folder
            if f"{{{name}" in self.filepath and (problem := file_name_problem(str(value))) is not None:
                message = f"`filepath` (={self.filepath}) cannot be filled in with {name} = {value!r:.60}: {problem}"
                raise SpecError(Diagnostic("E204", message, "use a metric that is a number", "ModelCheckpoint"))
        try:
            return self.filepath.format_map(values)
        except (KeyError, ValueError, TypeError) as error:
            reason = f"there is no {error}" if isinstance(error, KeyError) else str(error)
            message = f"`filepath` (={self.filepath}) cannot be filled in: {reason}"
            help = f"there are: {', '.join(values)}"
            raise SpecError(Diagnostic("E204", message, help, "ModelCheckpoint")) from None

    def state(self) -> State:
        """The best value, and how many batches were counted."""
        return {}, {**self.state_numbers(), "batches": self._batches, "last_batch": self._last_batch}

    def restore(self, arrays: Mapping[str, Array], numbers: Mapping[str, Any]) -> None:
        """Go on from there."""
        self._best, self._batches, self._last_batch = numbers["best"], numbers["batches"], numbers["last_batch"]
