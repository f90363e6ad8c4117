"""`Callback`: the hooks of training events, as in Keras, and the base of callbacks that specs can use."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, Self, TypeVar, cast

from numpy.typing import NDArray
from pydantic import PrivateAttr

from modelc.config.ordered import Ordered
from modelc.metrics.directions import Direction
from modelc.text.terminal import shown_lines

Array = NDArray[Any]
Logs = dict[str, Any]
"""Losses and metrics by name."""
_Event = TypeVar("_Event", bound=Callable[..., None])
State = tuple[dict[str, Array], dict[str, Any]]
"""Arrays and numbers by name: what a checkpoint holds. Numbers are plain data, as JSON has it."""


class Trained(Protocol):
    """What callbacks ask of a model that is being trained."""

    name: str
    stop_training: bool
    """Set by a callback to end training after the batch or the epoch."""
    resume_from: tuple[int, int] | None
    """Set in `on_train_begin` by a callback that restored a state: the epoch to go on with, and its batches done."""
    optimizer: Any
    """With `learning_rate`, which can be set, and `iterations`."""

    @property
    def metric_directions(self) -> Mapping[str, Direction]:
        """Whether more or less is better, for each name in the logs of which it is known."""
        ...

    @property
    def weights(self) -> Sequence[Any]:
        """All weights, in order."""
        ...

    @property
    def trainable_weights(self) -> Sequence[Any]:
        """The weights that training changes, in order."""
        ...

    def get_weights(self) -> list[Array]:
        """Copies of all arrays."""
        ...

    def set_weights(self, weights: Sequence[Array], /) -> None:
        """Assign all arrays."""
        ...

    def save(self, path: str, /) -> None:
        """Write the model as one file."""
        ...

    def save_weights(self, path: str, /) -> None:
        """Write the weights."""
        ...

    def training_state(self) -> State:
        """Weights by path, the optimizer's slots, counters, and the state of the random numbers."""
        ...

    def restore_training_state(self, arrays: Mapping[str, Array], numbers: Mapping[str, Any], /) -> None:
        """Go on from such a state."""
        ...

    def get_ema_weights(self) -> list[Array] | None:
        """The moving averages of the trainable weights, in order; None where the optimizer keeps none."""
        ...

    def set_ema_weights(self, weights: Sequence[Array], /) -> None:
        """Replace these averages."""
        ...


def observing(method: _Event) -> _Event:
    """Mark an event of batches that changes nothing of the training, neither weights nor the learning rate nor its end:
    processes that share a run need not agree on these before each step. Overriding the event takes the mark off."""
    cast("Any", method).only_observes = True
    return method


class Callback:
    """Base of all callbacks, to be subclassed as in Keras.

    Epochs and batches count from 0. `logs` holds losses and metrics by name; callbacks later in the list see changes
    that earlier ones make to it.
    """

    @property
    def model(self) -> Trained:
        """The model that is trained."""
        return cast("Trained", getattr(self, "_model", None))

    @property
    def params(self) -> dict[str, Any]:
        """`epochs`, `steps` and `verbose`, as `fit` was called."""
        return getattr(self, "_params", {})

    def set_model(self, model: Any) -> None:
        """Called before anything else."""
        self._model = model

    def set_params(self, params: dict[str, Any]) -> None:
        """Called before anything else."""
        self._params = params

    def unused_events(self) -> frozenset[str]:
        """The events that it has no use for in this run, though it has methods for them."""
        return frozenset()

    def state(self) -> State:
        """What it has learned so far, for a checkpoint: a run that goes on from there ends as if never stopped."""
        return {}, {}

    def restore(self, arrays: Mapping[str, Array], numbers: Mapping[str, Any]) -> None:
        """Go on from such a state; called after `on_train_begin`."""

    def close(self) -> None:
        """Called last, and where an error or an interrupt ends a run, too: let go of files and of the terminal."""

    def on_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """What `on_train_batch_begin` does unless it is overridden."""

    def on_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """What `on_train_batch_end` does unless it is overridden."""

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Before an epoch."""

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """After an epoch and its validation, whose results begin with `val_`."""

    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Before a step of training."""
        self.on_batch_begin(batch, logs)

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """After a step of training."""
        self.on_batch_end(batch, logs)

    def on_test_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Before a batch of an evaluation."""

    def on_test_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """After a batch of an evaluation."""

    def on_predict_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Before a batch of a prediction."""

    def on_predict_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """After a batch of a prediction."""

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Before training."""

    def on_train_end(self, logs: Logs | None = None) -> None:
        """After training."""

    def on_test_begin(self, logs: Logs | None = None) -> None:
        """Before an evaluation."""

    def on_test_end(self, logs: Logs | None = None) -> None:
        """After an evaluation."""

    def on_predict_begin(self, logs: Logs | None = None) -> None:
        """Before a prediction."""

    def on_predict_end(self, logs: Logs | None = None) -> None:
        """After a prediction."""


HOOKS = tuple(name for name in vars(Callback) if name.startswith("on_"))
"""The names of all events."""


class ConfigCallback(Ordered, Callback):
    """Base of the callbacks whose options are plain data, so that a spec can name them.

    The options are frozen; what a run makes of them is private, and begins anew with each run.
    """

    _model: Any = PrivateAttr(None)
    _params: dict[str, Any] = PrivateAttr(default_factory=dict[str, Any])

    def fresh(self) -> Self:
        """One with the same options that has seen no run: a spec's own is never used itself."""
        return type(self)(**self.options())


def say(text: str) -> None:
    """Print a message about training, where progress goes."""
    print(shown_lines(text), file=sys.stderr, flush=True)
