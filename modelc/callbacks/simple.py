"""Small callbacks: custom functions, learning rates by a function, NaN detection, averaged weights."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from pydantic import PrivateAttr

from modelc.callbacks.callback import HOOKS, Callback, ConfigCallback, Logs, say
from modelc.errors import Diagnostic, InputError, NotFiniteError, SpecError
from modelc.text.unknown import unknown
from modelc.weights.variable import assign_together


class LambdaCallback(Callback):
    """Calls custom functions on events: `LambdaCallback(on_epoch_end=lambda epoch, logs: …)`."""

    def __init__(
        self,
        on_epoch_begin: Callable[[int, Logs | None], Any] | None = None,
        on_epoch_end: Callable[[int, Logs | None], Any] | None = None,
        on_train_begin: Callable[[Logs | None], Any] | None = None,
        on_train_end: Callable[[Logs | None], Any] | None = None,
        on_train_batch_begin: Callable[[int, Logs | None], Any] | None = None,
        on_train_batch_end: Callable[[int, Logs | None], Any] | None = None,
        **functions: Callable[..., Any],
    ) -> None:
        given: dict[str, Callable[..., Any] | None] = {
            "on_epoch_begin": on_epoch_begin, "on_epoch_end": on_epoch_end,
            "on_train_begin": on_train_begin, "on_train_end": on_train_end,
            "on_train_batch_begin": on_train_batch_begin, "on_train_batch_end": on_train_batch_end, **functions,
        }  # fmt: skip
        for event, function in given.items():
            if event not in HOOKS:
                raise SpecError(Diagnostic("E201", *unknown("event", event, HOOKS), "LambdaCallback"))
            if function is not None:
                setattr(self, event, function)


class LearningRateScheduler(Callback):
    """Sets the learning rate of each epoch to ``schedule(epoch, learning_rate)`` or ``schedule(epoch)``."""

    def __init__(self, schedule: Callable[..., float], verbose: int = 0) -> None:
        self.schedule = schedule
        self.verbose = verbose

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Set the learning rate."""
        optimizer = self.model.optimizer
        try:
            rate = self.schedule(epoch, float(optimizer.learning_rate))
        except TypeError:
            rate = self.schedule(epoch)
        if not isinstance(rate, float | np.floating):  # pyright: ignore
            raise InputError(f"the schedule of a LearningRateScheduler must give a float, found {rate!r}")
        optimizer.learning_rate = float(rate)
        if self.verbose > 0:
            say(f"Epoch {epoch + 1}: the learning rate is {float(rate):g}.")

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Add `learning_rate` to the logs."""
        if logs is not None:
            logs["learning_rate"] = float(self.model.optimizer.learning_rate)


class TerminateOnNaN(ConfigCallback):
    """Stops training after a batch whose loss is NaN or infinite."""

    aliases = ("terminate_on_nan",)

    raise_error: bool = False
    """Whether a NaN or infinite loss raises an error instead of ending training normally."""

    def on_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Look at the loss."""
        loss = (logs or {}).get("loss")
        if loss is None or math.isfinite(loss):
            return
        if self.raise_error:
            raise NotFiniteError(f"the loss of batch {batch} is {loss}")
        say(f"Batch {batch}: the loss is {loss}; training ends.")
        self.model.stop_training = True


class SwapEMAWeights(ConfigCallback):
    """Evaluates with the moving averages of the weights: swaps them in before validation and back afterwards.

    The optimizer must have `use_ema: true`. At the end of training the weights are the averages.
    """

    aliases = ("swap_ema_weights",)

    swap_on_epoch: bool = False
    """Whether to swap at the end of each epoch too, so that a ModelCheckpoint after this callback saves the
    averages."""

    _swapped: bool = PrivateAttr(False)

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Back to the weights."""
        if self.swap_on_epoch:
            self._swap(False)

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """On to the averages, which stay after the last epoch."""
        if self.swap_on_epoch and not self._swapped:
            self._swap(True)
            if epoch == self.params["epochs"] - 1:
                # The end of training assigns the averages to the weights: these are they.
                self.model.set_ema_weights([v.value for v in self.model.trainable_weights])

    def on_test_begin(self, logs: Logs | None = None) -> None:
        """On to the averages."""
        self._swap(True)

    def on_test_end(self, logs: Logs | None = None) -> None:
        """Back to the weights."""
        self._swap(False)

    def on_predict_begin(self, logs: Logs | None = None) -> None:
        """On to the averages."""
        self._swap(True)

    def on_predict_end(self, logs: Logs | None = None) -> None:
        """Back to the weights."""
        self._swap(False)

    def _swap(self, swapped: bool) -> None:
        if swapped == self._swapped:
            return
        averages = self.model.get_ema_weights()
        if averages is None:
            help = "add `use_ema: true` to the optimizer"
            raise SpecError(
                Diagnostic("E207", "the optimizer keeps no averages of the weights", help, "SwapEMAWeights")
            )
        variables = list(self.model.trainable_weights)
        weights = [variable.value for variable in variables]
        assign_together(zip(variables, averages, strict=True))
        self.model.set_ema_weights(weights)
        self._swapped = swapped
