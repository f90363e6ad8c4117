"""A model that learns nothing: what callbacks do to it is written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from modelc.weights.variable import Variable

Array = np.ndarray[Any, Any]


class FakeOptimizer:
    """A learning rate in single precision, as Keras holds it."""

    def __init__(self, rate: float = 0.5) -> None:
        self._rate = np.float32(rate)
        self.iterations = 0

    @property
    def learning_rate(self) -> float:
        return float(self._rate)

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        self._rate = np.float32(value)


class FakeModel:
    """Weights that say after which step they are, and lists of what was saved and restored."""

    name = "fake"
    built = True

    def __init__(self, averages: bool = False) -> None:
        self.stop_training = False
        self.resume_from: tuple[int, int] | None = None
        self.optimizer = FakeOptimizer()
        self.metric_directions: dict[str, Any] = {}
        self.variable = Variable("dense/kernel", np.zeros((2, 3), np.float32))
        self.average = [np.full((2, 3), -1, np.float32)] if averages else None
        self.saved: list[tuple[str, str]] = []
        self.history: Any = None

    @property
    def weights(self) -> list[Variable]:
        return [self.variable]

    @property
    def trainable_weights(self) -> list[Variable]:
        return [self.variable]

    def step(self) -> None:
        """A step of training."""
        self.optimizer.iterations += 1
        self.variable.assign(self.variable.value + np.float32(self.optimizer.learning_rate))
        if self.average is not None:
            self.average = [self.average[0] - 1]

    def get_weights(self) -> list[Array]:
        return [self.variable.value.copy()]

    def set_weights(self, weights: Sequence[Array]) -> None:
        self.variable.assign(weights[0])

    def save(self, path: str, overwrite: bool = True) -> None:
        self.saved.append(("model", path))

    def save_weights(self, path: str = "", overwrite: bool = True, filepath: str = "") -> None:
        self.saved.append(("weights", path or filepath))

    def get_ema_weights(self) -> list[Array] | None:
        return self.average

    def set_ema_weights(self, weights: Sequence[Array]) -> None:
        self.average = [np.array(w) for w in weights]

    def training_state(self) -> tuple[dict[str, Array], dict[str, Any]]:
        arrays = {"dense/kernel": self.variable.value}
        return arrays, {"iterations": self.optimizer.iterations, "rate": self.optimizer.learning_rate}

    def restore_training_state(self, arrays: Mapping[str, Array], numbers: Mapping[str, Any]) -> None:
        self.variable.assign(arrays["dense/kernel"])
        self.optimizer.iterations, self.optimizer.learning_rate = numbers["iterations"], numbers["rate"]
