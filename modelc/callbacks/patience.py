"""Callbacks that act when a monitored value stops improving."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
from pydantic import Field, PrivateAttr

from modelc.callbacks.callback import Array, Logs, State, say
from modelc.callbacks.monitor import Monitor
from modelc.config.options import FiniteFloat, NonNegativeFloat, NonNegativeInt


class EarlyStopping(Monitor):
    """Stops training when the monitored value has not improved by more than `min_delta` for `patience` epochs.

    With a `baseline`, only values better than it count as improvements.
    """

    aliases = ("early_stopping",)

    order = "monitor min_delta patience verbose mode baseline restore_best_weights start_from_epoch"

    min_delta: FiniteFloat = 0.0
    """The minimum change of the monitored value that counts as an improvement; its sign is ignored."""
    patience: NonNegativeInt = 0
    """The number of epochs without improvement after which training stops; 0 stops at the first one."""
    verbose: NonNegativeInt = 0
    """Whether to print a message when training stops and when weights are restored: 1 for yes, 0 for no."""
    baseline: FiniteFloat | None = None
    """A value that the monitored value must beat to count as an improvement; null for none."""
    restore_best_weights: bool = False
    """Whether to restore the weights of the best epoch at the end, instead of keeping those of the last."""
    start_from_epoch: NonNegativeInt = 0
    """The number of epochs before monitoring starts."""

    _wait: int = PrivateAttr(0)
    _stopped_epoch: int = PrivateAttr(0)
    _best_epoch: int = PrivateAttr(0)
    _best_weights: list[Array] | None = PrivateAttr(None)

    @property
    def wait(self) -> int:
        """The epochs since the last progress."""
        return self._wait

    @property
    def stopped_epoch(self) -> int:
        """The epoch that it stopped training after; 0 where it did not."""
        return self._stopped_epoch

    @property
    def best_epoch(self) -> int:
        """The epoch of the best value."""
        return self._best_epoch

    @property
    def best_weights(self) -> list[Array] | None:
        """The weights of the best epoch, where they are to be restored."""
        return self._best_weights

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Begin anew."""
        self._wait = self._stopped_epoch = self._best_epoch = 0
        self._best, self._best_weights = None, None

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Compare, and stop."""
        self.check_mode()
        value = self._value(logs)
        if value is None or epoch < self.start_from_epoch:
            return
        if self.restore_best_weights and self._best_weights is None:
            self._best_weights, self._best_epoch = self.model.get_weights(), epoch
        self._wait += 1
        min_delta = abs(self.min_delta)
        if self.improves(value, self._best, min_delta):
            self._best, self._best_epoch = value, epoch
            if self.restore_best_weights:
                self._best_weights = self.model.get_weights()
            if self.baseline is None or self.improves(value, self.baseline, min_delta):
                self._wait = 0
        elif self._wait >= self.patience and epoch > 0:
            self._stopped_epoch = epoch
            self.model.stop_training = True

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Restore the best weights."""
        if self._stopped_epoch > 0 and self.verbose:
            say(f"Epoch {self._stopped_epoch + 1}: early stopping")
        if self.restore_best_weights and self._best_weights is not None:
            if self.verbose:
                say(f"Restoring the weights of the best epoch: {self._best_epoch + 1}.")
            self.model.set_weights(self._best_weights)

    def _value(self, logs: Logs | None) -> float | None:
        value = (logs or {}).get(self.monitor)
        if value is None:
            known = ", ".join(logs or ()) or "none"
            warnings.warn(f"EarlyStopping watches `{self.monitor}`, the metrics are: {known}", stacklevel=2)
        return value

    def state(self) -> State:
        """The best value, the best weights, and how long ago that was."""
        arrays = {f"{i:05}": weights for i, weights in enumerate(self._best_weights or ())}
        numbers = {"wait": self._wait, "best_epoch": self._best_epoch, "stopped_epoch": self._stopped_epoch}
        return arrays, {**self.state_numbers(), **numbers}

    def restore(self, arrays: Mapping[str, Array], numbers: Mapping[str, Any]) -> None:
        """Go on from there."""
        self._best, self._wait = numbers["best"], numbers["wait"]
        self._best_epoch, self._stopped_epoch = numbers["best_epoch"], numbers["stopped_epoch"]
        self._best_weights = [arrays[name] for name in sorted(arrays)] or None


class ReduceLROnPlateau(Monitor):
    """Multiplies the learning rate by `factor` when the monitored value has not improved for `patience` epochs."""

    aliases = ("reduce_lr_on_plateau",)

    order = "monitor factor patience verbose mode min_delta cooldown min_lr"

    factor: Annotated[float, Field(lt=1, allow_inf_nan=False)] = 0.1
    """The factor by which the learning rate is multiplied, such as 0.1."""
    patience: NonNegativeInt = 10
    """The number of epochs without improvement after which the learning rate is reduced."""
    verbose: NonNegativeInt = 0
    """Whether to print a message when the learning rate is reduced: 1 for yes, 0 for no."""
    min_delta: FiniteFloat = 1e-4
    """The smallest change of the watched value that counts as an improvement; its sign does not matter."""
    cooldown: NonNegativeInt = 0
    """The number of epochs after a reduction during which epochs without improvement are not counted."""
    min_lr: NonNegativeFloat = 0.0
    """The minimum learning rate."""

    _wait: int = PrivateAttr(0)
    _cooldown_counter: int = PrivateAttr(0)

    @property
    def wait(self) -> int:
        """The epochs since the last progress."""
        return self._wait

    @property
    def cooldown_counter(self) -> int:
        """The epochs that are still not counted."""
        return self._cooldown_counter

    def in_cooldown(self) -> bool:
        """Whether epochs are not counted now."""
        return self._cooldown_counter > 0

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Begin anew."""
        self._best, self._wait, self._cooldown_counter = None, 0, 0

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Compare, and reduce. Adds `learning_rate` to the logs."""
        self.check_mode()
        logs = {} if logs is None else logs
        logs["learning_rate"] = float(self.model.optimizer.learning_rate)
        value = logs.get(self.monitor)
        if value is None:
            known = ", ".join(logs)
            warnings.warn(f"ReduceLROnPlateau watches `{self.monitor}`, the metrics are: {known}", stacklevel=2)
            return
        if self.in_cooldown():
            self._cooldown_counter -= 1
            self._wait = 0
        if self.improves(value, self._best, abs(self.min_delta)):
            self._best, self._wait = value, 0
        elif not self.in_cooldown():
            self._wait += 1
            if self._wait >= self.patience and self._reduce(epoch):
                self._cooldown_counter, self._wait = self.cooldown, 0

    def _reduce(self, epoch: int) -> bool:
        optimizer = self.model.optimizer
        rate = float(optimizer.learning_rate)
        # Optimizers hold their learning rate in single precision, so the bound is compared in that.
        if rate <= np.float32(self.min_lr):
            return False
        optimizer.learning_rate = max(rate * self.factor, self.min_lr)
        if self.verbose:
            say(f"Epoch {epoch + 1}: the learning rate goes down to {optimizer.learning_rate:g}.")
        return True

    def state(self) -> State:
        """The best value, and how long ago that was; the learning rate is the optimizer's."""
        return {}, {**self.state_numbers(), "wait": self._wait, "cooldown_counter": self._cooldown_counter}

    def restore(self, arrays: Mapping[str, Array], numbers: Mapping[str, Any]) -> None:
        """Go on from there."""
        self._best, self._wait = numbers["best"], numbers["wait"]
        self._cooldown_counter = numbers["cooldown_counter"]
