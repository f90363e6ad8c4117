"""`Trainable`: Keras's training methods of a model, implemented in `modelc.training`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from modelc.errors import NotBuiltError

if TYPE_CHECKING:
    from modelc.callbacks.log import History
    from modelc.metrics.directions import Direction
    from modelc.optimizers.optimizer import Optimizer
    from modelc.training.trainer import OptimizerHandle, Trainer

Array = NDArray[Any]


class Trainable:
    """The training methods of a model."""

    stop_training: bool = False
    """Set by a callback to end training after the current batch or epoch."""
    resume_from: tuple[int, int] | None = None
    """Set by a callback that restored a state: the epoch to continue with, and the number of its batches that are
    done."""
    _trainer: Trainer | None = None

    def compile(
        self,
        optimizer: Optimizer | Mapping[str, Any] | str = "rmsprop",
        loss: Any = None,
        loss_weights: Any = None,
        metrics: Any = None,
        weighted_metrics: Any = None,
        *,
        seed: int = 0,
        memory_limit: int | str | None = None,
    ) -> None:
        """Configure the model for training.

        `optimizer` is a name or a config of `modelc.optimizers`. `loss` is a name or a config of `modelc.losses`; for
        several outputs a list in their order, or a mapping by name; `loss_weights` are the factors of the losses.
        `metrics` is a list of names or configs, or such a list per output; `weighted_metrics` are weighted by sample
        weights. `seed` is the seed of shuffling and of random layers.

        `memory_limit`, in bytes or as `"512MB"`, limits the memory of a training step: weights, optimizer state, batch,
        activations and gradients. To stay below it, activations are dropped and recomputed when the gradients need
        them, with bitwise equal results. Raises `SpecError` for unknown names; the first step raises `ResourceError` if
        the limit is too low.
        """
        from modelc.training.trainer import Trainer

        self._trainer = Trainer(self, optimizer, loss, loss_weights, metrics, weighted_metrics, seed, memory_limit)

    @property
    def compiled(self) -> bool:
        """Whether `compile` was called."""
        return self._trainer is not None

    @property
    def trainer(self) -> Trainer:
        """The result of `compile`. Raises `NotBuiltError` before."""
        if self._trainer is None:
            raise NotBuiltError("the model is not compiled: say how to train it with `model.compile(optimizer, loss)`")
        return self._trainer

    @property
    def optimizer(self) -> OptimizerHandle:
        """The optimizer, with its `learning_rate`, which can be set, and its `iterations`."""
        return self.trainer.optimizer

    @property
    def metrics_names(self) -> list[str]:
        """The names of the results of `evaluate`, in order."""
        return self.trainer.names

    @property
    def metric_directions(self) -> dict[str, Direction]:
        """Whether higher (`up`) or lower (`down`) is better, for each loss and metric for which it is known."""
        return self.trainer.measures.directions()

    def fit(
        self, x: Any = None, y: Any = None, batch_size: int | None = None, epochs: int = 1, **options: Any
    ) -> History:
        """Train on data for some epochs; see `modelc.training.fit.fit` for the options, which are Keras's."""
        from modelc.training.fit import fit

        return fit(self.trainer, x, y, batch_size, epochs, **options)

    def evaluate(self, x: Any = None, y: Any = None, batch_size: int | None = None, **options: Any) -> Any:
        """The loss and the metrics on data; see `modelc.training.fit.evaluate` for the options."""
        from modelc.training.fit import evaluate

        return evaluate(self.trainer, x, y, batch_size, **options)

    def train_on_batch(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        class_weight: Mapping[int, float] | None = None,
        return_dict: bool = False,
    ) -> Any:
        """Train on one batch; returns the loss, or the loss and the metrics, of this batch."""
        return self.trainer.on_batch(x, y, sample_weight, class_weight, return_dict, training=True)

    def test_on_batch(self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: bool = False) -> Any:
        """Evaluate one batch; returns the loss, or the loss and the metrics, of this batch."""
        return self.trainer.on_batch(x, y, sample_weight, None, return_dict, training=False)

    def reset_metrics(self) -> None:
        """Let losses and metrics begin anew."""
        self.trainer.reset()

    # --- what callbacks ask for

    def training_state(self) -> tuple[dict[str, Array], dict[str, Any]]:
        """The state of training: weights and optimizer arrays by path, and counters."""
        return self.trainer.state()

    def restore_training_state(self, arrays: Mapping[str, Array], numbers: Mapping[str, Any]) -> None:
        """Go on from such a state. Raises `WeightsError`, and changes nothing, where it is of another model."""
        self.trainer.restore(arrays, numbers)

    def get_ema_weights(self) -> list[Array] | None:
        """The moving averages of the trainable weights, in order; None if the optimizer keeps none."""
        return self.trainer.averages()

    def set_ema_weights(self, weights: Sequence[Array]) -> None:
        """Set the moving averages of the trainable weights."""
        self.trainer.set_averages(weights)
