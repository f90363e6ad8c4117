"""`Trainer`: what `compile` makes: the losses and metrics of every output, and the engine that runs the steps."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from numpy.typing import NDArray

from modelc.data.batches import Batch as Given
from modelc.data.batches import Options, open_data
from modelc.data.columns import Signature
from modelc.errors import Diagnostic, SpecError
from modelc.losses.labels import Classes
from modelc.losses.loss import Loss
from modelc.losses.registry import LOSSES, crossentropy_for
from modelc.optimizers.optimizer import Optimizer
from modelc.optimizers.registry import OPTIMIZERS
from modelc.optimizers.update import AVERAGE
from modelc.suggest import did_you_mean
from modelc.training.engine import Batch, Engine, StepResult
from modelc.training.measures import Measures
from modelc.training.step import Objective

if TYPE_CHECKING:
    from modelc.graph.graph import Graph
    from modelc.runtime.model import Model

Array = NDArray[Any]
Logs = dict[str, Any]

_CROSSENTROPY = ("crossentropy", "ce")
_MEASURED = "measured:"
"""What the names of the sums of metrics begin with, and no path of a weight does."""


class OptimizerHandle:
    """The optimizer of a compiled model: its options, its learning rate, and how many updates there were."""

    def __init__(self, trainer: Trainer, config: Optimizer) -> None:
        self._trainer = trainer
        self.config = config

    @property
    def learning_rate(self) -> float:
        """The rate of the next step; setting it takes the place of a schedule."""
        return self._trainer.engine.current_rate

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        self._trainer.engine.learning_rate = float(value)

    @property
    def iterations(self) -> int:
        """How many updates there were."""
        return self._trainer.engine.iterations

    def __repr__(self) -> str:
        return f"<{self.config!r}: learning rate {self.learning_rate:g}, {self.iterations} updates>"


class Trainer:
    """How a model is trained, and how far it is."""

    def __init__(
        self,
        model: Any,
        optimizer: Any,
        loss: Any,
        loss_weights: Any,
        metrics: Any,
        weighted_metrics: Any,
        seed: int,
    ) -> None:
        self.model: Model = model
        self.seed = seed
        self._loss, self._loss_weights = loss, loss_weights
        self._given_metrics = (metrics, weighted_metrics)
        config = _coerced(OPTIMIZERS, optimizer, "optimizer")
        self.optimizer = OptimizerHandle(self, config)
        self._config: Optimizer = config
        self.progress: tuple[int, int] = (0, 0)
        """The epoch of a run, and how many of its batches are done."""
        self.interrupted = False
        """Set to end a run after the step that goes on, by `KeyboardInterrupt`."""
        self._engine: Engine | None = None
        self._measures: Measures | None = None
        self._signature: tuple[Graph, Signature] | None = None  # and the graph that it is of
        if model.built:
            self._check()

    # --- made when the model's outputs and the labels are known

    def _check(self) -> None:
        """Raise `SpecError` for what does not fit the outputs."""
        names = self.output_names
        for given, what in ((self._loss, "loss"), (self._loss_weights, "loss_weights")):
            _per_output(given, names, what)
        if all(loss is None for loss in _per_output(self._loss, names, "loss")):
            raise _wrong("there is no loss", "say what the outputs are compared by: loss='mse'", "E202")
        for loss in _per_output(self._loss, names, "loss"):
            if loss is not None and loss not in _CROSSENTROPY:
                _coerced(LOSSES, loss, "loss")
        Measures(names, *self._given_metrics)

    @property
    def output_names(self) -> tuple[str, ...]:
        """What the outputs of the model are called."""
        return self.model.graph.output_names

    @property
    def labelled(self) -> tuple[str, ...]:
        """The outputs that have a loss."""
        losses = _per_output(self._loss, self.output_names, "loss")
        return tuple(name for name, loss in zip(self.output_names, losses, strict=True) if loss is not None)

    @property
    def signature(self) -> Signature:
        """What data must look like."""
        graph = self.model.graph
        if self._signature is None or self._signature[0] is not graph:
            self._signature = graph, Signature.of(graph, self.labelled, self._classes())
        return self._signature[1]

    def _classes(self) -> list[Classes | None]:
        """For each output that has a loss, what its labels may be where they are the numbers of classes."""
        graph = self.model.graph
        losses = _per_output(self._loss, graph.output_names, "loss")
        found: list[Classes | None] = []
        for loss, value in zip(losses, graph.outputs, strict=True):
            shape = value.type.shape
            if loss is not None and loss not in _CROSSENTROPY:
                found.append(_coerced(LOSSES, loss, "loss").classes(shape))
            elif loss is not None:  # a label for each sample means the sparse one, unless there is one prediction
                count = shape[1] if len(shape) == 2 else None
                found.append(Classes(count) if count is not None and count > 1 else None)
        return found

    @property
    def engine(self) -> Engine:
        """What runs the steps. Raises `NotBuiltError` before the first batch of a deferred model."""
        if self._engine is None:
            self._check()
            losses = _per_output(self._loss, self.output_names, "loss")
            known = tuple(None if x is None or x in _CROSSENTROPY else _coerced(LOSSES, x, "loss") for x in losses)
            self._engine = Engine(self.model, self._config, self._objective(known), self.seed)
        return self._engine

    def _objective(self, losses: tuple[Loss | None, ...]) -> Objective:
        weights = _per_output(self._loss_weights, self.output_names, "loss_weights")
        return Objective(losses, tuple(1.0 if w is None else float(w) for w in weights))

    def _resolve(self, batch: Batch) -> None:
        """Say which crossentropy is meant, now that there are labels."""
        losses = list(self.engine.objective.losses)
        outputs = [value.type.shape for value in self.model.graph.outputs]
        for i, given in enumerate(_per_output(self._loss, self.output_names, "loss")):
            y = batch.y[i]
            if given in _CROSSENTROPY and losses[i] is None and y is not None:
                losses[i] = LOSSES[crossentropy_for((None, *y.shape[1:]), outputs[i])]()
        self.engine.objective = self._objective(tuple(losses))

    @property
    def measures(self) -> Measures:
        """The losses and metrics since the last reset."""
        if self._measures is None:
            self._measures = Measures(self.output_names, *self._given_metrics)
        return self._measures

    @property
    def names(self) -> list[str]:
        """What is measured, in order."""
        return self.measures.names(self.labelled)

    def state(self) -> tuple[dict[str, Array], dict[str, Any]]:
        """What a run goes on from: the engine's state, and the losses and metrics of the epoch so far."""
        arrays, numbers = self.engine.state()
        measured, counted = self.measures.state()
        return arrays | {_MEASURED + name: a for name, a in measured.items()}, {**numbers, "measured": counted}

    def restore(self, arrays: Mapping[str, Array], numbers: Mapping[str, Any]) -> None:
        """Go on from such a state. Raises `WeightsError`, and changes nothing, where it is of another model."""
        measured = {name[len(_MEASURED) :]: a for name, a in arrays.items() if name.startswith(_MEASURED)}
        self.engine.restore({name: a for name, a in arrays.items() if not name.startswith(_MEASURED)}, numbers)
        if "measured" in numbers:
            self.measures.restore(measured, numbers["measured"])

    # --- steps

    def reset(self) -> None:
        """Let losses and metrics begin anew."""
        if self._measures is not None:
            self._measures.reset()

    def step(self, given: Given, *, training: bool) -> Logs:
        """One step, and losses and metrics so far."""
        batch = self._batch(given)
        if any(loss is None for loss in self.engine.objective.losses):
            self._resolve(batch)
        result = self.engine.train(batch) if training else self.engine.test(batch)
        self._measure(batch, result, given.samples)
        return self.logs()

    def _batch(self, given: Given) -> Batch:
        """Labels and weights by output."""
        places = {name: i for i, name in enumerate(self.signature.output_names)}
        found = [places.get(name) for name in self.output_names]
        y = tuple(None if i is None or given.y is None else given.y[i] for i in found)
        weights = tuple(None if i is None or given.weights is None else given.weights[i] for i in found)
        return Batch(given.x, y, weights)

    def _measure(self, batch: Batch, result: StepResult, samples: int) -> None:
        losses = dict(zip(self.signature.output_names, result.losses, strict=True))
        self.measures.update(result.loss, losses, samples)
        self.measures.compare(batch.y, result.outputs, batch.sample_weight)

    @contextmanager
    def measuring_apart(self) -> Generator[None]:
        """Inside, losses and metrics are measured anew; those of before are there again afterwards."""
        before, self._measures = self._measures, None
        try:
            yield
        finally:
            self._measures = before

    def logs(self) -> Logs:
        """Losses and metrics since the last reset, by name."""
        return self.measures.results()

    def on_batch(
        self, x: Any, y: Any, sample_weight: Any, class_weight: Any, return_dict: bool, *, training: bool
    ) -> Any:
        """`train_on_batch` and `test_on_batch`: one step on arrays that are one batch."""
        self.build_for(x)
        size = self.model.graph.batch_size
        options = Options(batch_size=size or 2**31 - 1, class_weight=class_weight)
        data = open_data(x, y, sample_weight, signature=self.signature, options=options)
        if training:
            self.reset()
        logs = self.step(next(iter(data.batches())), training=training)
        return logs if return_dict else in_order(logs)

    def build_for(self, x: Any) -> None:
        """Make the weights of a deferred model that is to be trained on x."""
        if not self.model.built:
            self.model.build_for_data(x)

    # --- averages of weights

    def averages(self) -> list[Array] | None:
        """The moving averages of the weights that are trained, in order."""
        found = self.engine.averages(AVERAGE)
        return [found[v.path].copy() for v in self.model.trainable_weights] if found else None

    def set_averages(self, arrays: Sequence[Array]) -> None:
        """Replace them."""
        paths = [v.path for v in self.model.trainable_weights]
        self.engine.set_averages(AVERAGE, dict(zip(paths, arrays, strict=True)))


def in_order(logs: Logs) -> Any:
    """The results as a list; a single one by itself."""
    values = list(logs.values())
    return values[0] if len(values) == 1 else values


def _coerced(registry: Any, value: Any, what: str) -> Any:
    """The config that a name, a mapping or a config means. Raises `SpecError`."""
    from pydantic_core import PydanticCustomError

    try:
        return registry.coerce(value)
    except PydanticCustomError as error:
        context: dict[str, Any] = dict(error.context or {})
        raise _wrong(f"`{what}`: {error.message()}", context.get("help"), "E204") from None


def _per_output(given: Any, names: Sequence[str], what: str) -> list[Any]:
    """What was given for each output: one value, a list in order, or a mapping by name."""
    if isinstance(given, Mapping) and "type" not in given:
        table = cast("Mapping[str, Any]", given)
        for name in table:
            if name not in names:
                near = did_you_mean(name, names)
                help = f"did you mean `{near}`?" if near else f"the outputs are: {', '.join(names)}"
                raise _wrong(f"`{what}` names `{name}`, which is no output", help, "E304")
        return [table.get(name) for name in names]
    if isinstance(given, list | tuple):
        values = list(cast("Sequence[Any]", given))
        if len(values) != len(names):
            help = f"the outputs are: {', '.join(names)}"
            raise _wrong(f"`{what}` has {len(values)} entries for {len(names)} outputs", help, "E207")
        return values
    return [given] * len(names)


def _wrong(message: str, help: str | None, code: str) -> SpecError:
    return SpecError(Diagnostic(code, message, help, "compile"))
