"""Callbacks that record the logs: History and CSVLogger."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, cast

import numpy as np
from pydantic import Field, PrivateAttr

from modelc.callbacks.callback import Array, Callback, ConfigCallback, Logs, State
from modelc.callbacks.curves import Curves
from modelc.config.paths import OutputPath
from modelc.errors import StorageError
from modelc.files.kinds import Kind
from modelc.files.outputs import check_output


class History(Callback):
    """The history of a run: `history` maps each log name to a list with one value per epoch in `epoch`."""

    def __init__(self) -> None:
        self.history: dict[str, list[Any]] = {}
        self.epoch: list[int] = []

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Begin anew; what was logged before stays."""
        self.epoch = []

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Record an epoch."""
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)

    def plot(self) -> Curves:
        """The curves of all losses and metrics, which a notebook shows; `save("curves.svg")` writes them to a file."""
        return Curves(self.history, self.epoch)

    def _repr_svg_(self) -> str:
        return self.plot().to_svg()

    def state(self) -> State:
        """All that was recorded."""
        return {}, {"epoch": list(self.epoch), "history": {name: list(v) for name, v in self.history.items()}}

    def restore(self, arrays: Mapping[str, Array], numbers: Mapping[str, Any]) -> None:
        """Go on from there: a run that was stopped and resumed has one history."""
        self.epoch = list(numbers["epoch"])
        self.history = {name: list(values) for name, values in numbers["history"].items()}


class CSVLogger(ConfigCallback):
    """Writes the logs of each epoch to a CSV file: `epoch`, then the logs in alphabetical order.

    The first epoch determines the columns; missing values in later epochs are written as `NA`.
    """

    aliases = ("csv_logger",)

    filename: OutputPath
    """The path of the CSV file."""
    separator: Annotated[str, Field(min_length=1, max_length=1)] = ","
    """The column separator, such as `,` or `;`."""
    append: bool = False
    """Whether to append to an existing file instead of replacing it."""

    _columns: list[str] | None = PrivateAttr(None)
    _keep: int | None = PrivateAttr(0)
    """How much of what the file holds is kept when it is written next; None for all."""

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """See that the file can be written. It is emptied only when the first line is, unless a run goes on.

        Raises `OverwriteError` where it is something else than a table of logs.
        """
        check_output(self.filename, Kind.TABLE)
        self._columns, self._keep = None, None if self.append else 0
        self._write([], None)

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Write a line. The file is closed in between: whatever ends the run, the line is in it."""
        logs = logs or {}
        if self._columns is None:
            self._columns = sorted(logs)
            if not any(name.startswith("val_") for name in self._columns):
                # Validation may come with a later epoch only.
                self._columns += [f"val_{name}" for name in self._columns]
        self._write([[epoch, *(_cell(logs.get(name, "NA")) for name in self._columns)]], self._keep)
        self._keep = None

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Leave an empty file where there was no epoch."""
        self._write([], self._keep)

    def state(self) -> State:
        """The columns, and how long the file is."""
        if self._columns is None:
            return {}, {}
        return {}, {"columns": self._columns, "bytes": Path(self.filename).stat().st_size}

    def restore(self, arrays: Mapping[str, Array], numbers: Mapping[str, Any]) -> None:
        """Go on from there: what was written after the checkpoint is written again."""
        if numbers:
            self._columns, self._keep = numbers["columns"], numbers["bytes"]

    def _write(self, rows: list[list[Any]], keep: int | None) -> None:
        """Add lines to the file, under the names of the columns where they are its first."""
        path = Path(self.filename)
        try:
            with path.open("a", newline="", encoding="utf-8") as file:
                size = os.fstat(file.fileno()).st_size
                if keep is not None and keep < size:
                    file.truncate(keep)
                    size = keep
                head = [["epoch", *(self._columns or ())]] if rows and not size else []
                csv.writer(file, delimiter=self.separator).writerows([*head, *rows])
        except OSError as error:
            raise StorageError(f"{path}: {error.strerror or error}") from None


def _cell(value: Any) -> Any:
    if isinstance(value, str) or not isinstance(value, Iterable) or (isinstance(value, np.ndarray) and not value.ndim):
        return cast(Any, value)
    return f'"[{", ".join(map(str, cast("Iterable[Any]", value)))}]"'
