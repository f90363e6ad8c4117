"""Progress of a run: a bar on a terminal, a line per epoch elsewhere, JSON for programs."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Mapping
from typing import IO, Any

from modelc.callbacks.callback import Callback, Logs, observing, say


def format_logs(logs: Mapping[str, Any]) -> str:
    """`accuracy 0.9876  loss 0.0412  val_loss 3.1e-05`: as many digits as one looks at."""
    return "  ".join(f"{name} {_format(value)}" for name, value in logs.items())


def _format(value: Any) -> str:
    if not isinstance(value, int | float):
        return str(value)
    return f"{value:.4f}" if value == 0 or 1e-3 <= abs(value) < 1e6 or not math.isfinite(value) else f"{value:.3e}"


class ProgbarLogger(Callback):
    """Prints the progress and the logs of training on stderr.

    With `verbose` 1 or `auto`, a progress bar per epoch on a terminal and one line per epoch elsewhere; with 2 always
    lines; with 0 nothing. Validation within `fit` is not shown.
    """

    def __init__(self) -> None:
        self._in_fit = False
        self._steps = 0
        self._started = 0.0
        self._bar: Any = None
        self._title = ""

    @property
    def _verbose(self) -> int:
        verbose = self.params.get("verbose", 1)
        return 1 if verbose == "auto" else int(verbose)

    @property
    def _live(self) -> bool:
        return self._verbose == 1 and sys.stderr.isatty()

    def unused_events(self) -> frozenset[str]:
        """Batches, where no bar is shown: only their number matters then, and an evaluation's last logs."""
        return frozenset() if self._live else frozenset({"on_predict_batch_end"})

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Note that evaluations from now on are validation."""
        self._in_fit = True

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Note that evaluations from now on are none of validation."""
        self._in_fit = False
        self.close()

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Begin a bar."""
        epochs = self.params.get("epochs", 1)
        self._begin(f"epoch {epoch + 1}/{epochs}" if epochs > 1 else "training")

    @observing
    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Move the bar."""
        self._advance(batch, logs)

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Finish the bar, or write the line."""
        self._end(logs)

    def on_test_begin(self, logs: Logs | None = None) -> None:
        """Begin a bar."""
        if not self._in_fit:
            self._begin("evaluating")

    def on_test_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Move the bar."""
        if not self._in_fit:
            self._advance(batch, logs)

    def on_test_end(self, logs: Logs | None = None) -> None:
        """Finish the bar, or write the line."""
        if not self._in_fit:
            self._end(logs)

    def on_predict_begin(self, logs: Logs | None = None) -> None:
        """Begin a bar."""
        self._begin("predicting")

    def on_predict_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Move the bar."""
        self._advance(batch, None)

    def on_predict_end(self, logs: Logs | None = None) -> None:
        """Finish the bar."""
        self.close()

    def _begin(self, title: str) -> None:
        self.close()
        self._title, self._steps, self._started = title, 0, time.monotonic()
        if self._live:
            self._bar = _Bar(title, self.params.get("steps"))

    def _advance(self, batch: int, logs: Logs | None) -> None:
        self._steps = batch + 1
        if self._bar is not None:
            self._bar.update(self._steps, format_logs(logs or {}))

    def _end(self, logs: Logs | None) -> None:
        if self._bar is not None:
            self._bar.update(self._steps, format_logs(logs or {}), finished=True)
            self.close()
        elif self._verbose:
            seconds = time.monotonic() - self._started
            steps = f"{self._steps} steps  " if self._steps else ""
            say(f"{self._title}  {steps}{seconds:.1f} s  {format_logs(logs or {})}")


class _Bar:
    """One line of a terminal: title, bar, steps, time and logs."""

    def __init__(self, title: str, steps: int | None) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[logs]}", markup=False),
            console=Console(stderr=True),
        )
        self._task = self._progress.add_task(title, total=steps, logs="")
        self._progress.start()

    def update(self, done: int, logs: str, finished: bool = False) -> None:
        self._progress.update(self._task, completed=done, logs=logs)
        if finished:
            self._progress.update(self._task, total=done)

    def close(self) -> None:
        self._progress.stop()


class JSONLogger(Callback):
    """Writes one JSON object per line: one for each epoch, one for an evaluation, one at the end of training.

    ``{"event": "epoch", "epoch": 1, "epochs": 10, "steps": 57, "seconds": 1.2, "logs": {"loss": 0.25}}``. Epochs count
    from 1. A value that is not finite is null, since JSON has no such numbers.
    """

    def __init__(self, stream: IO[str] | None = None) -> None:
        self._stream = stream
        self._started = self._begun = 0.0
        self._steps = self._epochs = 0
        self._in_fit = False

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Start the clock of the training."""
        self._begun, self._epochs, self._in_fit = time.monotonic(), 0, True

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Begin an epoch."""
        self._started, self._steps = time.monotonic(), 0

    @observing
    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Count the steps of the epoch."""
        self._steps = batch + 1

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Write the epoch's line."""
        self._epochs = epoch + 1
        about = {"epoch": epoch + 1, "epochs": self.params.get("epochs"), "steps": self._steps}
        self._write("epoch", {**about, "seconds": _since(self._started), "logs": _finite(logs)})

    def on_test_begin(self, logs: Logs | None = None) -> None:
        """Begin an evaluation."""
        if not self._in_fit:
            self._started = time.monotonic()

    def on_test_end(self, logs: Logs | None = None) -> None:
        """Write the line of an evaluation that is no validation."""
        if not self._in_fit:
            self._write("evaluation", {"seconds": _since(self._started), "logs": _finite(logs)})

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Write the last line."""
        self._in_fit = False
        self._write("end", {"epochs": self._epochs, "seconds": _since(self._begun), "logs": _finite(logs)})

    def _write(self, event: str, fields: Mapping[str, Any]) -> None:
        print(json.dumps({"event": event, **fields}, default=str), file=self._stream or sys.stdout, flush=True)


def _since(start: float) -> float:
    return round(time.monotonic() - start, 3)


def _finite(logs: Logs | None) -> dict[str, Any]:
    return {k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in (logs or {}).items()}
